"""The company that is measured: one channel, three locations, a thousand articles, a backlog of orders."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import httpx

from hub.actions import connections as connecting
from hub.actions import stock as stocking
from hub.actions.permission import OWNER
from hub.bench.remote import ORIGIN, instant, plugin
from hub.core import json
from hub.core.clock import SystemClock, system_chance
from hub.core.people import Address
from hub.core.units import micro
from hub.pipeline import goods
from hub.pipeline.batches import travel
from hub.pipeline.crank import ready
from hub.pipeline.hub import Hub
from hub.pipeline.journey import STEPS
from hub.pipeline.pulls import take_documents
from hub.registry import Registry
from hub.sdk.capabilities import DocumentKind, RawDocument
from hub.store.connections import Connection, Flow, Switch, connection_named
from hub.store.engine import Store
from hub.store.keyring import Keyring
from hub.store.migrate import upgrade
from hub.store.setup import location_named

TENANT = OWNER.tenant
ARTICLES = 1_000
LINES = 3
PLACES = ("berlin", "paris", "milan")
PAGE = 500
INWARD = ("intake", "review", "reserve", "route")
"""The steps of an order from the inbox until it is routed."""


class Company:
    """A hub on one database, and its channel."""

    def __init__(self, hub: Hub, channel: Connection) -> None:
        self.hub = hub
        self.channel = channel
        self._orders = 0

    def documents(self, count: int, series: str = "B") -> list[RawDocument]:
        """So many new orders as the channel would tell them; their numbers begin with the series."""
        first, self._orders = self._orders, self._orders + count
        placed_at = self.hub.clock.now().isoformat()
        return [_document(f"{series}-{number:08}", number, placed_at) for number in range(first, first + count)]

    def arrive(self, documents: Sequence[RawDocument], *, backfill: bool = False) -> None:
        """Store documents in the inbox, a page per transaction."""
        connector = self.hub.connector(self.channel)
        for start in range(0, len(documents), PAGE):
            with self.hub.store.work(TENANT, "bench") as work:
                page = documents[start : start + PAGE]
                take_documents(work, self.channel, connector, page, "pull", work.now, backfill=backfill)

    def bring_in(self) -> None:
        """Turn the steps until every order in the inbox is routed."""
        while sum(self.steps_in()):
            pass

    def steps_in(self) -> Iterator[int]:
        """Turn each step that has something to do, once; how many orders were taken in with it."""
        seen: set[str] = set()
        while todo := ready(self.hub, TENANT) & set(INWARD) - seen:
            name = next(name for name in INWARD if name in todo)
            seen.add(name)
            moved = travel(self.hub, TENANT, STEPS[name])
            yield moved if name == INWARD[0] else 0


@contextmanager
def company(folder: Path, url: str, *, new: bool = True) -> Iterator[Company]:
    """A company on an empty database, on the wall clock; or once more the one that is there."""
    if new:
        upgrade(url)
    store = Store(url, keyring=Keyring.load(folder, {}), clock=SystemClock(), chance=system_chance())
    remote = httpx.MockTransport(instant)
    registry = Registry.load(more=[("bench", plugin)])
    hub = Hub(store, registry, SystemClock(), transport=lambda _connector, _url: remote)
    try:
        yield _founded(hub) if new else _there(hub)
    finally:
        store.dispose()


def _founded(hub: Hub) -> Company:
    connecting.found_hub(hub, OWNER, tenant="Main", company="main", currency="EUR", country="DE", zone="Europe/Berlin")
    channel = connecting.connect(
        hub, OWNER, "bench", connector="bench", settings={"base_url": ORIGIN}, company="main",
        cut_over_at=hub.clock.now() - timedelta(days=1),
    )  # fmt: skip
    connecting.switch(hub, OWNER, "bench", {Flow.ORDERS_IN: Switch.ON, Flow.STATUS_OUT: Switch.ON})
    for rank, place in enumerate(PLACES, start=1):
        address = Address(name=place, line1="Dock 1", city=place, postal_code="10115", country="DE")
        stocking.add_location(
            hub, OWNER, place, name=place, company="main", address=address, rank=rank, carrier="bench"
        )
    items = stocking.add_items(hub, OWNER, [{"sku": sku(at), "title": sku(at)} for at in range(ARTICLES)])
    with hub.store.work(TENANT, "bench") as work:
        shelf = location_named(work, PLACES[0])
        for name, item in items.items():
            goods.receive(work, item, shelf, micro(Decimal(1_000_000)), name)
    return Company(hub, channel)


def _there(hub: Hub) -> Company:
    with hub.store.view(TENANT) as view:
        return Company(hub, connection_named(view, "bench"))


def sku(at: int) -> str:
    """The article of this number."""
    return f"SKU-{at:04}"


def _document(external_id: str, number: int, placed_at: str) -> RawDocument:
    """An order of three articles, of which any two orders near each other share none."""
    lines: list[json.JSON] = [_line(at, sku((number * LINES + at) % ARTICLES)) for at in range(LINES)]
    name = f"Buyer {number}"
    body: json.JSON = {
        "id": external_id,
        "number": f"#{number}",
        "placed_at": placed_at,
        "payment": "paid",
        "currency": "EUR",
        "total": "59.40",
        "lines": lines,
        "buyer": {"name": name, "email": f"buyer{number}@example.com", "phone": f"+49 30 {number:08}"},
        "ship_to": {
            "name": name, "line1": f"Example Road {number % 200}", "city": "Berlin", "postal_code": "10115",
            "country": "DE", "phone": f"+49 30 {number:08}",
        },
    }  # fmt: skip
    return RawDocument(DocumentKind.ORDER, external_id, json.dumps(body))


def _line(at: int, article: str) -> json.JSON:
    return {
        "id": str(at + 1), "listing": f"L-{article}", "sku": article, "title": f"Article {article}", "quantity": "2",
        "price": "9.90", "tax_rate": "0.19", "tax": "3.16", "total": "19.80",
    }  # fmt: skip
