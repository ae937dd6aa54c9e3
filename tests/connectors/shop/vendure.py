"""A simulated Vendure with the connector beside it, and what the hub asks of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from connectors.shop.vendure.connector import Vendure
from connectors.shop.vendure.sim import VendureSim
from hub.core.clock import ManualClock
from hub.core.ids import token
from hub.core.json import JSON, dumps, loads
from hub.core.order_fulfilment import Package
from hub.core.orders import Order
from hub.core.shipping import CancelPush, PushedState, PushLine, StatusPush
from hub.registry import build
from hub.sdk.capabilities import Cursor, DocumentKind, Page, RawDocument, Wanted
from hub.sdk.sim import Basket, BasketLine

NOON = datetime(2026, 11, 22, 12, 0, 0, 123_000, tzinfo=UTC)
SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> dict[str, Any]:
    """An order as Vendure 3.7.3 told it of a shop of ours."""
    found = loads((SAMPLES / f"vendure-{name}.json").read_bytes())
    assert isinstance(found, dict)
    return found


def raw(order: JSON) -> RawDocument:
    return RawDocument(DocumentKind.ORDER, "1", dumps(order))


def line(sku: str = "MUG-BLUE", quantity: int = 1, price: str = "12.00", tax: str = "0.19") -> BasketLine:
    return BasketLine(sku, Decimal(quantity), Decimal(price), Decimal(tax))


def basket(*lines: BasketLine, **more: Any) -> Basket:
    return Basket(lines or (line(),), **more)


@dataclass
class World:
    """A shop and the hub's view of it."""

    sim: VendureSim
    clock: ManualClock
    shop: Vendure
    cursor: Cursor | None = None

    def buy(self, *lines: BasketLine, **more: Any) -> str:
        return self.sim.place(basket(*lines, **more), self.clock.now())

    def wait(self, **time: float) -> None:
        self.clock.advance(timedelta(**time))

    def pull(self) -> list[str]:
        """Ids of what a pull brings, the cursor kept as the hub keeps it."""
        return self.keep(self.shop.pull_orders(self.cursor, self.clock.now()))

    def keep(self, pages: Iterable[Page]) -> list[str]:
        found: list[str] = []
        for page in pages:
            found += [document.external_id for document in page.documents]
            self.cursor = page.cursor
        return found

    def order(self, order_id: str) -> Order:
        (document,) = self.shop.fetch_orders([order_id])
        return self.shop.to_order(document)

    def lines(self, order_id: str) -> list[str]:
        return [sold.id for sold in self.sim.shop.orders[order_id].lines]


def a_world(sim: VendureSim | None = None, **settings: JSON) -> World:
    clock, sim = ManualClock(NOON), sim or VendureSim()
    shop = build(Vendure, {**sim.settings(), **settings}, clock=clock, transport=sim.transport(clock))
    assert isinstance(shop, Vendure)
    return World(sim, clock, shop)


def a_remote(*answers: JSON, status: int = 200, **more: JSON) -> Vendure:
    """The connector before a remote that says these things in turn, the last one for ever."""
    turns = [dumps(answer) for answer in answers]

    def respond(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=turns.pop(0) if len(turns) > 1 else turns[0])

    settings: dict[str, JSON] = {"base_url": "https://shop.example/admin-api", "api_key": "k3y-of-the-shop"}
    shop = build(Vendure, {**settings, **more}, clock=ManualClock(NOON), transport=httpx.MockTransport(respond))
    assert isinstance(shop, Vendure)
    return shop


def a_push(order: str, *lines: tuple[str, int], code: str | None = "1Z999", **more: Any) -> Wanted[StatusPush]:
    """A shipment of so many of some lines, in one parcel unless told otherwise."""
    facts: dict[str, Any] = {
        "external_id": order,
        "shipment": "HSHIPMENT1",
        "state": PushedState.SHIPPED,
        "at": NOON,
        "lines": tuple(PushLine(line_id=name, quantity=Decimal(many)) for name, many in lines),
        "packages": (Package(tracking_number=code, carrier_hub="ups"),),
        **more,
    }
    key = f"main/order/{order}/fulfilment/{facts['shipment']}/dispatch/1"
    return Wanted(key, token(key), StatusPush(**facts))


def a_cancel(order: str, *lines: tuple[str, int], generation: int = 1, **more: Any) -> Wanted[CancelPush]:
    request = CancelPush(
        external_id=order,
        reason="out_of_stock",
        lines=tuple(PushLine(line_id=name, quantity=Decimal(many)) for name, many in lines),
        **more,
    )
    key = f"main/order/{order}/cancel/{generation}"
    return Wanted(key, token(key), request)
