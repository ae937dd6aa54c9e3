"""A small company on paper, whose hub is turned by hand: what tests of faces and of the store look at."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hub.actions import connections, stock
from hub.actions.permission import OWNER
from hub.core import json
from hub.core.clock import ManualClock, seeded_chance
from hub.core.document import write
from hub.core.json import JSON
from hub.core.orders import Line, Order, PaymentStanding
from hub.core.people import Address
from hub.pipeline import crank
from hub.pipeline.hub import Hub
from hub.registry import Registry
from hub.store.connections import Flow, Switch
from hub.store.engine import Store
from hub.store.keyring import Keyring
from hub.store.migrate import upgrade
from tests import paper
from tests.core.builders import a_line, an_order, zoe

Plug = tuple[str, Callable[[], object]]
START = datetime(2026, 11, 2, 8, tzinfo=UTC)
PLACED = "2026-11-02T07:55:00Z"
ALL_ON = dict.fromkeys(Flow, Switch.ON)


@dataclass
class House:
    """A hub with one shop, one carrier and one ledger, and the books of the three."""

    hub: Hub
    clock: ManualClock
    folder: Path

    def books(self, name: str) -> paper.Books:
        return paper.BOOKS.setdefault(url_of(name), paper.Books())

    def join(self, name: str, connector: str, flows: dict[Flow, Switch] | None = None) -> None:
        """Connect an account and turn its flows."""
        settings = {"base_url": url_of(name), "token": f"s3cret-{name}"}
        connections.connect(
            self.hub,
            OWNER,
            name,
            connector=connector,
            settings=settings,
            company="main",
            cut_over_at=START - timedelta(days=1),
        )
        connections.switch(self.hub, OWNER, name, flows or ALL_ON)

    def locate(self, code: str, rank: int = 1, **said: str) -> None:
        """A place that ships."""
        address = Address(name=code.title(), line1="Dock 1", city=code.title(), postal_code="10115", country="DE")
        stock.add_location(
            self.hub, OWNER, code, name=code.title(), company="main", address=address, rank=rank, **said
        )  # fmt: skip

    def shelve(self, sku: str, quantity: int, location: str = "berlin") -> None:
        """So many are counted there."""
        stock.add_items(self.hub, OWNER, [{"sku": sku, "title": sku.title(), "weight_grams": 300}])
        stock.set_stock(self.hub, OWNER, sku, location, Decimal(quantity))

    def sell(self, number: str = "1001", *lines: Line, total: str = "10.00", **said: Any) -> Order:
        """Somebody buys on the shop."""
        order = an_order(
            *(lines or (a_line(),)),
            total=total,
            external_id=number,
            number=f"#{number}",
            placed_at=PLACED,
            payment_state=PaymentStanding.PAID,
            people=zoe(),
            **said,
        )
        self.books("web").bodies[number] = write(order)
        return order

    def garble(self, number: str, body: bytes) -> None:
        """The shop says something that nobody can read."""
        self.books("web").bodies[number] = body

    def settle(self, minutes: int = 3) -> None:
        """Turn everything that is due for some minutes."""
        for _ in range(minutes):
            self.clock.advance(timedelta(minutes=1))
            for _ in range(8):
                crank.turn_chores(self.hub, OWNER.tenant)
                crank.turn_steps(self.hub, OWNER.tenant)
                crank.turn_outside(self.hub, OWNER.tenant)


def url_of(name: str) -> str:
    return f"https://{name}.paper.test"


def tampered(order: Order, **said: JSON) -> bytes:
    """The document of an order with other fields, whether they make sense or not."""
    tree = json.loads(write(order))
    assert isinstance(tree, dict)
    return json.dumps(tree | said)


@contextmanager
def a_house(
    folder: Path, url: str | None = None, *, more: Sequence[Plug] = (("paper", lambda: paper),)
) -> Iterator[House]:
    """A company with a shop `web`, a carrier `post`, a ledger `books`, and two locations."""
    paper.BOOKS.clear()
    clock = ManualClock(START)
    where = url or f"sqlite:///{folder / 'hub.sqlite'}"
    keyring = Keyring.load(folder, {})
    upgrade(where)
    store = Store(where, keyring=keyring, clock=clock, chance=seeded_chance(3))
    registry = Registry.load(more=more)
    house = House(Hub(store, registry, clock, threads=False), clock, folder)
    try:
        connections.found_hub(
            house.hub, OWNER, tenant="Main", company="main", currency="EUR", country="DE", zone="Europe/Berlin"
        )
        fit(house)
        yield house
    finally:
        store.dispose()


def fit(house: House) -> None:
    """Shop, carrier, ledger, two locations, and mugs."""
    house.join("post", "paper_carrier")
    house.join("books", "paper_ledger")
    house.join("web", "paper_shop")
    house.locate("berlin", carrier="post")
    house.locate("paris", rank=2, carrier="post")
    house.shelve("MUG", 10)


@contextmanager
def opened(folder: Path, database: Path | None = None) -> Iterator[Store]:
    """The database of a house that was closed, or a copy of it, an hour later."""
    url = f"sqlite:///{database or folder / 'hub.sqlite'}"
    keyring = Keyring.load(folder, {}, first_start=False)
    store = Store(url, keyring=keyring, clock=ManualClock(START + timedelta(hours=1)), chance=seeded_chance(4))
    try:
        yield store
    finally:
        store.dispose()
