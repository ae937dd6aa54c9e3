"""Opening a hub: its folder, key, database and connectors, each with a sentence when it is not as it should be."""

import errno
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from hub.actions import connections
from hub.actions.permission import OWNER
from hub.cli.desk import Desk
from hub.core.clock import SystemClock, system_chance
from hub.core.failures import HouseDown, Refused
from hub.pipeline.hub import Hub
from hub.registry import Registry
from hub.store.engine import Store
from hub.store.keyring import Keyring
from hub.store.migrate import State, state, upgrade
from hub.store.work import View

DATABASE = "hub.sqlite"
DATABASE_VARIABLE = "HUB_DATABASE"
BROKER_PORTS = {"amqp": 5672, "amqps": 5671, "redis": 6379, "rediss": 6379}
ANSWERS_WITHIN = 3.0
"""So many seconds a broker has to take a connection."""


def stored_at(desk: Desk, env: Mapping[str, str] = os.environ) -> str:
    """`HUB_DATABASE`, else a file in the folder."""
    return env.get(DATABASE_VARIABLE) or f"sqlite:///{desk.folder / DATABASE}"


@contextmanager
def opened(desk: Desk) -> Iterator[Store]:
    """The database of the hub that is here.

    Raises HouseDown: unreachable, empty, older or newer than this release, key missing or wrong; Refused where
    there is no hub.
    """
    url = stored_at(desk)
    if url.startswith("sqlite:") and DATABASE_VARIABLE not in os.environ and not (desk.folder / DATABASE).exists():
        raise Refused("hub.none_here", where=str(desk.folder))
    stands = state(url)
    if stands is not State.CURRENT:
        raise HouseDown(f"database.{stands}", where=shown(url))
    keyring = Keyring.load(desk.folder, os.environ, first_start=False)
    store = Store(url, keyring=keyring, clock=SystemClock(), chance=system_chance())
    try:
        store.check()
        yield store
    finally:
        store.dispose()


@contextmanager
def looking(desk: Desk) -> Iterator[View]:
    """A still picture of the hub that is here."""
    with opened(desk) as store, store.view(OWNER.tenant) as view:
        yield view


@contextmanager
def working(desk: Desk) -> Iterator[Hub]:
    """The hub that is here, with its connectors; verbs work beside a running one."""
    with opened(desk) as store, closing(Hub(store, Registry.load(), store.clock)) as hub:
        yield hub


@contextmanager
def running(desk: Desk) -> Iterator[Hub]:
    """The hub that is here, as the one that turns its crank. Raises Refused for a second one on a SQLite file."""
    with working(desk) as hub, hub.store.sole_runner():
        yield hub


def begin(
    desk: Desk, *, company: str = "main", name: str = "Main", currency: str = "EUR", country: str = "DE",
    zone: str = "UTC",
) -> State:  # fmt: skip
    """Make or upgrade the hub here; a new one gets its key and first company. Answers how the database stood."""
    make_folder(desk.folder)
    url = stored_at(desk)
    before = state(url)
    if before is State.NEWER:
        raise HouseDown("database.newer", where=shown(url))
    Keyring.load(desk.folder, os.environ, first_start=before is State.EMPTY)
    upgrade(url)
    with working(desk) as hub:
        connections.found_hub(hub, OWNER, tenant=name, company=company, currency=currency, country=country, zone=zone)
    return before


def make_folder(folder: Path) -> None:
    """Raises HouseDown where nothing can be written."""
    probe = folder / f".writable-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        code = "database.disk_full" if full else "database.folder_not_writable"
        raise HouseDown(code, where=str(folder)) from error


def take_port(host: str, port: int) -> socket.socket:
    """A socket that listens there; hold it, so that nobody takes the port meanwhile. Raises Refused."""
    taken = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen()
    except OSError as error:
        taken.close()
        code = "port.not_allowed" if error.errno == errno.EACCES else "port.taken"
        raise Refused(code, port=port) from error
    return taken


def reach_broker(url: str) -> None:
    """Raises HouseDown for a broker that takes no connection; one in memory is always there."""
    parts = urlsplit(url)
    if parts.scheme not in BROKER_PORTS:
        return
    where = (parts.hostname or "localhost", parts.port or BROKER_PORTS[parts.scheme])
    try:
        socket.create_connection(where, timeout=ANSWERS_WITHIN).close()
    except OSError as error:
        detail = os.strerror(error.errno) if error.errno else type(error).__name__
        raise HouseDown("broker.unreachable", where=f"{where[0]}:{where[1]}", detail=detail) from error


def shown(url: str) -> str:
    """A database address without its password."""
    parts = urlsplit(url)
    if parts.scheme.startswith("sqlite"):
        return url.partition("///")[2]
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"
