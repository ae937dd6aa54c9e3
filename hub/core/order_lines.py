"""What was bought: lines, what they are for stock and for money, and what has become of them."""

from enum import StrEnum

from hub.core.document import Document, Part
from hub.core.fields import Code, Country, Flag, MaybeText, Text
from hub.core.money import DualMoney
from hub.core.order_prices import DiscountAllocation, Duty, TaxLine
from hub.core.times import At
from hub.core.units import PositiveQuantity, Quantity, UnitPrice


class LineRole(StrEnum):
    """What a line is within its order."""

    SIMPLE = "simple"
    BUNDLE_PARENT = "bundle_parent"
    BUNDLE_COMPONENT = "bundle_component"
    CONFIGURABLE_PARENT = "configurable_parent"
    CONFIGURABLE_CHILD = "configurable_child"
    GIFT = "gift"
    GIFT_CARD = "gift_card"
    DIGITAL = "digital"
    SERVICE = "service"
    FEE_LIKE = "fee_like"
    TIP = "tip"
    REPLACEMENT = "replacement"


class SkuRefs(Document):
    """The article's names in the outside system."""

    product: MaybeText = None
    variant: MaybeText = None
    inventory_item: MaybeText = None
    asin: MaybeText = None
    num_iid: MaybeText = None
    sku_id: MaybeText = None
    outer_id: MaybeText = None
    barcode: MaybeText = None


class Option(Document):
    """What distinguishes the variant: colour, size."""

    name: Text
    value: Text


class Quantities(Document):
    """What the platform says has become of a line; the hub's own counters are rows."""

    ordered: Quantity | None = None
    current: Quantity | None = None
    cancelled: Quantity | None = None
    allocated: Quantity | None = None
    shipped: Quantity | None = None
    delivered: Quantity | None = None
    return_requested: Quantity | None = None
    returned: Quantity | None = None
    refunded: Quantity | None = None
    written_off: Quantity | None = None


class LineGroup(Part):
    """A bundle as the buyer saw it; its lines are the components and carry the money."""

    id: Code
    title: MaybeText = None
    quantity: PositiveQuantity | None = None
    sku: MaybeText = None


class Line(Part):
    """One article of an order: stock is kept for `carries_stock`, revenue is posted for `carries_money`.

    `listing` is the id under which the channel lists the article; the channel's `sku` is never the hub's.
    `line_total` is after all discounts and never unit × quantity: platforms round differently, so both are
    kept.
    """

    id: Code
    parent_line_id: MaybeText = None
    line_group_id: MaybeText = None
    role: LineRole = LineRole.SIMPLE
    carries_money: Flag = True
    carries_stock: Flag = True
    listing: MaybeText = None
    sku: MaybeText = None
    native_sku_refs: SkuRefs | None = None
    title: MaybeText = None
    variant_title: MaybeText = None
    options: tuple[Option, ...] = ()
    vendor: MaybeText = None
    image: MaybeText = None
    condition: MaybeText = None
    serial_numbers: tuple[Text, ...] = ()
    transparency_codes: tuple[Text, ...] = ()
    requires_shipping: Flag = True
    taxable: Flag = True
    tax_class: MaybeText = None
    weight_g: Quantity | None = None
    hs_code: MaybeText = None
    origin_country: Country | None = None
    quantity: PositiveQuantity
    unit: MaybeText = None
    quantities: Quantities | None = None
    unit_price_before_discount: UnitPrice | None = None
    unit_price: UnitPrice | None = None
    line_total_before_discount: DualMoney | None = None
    line_total: DualMoney
    cost: DualMoney | None = None
    discount_allocations: tuple[DiscountAllocation, ...] = ()
    tax_lines: tuple[TaxLine, ...] = ()
    duties: tuple[Duty, ...] = ()
    refundable: Flag = True
    is_custom_item: Flag = False
    deleted_upstream: Flag = False
    ship_by: At | None = None
    deliver_by: At | None = None
    assigned_location_ref: MaybeText = None
    subscription_ref: MaybeText = None
    after_sale_state: MaybeText = None
