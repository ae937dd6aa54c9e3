"""A carrier that does what its script says, and a yard that ships with it."""

import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import corner_shop
from sqlalchemy import select, update

from hub.actions import stock as stocking
from hub.actions.permission import OWNER
from hub.core.failures import Failure
from hub.core.shipping import BookedParcel, Booking, BookingRequest
from hub.pipeline.hub import Hub
from hub.registry import Registry
from hub.sdk.capabilities import BooksShipments, Pending, Raw, Wanted
from hub.sdk.connector import Connector, ConnectorConfig, Kind, Limits, Manifest
from hub.sdk.guarantees import Findable, Guarantee
from hub.sdk.plugin import hookimpl
from hub.sdk.sim import Simulator
from hub.sdk.writes import one_by_one
from hub.sim.world import World, world
from hub.store.alarms import alarms
from hub.store.tables import AlarmRow, ConnectionRow, EffectRow, FulfilmentRow, HoldRow, ItemRow, OrderRow, ParcelRow
from tests.company import a_basket

SETTLES = timedelta(minutes=2)
BY_TOKEN = Findable(by="token", settles=SETTLES)


@dataclass(frozen=True)
class Happened:
    """The label is sold, and only then this goes wrong."""

    error: BaseException


Step: TypeAlias = BaseException | Happened | Callable[[], None]
"""What a call meets: an error before anything happened, one after it, or something that goes on meanwhile."""


@dataclass
class Script:
    """What the next calls meet, what was asked, and the carrier's own books. No more steps: all is well."""

    sends: list[Step] = field(default_factory=list)
    finds: list[Step] = field(default_factory=list)
    reads: list[Exception | Pending] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    asked: list[Wanted[BookingRequest]] = field(default_factory=list)
    sold: list[str] = field(default_factory=list)

    def send(self, wanted: Wanted[BookingRequest]) -> Raw:
        self.calls.append("send")
        self.asked.append(wanted)
        step = self.sends.pop(0) if self.sends else None
        if isinstance(step, BaseException):
            raise step
        self.sold.append(wanted.token)
        if isinstance(step, Happened):
            raise step.error
        if step is not None:
            step()
        return self._answer(wanted)

    def find(self, wanted: Wanted[BookingRequest]) -> Raw | None:
        self.calls.append("find")
        step = self.finds.pop(0) if self.finds else None
        if isinstance(step, BaseException):
            raise step
        return self._answer(wanted) if wanted.token in self.sold else None

    def read(self, raw: Raw) -> Booking | Pending:
        if self.reads:
            step = self.reads.pop(0)
            if isinstance(step, Exception):
                raise step
            return step
        number = raw.body.decode()
        parcel = BookedParcel(tracking_number=number)
        return Booking(shipment_id=number, carrier="Lorry", parcels=(parcel,))

    def _answer(self, wanted: Wanted[BookingRequest]) -> Raw:
        return Raw(f"L{wanted.token[:4]}-{len(self.calls)}".encode())


class LorryConfig(ConnectorConfig):
    """Nothing but an address."""


class Lorry(Connector[LorryConfig], BooksShipments):
    """Sells labels by script."""

    manifest = Manifest(id="lorry", kind=Kind.LOGISTICS, title="Lorry", api="1")
    config_model = LorryConfig
    booking_once: ClassVar[Guarantee] = BY_TOKEN
    script = Script()

    def check(self) -> None:
        """Always there."""

    @one_by_one
    def send_booking(self, wanted):
        return self.script.send(wanted)

    def find_booking(self, wanted):
        return self.script.find(wanted)

    def read_booking(self, request, raw):
        return self.script.read(raw)


class Yard:
    """A corner shop that ships with the scripted carrier; short words for what happens to labels."""

    def __init__(self, made: World, script: Script) -> None:
        self.world = made
        self.script = script

    @property
    def hub(self) -> Hub:
        return self.world.hub

    @property
    def corner(self) -> Any:
        """The simulated shop."""
        return self.world.sims["corner"]

    @property
    def now(self):
        return self.world.clock.now()

    def buy(self, count: int = 1, **how) -> list[str]:
        """People buy one mug each."""
        return [self.corner.place(a_basket(**how), self.now) for _ in range(count)]

    def weigh(self, grams: int) -> None:
        """A mug is found to be heavier than it was: another fact of each parcel that is not yet booked."""
        with self.hub.store.work(OWNER.tenant, "test") as work:
            work.run(update(ItemRow).values(weight_grams=grams))

    def drain(self) -> None:
        """Turn what is due now; the clock stands still."""
        while self.world.turn():
            pass

    def wait(self, time: timedelta) -> None:
        self.world.clock.advance(time)
        self.drain()

    def wait_for_it(self) -> None:
        """Let the time come at which the label is due again."""
        [due] = {label.due_at for label in self.labels() if label.due_at is not None}
        self.wait(max(due - self.now, timedelta(0)))

    def labels(self):
        """The bookings, oldest first."""
        with self.hub.store.view(OWNER.tenant) as view:
            wanted = select(*EffectRow.__table__.columns).where(EffectRow.capability == "booking")
            return view.all(wanted.order_by(EffectRow.id))

    def effects(self):
        """Number, capability, state and code of everything planned outside."""
        return self.rows(EffectRow.id, EffectRow.capability, EffectRow.state, EffectRow.code)

    def label(self):
        """The one booking."""
        [found] = self.labels()
        return found

    def states(self) -> list[str]:
        return [label.state for label in self.labels()]

    def rows(self, *columns):
        with self.hub.store.view(OWNER.tenant) as view:
            return [tuple(row) for row in view.all(select(*columns).order_by(columns[0]))]

    def alarms(self) -> list[str]:
        """What is up now."""
        with self.hub.store.view(OWNER.tenant) as view:
            return [alarm.code for alarm in alarms(view)]

    def raised(self) -> list[str]:
        """What was ever raised."""
        return [code for _, code in self.rows(AlarmRow.id, AlarmRow.code)]

    def holds(self) -> list[str]:
        return [code for _, code in self.rows(HoldRow.id, HoldRow.code)]

    def fulfilments(self) -> list[str]:
        return [state for _, state in self.rows(FulfilmentRow.id, FulfilmentRow.state)]

    def shipments(self) -> list[str]:
        return [number for _, number in self.rows(ParcelRow.id, ParcelRow.tracking_number)]

    def order_ids(self) -> list[int]:
        return [number for (number,) in self.rows(OrderRow.id)]

    def carrier_id(self) -> int:
        return next(int(number) for number, name in self.rows(ConnectionRow.id, ConnectionRow.name) if name == "lorry")


def plugged(*offers: type) -> Registry:
    """The built-in connectors, the corner shop, and these."""

    @hookimpl
    def crossdock_connectors():
        return offers

    module = types.ModuleType("scripted")
    vars(module)["crossdock_connectors"] = crossdock_connectors
    return Registry.load(more=[("corner_shop", lambda: corner_shop), ("scripted", lambda: module)])


@contextmanager
def yard(folder: Path, once: Guarantee = BY_TOKEN, url: str | None = None, **limits) -> Iterator[Yard]:
    """A yard whose carrier makes things happen once in this way, within these limits."""
    script = Script()
    body = {"booking_once": once, "script": script, "limits": Limits(**{"calls_at_once": 1, **limits})}
    lorry = type("ScriptedLorry", (Lorry,), body)
    with world(folder, registry=plugged(lorry), url=url) as made:
        made.join("corner", "corner_shop")
        made.join("lorry", "lorry", Simulator())
        made.locate("berlin", "DE", "lorry", hands_over="scan")
        stocking.add_items(made.hub, OWNER, [{"sku": "MUG", "title": "Mug", "weight_grams": 300}])
        stocking.set_stock(made.hub, OWNER, "MUG", "berlin", Decimal(100))
        yield Yard(made, script)


def failures(count: int, make: Callable[[], Failure]) -> list[Step]:
    """The same failure so many times."""
    return [make() for _ in range(count)]
