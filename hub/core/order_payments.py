"""How an order is paid and given back: payments as a tree, refunds, and the returns that goods make."""

from enum import StrEnum

from hub.core.document import Document, Native, Part
from hub.core.fields import Code, Flag, MaybeText, Text
from hub.core.money import DualMoney, Money
from hub.core.order_prices import Fee, TaxLine
from hub.core.times import At
from hub.core.units import ExchangeRate, PositiveQuantity


class By(StrEnum):
    """Who did something; never a name."""

    BUYER = "buyer"
    MERCHANT = "merchant"
    STAFF = "staff"
    PLATFORM = "platform"
    CARRIER = "carrier"
    HUB = "hub"


class PaymentKind(StrEnum):
    """What a payment does with money."""

    SALE = "sale"
    AUTHORIZATION = "authorization"
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"
    CHANGE = "change"
    ADJUSTMENT = "adjustment"


class PaymentOutcome(StrEnum):
    """How a payment ended, if it did."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILED = "failed"
    ERROR = "error"
    AWAITING = "awaiting"


class PaymentMethod(StrEnum):
    """What is paid with; gift cards, credit and points too, even where a platform lowers the total."""

    CARD = "card"
    WALLET = "wallet"
    BANK = "bank"
    COD = "cod"
    GIFT_CARD = "gift_card"
    STORE_CREDIT = "store_credit"
    POINTS = "points"
    DEPOSIT = "deposit"
    INVOICE = "invoice"
    PLATFORM_ESCROW = "platform_escrow"
    OTHER = "other"


class Settlement(Document):
    """What arrives at the merchant for a payment, when, and what was kept of it."""

    amount: Money
    rate: ExchangeRate | None = None
    fees: tuple[Fee, ...] = ()
    payout_ref: MaybeText = None
    held_until: At | None = None
    hold_reason: MaybeText = None


class PaymentPhase(Document):
    """One step of a presale that is paid in parts."""

    number: int
    payable: DualMoney
    paid: DualMoney | None = None
    opens: At | None = None
    closes: At | None = None


class Payment(Part):
    """One movement of the buyer's money, always positive: the kind tells the direction.

    What it was made with stands in `People.instruments` under the same id.
    """

    id: Code
    kind: PaymentKind
    parent_id: MaybeText = None
    state: PaymentOutcome
    method: PaymentMethod = PaymentMethod.OTHER
    gateway: MaybeText = None
    reference: MaybeText = None
    amount: DualMoney
    settlement: Settlement | None = None
    phase: PaymentPhase | None = None
    at: At | None = None
    test: Flag = False


class Restock(StrEnum):
    """What happens to goods that are refunded."""

    RETURN = "return"
    CANCEL = "cancel"
    NONE = "none"
    LEGACY = "legacy"


class RefundLine(Document):
    """What is given back for a line; amounts are positive."""

    line_id: Code
    quantity: PositiveQuantity | None = None
    restock: Restock = Restock.NONE
    restock_location: MaybeText = None
    amount: DualMoney
    tax: DualMoney | None = None
    tax_lines: tuple[TaxLine, ...] = ()
    duties: DualMoney | None = None


class RefundShipping(Document):
    """What is given back of shipping."""

    amount: DualMoney
    tax: DualMoney | None = None
    full: Flag = False


class RefundAdjustment(Document):
    """A refund of money without goods."""

    amount: DualMoney
    tax: DualMoney | None = None
    reason: MaybeText = None


class Refund(Part):
    """Money given back, in positive amounts; one without lines is an amount alone."""

    id: Code
    at: At | None = None
    reason: MaybeText = None
    native_reason: MaybeText = None
    state: MaybeText = None
    lines: tuple[RefundLine, ...] = ()
    shipping: tuple[RefundShipping, ...] = ()
    adjustments: tuple[RefundAdjustment, ...] = ()
    fees_kept: tuple[Fee, ...] = ()
    total: DualMoney
    payments: tuple[Code, ...] = ()
    return_id: MaybeText = None
    by: By | None = None
    allow_over: Flag = False


class ReturnKind(StrEnum):
    """What the buyer wants for what comes back."""

    RETURN = "return"
    EXCHANGE = "exchange"
    REFUND_ONLY = "refund_only"
    REPAIR = "repair"
    RESEND = "resend"


class ReturnLine(Document):
    """How much of a line comes back, or goes out again in exchange."""

    line_id: MaybeText = None
    sku: MaybeText = None
    quantity: PositiveQuantity
    reason: MaybeText = None


class ReturnTracking(Document):
    """A parcel on its way back."""

    tracking_number: Text
    carrier: MaybeText = None
    tracking_url: MaybeText = None


class Return(Part):
    """Goods that come back. Platforms tell "after-sale" from "refund": both ids are kept."""

    id: Code
    refund_native: Native | None = None
    state: MaybeText = None
    kind: ReturnKind
    lines: tuple[ReturnLine, ...] = ()
    reason: MaybeText = None
    tracking: tuple[ReturnTracking, ...] = ()
    inspection: MaybeText = None
    labels: tuple[Text, ...] = ()
    exchange_lines: tuple[ReturnLine, ...] = ()
