"""A crash at a point: everything the hub had in memory is gone, everything outside stays, a new process goes on."""

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import select

from hub.actions.permission import OWNER
from hub.core.clock import ManualClock, seeded_chance
from hub.core.failures import Refused
from hub.pipeline import chores
from hub.pipeline.hub import Hub
from hub.registry import Registry
from hub.sdk.http import Call, Outcome
from hub.sdk.sim import CarrierSim, LedgerSim, ShopSim, Simulator
from hub.sim.world import World, world
from hub.store import agenda
from hub.store import chores as due_chores
from hub.store.alarms import alarms
from hub.store.engine import Store
from hub.store.keyring import Keyring
from hub.store.tables import BatchRow, ChoreRow, OrderRow
from hub.store.verify import verify
from tests import servers
from tests.company import doubled

SLOWER = {"sweep": 60, "seal": 300, "reconcile": 36_000}
"""Seconds between chores that find nothing in a calm journey: fewer idle rounds per replay."""

LONG_ENOUGH = chores.LEASE + timedelta(minutes=1)
"""After this time everything that a dead process held is free again."""


class Crash(BaseException):
    """The process is gone. No code of ours sees it: it passes every `except Exception`."""


@dataclass
class Points:
    """Counts every commit and every request on the wire, before and after; at the point `at` the process dies."""

    at: int | None = None
    armed: bool = False
    seen: list[str] = field(default_factory=list)

    @property
    def spare(self) -> bool:
        """Nobody has died yet."""
        return self.at is None or len(self.seen) < self.at

    def commit(self, what: str, when: str) -> None:
        """The observer of the store."""
        self._pass(f"{when} {what} of {_transaction()}")

    def before(self, call: Call) -> None:
        """The observer of the wire: nothing was sent yet."""
        self._pass(f"before {call.method} {call.host}{call.path}")

    def after(self, call: Call, outcome: Outcome) -> None:
        """The observer of the wire: the remote has answered, nobody has read it."""
        del outcome
        self._pass(f"after {call.method} {call.host}{call.path}")

    def _pass(self, point: str) -> None:
        if not self.armed:
            return
        self.seen.append(point)
        if len(self.seen) == self.at:
            self.armed = False
            raise Crash(point)


def _transaction() -> str:
    """Which piece of the pipeline, or which verb, ends its transaction just now."""
    frame = sys._getframe()  # noqa: SLF001  the only way to name a transaction that does not name itself
    while frame is not None and not frame.f_globals["__name__"].startswith(("hub.pipeline", "hub.actions")):
        frame = frame.f_back
    return "" if frame is None else f"{frame.f_globals['__name__']}.{frame.f_code.co_name}"


Deed = Callable[["Process"], None]


def nothing(_process: "Process") -> None:
    """Nobody does anything."""


@dataclass(frozen=True)
class Phase:
    """What happens outside, and what a person asks of the hub; a person who saw it fail asks again.

    A phase that is not `crossed` only leads to where the crashes begin: no points are counted in it.
    """

    outside: Deed = nothing
    asked: Deed = nothing
    crossed: bool = True


@dataclass(frozen=True)
class Journey:
    """A company as it is founded, and what happens in it."""

    found: Callable[[World], None]
    phases: Sequence[Phase]


@dataclass(frozen=True)
class Ground:
    """A founded company's database and key, from which every replay begins; `postgres` names a database."""

    folder: Path
    registry: Registry
    journey: Journey
    sims: Callable[[], dict[str, Simulator]]
    now: datetime
    postgres: str | None = None


class Process:
    """The hub of a company in one process after the other, on the same database, amid the same simulators."""

    def __init__(self, ground: Ground, folder: Path, url: str, points: Points) -> None:
        self.clock = ManualClock(ground.now)
        self.sims = ground.sims()
        self.points = points
        self._ground, self._folder, self._url = ground, folder, url
        self._starts = 0
        self.world = self._start()

    def _start(self) -> World:
        self._starts += 1
        keyring = Keyring.load(self._folder, {})
        chance = seeded_chance(1000 + self._starts)
        store = Store(self._url, keyring=keyring, clock=self.clock, chance=chance, observer=self.points.commit)
        hub = Hub(store, self._ground.registry, self.clock, observer=self.points, threads=False)
        made = World(hub, self.clock, self.sims)
        hub.transport = made.transport
        return made

    @property
    def hub(self) -> Hub:
        return self.world.hub

    def live(self, phase: Phase) -> None:
        """Go through a phase, in a second process if the first one dies in it."""
        phase.outside(self)
        self.points.armed = phase.crossed and self.points.spare
        try:
            phase.asked(self)
            self.work()
            self.points.armed = False
        except Crash:
            self.hub.store.dispose()
            self.world = self._start()
            with suppress(Refused):
                phase.asked(self)
            self.recover()

    def work(self) -> bool:
        """Turn what is due until nothing is; the clock jumps to what is due next, not to idle chores."""
        moved = False
        while True:
            while self.world.turn():
                moved = True
            with self.hub.store.view(OWNER.tenant) as view:
                soonest, chore = agenda.next_work(view), due_chores.next_due(view)
            if soonest is None:
                return moved
            if soonest <= self.clock.now() and chore is not None:
                soonest = chore
            self.clock.advance(max(soonest - self.clock.now(), timedelta(milliseconds=1)))

    def recover(self) -> None:
        """Go on until every lease of the dead has ended and a long while brought nothing new."""
        self.work()
        while self._later():
            pass

    def _later(self) -> bool:
        self.clock.advance(LONG_ENOUGH)
        return self.work()

    def scan(self, status) -> None:
        """All parcels are seen."""
        for carrier in self.of(CarrierSim):
            for label in carrier.labels():
                if not label.voided:
                    carrier.scan(label.tracking_number, status, self.clock.now())

    def of(self, kind):
        """The simulators of a kind."""
        return [sim for sim in self.sims.values() if isinstance(sim, kind)]


def replay(ground: Ground, folder: Path, points: Points) -> "Books":
    """The whole journey with these points; what stands in all books when it is over."""
    with _copied(ground, folder) as url:
        process = Process(ground, folder, url, points)
        try:
            for phase in ground.journey.phases:
                process.live(phase)
            process.recover()
            return books(process)
        finally:
            process.hub.store.dispose()


@dataclass(frozen=True)
class Books:
    """How a journey ended, in our books and in those of the others."""

    orders: dict[str, str]
    shown: dict[str, list[dict[str, str]]]
    labels: dict[bool, int]
    postings: list[str]
    done: dict[str, dict[str, int]]
    doubled: list[dict[str, list[str]]]
    broken: list[str]
    alarms: list[str]
    notes: int


def books(process: Process) -> Books:
    """Read everything that counts."""
    sold = [label.voided for carrier in process.of(CarrierSim) for label in carrier.labels()]
    with process.hub.store.view(OWNER.tenant) as view:
        return Books(
            orders=dict(sorted(map(tuple, view.all(select(OrderRow.external_id, OrderRow.state))))),
            shown={
                order.external_id: sorted(
                    ({sku: str(n) for sku, n in sent.quantities.items()} for sent in shop.shipments(order.external_id)),
                    key=str,
                )
                for shop in process.of(ShopSim)
                for order in shop.orders()
            },
            labels={voided: sold.count(voided) for voided in (False, True)},
            postings=sorted(str(posted.total) for ledger in process.of(LedgerSim) for posted in ledger.postings()),
            done={name: {what: len(done) for what, done in s.books().items()} for name, s in process.sims.items()},
            doubled=[found for sim in process.sims.values() if (found := doubled(sim))],
            broken=[f"{check.name}: {check.detail}" for check in verify(view) if not check.ok],
            alarms=[f"{alarm.code} {alarm.subject}" for alarm in alarms(view)],
            notes=len(view.scalars(select(BatchRow.id))),
        )


@contextmanager
def sqlite_ground(folder: Path, journey: Journey, registry: Registry) -> Iterator[Ground]:
    """A founded company in a file."""
    yield _founded(folder, journey, registry, None)


@contextmanager
def postgres_ground(folder: Path, journey: Journey, registry: Registry) -> Iterator[Ground]:
    """A founded company in a database that is the template of all replays."""
    with servers.postgres_database() as url:
        yield _founded(folder, journey, registry, url)


def _founded(folder: Path, journey: Journey, registry: Registry, url: str | None) -> Ground:
    with world(folder, url=url, registry=registry) as made:
        journey.found(made)
        with made.hub.store.work(OWNER.tenant, "test") as work:
            for name, seconds in SLOWER.items():
                work.run(ChoreRow.__table__.update().where(ChoreRow.name == name).values(every_seconds=seconds))
        kinds = {name: type(sim) for name, sim in made.sims.items()}
        now = made.clock.now()
    name = None if url is None else url.rpartition("/")[2]
    return Ground(folder, registry, journey, lambda: {each: kind() for each, kind in kinds.items()}, now, name)


@contextmanager
def _copied(ground: Ground, folder: Path) -> Iterator[str]:
    if ground.postgres is None:
        shutil.copytree(ground.folder, folder)
        yield f"sqlite:///{folder / 'hub.sqlite'}"
        shutil.rmtree(folder)
        return
    shutil.copytree(ground.folder, folder)
    name = servers.random_name()
    with psycopg.connect(servers.POSTGRES, autocommit=True) as server:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(copy.format(sql.Identifier(name), sql.Identifier(ground.postgres)))
        try:
            yield f"{servers.POSTGRES.rpartition('/')[0]}/{name}"
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    shutil.rmtree(folder)
