"""What goes to the ledgers: invoices, credit notes, payments, refunds, journals and payouts."""

from datetime import date
from enum import StrEnum

from hub.core.document import Document, Part
from hub.core.fields import Code, Count, Flag, MaybeText, Text
from hub.core.finance_lines import (
    AccountRole,
    Deferral,
    Dimension,
    ExternalId,
    FinanceDiscount,
    FinanceLine,
    FinanceLineKind,
    FinanceTax,
    FinanceTotals,
    FundedBy,
    TaxCategory,
    TaxSum,
)
from hub.core.money import Currency, Money
from hub.core.order_prices import CollectedBy
from hub.core.people import Address, Contact, Identity, TaxId
from hub.core.times import At
from hub.core.units import ExchangeRate, Rate

__all__ = [
    "AccountRole", "CollectedBy", "Commission", "Customer", "Deferral", "Dimension", "DocumentRounding",
    "ExternalId", "FinanceDiscount", "FinanceDocument", "FinanceKind", "FinanceLine", "FinanceLineKind",
    "FinanceTax", "FinanceTotals", "FundedBy", "JournalEntry", "Marketplace", "Original",
    "PaymentTaken", "Posting", "PriceMode", "Remote", "TaxCategory", "TaxRounding", "TaxSum", "Terms",
]  # fmt: skip


class FinanceKind(StrEnum):
    """What is posted."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    REFUND = "refund"
    JOURNAL = "journal"
    PAYOUT = "payout"


class PriceMode(StrEnum):
    """Whether prices are with tax or without, and so which figure of a line must not move."""

    NET = "net"
    GROSS = "gross"


class TaxRounding(StrEnum):
    """Where tax is rounded."""

    PER_LINE = "per_line"
    PER_RATE_TOTAL = "per_rate_total"


class DocumentRounding(StrEnum):
    """How the amount due is rounded where coins are large."""

    NONE = "none"
    CASH_5 = "cash_0.05"
    CASH_10 = "cash_0.10"
    CASH_50 = "cash_0.50"
    CASH_100 = "cash_1"


class Terms(Document):
    """When the buyer pays, and what paying early is worth."""

    code: MaybeText = None
    days: Count
    discount: Rate | None = None
    discount_days: Count | None = None


class Customer(Document):
    """Whom the document is for: personal data, so a document is kept as its subject's blob."""

    hub_id: Code
    external_ids: tuple[ExternalId, ...] = ()
    legal_name: Identity = None
    tax_ids: tuple[TaxId, ...] = ()
    billing_address: Address | None = None
    shipping_address: Address | None = None
    email: Contact = None
    is_business: Flag = False


class PaymentTaken(Document):
    """A payment of the buyer."""

    method: Text
    provider: MaybeText = None
    provider_ref: MaybeText = None
    captured_at: At | None = None
    amount: Money
    fee: Money | None = None
    settlement_id: MaybeText = None


class Commission(Document):
    """What a marketplace keeps."""

    title: Text
    amount: Money
    tax: Money | None = None


class Marketplace(Document):
    """What a marketplace takes upon itself, and what for."""

    facilitator: Flag = False
    commissions: tuple[Commission, ...] = ()
    payout_ref: MaybeText = None


class JournalEntry(Document):
    """One side of a journal, in the document's currency and in the company's."""

    account_role: AccountRole
    account: MaybeText = None
    detail: MaybeText = None
    debit: Money
    credit: Money
    base_debit: Money | None = None
    base_credit: Money | None = None
    memo: MaybeText = None


class Original(Document):
    """The document that a credit note corrects or a payment pays, and its names in the ledgers."""

    key: Code
    number: MaybeText = None
    external_ids: tuple[ExternalId, ...] = ()


class Posting(Document):
    """That a ledger has the document: under which id and number, with which total."""

    id: Code
    number: MaybeText = None
    status: MaybeText = None
    net: Money | None = None
    tax: Money | None = None
    total: Money | None = None
    due: Money | None = None
    etag: MaybeText = None
    url: MaybeText = None
    posted_at: At | None = None


class Remote(Document):
    """The posting in one ledger."""

    connector: Code
    posting: Posting


class FinanceDocument(Part):
    """One posting as the hub means it, before any ledger has it.

    Amounts of credit notes and refunds are positive: the kind tells the direction. The posting date is the
    company's calendar day on which the goods left; a closed period moves it and keeps the true one in the
    memo.
    """

    key: Code
    kind: FinanceKind
    company: Code
    currency: Currency
    base_currency: Currency | None = None
    fx_rate_to_base: ExchangeRate | None = None
    fx_date: date | None = None
    document_date: date
    posting_date: date
    tax_point_date: date | None = None
    delivery_date: date | None = None
    delivery_period: Deferral | None = None
    due_date: date | None = None
    payment_terms: Terms | None = None
    customer: Customer | None = None
    order_no: MaybeText = None
    order_id: MaybeText = None
    shop: MaybeText = None
    shipment_ids: tuple[Code, ...] = ()
    original_document: Original | None = None
    reason_code: MaybeText = None
    reason_text: MaybeText = None
    memo: MaybeText = None
    price_mode: PriceMode = PriceMode.GROSS
    tax_rounding: TaxRounding = TaxRounding.PER_LINE
    document_rounding: DocumentRounding = DocumentRounding.NONE
    lines: tuple[FinanceLine, ...] = ()
    tax_summary: tuple[TaxSum, ...] = ()
    totals: FinanceTotals
    entries: tuple[JournalEntry, ...] = ()
    payments: tuple[PaymentTaken, ...] = ()
    marketplace: Marketplace | None = None
    remote: tuple[Remote, ...] = ()
