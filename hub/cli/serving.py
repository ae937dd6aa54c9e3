"""`hub up`, `hub worker` and `hub sim`: what runs until it is told to stop."""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from socket import socket
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated

import httpx
import typer
import uvicorn

from hub.actions.permission import OWNER
from hub.api.app import application
from hub.cli.desk import Desk, verb
from hub.cli.opening import begin, reach_broker, running, stored_at, take_port
from hub.cli.screen import Page
from hub.core import json
from hub.core.clock import SystemClock
from hub.core.failures import BadInput
from hub.pipeline.celery import MEMORY, CeleryCrank, working
from hub.pipeline.hints import LANES
from hub.pipeline.hub import Hub
from hub.registry import Registry
from hub.sdk.sim import Simulator
from hub.sim.world import simulator
from hub.store.migrate import State, state

if TYPE_CHECKING:
    from starlette.types import ASGIApp

BROKER_VARIABLE, NAMES_VARIABLE = "HUB_BROKER", "HUB_BROKER_PREFIX"
PORT, SIM_PORT = 8400, 8500
DELIVERY_SECONDS = 0.2

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes a free one.")]


@verb
def up(desk: Desk, port: Port = PORT, host: Host = "127.0.0.1") -> None:
    """Run the hub in one process: webhooks, beat and workers. Ctrl-C ends it."""
    sock = take_port(host, port)
    if _is_new(desk):
        begin(desk)
    with told_to_stop(), running(desk) as hub, cranked(hub, os.environ) as crank, working(hub, crank):
        _say_where(desk, sock, "The hub listens on {where}", hooks="/hooks/CONNECTION")
        serve(application(hub, OWNER.tenant), sock)


@verb
def worker(
    desk: Desk,
    lanes: Annotated[list[str] | None, typer.Option(help=f"Only these kinds of work: {', '.join(LANES)}.")] = None,
) -> None:
    """Run one worker beside others: on PostgreSQL (HUB_DATABASE) with a broker (HUB_BROKER)."""
    chosen = [lane for given in lanes or LANES for lane in given.split(",")]
    for lane in chosen:
        if lane not in LANES:
            raise typer.BadParameter(f"'{lane}' is none of: {', '.join(LANES)}.", param_hint="'--lanes'")
    with told_to_stop() as stop, running(desk) as hub, cranked(hub, os.environ) as crank, working(hub, crank, chosen):
        page = Page(desk)
        page.say(page.word("The worker runs."))
        stop.wait()


@verb
def sim(
    desk: Desk,
    connector: Annotated[str, typer.Argument(help="The id of a connector; hub connectors lists them.")],
    port: Port = SIM_PORT,
    host: Host = "127.0.0.1",
    hooks: Annotated[str | None, typer.Option(help="Where its webhooks go: http://HUB/hooks/CONNECTION.")] = None,
) -> None:
    """Serve the simulator of a connector; says the settings of a connection to it."""
    registry = Registry.load()
    if not registry.get(connector).manifest.simulator:
        raise BadInput("connector.no_simulator", field="connector", value=connector)
    played, sock = simulator(registry, connector), take_port(host, port)
    _say_where(desk, sock, "The simulator listens on {where}", settings=played.settings(_origin(sock)))
    with told_to_stop(), _delivering(played, hooks):
        serve(played.asgi(SystemClock()), sock)


@contextmanager
def told_to_stop() -> Iterator[Event]:
    """An event that is set when somebody asks this process to end; what is at hand is finished first."""
    stop = Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, former in before.items():
            signal.signal(number, former)


@contextmanager
def cranked(hub: Hub, env: Mapping[str, str]) -> Iterator[CeleryCrank]:
    """Let a hub ring for its workers, through `HUB_BROKER` or in memory. Raises HouseDown for a broker that is away."""
    url = env.get(BROKER_VARIABLE) or MEMORY
    reach_broker(url)
    hub.crank = crank = CeleryCrank(url, env.get(NAMES_VARIABLE) or "hub")
    try:
        yield crank
    finally:
        crank.close()


def serve(application: "ASGIApp", sock: socket) -> None:
    """Answer requests on a socket until a signal comes."""
    config = uvicorn.Config(application, log_config=None, access_log=False, lifespan="off", server_header=False)
    uvicorn.Server(config).run(sockets=[sock])


def _is_new(desk: Desk) -> bool:
    url = stored_at(desk)
    return url.startswith("sqlite:") and state(url) is State.EMPTY


def _origin(sock: socket) -> str:
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _say_where(desk: Desk, sock: socket, sentence: str, **more: json.JSON) -> None:
    """One line for people, one object for programs; said at once, whoever reads."""
    where = _origin(sock)
    if desk.as_json:
        print(json.dumps({"listens": where, **more}).decode(), flush=True)
        return
    page = Page(desk)
    page.say(page.word(sentence).format(where=where))
    if settings := more.get("settings"):
        page.say(json.dumps(settings).decode())
    page.console.file.flush()


@contextmanager
def _delivering(played: Simulator, hooks: str | None) -> Iterator[None]:
    """Deliver what a simulator sends, if somebody wants it."""
    if hooks is None:
        yield
        return
    ended = Event()
    post = Thread(target=deliver, args=(played, hooks, ended), name="deliveries", daemon=True)
    post.start()
    try:
        yield
    finally:
        ended.set()
        post.join()


def deliver(played: Simulator, hooks: str, ended: Event) -> None:
    """Post webhooks until the end; a hub that does not answer is asked once, as remotes do at last."""
    with httpx.Client(trust_env=False) as client:
        while not ended.wait(DELIVERY_SECONDS):
            for delivery in played.deliveries():
                try:
                    client.post(hooks, content=delivery.body, headers=dict(delivery.headers))
                except httpx.TransportError:
                    continue
