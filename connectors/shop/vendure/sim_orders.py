"""What a simulated shop remembers: articles with their stock, orders, payments, fulfilments; and how it tells."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from connectors.shop.vendure.client import child, whole
from connectors.shop.vendure.sim_graphql import Node, Tree
from connectors.shop.vendure.sim_prices import Price, tax_summary, together
from hub.core.json import JSON
from hub.sdk.sim import Basket

LOCATION: Final = "1"
_OUT: Final = frozenset({"Shipped", "Delivered"})


@dataclass(slots=True)
class Variant:
    """An article. On hand counts what lies on the shelf, allocated what paid orders still wait for."""

    id: str
    sku: str
    name: str
    on_hand: int = 0
    allocated: int = 0
    was_pushed: bool = False

    def tree(self) -> Tree:
        level: JSON = {
            "stockLocationId": LOCATION,
            "stockLocation": {"id": LOCATION, "name": "Default Stock Location"},
            "stockOnHand": self.on_hand,
            "stockAllocated": self.allocated,
        }
        return {
            "__typename": "ProductVariant",
            "id": self.id,
            "productId": self.id,
            "sku": self.sku,
            "name": self.name,
            "stockLevels": [level],
        }


@dataclass(slots=True)
class SoldLine:
    """So many of an article in an order."""

    id: str
    variant: Variant
    price: Price

    def tree(self) -> Tree:
        price = self.price
        return {
            "__typename": "OrderLine",
            "id": self.id,
            "quantity": price.quantity,
            "orderPlacedQuantity": price.placed,
            "unitPriceWithTax": lambda _: price.unit()[1],
            "proratedUnitPriceWithTax": lambda _: price.reduced_unit()[1],
            "linePriceWithTax": lambda _: price.whole()[1],
            "proratedLinePrice": lambda _: price.reduced()[0],
            "proratedLinePriceWithTax": lambda _: price.reduced()[1],
            "taxLines": lambda _: price.tax_lines(),
            "discounts": lambda _: price.discounts(),
            "productVariant": lambda _: self.variant.tree(),
        }


@dataclass(slots=True)
class Fulfilment:
    """Goods that staff, or the hub, have sent."""

    id: str
    method: str
    tracking_code: str
    quantities: dict[str, int]
    state: str = "Pending"

    def tree(self) -> Tree:
        return {
            "__typename": "Fulfillment",
            "id": self.id,
            "state": self.state,
            "method": self.method,
            "trackingCode": self.tracking_code,
            "lines": [{"orderLineId": line, "quantity": many} for line, many in self.quantities.items()],
        }


@dataclass(slots=True)
class Paid:
    """A payment and what was given back of it."""

    id: str
    at: datetime
    amount: int
    state: str = "Settled"
    refunds: list[JSON] = field(default_factory=list)

    def tree(self) -> Tree:
        return {
            "__typename": "Payment",
            "id": self.id,
            "createdAt": told(self.at),
            "method": "card",
            "state": self.state,
            "amount": self.amount,
            "transactionId": f"tx-{self.id}",
            "refunds": list(self.refunds),
        }


@dataclass(slots=True)
class SoldOrder:
    """An order from the basket on. `updated_at` moves with baskets, edits and cancels, and with nothing else."""

    id: str
    code: str
    basket: Basket
    created_at: datetime
    updated_at: datetime
    shipping: Price
    state: str = "ArrangingPayment"
    active: bool = True
    placed_at: datetime | None = None
    lines: list[SoldLine] = field(default_factory=list)
    payments: list[Paid] = field(default_factory=list)
    fulfilments: list[Fulfilment] = field(default_factory=list)
    cancellations: list[JSON] = field(default_factory=list)

    def total(self) -> int:
        """What the buyer pays now."""
        return sum(price.reduced()[1] for price in self.prices())

    def kept(self) -> int:
        """What was paid and not given back."""
        back = sum(whole(child(refund, "total")) for payment in self.payments for refund in payment.refunds)
        return sum(payment.amount for payment in self.payments) - back

    def prices(self) -> Iterator[Price]:
        yield from (line.price for line in self.lines)
        yield self.shipping

    def line(self, line_id: str) -> SoldLine | None:
        return next((line for line in self.lines if line.id == line_id), None)

    def in_fulfilments(self, line_id: str, states: frozenset[str] | None = None) -> int:
        """Pieces of a line in fulfilments of these states, in any that was not cancelled where none are named."""
        return sum(
            one.quantities.get(line_id, 0)
            for one in self.fulfilments
            if (one.state in states if states else one.state != "Cancelled")
        )

    def follow(self) -> None:
        """The state that fulfilments amount to."""
        wanted = sum(line.price.quantity for line in self.lines)
        out = sum(self.in_fulfilments(line.id, _OUT) for line in self.lines)
        arrived = sum(self.in_fulfilments(line.id, frozenset({"Delivered"})) for line in self.lines)
        if arrived:
            self.state = "Delivered" if arrived >= wanted else "PartiallyDelivered"
        elif out:
            self.state = "Shipped" if out >= wanted else "PartiallyShipped"

    def tree(self) -> Tree:
        """What is seldom asked for is reckoned when it is."""
        return {
            "__typename": "Order",
            "id": self.id,
            "code": self.code,
            "type": "Regular",
            "state": self.state,
            "active": self.active,
            "createdAt": told(self.created_at),
            "updatedAt": told(self.updated_at),
            "orderPlacedAt": None if self.placed_at is None else told(self.placed_at),
            "currencyCode": self.basket.currency,
            "couponCodes": [],
            "lines": lambda _: [line.tree() for line in self.lines],
            "surcharges": [],
            "promotions": [{"id": "1", "couponCode": None}] if self.basket.discount else [],
            "discounts": lambda _: together([price.discounts() for price in self.prices()]),
            "shippingLines": lambda _: [self._shipping()],
            "payments": lambda _: [payment.tree() for payment in self.payments],
            "fulfillments": lambda _: [one.tree() for one in self.fulfilments],
            "history": lambda _: {"items": self.cancellations, "totalItems": len(self.cancellations)},
            "aggregateOrder": None,
            "sellerOrders": [],
            "subTotal": lambda _: self._goods()[0],
            "subTotalWithTax": lambda _: self._goods()[1],
            "shipping": lambda _: self.shipping.reduced()[0],
            "shippingWithTax": lambda _: self.shipping.reduced()[1],
            "total": lambda _: self._goods()[0] + self.shipping.reduced()[0],
            "totalWithTax": lambda _: self.total(),
            "taxSummary": lambda _: tax_summary(self.prices()),
            "customer": lambda _: self._customer(),
            "shippingAddress": lambda _: self._address(self.basket.ship_to.name),
            "billingAddress": lambda _: self._address(self.basket.buyer.name),
        }

    def _goods(self) -> tuple[int, int]:
        """Net, gross."""
        net, gross = (sum(line.price.reduced()[side] for line in self.lines) for side in (0, 1))
        return net, gross

    def _shipping(self) -> Node:
        net, gross = self.shipping.reduced()
        return {
            "id": self.id,
            "price": self.shipping.whole()[0],
            "priceWithTax": self.shipping.whole()[1],
            "discountedPrice": net,
            "discountedPriceWithTax": gross,
            "shippingMethod": {"id": "1", "code": "standard", "name": "Standard parcel"},
            "discounts": self.shipping.discounts(),
        }

    def _customer(self) -> JSON:
        buyer = self.basket.buyer
        first, _, last = buyer.name.rpartition(" ")
        return {
            "id": self.id,
            "firstName": first,
            "lastName": last,
            "emailAddress": buyer.email,
            "phoneNumber": buyer.phone or None,
        }

    def _address(self, name: str) -> JSON:
        to = self.basket.ship_to
        return {
            "fullName": name,
            "company": None,
            "streetLine1": to.street,
            "streetLine2": None,
            "city": to.city,
            "province": to.province or None,
            "postalCode": to.postal_code,
            "country": to.country,
            "countryCode": to.country,
            "phoneNumber": self.basket.buyer.phone or None,
        }


def told(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def percent(rate: Decimal) -> Decimal:
    """A share of one as the shop names tax rates."""
    return (rate * 100).normalize()
