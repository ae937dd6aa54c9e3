"""A whole small company in virtual time: one hub, simulators around it, and a clock that jumps when nothing is due."""

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from hub.actions import connections as connecting
from hub.actions import stock as stocking
from hub.actions.permission import OWNER
from hub.core.clock import Chance, ManualClock, seeded_chance
from hub.core.people import Address
from hub.pipeline import crank, webhooks
from hub.pipeline.hub import Hub
from hub.registry import Registry
from hub.sdk.http import Observer
from hub.sdk.sim import CarrierSim, LedgerSim, ShopSim, Simulator
from hub.store import agenda, chores
from hub.store.connections import Flow, Switch
from hub.store.engine import Observer as CommitObserver
from hub.store.engine import Store
from hub.store.keyring import Keyring
from hub.store.migrate import upgrade

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
QUIET = timedelta(minutes=2, seconds=10)
"""So long nothing may happen before a world counts as settled: each channel and carrier was asked again."""

ALL_ON: Mapping[Flow, Switch] = dict.fromkeys(Flow, Switch.ON)


def simulator(registry: Registry, connector: str, chance: Chance | None = None) -> Simulator:
    """The simulator that a connector's manifest names."""
    module, _, name = (registry.get(connector).manifest.simulator or "").partition(":")
    made: Simulator = getattr(importlib.import_module(module), name)(chance)
    return made


@dataclass
class World:
    """Simulators by the name of their connection, and the hub between them.

    The clock jumps by `pace` at least: a coarse one lets what comes due together be done together.
    """

    hub: Hub
    clock: ManualClock
    sims: dict[str, Simulator] = field(default_factory=dict)
    pace: timedelta = timedelta(milliseconds=1)

    def join(
        self, name: str, connector: str, sim: Simulator | None = None, flows: Mapping[Flow, Switch] = ALL_ON
    ) -> Simulator:
        """Connect a simulated remote and turn its flows."""
        made = sim or simulator(self.hub.registry, connector, seeded_chance(len(self.sims)))
        origin = f"https://{name}.test"
        self.sims[name] = made
        connecting.connect(
            self.hub, OWNER, name, connector=connector, settings=made.settings(origin), company="main",
            cut_over_at=self.clock.now() - timedelta(days=1),
        )  # fmt: skip
        connecting.switch(self.hub, OWNER, name, flows)
        return made

    def locate(self, code: str, country: str, carrier: str, *, rank: int = 1, hands_over: str = "label") -> None:
        """A place that ships with a carrier connection."""
        address = Address(
            name=code.title(), company="Main", line1="Dock 1", city=code.title(), postal_code="10115", country=country
        )
        stocking.add_location(
            self.hub, OWNER, code, name=code.title(), company="main", address=address, rank=rank,
            hands_over=hands_over, carrier=carrier,
        )  # fmt: skip

    def transport(self, _connector: str, base_url: str) -> httpx.BaseTransport | None:
        """The simulator behind an address."""
        name = httpx.URL(base_url).host.removesuffix(".test")
        return self.sims[name].transport(self.clock) if name in self.sims else None

    def turn(self) -> int:
        """Everything that is due now, once, in the order of the journey."""
        tenant = OWNER.tenant
        done = self._ring()
        done += crank.turn_chores(self.hub, tenant)
        done += crank.turn_steps(self.hub, tenant)
        return done + crank.turn_outside(self.hub, tenant)

    def settle(self, limit: timedelta = timedelta(days=30)) -> None:
        """Turn until nothing is due and nothing new comes in; the clock jumps to whatever is due next."""
        end, news = self.clock.now() + limit, self.clock.now()
        while self.clock.now() < end:
            if self._drain():
                news = self.clock.now()
            with self.hub.store.view(OWNER.tenant) as view:
                work, chore = agenda.next_work(view), chores.next_due(view)
            if (work is None or work > end) and self.clock.now() - news > QUIET:
                return
            soonest = min(at for at in (work, chore, end) if at is not None)
            self.clock.advance(max(soonest - self.clock.now(), self.pace))

    def _drain(self) -> bool:
        """Turn until a round moves nothing; whether anything but empty chores was done."""
        moved = False
        while True:
            done = self._ring() + crank.turn_steps(self.hub, OWNER.tenant) + crank.turn_outside(self.hub, OWNER.tenant)
            found = crank.turn_chores(self.hub, OWNER.tenant)
            moved = moved or bool(done or found)
            if not done and not found:
                return moved

    def _ring(self) -> int:
        """Deliver the webhooks that simulators have sent."""
        rung = 0
        for name, sim in self.sims.items():
            for delivery in sim.deliveries():
                rung += 1
                webhooks.receive(self.hub, OWNER.tenant, name, delivery)
        return rung

    def shops(self) -> dict[str, ShopSim]:
        """The simulated shops."""
        return {name: sim for name, sim in self.sims.items() if isinstance(sim, ShopSim)}

    def carriers(self) -> dict[str, CarrierSim]:
        """The simulated carriers."""
        return {name: sim for name, sim in self.sims.items() if isinstance(sim, CarrierSim)}

    def ledgers(self) -> dict[str, LedgerSim]:
        """The simulated ledgers."""
        return {name: sim for name, sim in self.sims.items() if isinstance(sim, LedgerSim)}


@contextmanager
def world(
    folder: Path,
    *,
    url: str | None = None,
    start: datetime = START,
    seed: int = 0,
    commits: CommitObserver | None = None,
    calls: Observer | None = None,
    registry: Registry | None = None,
) -> Iterator[World]:
    """An empty company with its database under a folder; the database may be somewhere else."""
    clock = ManualClock(start)
    where = url or f"sqlite:///{folder / 'hub.sqlite'}?lasting=no"
    keyring = Keyring.load(folder, {})
    upgrade(where)
    store = Store(where, keyring=keyring, clock=clock, chance=seeded_chance(seed), observer=commits)
    made = World(Hub(store, registry or Registry.load(), clock, observer=calls, threads=False), clock)
    made.hub.transport = made.transport
    try:
        connecting.found_hub(
            made.hub, OWNER, tenant="Main", company="main", currency="EUR", country="DE", zone="Europe/Berlin"
        )
        yield made
    finally:
        store.dispose()
