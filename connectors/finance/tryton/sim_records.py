"""The records that a simulated ledger begins with, and how records are found, read and written on the wire."""

import base64
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from hub.core.currencies import PLACES
from hub.core.json import JSON, loads

Row: TypeAlias = dict[str, JSON]
Tables: TypeAlias = dict[str, dict[int, Row]]

COMPANY, JOURNAL, TERM, UNIT, PARTY, ADDRESS = 1, 1, 10, 1, 2, 2
RECEIVABLE, REVENUE = 19, 37
ACCOUNTS: Final = {
    "receivable": 39,
    "revenue.goods": 99,
    "revenue.shipping": 100,
    "revenue.fees": 101,
    "revenue.returns": 102,
    "revenue.marketplace": 103,
    "pass_through": 104,
    "rounding": 112,
}
RATES: Final = (*(f"{Decimal(half) / 200:f}" for half in range(1, 56)), "0.0725", "0.0825", "0.08875")
TAXES: Final = {rate: number for number, rate in enumerate(RATES, start=1)}
CURRENCIES: Final = {code: number for number, code in enumerate(sorted(PLACES), start=1)}
COUNTRIES: Final = ("AT", "BE", "CH", "CN", "DE", "ES", "FR", "GB", "IT", "JP", "KW", "NL", "PL", "SE", "US")


def seeded() -> Tables:
    """A company in euros with accounts, taxes, all currencies, and one party for all customers."""
    revenue: Row = {"id": REVENUE, "revenue": 1, "receivable": 0}
    receivable: Row = {"id": RECEIVABLE, "revenue": 0, "receivable": 1}
    return {
        "company.company": _numbered({"id": COMPANY, "currency": CURRENCIES["EUR"], "timezone": None}),
        "account.account.type": _numbered(revenue, receivable),
        "account.account": _numbered(*(_account(role, number) for role, number in ACCOUNTS.items())),
        "account.tax": _numbered(*(_tax(rate, number) for rate, number in TAXES.items())),
        "account.journal": _numbered({"id": JOURNAL, "type": "revenue"}),
        "account.invoice.payment_term": _numbered({"id": TERM, "name": "Net 14"}),
        "product.uom": _numbered({"id": UNIT, "name": "Unit"}),
        "currency.currency": _numbered(*(_currency(code, number) for code, number in CURRENCIES.items())),
        "country.country": _numbered(*(_country(code, at) for at, code in enumerate(COUNTRIES, start=1))),
        "party.party": _numbered({"id": PARTY, "name": "Customers", "code": "1", "account_receivable": None}),
        "party.address": _numbered({"id": ADDRESS, "party": PARTY, "city": "Berlin"}),
    }


def fits(row: Mapping[str, JSON], clause: JSON) -> bool:
    """Whether a record fits one clause of a domain."""
    name, operator, wanted = listed(clause)
    value = row.get(str(name))
    match operator:
        case "=":
            return value == wanted
        case "!=":
            return value != wanted
        case "in":
            return value in listed(wanted)
        case _:
            raise TypeError(f"operator {operator}")


def decoded(text: str | None) -> JSON:
    """A domain, an order or a context: JSON in URL-safe base64."""
    return loads(base64.urlsafe_b64decode(text)) if text else []


def created(commands: JSON) -> Sequence[Row]:
    """The records of commands such as `[["create", [{...}, ...]]]`."""
    return [row(values) for command in listed(commands) for values in listed(listed(command)[1])]


def listed(value: JSON) -> Sequence[JSON]:
    if isinstance(value, list):
        return value
    raise TypeError("no list")


def row(value: JSON) -> Row:
    if isinstance(value, dict):
        return dict(value)
    raise TypeError("no record")


def whole(value: JSON) -> int:
    """An id."""
    return int(str(value))


def day_of(value: JSON) -> date:
    found = row(value)
    return date(whole(found["year"]), whole(found["month"]), whole(found["day"]))


def decimal_of(value: JSON) -> Decimal:
    return Decimal(str(row(value)["decimal"]))


def number(value: Decimal) -> JSON:
    return {"__class__": "Decimal", "decimal": f"{value:f}"}


def _numbered(*rows: Row) -> dict[int, Row]:
    return {whole(made["id"]): made for made in rows}


def _account(role: str, at: int) -> Row:
    kind = RECEIVABLE if role == "receivable" else REVENUE
    return {"id": at, "code": f"4.{at}", "name": role, "company": COMPANY, "closed": 0, "type": kind}


def _tax(rate: str, at: int) -> Row:
    name = f"{Decimal(rate) * 100:f} %"
    return {"id": at, "name": name, "company": COMPANY, "type": "percentage", "rate": number(Decimal(rate))}


def _currency(code: str, at: int) -> Row:
    return {"id": at, "code": code, "digits": PLACES[code]}


def _country(code: str, at: int) -> Row:
    return {"id": at, "code": code}
