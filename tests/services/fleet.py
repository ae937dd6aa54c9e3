"""A company whose hub is several processes: simulators on ports, workers that can be killed, and an oracle."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread

import uvicorn
from sqlalchemy import select
from starlette.types import ASGIApp

from hub.actions import connections as connecting
from hub.actions.permission import OWNER
from hub.api.app import application
from hub.cli.opening import take_port
from hub.cli.serving import deliver
from hub.core.clock import Clock, FastClock, SystemClock, seeded_chance, system_chance
from hub.core.tracking import TrackingStatus
from hub.pipeline.celery import CeleryCrank
from hub.pipeline.hub import Hub
from hub.sdk.sim import Simulator
from hub.sim.world import ALL_ON, World, simulator
from hub.store.engine import Store
from hub.store.keyring import Keyring
from hub.store.migrate import upgrade
from hub.store.tables import AlarmRow, EffectRow, HoldRow, OrderRow
from hub.store.verify import verify
from tests.company import STRANGER, Company, doubled, registry

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
CONNECTORS = {"corner": "corner_shop", "post": "easypost", "books": "tryton"}
OPEN = ("planned", "sending", "submitted", "in_doubt")


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """An application on a free port of this machine; answers its origin."""
    sock = take_port("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    thread = Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        sock.close()


@dataclass
class Worker:
    """One worker process, made anew when it was killed."""

    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    process: subprocess.Popen[str] | None = None
    runs: bool = False

    def start(self) -> None:
        self.runs = False
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command, env=self.env, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True
            )

    def wait_until_it_runs(self) -> None:
        if self.runs:
            return
        assert self.process is not None
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said.strip() == "The worker runs.", self.log.read_text()
        self.runs = True

    def kill(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self) -> int:
        """Ask it to end, as a service manager does; answers the exit status."""
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.terminate()
        status = self.process.wait(30)
        self.process.stdout.close()
        return status


@dataclass
class Fleet(Company):
    """The company of story tests, with workers in processes of their own."""

    hub: Hub
    clock: Clock
    sims: dict[str, Simulator]
    crank: CeleryCrank
    folder: Path
    env: Mapping[str, str]
    command: Sequence[str]
    workers: list[Worker] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(World(self.hub, self.clock, self.sims))  # type: ignore[arg-type]  # a clock that runs by itself

    def work(self, count: int) -> None:
        """Let so many workers run."""
        for number in range(count):
            worker = Worker(self.command, self.env, self.folder / f"worker-{number}.log")
            worker.start()
            self.workers.append(worker)
        for worker in self.workers:
            worker.wait_until_it_runs()

    def end(self) -> None:
        """Nobody works here any more."""
        for worker in self.workers:
            worker.kill()

    def wait_for(self, what: Callable[[], object], seconds: float) -> None:
        """Wait for something to come true; what is still open says why it did not."""
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, self.told()
            time.sleep(0.2)

    def orders(self) -> Counter[str]:
        """How many orders are in which state."""
        return Counter(row["state"] for row in self.rows(select(OrderRow.state)))

    def open_effects(self) -> int:
        return len(self.rows(select(EffectRow.id).where(EffectRow.state.in_(OPEN))))

    def told(self) -> str:
        """What a person would want to know."""
        effects = self.rows(
            select(EffectRow.capability, EffectRow.state, EffectRow.code, EffectRow.attempt).where(
                EffectRow.state.in_(OPEN)
            )
        )
        holds = self.rows(select(HoldRow.code, HoldRow.params))
        alarms = self.rows(select(AlarmRow.code, AlarmRow.params))
        logs = [log.read_text()[-2000:] for log in sorted(self.folder.glob("*.log"))]
        return "\n".join(map(str, (self.orders(), effects, holds, alarms, *logs)))

    def shipped(self, count: int) -> bool:
        """All orders are fulfilled and nothing is to be said outside any more."""
        orders = self.orders()
        return orders["fulfilled"] + orders["completed"] == count == orders.total() and self.open_effects() == 0

    def bring_parcels(self) -> None:
        """All parcels arrive."""
        for label in self.carrier.labels():
            if not label.voided:
                self.carrier.scan(label.tracking_number, TrackingStatus.DELIVERED, self.clock.now())

    def unsound(self) -> list[str]:
        """Invariants that are broken."""
        with self.hub.store.view(OWNER.tenant) as view:
            return [f"{check.name}: {check.detail}" for check in verify(view) if not check.ok]

    def doubled(self) -> list[dict[str, list[str]]]:
        """What stands more than once in a simulator's books."""
        return [found for sim in self.sims.values() if (found := doubled(sim))]


@contextmanager
def fleet(folder: Path, *, database: str, broker: str, prefix: str = "hub", speed: float = 1) -> Iterator[Fleet]:
    """A company with its simulators and its webhooks on ports; workers are started by the test.

    On a clock of speed 1 workers are `hub worker` itself.
    """
    wall = time.time()
    clock: Clock = SystemClock() if speed == 1 else FastClock(START, speed)
    env = _env(folder, database, broker, prefix)
    fast = [str(Path(__file__).with_name("fast_hub.py")), str(folder), str(speed), START.isoformat(), str(wall)]
    real = [str(Path(sys.executable).with_name("hub")), "worker", "--dir", str(folder)]
    upgrade(database)
    store = Store(database, keyring=Keyring.load(folder, {}), clock=clock, chance=system_chance())
    known = registry()
    with ExitStack() as undo:
        undo.callback(store.dispose)
        crank = CeleryCrank(broker, prefix)
        undo.callback(crank.close)
        hub = undo.enter_context(closing(Hub(store, known, clock, crank=crank)))
        sims = {
            name: simulator(known, connector, seeded_chance(at))
            for at, (name, connector) in enumerate(CONNECTORS.items())
        }
        _found(undo, hub, sims, clock)
        made = Fleet(hub, clock, sims, crank, folder, env, real if speed == 1 else [sys.executable, *fast])
        undo.callback(made.end)
        made.world.locate("berlin", "DE", "post")
        yield made


def _found(undo: ExitStack, hub: Hub, sims: Mapping[str, Simulator], clock: Clock) -> None:
    connecting.found_hub(hub, OWNER, tenant="Main", company="main", currency="EUR", country="DE", zone="UTC")
    api = undo.enter_context(served(application(hub, OWNER.tenant)))
    for name, sim in sims.items():
        origin = undo.enter_context(served(sim.asgi(clock)))
        connecting.connect(
            hub, OWNER, name, connector=CONNECTORS[name], settings=sim.settings(origin), company="main",
            cut_over_at=clock.now() - timedelta(days=1),
        )  # fmt: skip
        connecting.switch(hub, OWNER, name, ALL_ON)
        ended = Event()
        post = Thread(target=deliver, args=(sim, f"{api}/hooks/{name}", ended), daemon=True)
        post.start()
        undo.callback(post.join)
        undo.callback(ended.set)


def _env(folder: Path, database: str, broker: str, prefix: str) -> dict[str, str]:
    """Settings of a worker, and the stranger's distribution as if it were installed."""
    installed = folder / "installed" / "corner_shop_connector-1.0.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: corner-shop-connector\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text("[crossdock.connectors]\ncorner_shop = corner_shop\n")
    path = [str(ROOT), str(STRANGER), str(installed.parent)]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path),
        "HUB_DATABASE": database,
        "HUB_BROKER": broker,
        "HUB_BROKER_PREFIX": prefix,
    }


def everything_arrived_once(firm: "Fleet", numbers: list[str]) -> bool:
    """Each order was shipped and told once and invoiced once, by the books of those who did it."""
    shipments = [firm.shop.shipments(number) for number in numbers]
    quantities = [sum((shown.quantities["MUG"] for shown in each), Decimal(0)) for each in shipments]
    assert quantities == [Decimal(1 + at % 3) for at in range(len(numbers))]
    assert [len(each) for each in shipments] == [1] * len(numbers)
    assert len([label for label in firm.carrier.labels() if not label.voided]) == len(numbers)
    assert len(firm.ledger.postings()) == len(numbers)
    assert firm.doubled() == []
    assert firm.unsound() == []
    return True


def dice(seed: int) -> random.Random:
    return random.Random(seed)
