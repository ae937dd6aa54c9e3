"""A simulated Vendure: the Admin API in memory, and the people who buy, edit and cancel in it.

As the real one it keeps `updatedAt` where it was when an order is paid or shipped, lists orders of one time in
any order, answers refusals with status 200, and takes stock from the shelf when a fulfilment is made.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Final

import httpx

from connectors.shop.vendure.client import API_KEY, TOKEN, child, listed, word
from connectors.shop.vendure.sim_graphql import Node, Operation, Refused, Tree, answer, page, parse
from connectors.shop.vendure.sim_orders import LOCATION, Fulfilment, SoldOrder, Variant
from connectors.shop.vendure.sim_shop import CHECKOUT, Shop, refusal
from hub.core.clock import Chance
from hub.core.json import JSON
from hub.sdk.capabilities import ListedItem
from hub.sdk.sim import Asked, Basket, PlacedOrder, ShopSim, ShownShipment, json_response, route

USER: Final = "hub"
PASSWORD: Final = "only-simulated"  # noqa: S105 - invented
KEY: Final = "only-simulated-key"

GOODS: Final = {
    "TEA-GREEN-100": "Green tea 100 g",
    "TEA-BLACK-100": "Black tea 100 g",
    "MUG-BLUE": "Mug, blue",
    "MUG-RED": "Mug, red",
    "KETTLE-1L": "Kettle 1 l",
    "TEA-SET": "Tea set for two",
    "GIFT-WRAP-Ü": "Gift wrap “ünïcode” & <more>",
}


class VendureSim(ShopSim):
    """A shop. With `tracks_stock` a fulfilment needs goods on hand; `whole_seconds` as some databases keep.

    Its books hold each fulfilment as *order/tracking code* and each cancel as *order/reason*.
    """

    root: ClassVar[str] = "/admin-api"

    def __init__(
        self, chance: Chance | None = None, *, tracks_stock: bool = False, whole_seconds: bool = False
    ) -> None:
        super().__init__(chance)
        self.shop = Shop(self.number, tracks_stock=tracks_stock)
        self._whole_seconds = whole_seconds
        self._tokens: set[str] = set()
        for sku, name in GOODS.items():
            self.shop.offer(sku, name)

    def credentials(self) -> dict[str, JSON]:
        return {"username": USER, "password": PASSWORD}

    def sign_everybody_out(self) -> None:
        """All sessions end."""
        with self.locked():
            self._tokens.clear()

    def items(self) -> Sequence[ListedItem]:
        return [ListedItem(one.id, one.sku, one.name) for one in self.shop.variants.values()]

    def place(self, basket: Basket, now: datetime) -> str:
        with self.locked():
            order = self.shop.till(basket, self._clock(now - CHECKOUT))
            self.shop.pay(order, self._clock(now))
            return order.id

    def leave_at_the_till(self, basket: Basket, now: datetime) -> str:
        """An order that is not paid: the buyer may come back to it."""
        with self.locked():
            return self.shop.till(basket, self._clock(now)).id

    def pay(self, external_id: str, now: datetime, *, state: str = "Settled") -> None:
        """The buyer pays, or only lets the money be reserved (`Authorized`)."""
        with self.locked():
            self.shop.pay(self.shop.orders[external_id], self._clock(now), state=state)

    def edit(self, external_id: str, basket: Basket, now: datetime) -> None:
        with self.locked():
            self.shop.edit(self.shop.orders[external_id], basket, self._clock(now))

    def cancel(self, external_id: str, now: datetime) -> None:
        """Staff cancel all that is left and give the money back."""
        with self.locked():
            order, at = self.shop.orders[external_id], self._clock(now)
            self.shop.cancel({"orderId": order.id, "reason": "changed their mind", "cancelShipping": True}, at)
            self.shop.give_back(order, order.kept(), "changed their mind", at)

    def orders(self) -> Sequence[PlacedOrder]:
        with self.locked():
            return [
                PlacedOrder(one.id, one.code, one.basket, one.placed_at, cancelled=one.state == "Cancelled")
                for one in sorted(self.shop.orders.values(), key=lambda one: str(one.placed_at))
                if one.placed_at is not None
            ]

    def shipments(self, external_id: str) -> Sequence[ShownShipment]:
        with self.locked():
            order = self.shop.orders[external_id]
            sent = [one for one in order.fulfilments if one.state in {"Shipped", "Delivered"}]
            return [ShownShipment(one.tracking_code, one.method, _by_sku(order, one)) for one in sent]

    def stock_shown(self, external_id: str) -> Decimal | None:
        with self.locked():
            variant = self.shop.variants.get(external_id)
            return Decimal(variant.on_hand) if variant is not None and variant.was_pushed else None

    @route("POST", "/admin-api")
    def graphql(self, asked: Asked) -> httpx.Response:
        """Every operation of the Admin API; what is wrong with a request stands in the body."""
        fields = asked.fields()
        variables = child(fields, "variables")
        try:
            operation = parse(word(fields, "query"), variables if isinstance(variables, dict) else {})
            if operation.fields[0].name == "login":
                return self._sign_in(operation)
            if not self._knows(asked):
                return _stranger(asked)
            return json_response({"data": answer(self._root(asked.now), operation.fields)})
        except Refused as refused:
            status = 400 if refused.code.startswith("GRAPHQL") else 200
            return _error(refused.code, refused.message, status)

    def _sign_in(self, operation: Operation) -> httpx.Response:
        [login] = operation.fields
        if (login.arguments.get("username"), login.arguments.get("password")) != (USER, PASSWORD):
            told: Node = refusal("InvalidCredentialsError", "The provided credentials are invalid")
            return json_response({"data": answer({"login": told}, operation.fields)})
        token = f"session-{self.number()}"
        self._tokens.add(token)
        user: Node = {"__typename": "CurrentUser", "id": "1", "identifier": USER}
        return json_response({"data": answer({"login": user}, operation.fields)}, headers={TOKEN: token})

    def _knows(self, asked: Asked) -> bool:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        return token in self._tokens or asked.headers.get(API_KEY) == KEY

    def _root(self, now: datetime) -> Tree:
        """The fields of Query and Mutation."""
        shop = self.shop
        return {
            "activeChannel": {"__typename": "Channel", "id": "1", "code": "__default_channel__"},
            "order": lambda asked: _tree_of(shop.orders.get(word(asked, "id"))),
            "orders": lambda asked: self._listed(shop.orders.values(), asked),
            "productVariants": lambda asked: self._listed(shop.variants.values(), asked),
            "stockLocations": {"items": [{"id": LOCATION, "name": "Default Stock Location"}], "totalItems": 1},
            "addFulfillmentToOrder": lambda asked: self._fulfil(asked["input"]),
            "transitionFulfillmentToState": lambda asked: _tree(shop.move(word(asked, "id"), word(asked, "state"))),
            "cancelOrder": lambda asked: self._cancel(asked["input"], self._clock(now)),
            "updateProductVariants": lambda asked: [
                variant.tree() for variant in shop.set_stock(listed(asked, "input"))
            ],
        }

    def _listed(self, rows: Iterable[SoldOrder | Variant], asked: Mapping[str, JSON]) -> Tree:
        return page([row.tree() for row in rows], asked.get("options"), self.script.chance)

    def _fulfil(self, wanted: JSON) -> Tree:
        arguments = {word(one, "name"): word(one, "value") for one in listed(child(wanted, "handler"), "arguments")}
        method, code = arguments.get("method", ""), arguments.get("trackingCode", "")
        made = self.shop.fulfil(listed(wanted, "lines"), method, code)
        if isinstance(made, tuple):
            self.commit("dispatch", f"{made[0].id}/{code or method}")
        return _tree(made)

    def _cancel(self, wanted: JSON, now: datetime) -> Tree:
        made = self.shop.cancel(wanted, now)
        if not isinstance(made, SoldOrder):
            return made
        self.commit("cancel", f"{made.id}/{word(wanted, 'reason')}")
        return made.tree()

    def _clock(self, now: datetime) -> datetime:
        """The time as the shop's database keeps it."""
        finest = 1_000_000 if self._whole_seconds else 1000
        return now.replace(microsecond=now.microsecond // finest * finest)


def _tree(made: tuple[SoldOrder, Fulfilment] | Tree) -> Tree:
    return made[1].tree() if isinstance(made, tuple) else made


def _tree_of(order: SoldOrder | None) -> Tree | None:
    return None if order is None else order.tree()


def _by_sku(order: SoldOrder, sent: Fulfilment) -> Mapping[str, Decimal]:
    return {line.variant.sku: Decimal(sent.quantities[line.id]) for line in order.lines if line.id in sent.quantities}


def _stranger(asked: Asked) -> httpx.Response:
    """A token that is no longer known is answered by an empty one."""
    refused = _error("FORBIDDEN", "You are not currently authorized to perform this action", 200)
    if "authorization" in asked.headers:
        refused.headers[TOKEN] = ""
    return refused


def _error(code: str, message: str, status: int) -> httpx.Response:
    extensions: JSON = {"code": code} if code else {}
    error: JSON = {
        "message": message,
        "locations": [{"line": 1, "column": 2}],
        "path": [],
        "extensions": extensions,
    }
    return json_response({"errors": [error], "data": None}, status)
