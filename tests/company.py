"""A small company for story tests: a shop, a carrier and a ledger around one hub, in virtual time."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from hub.actions import stock as stocking
from hub.actions.permission import OWNER
from hub.core.tracking import TrackingStatus
from hub.registry import Registry
from hub.sdk.sim import Basket, BasketLine, CarrierSim, LedgerSim, Simulator
from hub.sim.world import World, world
from hub.store.tables import OrderRow
from hub.store.trail import story

STRANGER = Path(__file__).parent / "stranger"
if str(STRANGER) not in sys.path:
    sys.path.insert(0, str(STRANGER))

import corner_shop  # noqa: E402  the stranger's distribution, not installed
from corner_shop.sim import CornerShopSim  # noqa: E402  as above


def registry() -> Registry:
    """All built-in connectors, and the stranger's."""
    return Registry.load(more=[("corner_shop", lambda: corner_shop)])


def a_line(sku: str = "MUG", quantity: int | str = 1, price: str = "9.90", tax: str = "0.19") -> BasketLine:
    """So many of an article."""
    return BasketLine(sku, Decimal(quantity), Decimal(price), Decimal(tax))


def a_basket(*lines: BasketLine, shipping: str = "0", currency: str = "EUR") -> Basket:
    """What somebody buys; one mug if nothing is said."""
    return Basket(lines or (a_line(),), shipping=Decimal(shipping), currency=currency)


class Company:
    """Short words for what stories are about."""

    def __init__(self, made: World) -> None:
        self.world = made
        self.hub = made.hub
        shop, carrier, ledger = made.sims["corner"], made.sims["post"], made.sims["books"]
        assert isinstance(shop, CornerShopSim)
        assert isinstance(carrier, CarrierSim)
        assert isinstance(ledger, LedgerSim)
        self.shop, self.carrier, self.ledger = shop, carrier, ledger

    @property
    def now(self):
        return self.world.clock.now()

    def item(self, *skus: str) -> None:
        stocking.add_items(self.hub, OWNER, [{"sku": sku, "title": sku, "weight_grams": 300} for sku in skus])

    def stock(self, location: str, sku: str, quantity: int) -> None:
        """What is counted there."""
        self.item(sku)
        stocking.set_stock(self.hub, OWNER, sku, location, Decimal(quantity))

    def buy(self, *lines: BasketLine, **how) -> str:
        """Somebody buys and pays; answers the channel's number."""
        return self.shop.place(a_basket(*lines, **how), self.now)

    def settle(self) -> None:
        self.world.settle()

    def deliver(self) -> None:
        """All parcels arrive."""
        for label in self.carrier.labels():
            if not label.voided:
                self.carrier.scan(label.tracking_number, TrackingStatus.DELIVERED, self.now)
        self.settle()

    def order(self, external_id: str):
        """The order's row."""
        with self.hub.store.view(OWNER.tenant) as view:
            return view.first(select(*OrderRow.__table__.columns).where(OrderRow.external_id == external_id))

    def state(self, external_id: str) -> str:
        found: str = self.order(external_id).state
        return found

    def events(self, external_id: str) -> list[str]:
        """The names of an order's events, first to last."""
        with self.hub.store.view(OWNER.tenant) as view:
            return [told.name for told in story(view, "order", self.order(external_id).id)]

    def rows(self, statement):
        """Whatever else a story wants to know."""
        with self.hub.store.view(OWNER.tenant) as view:
            return view.connection.execute(statement).mappings().all()


@contextmanager
def company(folder: Path, *, ledger: str = "tryton", carrier: str = "easypost", **how) -> Iterator[Company]:
    """A company with a corner shop, a carrier, a ledger, and one location in Berlin."""
    with world(folder, registry=registry(), **how) as made:
        made.join("corner", "corner_shop")
        made.join("post", carrier)
        made.join("books", ledger)
        made.locate("berlin", "DE", "post")
        yield Company(made)


def doubled(sim: Simulator) -> dict[str, list[str]]:
    """References that stand more than once in a simulator's books: nothing may."""
    return {
        capability: sorted({each for each in done if done.count(each) > 1})
        for capability, done in sim.books().items()
        if len(set(done)) < len(done)
    }
