"""What can be done in a simulated shop, by buyers, staff and programs, and what it refuses."""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from connectors.shop.vendure.client import child, listed, whole, word
from connectors.shop.vendure.sim_graphql import Refused, Tree
from connectors.shop.vendure.sim_orders import (
    LOCATION,
    Fulfilment,
    Paid,
    SoldLine,
    SoldOrder,
    Variant,
    percent,
    told,
)
from connectors.shop.vendure.sim_prices import PROMOTION, Adjustment, Price, hundredths
from hub.core.json import JSON
from hub.core.money import Money, share
from hub.sdk.sim import Basket, BasketLine

CHECKOUT: Final = timedelta(seconds=8)
"""How long a buyer takes from the till to the payment."""

_MOVES: Final[Mapping[str, frozenset[str]]] = {
    "Pending": frozenset({"Shipped", "Delivered", "Cancelled"}),
    "Shipped": frozenset({"Delivered", "Cancelled"}),
    "Delivered": frozenset({"Cancelled"}),
    "Cancelled": frozenset(),
}


class Shop:
    """Articles and orders. Stock is taken from the shelf when a fulfilment is made, if the shop tracks it."""

    def __init__(self, number: Callable[[], int], *, tracks_stock: bool) -> None:
        self._number = number
        self._tracks = tracks_stock
        self.orders: dict[str, SoldOrder] = {}
        self.variants: dict[str, Variant] = {}

    def offer(self, sku: str, name: str) -> Variant:
        """Put an article up for sale."""
        variant = Variant(str(len(self.variants) + 1), sku, name or sku)
        self.variants[variant.id] = variant
        return variant

    def till(self, basket: Basket, now: datetime) -> SoldOrder:
        """Somebody has chosen and stands at the till: an order that is still active, and not placed."""
        number = self._number()
        code = base64.b32encode(hashlib.sha256(f"order {number}".encode()).digest())[:16].decode()
        order = SoldOrder(str(number), code, basket, now, now, _shipping(basket))
        self.orders[order.id] = order
        self._fill(order, basket)
        return order

    def pay(self, order: SoldOrder, now: datetime, *, state: str = "Settled") -> None:
        """The order is placed; `updatedAt` stays where the till left it."""
        order.payments.append(Paid(str(self._number()), now, order.total(), state))
        order.state = "PaymentSettled" if state == "Settled" else "PaymentAuthorized"
        if order.active:
            order.active, order.placed_at = False, now
            for line in order.lines:
                line.price.placed = line.price.quantity
                self._allocate(line, line.price.quantity)

    def edit(self, order: SoldOrder, basket: Basket, now: datetime) -> None:
        """Staff change lines, address and people; what the buyer has to pay more or gets back is settled."""
        before = order.total()
        order.basket, order.updated_at = basket, now
        self._fill(order, basket)
        difference = order.total() - before
        if difference > 0:
            order.payments.append(Paid(str(self._number()), now, difference))
        elif difference < 0:
            self.give_back(order, -difference, "edited", now)

    def give_back(self, order: SoldOrder, amount: int, reason: str, now: datetime) -> None:
        """Refund of a payment."""
        payment = order.payments[0]
        refund: JSON = {
            "id": str(self._number()),
            "createdAt": told(now),
            "state": "Settled",
            "total": amount,
            "reason": reason,
            "transactionId": f"back-{payment.id}",
            "paymentId": payment.id,
            "lines": [],
        }
        payment.refunds.append(refund)

    def fulfil(self, lines: Sequence[JSON], method: str, code: str) -> tuple[SoldOrder, Fulfilment] | Tree:
        """Goods leave: a fulfilment, or the refusal."""
        wanted = _quantities(lines)
        if not sum(wanted.values()):
            return refusal("EmptyOrderLineSelectionError", "At least one OrderLine must be specified")
        order = self._order_of(next(iter(wanted)))
        for line, many in self._asked(order, wanted):
            if line.price.quantity - order.in_fulfilments(line.id) < many:
                return refusal("ItemsAlreadyFulfilledError", "One or more OrderItems are already part of a Fulfillment")
            if self._tracks and line.variant.on_hand < many:
                return refusal(
                    "InsufficientStockOnHandError",
                    f'Cannot create a Fulfillment as "{line.variant.name}" has insufficient stockOnHand',
                )
        for line, many in self._asked(order, wanted):
            self._take(line, many)
        sent = Fulfilment(str(self._number()), method, code, wanted)
        order.fulfilments.append(sent)
        return order, sent

    def move(self, fulfilment_id: str, state: str) -> tuple[SoldOrder, Fulfilment] | Tree:
        """Bring a fulfilment to a state, and its order after it."""
        order, sent = self._fulfilment(fulfilment_id)
        if state not in _MOVES[sent.state]:
            told_why = f'Cannot transition Fulfillment from "{sent.state}" to "{state}"'
            return {
                **refusal("FulfillmentStateTransitionError", "errorResult.FULFILLMENT_STATE_TRANSITION_ERROR"),
                "transitionError": told_why,
            }
        sent.state = state
        if state == "Cancelled":
            for line, many in self._asked(order, sent.quantities):
                self._take(line, -many)
        order.follow()
        return order, sent

    def cancel(self, wanted: JSON, now: datetime) -> SoldOrder | Tree:
        """Take back quantities of an order, all that is left where no lines are named."""
        order = self.order(word(wanted, "orderId"))
        lines = child(wanted, "lines")
        left = {line.id: line.price.quantity for line in order.lines}
        many = _quantities(lines) if isinstance(lines, list) else left
        if not sum(many.values()):
            return refusal("EmptyOrderLineSelectionError", "At least one OrderLine must be specified")
        if any(quantity > left.get(line, 0) for line, quantity in many.items()):
            return refusal("QuantityTooGreatError", "The specified quantity is greater than the available OrderItems")
        self._take_back(order, many, is_with_shipping=child(wanted, "cancelShipping") is True)
        order.updated_at = now
        order.cancellations.append(_history(many, wanted))
        if not any(line.price.quantity for line in order.lines):
            order.state, order.active = "Cancelled", False
        return order

    def set_stock(self, levels: Sequence[JSON]) -> list[Variant]:
        """All of them or none. Raises Refused for a variant that is not there."""
        found = [self.variant(word(level, "id")) for level in levels]
        for variant, level in zip(found, levels, strict=True):
            for one in listed(level, "stockLevels"):
                if word(one, "stockLocationId") != LOCATION:
                    raise Refused("", "FOREIGN KEY constraint failed")
                variant.on_hand, variant.was_pushed = whole(child(one, "stockOnHand")), True
        return found

    def order(self, order_id: str) -> SoldOrder:
        """Raises Refused for one that is not there."""
        if order_id not in self.orders:
            raise Refused("ENTITY_NOT_FOUND", f'No Order with the id "{order_id}" could be found')
        return self.orders[order_id]

    def variant(self, variant_id: str) -> Variant:
        """Raises Refused for one that is not there."""
        if variant_id not in self.variants:
            raise Refused("ENTITY_NOT_FOUND", f'No ProductVariant with the id "{variant_id}" could be found')
        return self.variants[variant_id]

    def _fill(self, order: SoldOrder, basket: Basket) -> None:
        """Let the lines be those of a basket; of what is no longer wanted the quantity becomes zero."""
        wanted = {sku: _same(basket, sku) for sku in dict.fromkeys(line.sku for line in basket.lines)}
        for line in order.lines:
            if line.variant.sku not in wanted:
                self._change(order, line, 0)
        for sku, (first, quantity) in wanted.items():
            line = next((one for one in order.lines if one.variant.sku == sku), None) or self._added(
                order, first, basket
            )
            self._change(order, line, quantity)
        order.shipping = _shipping(basket)
        _discount(order, hundredths(basket.discount))

    def _added(self, order: SoldOrder, wanted: BasketLine, basket: Basket) -> SoldLine:
        known = next((one for one in self.variants.values() if one.sku == wanted.sku), None)
        tax = percent(wanted.tax_rate)
        price = Price(
            hundredths(wanted.unit_price), basket.prices_include_tax, f"VAT {tax:f}", tax, placed=0, quantity=0
        )
        line = SoldLine(str(self._number()), known or self.offer(wanted.sku, wanted.title), price)
        order.lines.append(line)
        return line

    def _change(self, order: SoldOrder, line: SoldLine, quantity: int) -> None:
        if not order.active:
            self._allocate(line, quantity - line.price.quantity)
        line.price.quantity = quantity

    def _allocate(self, line: SoldLine, many: int) -> None:
        line.variant.allocated += many if self._tracks else 0

    def _take(self, line: SoldLine, many: int) -> None:
        """From the shelf, or back to it."""
        self._allocate(line, -many)
        line.variant.on_hand -= many if self._tracks else 0

    def _take_back(self, order: SoldOrder, many: Mapping[str, int], *, is_with_shipping: bool) -> None:
        for line, quantity in self._asked(order, many):
            waiting = line.price.quantity - order.in_fulfilments(line.id)
            self._allocate(line, -min(waiting, quantity))
            line.variant.on_hand += max(quantity - waiting, 0) if self._tracks else 0
            line.price.quantity -= quantity
        if is_with_shipping:
            order.shipping.adjustments.append(
                Adjustment("CANCEL_ORDER", "OTHER", "shipping cancellation", -order.shipping.list_price)
            )

    def _asked(self, order: SoldOrder, quantities: Mapping[str, int]) -> list[tuple[SoldLine, int]]:
        return [(line, quantities[line.id]) for line in order.lines if line.id in quantities]

    def _order_of(self, line_id: str) -> SoldOrder:
        for order in self.orders.values():
            if order.line(line_id) is not None:
                return order
        raise Refused("ENTITY_NOT_FOUND", f'No OrderLine with the id "{line_id}" could be found')

    def _fulfilment(self, fulfilment_id: str) -> tuple[SoldOrder, Fulfilment]:
        for order in self.orders.values():
            for sent in order.fulfilments:
                if sent.id == fulfilment_id:
                    return order, sent
        raise Refused("ENTITY_NOT_FOUND", f'No Fulfillment with the id "{fulfilment_id}" could be found')


def refusal(kind: str, message: str) -> Tree:
    """A member of a union that says no; its code is its name, as the shop writes it."""
    code = "".join(f"_{mark}" if mark.isupper() else mark.upper() for mark in kind).lstrip("_")
    return {"__typename": kind, "errorCode": code, "message": message}


def _shipping(basket: Basket) -> Price:
    rate = max((line.tax_rate for line in basket.lines), default=Decimal(0))
    return Price(hundredths(basket.shipping), basket.prices_include_tax, "shipping tax", percent(rate))


def _same(basket: Basket, sku: str) -> tuple[BasketLine, int]:
    """The lines of an article become one."""
    lines = [line for line in basket.lines if line.sku == sku]
    return lines[0], int(sum(line.quantity for line in lines))


def _discount(order: SoldOrder, amount: int) -> None:
    """An order-level promotion, spread over the lines by their list prices."""
    weights = [line.price.list_price * line.price.quantity for line in order.lines]
    parts = share(Money(min(amount, sum(weights)), order.basket.currency), weights)
    for line, part in zip(order.lines, parts, strict=True):
        off = Adjustment(PROMOTION, "DISTRIBUTED_ORDER_PROMOTION", "Promotion", -part.minor)
        line.price.adjustments = [off] if part else []


def _quantities(lines: Sequence[JSON]) -> dict[str, int]:
    return {word(line, "orderLineId"): whole(child(line, "quantity")) for line in lines}


def _history(many: Mapping[str, int], wanted: JSON) -> JSON:
    lines: list[JSON] = [{"orderLineId": line, "quantity": quantity} for line, quantity in many.items()]
    about: JSON = {
        "lines": lines,
        "reason": word(wanted, "reason"),
        "shippingCancelled": child(wanted, "cancelShipping") is True,
    }
    return {"type": "ORDER_CANCELLATION", "data": about}
