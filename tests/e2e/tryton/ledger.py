"""A Tryton ledger over its own REST interface; the hub has no part in it."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import httpx

Found: TypeAlias = dict[str, Any]
"""A record as the ledger gives it, its decimals and dates read."""

INVOICE = (
    *("number", "state", "type", "reference", "description", "invoice_date"),
    *("untaxed_amount", "tax_amount", "total_amount", "amount_to_pay", "currency.code"),
    *("party.code", "party.name"),
    *("lines.description", "lines.quantity", "lines.unit_price", "lines.amount"),
    *("lines.account.code", "lines.taxes.name"),
)


@dataclass(frozen=True)
class Ids:
    """What stands in the books, by its number there."""

    company: int
    currencies: Mapping[str, int]
    """By code: EUR (the company's own), USD."""
    accounts: Mapping[str, int]
    """By use: receivable, revenue, shipping, rounding, expense, payable, cash, tax."""
    journals: Mapping[str, int]
    """By type: revenue, expense, cash, general, write-off."""
    taxes: Mapping[str, int]
    """By rate: 0.19, 0.07."""
    payment_term: int
    payment_method: int
    product: int
    unit: int
    customer: int
    customer_address: int


class Tryton:
    def __init__(self, url: str, key: str, ids: Ids, database: str) -> None:
        self.url = url
        self.key = key
        self.ids = ids
        self.database = database
        self.http = httpx.Client(
            base_url=f"{url}/{database}/rest/model/",
            headers={
                "authorization": f"Bearer {key}",
                "x-tryton-context": _encoded({"company": ids.company}),
            },
            trust_env=False,
            timeout=60,
        )

    def close(self) -> None:
        self.http.close()

    def invoices(self, reference: str | None = None) -> list[Found]:
        """Invoices and credit notes to customers, oldest first; all of them, or those with a reference."""
        wanted = [] if reference is None else [["reference", "=", reference]]
        return self.search("account.invoice", [["type", "=", "out"], *wanted], INVOICE)

    def drafts(self) -> list[Found]:
        """Invoices that were made and never posted."""
        return self.search("account.invoice", [["state", "in", ["draft", "validated"]]], INVOICE)

    def search(self, model: str, domain: list[Any], fields: Iterable[str]) -> list[Found]:
        asked = {"d": _encoded(domain), "o": _encoded([["id", "ASC"]]), "f": list(fields)}
        found: list[Found] = _read(self.http.get(model, params=asked))
        return found

    def create(self, model: str, record: Found) -> int:
        """Id of the new record."""
        return int(_read(self.http.post(model, json=_written(record)))["id"])

    def press(self, model: str, number: int, button: str) -> httpx.Response:
        """What the ledger answers when a button of a record is pressed, such as *post* on an invoice."""
        return self.http.post(f"{model}/{number}/{button}", json={})


def _encoded(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode()


def _read(answer: httpx.Response) -> Any:
    return json.loads(answer.raise_for_status().content, object_hook=_typed, parse_float=Decimal)


def _typed(value: Found) -> Any:
    match value.get("__class__"):
        case "Decimal":
            return Decimal(value["decimal"])
        case "date":
            return date(value["year"], value["month"], value["day"])
        case _:
            return value


def _written(value: object) -> object:
    """Tryton takes decimals and dates only as objects that name their class."""
    match value:
        case dict():
            return {name: _written(part) for name, part in value.items()}
        case list():
            return [_written(part) for part in value]
        case Decimal():
            return {"__class__": "Decimal", "decimal": str(value)}
        case date():
            return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
        case _:
            return value
