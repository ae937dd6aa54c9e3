"""The lines of a document for a ledger: what is charged, which tax is on it, which account it goes to."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from hub.core.document import Document
from hub.core.fields import Code, Count, MaybeText, Text
from hub.core.money import Money
from hub.core.order_prices import CollectedBy
from hub.core.units import Quantity, Rate, UnitPrice


class FinanceLineKind(StrEnum):
    """What a line of a document is for."""

    ITEM = "item"
    SHIPPING = "shipping"
    HANDLING = "handling"
    GIFT_WRAP = "gift_wrap"
    FEE = "fee"
    DISCOUNT = "discount"
    GIFT_CARD_SALE = "gift_card_sale"
    TIP = "tip"
    DONATION = "donation"
    ROUNDING = "rounding"
    DEPOSIT = "deposit"


class TaxCategory(StrEnum):
    """Tax categories of EN 16931 (UNCL 5305)."""

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    OUT_OF_SCOPE = "O"
    CANARY_ISLANDS = "L"
    CEUTA_MELILLA = "M"


class AccountRole(StrEnum):
    """What an account is for; each ledger's mapping says which one it is."""

    RECEIVABLE = "receivable"
    CUSTOMER_DEPOSIT = "customer_deposit"
    CLEARING = "clearing"
    BANK = "bank"
    REVENUE_GOODS = "revenue.goods"
    REVENUE_SHIPPING = "revenue.shipping"
    REVENUE_FEES = "revenue.fees"
    REVENUE_RETURNS = "revenue.returns"
    MARKETPLACE_INCOME = "revenue.marketplace"
    TAX_OUTPUT = "tax.output"
    TAX_INPUT = "tax.input"
    GIFT_CARD_LIABILITY = "gift_card_liability"
    PASS_THROUGH = "pass_through"  # noqa: S105 - money that is only passed on, no password
    FEES = "fees"
    ROUNDING = "rounding"
    CHARGEBACK = "chargeback"
    FX_DIFFERENCE = "fx_difference"
    COST_OF_GOODS = "cogs"
    INVENTORY = "inventory"


class FundedBy(StrEnum):
    """Who pays for a discount: the marketplace's part is income, no reduction."""

    MERCHANT = "merchant"
    MARKETPLACE = "marketplace"


class FinanceDiscount(Document):
    """A discount of a line, as an amount or as a share of its price."""

    amount: Money | None = None
    share: Rate | None = None
    funded_by: FundedBy = FundedBy.MERCHANT
    code: MaybeText = None


class FinanceTax(Document):
    """One tax of a line."""

    jurisdiction: MaybeText = None
    category: TaxCategory = TaxCategory.STANDARD
    code: MaybeText = None
    rate: Rate
    base: Money
    amount: Money
    exemption_reason: MaybeText = None
    collected_by: CollectedBy = CollectedBy.MERCHANT


class Deferral(Document):
    """From when to when a revenue is earned."""

    start: date
    end: date


class Dimension(Document):
    """A cost centre, project or the like."""

    name: Text
    value: Text


class ExternalId(Document):
    """What a connector calls a customer or an item."""

    connector: Code
    id: Code


class FinanceLine(Document):
    """One line; net, tax and gross all stand here, because systems round differently.

    `order_line_id` leads back to the order, `origin` of a rounding line to what was rounded.
    """

    line_no: Count
    kind: FinanceLineKind = FinanceLineKind.ITEM
    order_line_id: MaybeText = None
    sku: MaybeText = None
    external_item_ids: tuple[ExternalId, ...] = ()
    description: Text
    quantity: Quantity = Decimal(1)
    unit: MaybeText = None
    unit_price: UnitPrice | None = None
    list_price: UnitPrice | None = None
    discounts: tuple[FinanceDiscount, ...] = ()
    net: Money
    tax: Money
    gross: Money
    taxes: tuple[FinanceTax, ...] = ()
    account_role: AccountRole = AccountRole.REVENUE_GOODS
    revenue_account: MaybeText = None
    cost_centre: MaybeText = None
    dimensions: tuple[Dimension, ...] = ()
    deferral: Deferral | None = None
    origin: MaybeText = None


class TaxSum(Document):
    """The taxes of one category and rate over all lines."""

    category: TaxCategory
    rate: Rate
    base: Money
    amount: Money


class FinanceTotals(Document):
    """What the lines add up to, what was paid before, and what is due."""

    net: Money
    tax: Money
    gross: Money
    prepaid: Money
    gift_card: Money
    rounding: Money
    due: Money
