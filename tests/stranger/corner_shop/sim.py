"""The corner shop in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast

import httpx

from hub.core import json
from hub.core.currencies import PLACES
from hub.core.json import JSON
from hub.sdk.capabilities import ListedItem, WebhookRequest
from hub.sdk.sim import Asked, Basket, PlacedOrder, ShopSim, ShownShipment, json_response, route
from hub.sdk.webhooks import sign_standard

SECRET = "whsec_Y29ybmVyLXNob3A="
TOKEN = "corner-token"


def signed(event: str, body: bytes, now: datetime) -> WebhookRequest:
    """A delivery as the corner shop makes it."""
    return WebhookRequest(sign_standard(event, now, body, SECRET), body)


def _answer(body: bytes) -> httpx.Response:
    return httpx.Response(200, headers={"content-type": "application/json"}, content=body)


@dataclass
class Placed:
    """An order of the corner shop with its change number."""

    id: str
    basket: Basket
    placed_at: datetime
    change: int
    cancelled: bool = False
    payment: str = "paid"
    test: bool = False
    shipments: list[dict[str, Any]] = field(default_factory=list)


class CornerShopSim(ShopSim):
    """Sells whatever is asked for; hints at each change by webhook, or `tells_all` of the order in it."""

    def __init__(self, chance=None) -> None:
        super().__init__(chance)
        self._placed: dict[str, Placed] = {}
        self._stock: dict[str, Decimal] = {}
        self._keys: dict[str, JSON] = {}
        self._changes = 0
        self.rings = True
        self.tells_all = False
        self.surcharge = Decimal(0)
        self._spoiled: dict[str, tuple[str, str]] = {}

    def credentials(self) -> dict[str, JSON]:
        return {"token": TOKEN, "webhook_secret": SECRET}

    def admit(self, asked: Asked) -> httpx.Response | None:
        if asked.request.headers.get("authorization") != f"Bearer {TOKEN}":
            return json_response({"message": "who are you"}, 401)
        return None

    def items(self) -> Sequence[ListedItem]:
        skus = sorted({line.sku for placed in self._placed.values() for line in placed.basket.lines})
        return [ListedItem(sku, sku, sku) for sku in skus]

    def place(self, basket: Basket, now: datetime, *, payment: str = "paid", test: bool = False) -> str:
        with self.locked():
            number = f"C{1000 + self.number()}"
            self._placed[number] = Placed(number, basket, now, self._changed(), payment=payment, test=test)
            self._ring(number, "order.created", now)
            return number

    def edit(self, external_id: str, basket: Basket, now: datetime) -> None:
        with self.locked():
            self._placed[external_id].basket = basket
            self._touch(external_id, now)

    def cancel(self, external_id: str, now: datetime) -> None:
        with self.locked():
            self._placed[external_id].cancelled = True
            self._touch(external_id, now)

    def pay(self, external_id: str, now: datetime) -> None:
        with self.locked():
            self._placed[external_id].payment = "paid"
            self._touch(external_id, now)

    def spoil(self, external_id: str, old: str, new: str) -> None:
        """From now on the shop tells the order with these words instead of those; no words: as it is."""
        with self.locked():
            self._spoiled[external_id] = (old, new)

    def clock(self, external_id: str, shown: str) -> None:
        """What the shop says of when the order was placed."""
        placed_at = self._placed[external_id].placed_at.isoformat()
        self.spoil(external_id, f'"placed_at":"{placed_at}"', f'"placed_at":"{shown}"')

    def hide(self, external_id: str) -> str:
        """The list by change number leaves an order out, as lists of shops do."""
        with self.locked():
            self._placed[external_id].change = 0
            return external_id

    def remove(self, external_id: str, now: datetime) -> None:
        """The merchant deletes the order, as if it had never been."""
        with self.locked():
            self._touch(external_id, now)
            del self._placed[external_id]

    def orders(self) -> Sequence[PlacedOrder]:
        return [PlacedOrder(p.id, p.id, p.basket, p.placed_at, p.cancelled) for p in self._placed.values()]

    def shipments(self, external_id: str) -> Sequence[ShownShipment]:
        placed = self._placed[external_id]
        skus = {str(at): line.sku for at, line in enumerate(placed.basket.lines, start=1)}
        return [
            ShownShipment(
                str(found["tracking"][0]),
                str(found["carrier"]),
                {skus[line]: Decimal(str(quantity)) for line, quantity in found["lines"].items()},
            )
            for found in placed.shipments
            if found["state"] == "shipped"
        ]

    def stock_shown(self, external_id: str) -> Decimal | None:
        return self._stock.get(external_id)

    def _changed(self) -> int:
        self._changes += 1
        return self._changes

    def _touch(self, external_id: str, now: datetime) -> None:
        self._placed[external_id].change = self._changed()
        self._ring(external_id, "order.updated", now)

    def _ring(self, external_id: str, what: str, now: datetime) -> None:
        if not self.rings:
            return
        event: dict[str, JSON] = {"type": what, "order": external_id}
        if self.tells_all:
            event = {"type": "order.snapshot", **self._shown(self._placed[external_id], now)}
        self.notify(signed(f"evt_{self._changes}", json.dumps(event), now))

    @route("GET", "/shop")
    def _shop(self, asked: Asked) -> httpx.Response:
        return json_response({"name": "Corner shop"})

    @route("GET", "/orders")
    def _orders(self, asked: Asked) -> httpx.Response:
        params = asked.request.url.params
        if since := params.get("placed_since"):
            found = [p for p in self._placed.values() if p.placed_at >= datetime.fromisoformat(since)]
            return self._list(found, asked.now, {})
        limit, after = int(params["limit"]), int(params["since"])
        changed = sorted((p for p in self._placed.values() if p.change > after), key=lambda placed: placed.change)
        page = changed[:limit]
        around: dict[str, JSON] = {"next": page[-1].change if page else after, "more": len(changed) > limit}
        return self._list(page, asked.now, around)

    @route("GET", "/orders/{number}")
    def _order(self, asked: Asked) -> httpx.Response:
        placed = self._placed.get(asked.parts["number"])
        if placed is None:
            return json_response({"message": "no such order"}, 404)
        return _answer(self._told(placed, asked.now))

    def _list(self, found: Sequence[Placed], now: datetime, around: dict[str, JSON]) -> httpx.Response:
        rest = json.dumps({**around, "count": len(found)})[1:]
        return _answer(b'{"orders":[' + b",".join(self._told(placed, now) for placed in found) + b"]," + rest)

    def _told(self, placed: Placed, now: datetime) -> bytes:
        old, new = self._spoiled.get(placed.id, ("", ""))
        return json.dumps(self._shown(placed, now)).replace(old.encode(), new.encode())

    @route("POST", "/orders/{number}/shipments")
    def _ship(self, asked: Asked) -> httpx.Response:
        key = asked.request.headers["idempotency-key"]
        if key not in self._keys:
            body = cast("dict[str, Any]", json.loads(asked.request.content))
            placed = self._placed[asked.parts["number"]]
            placed.shipments.append(body)
            placed.change = self._changed()
            self._keys[key] = {"id": f"S{self.number()}", "state": body["state"]}
            self.commit("dispatch", key)
        return json_response(self._keys[key], 201)

    @route("PUT", "/stock")
    def _set_stock(self, asked: Asked) -> httpx.Response:
        wanted = cast("dict[str, str]", json.loads(asked.request.content))
        self._stock |= {listing: Decimal(quantity) for listing, quantity in wanted.items()}
        return json_response({listing: str(self._stock[listing]) for listing in wanted})

    def _shown(self, placed: Placed, now: datetime) -> dict[str, Any]:
        basket = placed.basket
        step = Decimal(1).scaleb(-PLACES[basket.currency])

        def rounded(amount: Decimal) -> Decimal:
            return amount.quantize(step, ROUND_HALF_UP)

        lines = []
        for at, line in enumerate(basket.lines, start=1):
            total = rounded(line.unit_price * line.quantity)
            tax = total - rounded(total / (1 + line.tax_rate))
            lines.append(
                {
                    "id": str(at),
                    "listing": f"L-{line.sku}",
                    "sku": line.sku,
                    "title": line.title or line.sku,
                    "quantity": str(line.quantity),
                    "price": str(line.unit_price),
                    "tax_rate": str(line.tax_rate),
                    "tax": str(tax),
                    "total": str(total),
                }
            )
        total = sum((Decimal(str(line["total"])) for line in lines), basket.shipping + self.surcharge)
        ship_to = basket.ship_to
        return {
            "id": placed.id,
            "number": placed.id,
            "placed_at": placed.placed_at.isoformat(),
            "cancelled": placed.cancelled,
            "payment": placed.payment,
            "test": placed.test,
            "change": placed.change,
            "currency": basket.currency,
            "lines": lines,
            "shipping": str(basket.shipping),
            "total": str(rounded(total)),
            "buyer": {"name": basket.buyer.name, "email": basket.buyer.email},
            "ship_to": {
                "name": ship_to.name,
                "line1": ship_to.street,
                "city": ship_to.city,
                "postal_code": ship_to.postal_code,
                "country": ship_to.country,
            },
            "shipments": placed.shipments,
            "seen_at": now.isoformat(),
        }
