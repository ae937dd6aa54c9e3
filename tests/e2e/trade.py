"""A hub between a shop and a ledger that others wrote; the carrier is simulated."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import sleep

import httpx
from sqlalchemy import delete, update

from connectors.logistics.easypost.sim import EasypostSim
from hub.actions import connections as connecting
from hub.actions import orders as ordering
from hub.actions import stock as stocking
from hub.actions.permission import OWNER
from hub.core.json import JSON
from hub.core.states import EffectState
from hub.core.tracking import TrackingStatus
from hub.sim.world import ALL_ON, World, world
from hub.store import chores
from hub.store.connections import connection_named
from hub.store.finding import find
from hub.store.reading import stock as shelves
from hub.store.reading.effects import effects
from hub.store.reading.story import Story, story
from hub.store.tables import ChoreRow, CursorRow
from hub.store.verify import verify
from tests.e2e.losing import Lost, Network, kind
from tests.e2e.tryton.ledger import Found, Tryton
from tests.e2e.vendure.shop import Vendure

SHELVES = {"TEA-GREEN-100": 40, "TEA-BLACK-100": 25, "MUG-BLUE": 60, "MUG-RED": 4}
"""What lies in Berlin. Kettles and gift wrap are unknown to the hub."""

IDLE = {"sweep": 300, "seal": 300}
"""Seconds between chores of the house that find nothing in a calm journey: fewer idle rounds."""

UNDONE = {EffectState.PLANNED, EffectState.SENDING, EffectState.IN_DOUBT, EffectState.REFUSED}


class Clock:
    """When the last trade ended: no trade begins before it, as a ledger's days only rise."""

    latest = datetime.min.replace(tzinfo=UTC)


class Networks:
    """A way to each server; the carrier is simulated."""

    def __init__(self, made: World, *, losing: bool) -> None:
        self._made = made
        self._losing = losing
        self.opened: list[Network] = []

    def to(self, connector: str, url: str) -> httpx.BaseTransport:
        simulated = self._made.transport(connector, url)
        if simulated is not None:
            return simulated
        self.opened.append(Network(loses=self._losing))
        return self.opened[-1]

    def close(self) -> None:
        for network in self.opened:
            network.close()


class Trade:
    """Short words for what journeys are about."""

    def __init__(self, made: World, shop: Vendure, ledger: Tryton, networks: Networks) -> None:
        self.world = made
        self.hub = made.hub
        self.shop = shop
        self.ledger = ledger
        self.networks = networks
        carrier = made.sims["post"]
        assert isinstance(carrier, EasypostSim)
        self.carrier = carrier
        self.placed: list[str] = []

    def settle(self) -> None:
        """The hub's clock jumps over all waits, and is never behind those of the servers."""
        self.world.clock.time = max(self.world.clock.time, datetime.now(UTC))
        self.world.settle(timedelta(hours=1))
        Clock.latest = self.world.clock.time

    def buy(self, lines: Mapping[str, int]) -> str:
        """Somebody buys and pays; the hub does all that it can."""
        code = self.place(lines)
        self.settle()
        return code

    def place(self, lines: Mapping[str, int], *, paid: bool = True) -> str:
        self.placed.append(self.shop.place(lines, paid=paid))
        return self.placed[-1]

    def scan(self, code: str, status: TrackingStatus) -> None:
        """The carrier sees the latest parcel of an order."""
        *_, number = self.tracking(code)
        self.carrier.scan(number, status, self.world.clock.now())
        self.settle()

    def ship(self, code: str) -> None:
        """The latest parcel of an order is picked up."""
        self.scan(code, TrackingStatus.PICKED_UP)

    def story(self, code: str) -> Story:
        with self.hub.store.view(OWNER.tenant) as view:
            (order,) = find(view, code)
            return story(view, order)

    def tracking(self, code: str) -> list[str]:
        """The numbers of all parcels that were booked for an order."""
        sent = [shipment for fulfilment in self.story(code).fulfilments for shipment in fulfilment.shipments]
        return [parcel.tracking_number for shipment in sent for parcel in shipment.parcels]

    def sent(self, code: str) -> list[tuple[str, str]]:
        """State and tracking code of what the shop shows as sent."""
        return [(sent["state"], sent["trackingCode"]) for sent in self.shop.order(code)["fulfillments"]]

    def invoices(self, code: str) -> list[Found]:
        """What stands in the ledger for an order, drafts as well."""
        return [found for found in self.ledger.invoices() if found["description"] == code]

    def posted(self, code: str) -> list[tuple[str, Decimal]]:
        """State and total of it."""
        return [(found["state"], found["total_amount"]) for found in self.invoices(code)]

    def on_hand(self, sku: str) -> Decimal:
        with self.hub.store.view(OWNER.tenant) as view:
            return sum((row.on_hand for row in shelves.stock(view, None, None, 100) if row.sku == sku), Decimal(0))

    def count(self, sku: str, quantity: int) -> None:
        """So many were counted in Berlin."""
        stocking.add_items(self.hub, OWNER, [{"sku": sku, "title": sku, "weight_grams": 300}])
        stocking.set_stock(self.hub, OWNER, sku, "berlin", Decimal(quantity))

    def map(self, shown: str, sku: str) -> None:
        """Say that an article of the shop is an item of ours."""
        (variant,) = [each["id"] for each in self.shop.variants() if each["sku"] == shown]
        connecting.map_listing(self.hub, OWNER, "web", variant, sku)

    def cancel(self, code: str) -> None:
        """The operator takes an order back."""
        ordering.cancel(self.hub, OWNER, self.story(code).header.id, reason="no more to be had")
        self.settle()

    def reconcile(self) -> None:
        """Compare the last days with the shop once more."""
        self._soon("reconcile")
        self.settle()

    def forget_the_cursor(self) -> None:
        """Read the shop's list of orders from its beginning again."""
        with self.hub.store.work(OWNER.tenant, "test") as work:
            work.run(delete(CursorRow).where(CursorRow.tenant_id == OWNER.tenant))
        self._soon("pull")
        self.settle()

    def _soon(self, chore: str) -> None:
        with self.hub.store.work(OWNER.tenant, "test") as work:
            chores.soon(work, chore, [connection_named(work, "web").id])

    def outside(self) -> dict[str, object]:
        """All that the hub has done or may have done in the houses of others."""
        return {
            "orders": {code: (self.shop.order(code)["state"], self.sent(code)) for code in self.placed},
            "stock": {variant["sku"]: variant["stockLevels"] for variant in self.shop.variants()},
            "labels": self.carrier.labels(),
            "invoices": self.ledger.invoices(),
            "parties": self.ledger.search("party.party", [], ("name", "code")),
        }

    def undone(self) -> list[str]:
        """What the hub has begun outside and not brought to an end, and drafts in the ledger."""
        with self.hub.store.view(OWNER.tenant) as view:
            open_effects = effects(view, UNDONE, None, 100)
        return [f"{effect.key} {effect.state}" for effect in open_effects] + [
            f"draft of {draft['description']}" for draft in self.ledger.drafts() if draft["description"] in self.placed
        ]

    def lost(self, what: Lost) -> set[str]:
        """The kinds of writes of which the request or the answer was lost."""
        lost = [found for network in self.networks.opened for found in network.lost.items()]
        return {kind(*words) for words, times in lost if times >= what}

    def flaws(self) -> list[str]:
        """Invariants of the hub's database that do not hold."""
        with self.hub.store.view(OWNER.tenant) as view:
            return [f"{check.name}: {check.detail}" for check in verify(view) if not check.ok]


def total(order: Found) -> Decimal:
    """What the buyer paid, in major units."""
    return Decimal(order["totalWithTax"]) / 100


@contextmanager
def trade(folder: Path, shop: Vendure, ledger: Tryton, *, losing: bool) -> Iterator[Trade]:
    """A hub that takes what is placed in the shop from now on."""
    opening = _next_second()
    with world(folder, start=max(Clock.latest, opening)) as made, closing(Networks(made, losing=losing)) as networks:
        made.hub.transport = networks.to
        _connect(made, "web", "vendure", _shop_settings(shop), opening)
        _connect(made, "books", "tryton", _ledger_settings(ledger), opening)
        made.join("post", "easypost")
        made.locate("berlin", "DE", "post", hands_over="scan")
        found = Trade(made, shop, ledger, networks)
        for sku, quantity in SHELVES.items():
            found.count(sku, quantity)
        with made.hub.store.work(OWNER.tenant, "test") as work:
            for name, seconds in IDLE.items():
                mine = (ChoreRow.tenant_id == OWNER.tenant, ChoreRow.name == name)
                work.run(update(ChoreRow).where(*mine).values(every_seconds=seconds))
        yield found


def _next_second() -> datetime:
    """Vendure on SQLite writes whole seconds: what is placed from here on lies behind the cut-over."""
    sleep(1 - datetime.now(UTC).microsecond / 1_000_000)
    return datetime.now(UTC).replace(microsecond=0)


def _connect(made: World, name: str, connector: str, settings: dict[str, JSON], opening: datetime) -> None:
    connecting.connect(
        made.hub, OWNER, name, connector=connector, settings={**settings, "allow_private": True}, company="main",
        cut_over_at=opening,
    )  # fmt: skip
    connecting.switch(made.hub, OWNER, name, ALL_ON)


def _shop_settings(shop: Vendure) -> dict[str, JSON]:
    return {"base_url": f"{shop.url}/admin-api", "username": shop.user, "password": shop.password}


def _ledger_settings(ledger: Tryton) -> dict[str, JSON]:
    ids = ledger.ids
    return {
        "base_url": f"{ledger.url}/{ledger.database}",
        "key": ledger.key,
        "company": ids.company,
        "journal": ids.journals["revenue"],
        "accounts": {
            "receivable": ids.accounts["receivable"],
            "revenue.goods": ids.accounts["revenue"],
            "revenue.shipping": ids.accounts["shipping"],
            "rounding": ids.accounts["rounding"],
        },
        "taxes": dict(ids.taxes),
        "payment_term": ids.payment_term,
        "unit": ids.unit,
        "parties": "each",
        "party": ids.customer,
    }
