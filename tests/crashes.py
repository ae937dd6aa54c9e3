"""A crash at a point: everything the hub had in memory is gone, everything outside stays, a new process goes on."""

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import select, update

from hub.actions.permission import OWNER
from hub.core.clock import ManualClock, seeded_chance
from hub.core.failures import Refused
from hub.pipeline import chores
from hub.pipeline.hub import Hub
from hub.pipeline.steps import Step
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
    frame: FrameType | None = sys._getframe()
    while frame is not None and not frame.f_globals["__name__"].startswith(("hub.pipeline", "hub.actions")):
        frame = frame.f_back
    if frame is None:
        return ""
    step = frame.f_locals.get("step")
    module = frame.f_globals["__name__"].rpartition(".")[2]
    return f"{module}.{frame.f_code.co_name}" + (f" ({step.name})" if isinstance(step, Step) else "")


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
    """A founded company, from which every replay begins: its database and key, its simulators, its time."""

    folder: Path
    registry: Registry
    journey: Journey
    sims: Callable[[], dict[str, Simulator]]
    now: datetime


class Process:
    """The hub of a company in one process after the other, on the same database, amid the same simulators."""

    def __init__(self, place: "Place", points: Points) -> None:
        self.clock = ManualClock(place.ground.now)
        self.sims: dict[str, Any] = dict(place.ground.sims())
        self.points = points
        self._place = place
        self._lives = 0
        self.world = self._start()

    def _start(self) -> World:
        self._lives += 1
        store = self._place.store(self._lives, self.clock, self.points)
        hub = Hub(store, self._place.ground.registry, self.clock, observer=self.points, threads=False)
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


def replay(place: "Place", points: Points) -> "Books":
    """The whole journey with these points; what stands in all books when it is over."""
    with place.begun():
        process = Process(place, points)
        for phase in place.ground.journey.phases:
            process.live(phase)
        process.recover()
        return books(process)


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
            orders={row.external_id: row.state for row in view.all(select(OrderRow.external_id, OrderRow.state))},
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


class Place(Protocol):
    """Where replays happen: a database that is put back to the beginning for each of them."""

    ground: Ground

    def begun(self) -> AbstractContextManager[None]: ...

    def store(self, life: int, clock: ManualClock, points: Points) -> Store:
        """The store of a process; no two lives of one journey have the same."""


class Sqlite:
    """A file, whose content is put back. Stores are kept for the next replay: they remember statements only."""

    def __init__(self, ground: Ground, folder: Path) -> None:
        self.ground = ground
        self._folder = folder
        self._stores: dict[int, Store] = {}
        self._points = Points()
        shutil.copytree(ground.folder, folder)

    @contextmanager
    def begun(self) -> Iterator[None]:
        with (
            closing(sqlite3.connect(self.ground.folder / "hub.sqlite")) as first,
            closing(sqlite3.connect(self._folder / "hub.sqlite")) as mine,
        ):
            first.backup(mine)
        yield

    def store(self, life: int, clock: ManualClock, points: Points) -> Store:
        self._points = points
        if life not in self._stores:
            url = f"sqlite:///{self._folder / 'hub.sqlite'}"
            keyring = Keyring.load(self._folder, {})
            chance = seeded_chance(0)
            self._stores[life] = Store(url, keyring=keyring, clock=clock, chance=chance, observer=self._told)
        found = self._stores[life]
        found.clock, found.chance = clock, seeded_chance(1000 + life)
        return found

    def close(self) -> None:
        for store in self._stores.values():
            store.dispose()

    def _told(self, what: str, when: str) -> None:
        self._points.commit(what, when)


class Postgres:
    """A copy of a template database for each replay."""

    def __init__(self, ground: Ground, template: str) -> None:
        self.ground = ground
        self._template = template
        self._name = ""
        self._stores: list[Store] = []

    @contextmanager
    def begun(self) -> Iterator[None]:
        self._name = servers.random_name()
        with psycopg.connect(servers.POSTGRES, autocommit=True) as server:
            copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            server.execute(copy.format(sql.Identifier(self._name), sql.Identifier(self._template)))
            try:
                yield
            finally:
                for store in self._stores:
                    store.dispose()
                self._stores.clear()
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(self._name)))

    def store(self, life: int, clock: ManualClock, points: Points) -> Store:
        url = f"{servers.POSTGRES.rpartition('/')[0]}/{self._name}"
        keyring = Keyring.load(self.ground.folder, {})
        chance = seeded_chance(1000 + life)
        self._stores.append(Store(url, keyring=keyring, clock=clock, chance=chance, observer=points.commit))
        return self._stores[-1]


@contextmanager
def on_sqlite(folder: Path, journey: Journey, registry: Registry) -> Iterator[Place]:
    """A founded company in a file."""
    ground = founded(folder, journey, registry)
    place = Sqlite(ground, folder.with_name(f"{folder.name}-replayed"))
    try:
        yield place
    finally:
        place.close()


@contextmanager
def on_postgres(folder: Path, journey: Journey, registry: Registry) -> Iterator[Place]:
    """A founded company in a database of its own."""
    with servers.postgres_database() as url:
        yield Postgres(founded(folder, journey, registry, url), url.rpartition("/")[2])


def founded(folder: Path, journey: Journey, registry: Registry, url: str | None = None) -> Ground:
    """The beginning of a journey."""
    folder.mkdir()
    with world(folder, url=url, registry=registry) as made:
        journey.found(made)
        with made.hub.store.work(OWNER.tenant, "test") as work:
            for name, seconds in SLOWER.items():
                work.run(update(ChoreRow).where(ChoreRow.name == name).values(every_seconds=seconds))
        kinds = {name: type(sim) for name, sim in made.sims.items()}
        now = made.clock.now()
    return Ground(folder, registry, journey, lambda: {each: kind() for each, kind in kinds.items()}, now)
