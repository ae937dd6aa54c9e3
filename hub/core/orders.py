"""The canonical order: everything a channel says about one order, in the words of the hub.

Not here, because rows know it better: the hub's own id, state, version and times, the connection, the raw
body and its digest, the hub's events and holds. Personal data stands in `people` and nowhere else.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Protocol, Self

from pydantic import model_validator

from hub.core.document import NO_FACTS, Document, Facts, Native, Part
from hub.core.fields import Code, Count, Flag, MaybeText, Text, refusal
from hub.core.money import Currency, DualMoney
from hub.core.order_fulfilment import (
    ChannelShipment,
    DeliveryMethod,
    FulfilmentGroup,
    GroupLine,
    Hold,
    Package,
    PackageKind,
    Pushed,
    ShipmentEvent,
    ShipmentLine,
    ShippableBy,
    Size,
    Window,
)
from hub.core.order_lines import Line, LineGroup, LineRole, Option, Quantities, SkuRefs
from hub.core.order_payments import (
    By,
    Payment,
    PaymentKind,
    PaymentMethod,
    PaymentOutcome,
    PaymentPhase,
    Refund,
    RefundAdjustment,
    RefundLine,
    RefundShipping,
    Restock,
    Return,
    ReturnKind,
    ReturnLine,
    ReturnTracking,
    Settlement,
)
from hub.core.order_prices import (
    AllocatedBy,
    CollectedBy,
    DiscountAllocation,
    DiscountApplication,
    DiscountIds,
    DiscountKind,
    DiscountMethod,
    DiscountTarget,
    Duty,
    Fee,
    FeeKind,
    Funder,
    Funding,
    GrandTotal,
    Jurisdiction,
    ShippingLine,
    TaxLine,
    Totals,
)
from hub.core.people import NOBODY, People
from hub.core.text import masked
from hub.core.times import At
from hub.core.units import ExchangeRate

__all__ = [
    "AllocatedBy", "By", "Cancel", "CancellationRequest", "Channel", "ChannelShipment", "CollectedBy",
    "DeliveryMethod", "DiscountAllocation", "DiscountApplication", "DiscountIds", "DiscountKind",
    "DiscountMethod", "DiscountTarget", "Duty", "ExchangeOf", "Fee", "FeeKind", "FulfilmentGroup",
    "FulfilmentStanding", "Funder", "Funding", "GrandTotal", "GroupLine", "Hold", "Jurisdiction",
    "Line", "LineGroup", "LineRole", "Link", "LinkKind", "Option", "Order", "OrderKind",
    "OrderStanding", "Package", "PackageKind", "Payment", "PaymentKind", "PaymentMethod",
    "PaymentOutcome", "PaymentPhase", "PaymentStanding", "PaymentTerms", "Pushed", "Quantities",
    "Refund", "RefundAdjustment", "RefundLine", "RefundShipping", "Restock", "Return", "ReturnKind",
    "ReturnLine", "ReturnTracking", "Risk", "Settlement", "ShipmentEvent", "ShipmentLine",
    "ShippableBy", "ShippingLine", "Size", "SkuRefs", "Source", "TaxLine", "Totals", "Window",
]  # fmt: skip


class OrderKind(StrEnum):
    """How an order came about, and so whether it is ours to ship."""

    REGULAR = "regular"
    DRAFT = "draft"
    SUBSCRIPTION = "subscription"
    EXCHANGE = "exchange"
    REPLACEMENT = "replacement"
    PREORDER = "preorder"
    B2B = "b2b"
    PICKUP = "pickup"
    MARKETPLACE_FULFILLED = "marketplace_fulfilled"
    SAMPLE = "sample"
    TEST = "test"


class OrderStanding(StrEnum):
    """Where the channel says the order stands; the hub's own journey is another matter."""

    DRAFT = "draft"
    OPEN = "open"
    ON_HOLD = "on_hold"
    CANCELLED = "cancelled"
    CLOSED = "closed"


class PaymentStanding(StrEnum):
    """Where the channel says the money stands."""

    UNPAID = "unpaid"
    AUTHORIZED = "authorized"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"
    FAILED = "failed"


class FulfilmentStanding(StrEnum):
    """Where the channel says the goods stand."""

    UNFULFILLED = "unfulfilled"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    PARTIALLY_DELIVERED = "partially_delivered"
    DELIVERED = "delivered"
    RETURNED = "returned"
    NOT_REQUIRED = "not_required"


class CancellationRequest(StrEnum):
    """Whether somebody asked to cancel, and what was answered."""

    NONE = "none"
    BY_BUYER = "requested_by_buyer"
    BY_PLATFORM = "requested_by_platform"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Cancel(Document):
    """That the channel cancelled the order; the words to it stand in `People.remarks`."""

    reason_code: MaybeText = None
    native_reason: MaybeText = None
    by: By | None = None
    at: At | None = None


class Channel(Document):
    """Where in the channel the order was placed: marketplace, sales channel, store view, POS location."""

    kind: MaybeText = None
    name: MaybeText = None
    marketplace_id: MaybeText = None
    sales_channel_ref: MaybeText = None
    store_ref: MaybeText = None


class Source(Document):
    """How the buyer came to the order; address and device of the buyer stand with the people."""

    app: MaybeText = None
    utm: Facts = NO_FACTS
    locale: MaybeText = None


class PaymentTerms(Document):
    """When an invoice is due: a day, or so many days after it."""

    type: MaybeText = None
    due: At | None = None
    days: Count | None = None


class ExchangeOf(Document):
    """The rate between two of the order's currencies, as the platform states it."""

    bought: Currency
    paid: Currency
    rate: ExchangeRate


class Risk(Document):
    """Somebody's opinion that the order may be fraud."""

    level: Text
    provider: MaybeText = None
    score: MaybeText = None
    recommendation: MaybeText = None
    reasons: tuple[Text, ...] = ()


class LinkKind(StrEnum):
    """How another order is related to this one."""

    REPLACES = "replaces"
    REPLACED_BY = "replaced_by"
    EXCHANGE_FOR = "exchange_for"
    SPLIT_FROM = "split_from"
    MERGED_INTO = "merged_into"
    EDIT_OF = "edit_of"
    SUBSCRIPTION_PARENT = "subscription_parent"
    AGGREGATE_OF = "aggregate_of"
    SELLER_ORDER_OF = "seller_order_of"


class Link(Document):
    """A related order."""

    kind: LinkKind
    native: Native


class Order(Part):
    """One order as its channel tells it.

    `external_id` is the channel's key; `number` is for display, may be rewritten and is not unique.
    `currency` is the shop's: every amount is in it, beside what the buyer saw.
    Refuses an order without lines, with one line id twice, or with an amount in another currency.
    """

    external_id: Code
    native_aliases: tuple[Native, ...] = ()
    number: MaybeText = None
    channel: Channel | None = None
    kind: OrderKind = OrderKind.REGULAR
    is_test: Flag = False

    placed_at: At
    processed_at: At | None = None
    native_updated_at: At | None = None
    paid_at: At | None = None
    confirmed_at: At | None = None
    cancelled_at: At | None = None
    closed_at: At | None = None
    expires_at: At | None = None

    state: OrderStanding = OrderStanding.OPEN
    payment_state: PaymentStanding = PaymentStanding.UNPAID
    fulfilment_state: FulfilmentStanding = FulfilmentStanding.UNFULFILLED
    return_state: MaybeText = None
    cancellation_request: CancellationRequest = CancellationRequest.NONE
    native_status: Facts = NO_FACTS
    cancel: Cancel | None = None

    currency: Currency
    presentment_currency: Currency | None = None
    settlement_currency: Currency | None = None
    rates: tuple[ExchangeOf, ...] = ()
    prices_include_tax: Flag = False
    duties_included: Flag = False
    tax_exempt: Flag = False
    taxes_estimated: Flag = False
    totals: Totals

    tags: tuple[Text, ...] = ()
    purchase_order_number: MaybeText = None
    payment_terms: PaymentTerms | None = None
    discount_applications: tuple[DiscountApplication, ...] = ()
    fees: tuple[Fee, ...] = ()
    tax_summary: tuple[TaxLine, ...] = ()
    lines: tuple[Line, ...]
    line_groups: tuple[LineGroup, ...] = ()
    shipping_lines: tuple[ShippingLine, ...] = ()
    fulfilment_groups: tuple[FulfilmentGroup, ...] = ()
    shipments: tuple[ChannelShipment, ...] = ()
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    returns: tuple[Return, ...] = ()
    holds: tuple[Hold, ...] = ()
    risks: tuple[Risk, ...] = ()
    links: tuple[Link, ...] = ()
    source: Source | None = None

    people: People = NOBODY

    def line(self, line_id: str) -> Line | None:
        return next((line for line in self.lines if line.id == line_id), None)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if not self.lines:
            raise refusal("order.no_lines", field="lines")
        ids = {line.id for line in self.lines}
        if len(ids) < len(self.lines):
            twice, _ = Counter(line.id for line in self.lines).most_common(1)[0]
            raise refusal("order.line_twice", field="lines", value=masked(twice))
        for path, amount in self._amounts():
            if amount.shop.currency != self.currency:
                raise refusal("money.two_currencies", field=path, value=f"{self.currency}, {amount.shop.currency}")
        return self

    def _amounts(self) -> Iterator[tuple[str, DualMoney]]:
        """The amounts that are added up anywhere."""
        for name, amount in self.totals.__dict__.items():
            if isinstance(amount, DualMoney):
                yield f"totals.{name}", amount
        for at, line in enumerate(self.lines):
            yield f"lines.{at}.line_total", line.line_total
            yield from _parts(f"lines.{at}.tax_lines", line.tax_lines)
            yield from _parts(f"lines.{at}.duties", line.duties)
            yield from _parts(f"lines.{at}.discount_allocations", line.discount_allocations)
        for at, shipping in enumerate(self.shipping_lines):
            yield f"shipping_lines.{at}.price", shipping.price
            yield from _parts(f"shipping_lines.{at}.tax_lines", shipping.tax_lines)
        yield from _parts("fees", self.fees)
        yield from _parts("payments", self.payments)
        for at, refund in enumerate(self.refunds):
            yield f"refunds.{at}.total", refund.total


class _Priced(Protocol):
    @property
    def amount(self) -> DualMoney: ...


def _parts(path: str, parts: Sequence[_Priced]) -> Iterator[tuple[str, DualMoney]]:
    for at, part in enumerate(parts):
        yield f"{path}.{at}.amount", part.amount
