"""What makes up the price of an order: taxes, discounts and who pays for them, shipping, fees, totals."""

from enum import StrEnum

from hub.core.document import Document, Part
from hub.core.fields import Code, Country, Flag, MaybeText
from hub.core.money import DualMoney
from hub.core.units import Number, Rate


class CollectedBy(StrEnum):
    """Who takes the tax from the buyer, or who hands it to the state."""

    MERCHANT = "merchant"
    CHANNEL = "channel"


class Jurisdiction(Document):
    """Whose tax it is."""

    country: Country | None = None
    region: MaybeText = None
    type: MaybeText = None


class TaxLine(Part):
    """One tax on a line, on shipping, a fee, a duty or a refund.

    `scheme` is the platform's word: IOSS, OSS, UOSS, marketplace facilitator, GST. `base` is what the rate
    is taken of.
    """

    title: MaybeText = None
    rate: Rate | None = None
    rate_id: MaybeText = None
    amount: DualMoney
    base: DualMoney | None = None
    jurisdiction: Jurisdiction | None = None
    included_in_price: Flag = False
    collected_by: CollectedBy = CollectedBy.MERCHANT
    remitted_by: CollectedBy = CollectedBy.MERCHANT
    scheme: MaybeText = None
    compound: Flag = False
    estimated: Flag = False


class Funder(StrEnum):
    """Who pays for a discount."""

    SHOP = "shop"
    PLATFORM = "platform"
    TALENT = "talent"
    SUPPLIER = "supplier"
    PAYMENT_PROVIDER = "payment_provider"


class Funding(Document):
    """One payer's part of a discount."""

    funder: Funder
    amount: DualMoney


class DiscountKind(StrEnum):
    """What a discount is given for."""

    CODE = "code"
    AUTOMATIC = "automatic"
    MANUAL = "manual"
    SCRIPT = "script"
    COUPON = "coupon"
    RED_PACKET = "red_packet"
    POINTS = "points"
    MEMBER = "member"
    BUNDLE = "bundle"
    GROUP_LEADER = "group_leader"
    PRICE_CHANGE = "price_change"


class DiscountTarget(StrEnum):
    """What becomes cheaper."""

    LINE = "line"
    SHIPPING = "shipping"
    ORDER = "order"


class DiscountMethod(StrEnum):
    """How a discount meets its targets."""

    ACROSS = "across"
    EACH = "each"
    ONE = "one"


class DiscountIds(Document):
    """The platform's names of what gave the discount."""

    campaign: MaybeText = None
    coupon: MaybeText = None
    promotion: MaybeText = None


class DiscountApplication(Part):
    """A discount as it was granted, once per order; its allocations carry the money."""

    id: Code
    kind: DiscountKind
    code: MaybeText = None
    title: MaybeText = None
    value_type: MaybeText = None
    value: Number | None = None
    target: DiscountTarget = DiscountTarget.LINE
    method: DiscountMethod = DiscountMethod.ACROSS
    stackable: Flag = False
    funder_split: tuple[Funding, ...] = ()
    native_ids: DiscountIds | None = None


class AllocatedBy(StrEnum):
    """Who spread a discount: platforms that give only a sum per order leave it to the hub."""

    PLATFORM = "platform"
    HUB = "hub"


class DiscountAllocation(Document):
    """A line's part of a discount, a positive amount."""

    application_id: Code
    amount: DualMoney
    funder_split: tuple[Funding, ...] = ()
    allocated_by: AllocatedBy = AllocatedBy.PLATFORM


class ShippingLine(Part):
    """A way of shipping that the buyer chose and pays for; `price` is after discounts."""

    id: MaybeText = None
    title: MaybeText = None
    code: MaybeText = None
    service_level: MaybeText = None
    carrier_code: MaybeText = None
    source: MaybeText = None
    price_before_discount: DualMoney | None = None
    price: DualMoney
    discount_allocations: tuple[DiscountAllocation, ...] = ()
    tax_lines: tuple[TaxLine, ...] = ()
    group_id: MaybeText = None
    removed: Flag = False


class FeeKind(StrEnum):
    """What a fee is for."""

    PAYMENT = "payment"
    COD = "cod"
    HANDLING = "handling"
    WRAP = "wrap"
    SERVICE = "service"
    DEPOSIT = "deposit"
    ECO = "eco"
    PLATFORM = "platform"


class Fee(Part):
    """What is paid beside goods and shipping; negative where a plug-in books a credit as a fee."""

    kind: FeeKind
    title: MaybeText = None
    amount: DualMoney
    tax_lines: tuple[TaxLine, ...] = ()
    taxable: Flag = True


class Duty(Part):
    """Customs duty on a line."""

    amount: DualMoney
    hs_code: MaybeText = None
    origin_country: Country | None = None
    tax_lines: tuple[TaxLine, ...] = ()


class GrandTotal(Document):
    """The sum of the order at three times: as placed, as it is now, and as the platform reports it."""

    original: DualMoney | None = None
    current: DualMoney | None = None
    platform_reported: DualMoney | None = None


class Totals(Document):
    """The platform's own sums, which are the truth; what it does not say is absent.

    `unexplained_difference` is what `hub.core.totals` found between these and the parts.
    """

    items_gross_before_discount: DualMoney | None = None
    items_discount: DualMoney | None = None
    items_subtotal: DualMoney | None = None
    shipping_before_discount: DualMoney | None = None
    shipping_discount: DualMoney | None = None
    shipping: DualMoney | None = None
    fees: DualMoney | None = None
    gift_wrap: DualMoney | None = None
    tips: DualMoney | None = None
    duties: DualMoney | None = None
    tax_items: DualMoney | None = None
    tax_shipping: DualMoney | None = None
    tax_total: DualMoney | None = None
    rounding: DualMoney | None = None
    grand_total: DualMoney
    grand_totals: GrandTotal | None = None
    paid: DualMoney | None = None
    refunded: DualMoney | None = None
    outstanding: DualMoney | None = None
    gift_card_paid: DualMoney | None = None
    store_credit_paid: DualMoney | None = None
    points_paid: DualMoney | None = None
    seller_receivable: DualMoney | None = None
    platform_funded_discount: DualMoney | None = None
    unexplained_difference: DualMoney | None = None
