"""Documents put into Tryton's words, and its refusals put into ours. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Final

from connectors.finance.tryton.settings import TrytonConfig
from hub.core.failures import Rejected
from hub.core.finance import AccountRole, FinanceDocument, FinanceKind, FinanceLine, Posting
from hub.core.ids import token
from hub.core.json import JSON, loads
from hub.core.money import Money
from hub.core.people import Address
from hub.core.units import tidy
from hub.sdk.capabilities import Wanted
from hub.sdk.mapping import Mapping as Table

INVOICE: Final = (
    "number",
    "state",
    "untaxed_amount",
    "tax_amount",
    "total_amount",
    "amount_to_pay",
    "currency.code",
)
"""The fields of an invoice that `posting` reads."""

PRICE_STEP: Final = Decimal("0.0001")
"""Tryton takes unit prices of four places, unless its server is set up for more."""

_EXACT: Final = Context(prec=40)
_LONGEST_DETAIL: Final = 200
_REFUSALS: Final = (
    (r"must reopen the (period|fiscal year)|The period of move .* is closed", "ledger.period_closed"),
    (r"must create a (period|fiscal year)|define a sequence on fiscal year", "ledger.no_period"),
    (r"must set an invoice date after", "ledger.date_order"),
    (r"No rate found for currency", "ledger.no_rate"),
    (r"must be unique", "ledger.not_unique"),
    (r"can not call|because it is posted, paid or cancelled", "ledger.not_a_draft"),
    (r"valid according to its domain|A value is required", "ledger.missing_reference"),
    (r"does not exist|that don't exist", "ledger.missing_reference"),
)
_PLACE: Final = re.compile(r'for field "([^"]*)"(?:.* of| in) "([^"]*)"', re.DOTALL)
_QUOTED: Final = re.compile(r'".*"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document belongs in the ledger: whose it is, and what its names mean there."""

    party: int
    address: int
    receivable: int
    currency: int
    accounts: Mapping[str, int]


def direction(document: FinanceDocument) -> int:
    """A credit note is an invoice to the customer with everything below zero."""
    return -1 if document.kind is FinanceKind.CREDIT_NOTE else 1


def invoice(wanted: Wanted[FinanceDocument], place: Place, config: TrytonConfig) -> dict[str, JSON]:
    """A draft of `account.invoice`. Raises Rejected for an account or a tax without a setting."""
    document = wanted.request
    head: dict[str, JSON] = {
        "type": "out",
        "company": config.company,
        "party": place.party,
        "invoice_address": place.address,
        "currency": place.currency,
        "account": place.receivable,
        "journal": config.journal,
        "reference": wanted.token,
        "description": _title(document),
        "comment": document.memo,
        **dates(document.document_date, document.posting_date),
        **_terms(document, config),
    }
    return {**head, **lines([_line(line, document, place, config) for line in document.lines])}


def lines(made: list[JSON]) -> dict[str, JSON]:
    """The command that adds lines to an invoice."""
    return {"lines": [["create", made]]}


def rounding(difference: Money, currency: int, config: TrytonConfig) -> JSON:
    """A line without tax that makes up for what the ledger computes otherwise; its sign is the ledger's."""
    return {
        "type": "line",
        "company": config.company,
        "currency": currency,
        "account": config.account(AccountRole.ROUNDING),
        "description": "Rounding",
        "quantity": 1,
        "unit_price": number(difference.amount),
        "taxes": [],
    }


def dates(document: date, accounting: date) -> dict[str, JSON]:
    """The date on the invoice, and the day on which it counts."""
    return {"invoice_date": day(document), "accounting_date": day(accounting)}


def posting(document: FinanceDocument, body: bytes, table: Table) -> Posting:
    """What the ledger has, with amounts as the document counts them. Raises Untranslatable, BadInput."""
    found = Posting.accept(table.apply(loads(body, limit=len(body))))
    if direction(document) > 0:
        return found
    amounts = {name: -amount for name in ("net", "tax", "total", "due") if (amount := getattr(found, name))}
    return found.model_copy(update=amounts)


def refusal(message: str) -> Rejected:
    """Tryton's own words as a code. What they quote may be personal and is left out."""
    place = _PLACE.search(message)
    where = {"field": place[1], "model": place[2]} if place else {}
    code = next((code for words, code in _REFUSALS if re.search(words, message, re.DOTALL)), "ledger.refused")
    detail = " ".join(_QUOTED.sub('"…"', message).split())[:_LONGEST_DETAIL]
    return Rejected(code, **where, detail=detail)


def party_code(document: FinanceDocument) -> str | None:
    """Under which code a customer is kept; empty where the document names nobody."""
    return token(document.customer.hub_id) if document.customer else None


def party(document: FinanceDocument, country: int | None) -> dict[str, JSON]:
    """A customer as a `party.party` with one address."""
    customer = document.customer
    if customer is None:
        raise Rejected("ledger.no_customer")
    email = customer.email and str(customer.email)
    mechanisms: JSON = [["create", [{"type": "email", "value": email}]]] if email else []
    return {
        "name": str(customer.legal_name or "") or None,
        "code": party_code(document),
        "addresses": [["create", [address(billed(document), country)]]],
        "contact_mechanisms": mechanisms,
    }


def billed(document: FinanceDocument) -> Address:
    """Where the bill goes."""
    customer = document.customer
    return (customer and (customer.billing_address or customer.shipping_address)) or Address()


def address(place: Address, country: int | None) -> dict[str, JSON]:
    """A `party.address`; the name of the receiver stands on it."""
    return {
        "party_name": _words(place.company or place.name),
        "street_unstructured": _street(place),
        "postal_code": _words(place.postal_code),
        "city": _words(place.city),
        "country": country,
    }


def number(value: Decimal) -> JSON:
    """Tryton's exact number."""
    return {"__class__": "Decimal", "decimal": f"{value:f}"}


def day(value: date) -> JSON:
    """Tryton's calendar day."""
    return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}


def priced(net: Money, quantity: Decimal) -> tuple[Decimal, Decimal]:
    """Quantity and unit price that multiply to the net amount exactly; where none do, one of the whole."""
    if quantity:
        price = _EXACT.quantize(_EXACT.divide(net.amount, quantity), PRICE_STEP)
        if _EXACT.multiply(price, quantity) == net.amount:
            return quantity, price
    return Decimal(1), net.amount


def _line(line: FinanceLine, document: FinanceDocument, place: Place, config: TrytonConfig) -> JSON:
    quantity, price = priced(line.net, line.quantity)
    is_whole = quantity == quantity.to_integral_value()
    account = place.accounts.get(line.revenue_account or "") or config.account(line.account_role)
    return {
        "type": "line",
        "company": config.company,
        "currency": place.currency,
        "account": account,
        "description": _description(line, quantity),
        "quantity": direction(document) * (int(quantity) if is_whole else quantity),
        "unit": config.unit if line.sku and is_whole else None,
        "unit_price": number(price),
        "taxes": [["add", list(config.taxes_of(line))]],
    }


def _description(line: FinanceLine, quantity: Decimal) -> str:
    """A quantity that no price goes into evenly is told in words."""
    return line.description if quantity == line.quantity else f"{tidy(line.quantity):f} × {line.description}"


def _title(document: FinanceDocument) -> str | None:
    """The order, and of a credit note the invoice that it corrects."""
    original = document.original_document.number if document.original_document else None
    return " / ".join(name for name in (document.order_no, original) if name) or None


def _terms(document: FinanceDocument, config: TrytonConfig) -> dict[str, JSON]:
    """When it is due: by the ledger's own term, or on the document's day."""
    if config.payment_term is not None:
        return {"payment_term": config.payment_term}
    return {"payment_term_date": day(document.due_date)} if document.due_date else {}


def _street(place: Address) -> str | None:
    rows = [_words(row) for row in (place.line1, place.line2, place.line3, place.line4)]
    street = " ".join(part for part in map(_words, (place.street_name, place.house_number)) if part)
    return "\n".join(row for row in rows if row) or street or _words(place.formatted)


def _words(value: object) -> str | None:
    """Personal words as far as the platform shows them."""
    return (str(value) if value else None) or None
