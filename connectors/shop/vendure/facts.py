"""What the tables say of an order beside its own fields: prices, taxes and quantities to reckon with.

Prices with tax are money; net prices, taxes and discounts are numbers in the order's currency, for they may be
finer than it.
"""

from decimal import Decimal
from enum import StrEnum

from hub.core.document import Document
from hub.core.fields import Code, MaybeText
from hub.core.money import Currency, Money
from hub.core.orders import DiscountTarget, PaymentOutcome
from hub.core.times import At
from hub.core.units import Number, Quantity, Rate


class Tax(Document):
    """A tax by name and rate."""

    title: MaybeText = None
    rate: Rate


class TaxSum(Tax):
    """What a tax comes to in the whole order."""

    base: Number
    amount: Number


class Discount(Document):
    """A promotion's part of a price with tax; what makes it cheaper is negative."""

    id: Code
    amount: Number


class Priced(Document):
    """Something with a price: with tax and after discounts, and net of tax."""

    price: Money
    net: Number
    taxes: tuple[Tax, ...] = ()
    discounts: tuple[Discount, ...] = ()


class LineFacts(Priced):
    """A line; one that was added later was not there when the order was placed."""

    id: Code
    placed: Quantity
    current: Quantity

    @property
    def ordered(self) -> Decimal:
        return max(self.placed, self.current)


class Granted(Document):
    """A discount of the order."""

    id: Code
    title: MaybeText = None
    target: DiscountTarget


class Coupon(Document):
    """The code that a promotion asked for."""

    promotion: Code
    code: Code


class Refunded(Document):
    """Money given back of a payment."""

    id: Code
    parent_id: MaybeText = None
    state: PaymentOutcome
    reference: MaybeText = None
    amount: Money
    at: At | None = None


class Stage(StrEnum):
    """How far the goods of a fulfilment have come."""

    WAITING = "waiting"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class SentLine(Document):
    """How much of a line is in a fulfilment."""

    line_id: Code
    quantity: Quantity


class Sent(Document):
    """A fulfilment."""

    stage: Stage
    lines: tuple[SentLine, ...] = ()


class SellerOrder(Document):
    """The part of a marketplace's order that one seller sees."""

    id: Code


class Facts(Document):
    """All of it."""

    currency: Currency
    sub_total: Number
    sub_total_with_tax: Money
    shipping: Number
    shipping_with_tax: Money
    taxes: tuple[TaxSum, ...] = ()
    lines: tuple[LineFacts, ...]
    fees: tuple[Priced, ...] = ()
    shipping_lines: tuple[Priced, ...] = ()
    discounts: tuple[Granted, ...] = ()
    coupons: tuple[Coupon, ...] = ()
    refunds: tuple[Refunded, ...] = ()
    fulfilments: tuple[Sent, ...] = ()
    seller_orders: tuple[SellerOrder, ...] = ()
