"""A Tryton 8.2 in memory: its REST interface, and what its accounting does on its own.

It behaves as the server was seen to behave: references are not unique, invoice numbers rise with their
dates, what is posted can neither be posted again nor deleted, truth is 1 and 0 (as on SQLite), refusals are
400 with a message in English, what it does not know is 500.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import wraps
from typing import Final, NoReturn, TypeAlias

import httpx

from connectors.finance.tryton import sim_records as records
from connectors.finance.tryton.sim_invoice import Invoice, Line
from connectors.finance.tryton.sim_records import Row, created, decimal_of, decoded, fits, listed, whole
from hub.core.clock import Chance
from hub.core.json import JSON
from hub.sdk.sim import Asked, LedgerSim, PostedDocument, json_response, route

KEY: Final = "c0ffee" * 21 + "42"
FINEST_PRICE: Final = Decimal("0.0001")
RELATIONS: Final = {
    "currency": "currency.currency",
    "addresses": "party.address",
    "type": "account.account.type",
}
REQUIRED: Final = {"party": "Party", "invoice_address": "Invoice Address", "account": "Account"}
INVOICE, LINE = "Account Invoice", "Account Invoice Line"


class _Refused(Exception):
    """What a user of the ledger is told."""


Play: TypeAlias = Callable[["TrytonSim", Asked], httpx.Response]


def _telling(play: Play) -> Play:
    """Refusals as the REST interface puts them."""

    @wraps(play)
    def told(sim: "TrytonSim", asked: Asked) -> httpx.Response:
        try:
            return play(sim, asked)
        except _Refused as refused:
            return json_response({"status": 400, "message": str(refused), "description": ""}, 400)
        except (KeyError, TypeError) as error:
            return _page(500, str(error))

    return told


class TrytonSim(LedgerSim):
    """One company with open books, and whoever may look into them."""

    root = "/erp"

    def __init__(self, chance: Chance | None = None) -> None:
        super().__init__(chance)
        self._tables = records.seeded()
        self._rates = {at: decimal_of(tax["rate"]) for at, tax in self._tables["account.tax"].items()}
        self._invoices: dict[int, Invoice] = {}
        self._posted: list[Invoice] = []
        self._closed: set[tuple[int, int]] = set()

    def credentials(self) -> dict[str, JSON]:
        return {
            "key": KEY,
            "company": records.COMPANY,
            "journal": records.JOURNAL,
            "payment_term": records.TERM,
            "unit": records.UNIT,
            "party": records.PARTY,
            "accounts": {**records.ACCOUNTS},
            "taxes": {**records.TAXES},
        }

    def postings(self) -> Sequence[PostedDocument]:
        with self.locked():
            return [PostedDocument(made.reference, str(made.number), made.total) for made in self._posted]

    def invoices(self) -> Sequence[Invoice]:
        """Posted ones and drafts, the oldest first."""
        with self.locked():
            return list(self._invoices.values())

    def records(self, model: str) -> Sequence[Row]:
        """All records of a model, with the ids of what belongs to them."""
        with self.locked():
            return list(self._rows(model).values())

    def put(self, made: Invoice) -> None:
        """Somebody writes an invoice by hand."""
        with self.locked():
            self._invoices[made.id] = made

    def drop(self, at: int) -> None:
        """Somebody deletes a draft by hand."""
        with self.locked():
            del self._invoices[at]

    def change(self, model: str, at: int, **values: JSON) -> None:
        """The accountant changes a record."""
        with self.locked():
            self._tables[model][at].update(values)

    def remove(self, model: str, at: int) -> None:
        """The accountant removes a record."""
        with self.locked():
            del self._tables[model][at]

    def close_period(self, year: int, month: int) -> None:
        """The accountant closes a month."""
        with self.locked():
            self._closed.add((year, month))

    def admit(self, asked: Asked) -> httpx.Response | None:
        return None if asked.headers.get("authorization") == f"Bearer {KEY}" else _page(401, "Unauthorized")

    def absent(self, asked: Asked) -> httpx.Response:
        del asked
        return _page(404, "Not Found")

    @route("GET", "/erp/rest/model/{model}")
    @_telling
    def search(self, asked: Asked) -> httpx.Response:
        model, clauses = asked.parts["model"], listed(decoded(asked.query.get("d")))
        found = [row for row in self._rows(model).values() if all(fits(row, clause) for clause in clauses)]
        start = int(asked.query.get("p", 0))
        page = sorted(found, key=lambda row: whole(row["id"]))[start : start + int(asked.query.get("s", 10**6))]
        return json_response([self._picked(model, row, asked.query.get_list("f")) for row in page])

    @route("POST", "/erp/rest/model/{model}")
    @_telling
    def create(self, asked: Asked) -> httpx.Response:
        model, values = asked.parts["model"], dict(asked.fields())
        at = self._drafted(values) if model == "account.invoice" else self._added(model, values)
        return self._told(model, at, asked)

    @route("PUT", "/erp/rest/model/account.invoice/{id}")
    @_telling
    def update(self, asked: Asked) -> httpx.Response:
        if (made := self._asked_for(asked)) is None:
            return self.absent(asked)
        values = dict(asked.fields())
        made.lines += [self._line(made.written, line) for line in created(values.pop("lines", []))]
        made.written |= values
        return self._told("account.invoice", made.id, asked)

    @route("DELETE", "/erp/rest/model/account.invoice/{id}")
    @_telling
    def delete(self, asked: Asked) -> httpx.Response:
        if (made := self._asked_for(asked)) is None:
            return self.absent(asked)
        del self._invoices[made.id]
        return httpx.Response(204)

    @route("POST", "/erp/rest/model/account.invoice/{id}/{button}")
    @_telling
    def press(self, asked: Asked) -> httpx.Response:
        if asked.parts["button"] != "post":
            return _page(403, "Forbidden")
        made = self._invoices.get(int(asked.parts["id"]))
        if made is None:
            return self.absent(asked)
        if made.state != "draft":
            raise _Refused(f'You can not call "post" on "{made.name}" of "{INVOICE}".')
        self._post(made, asked)
        return self._told("account.invoice", made.id, asked)

    def _post(self, made: Invoice, asked: Asked) -> None:
        issued = made.day("invoice_date") or asked.now.date()
        counts = made.day("accounting_date") or issued
        if issued > asked.now.date() and "_skip_warnings" not in _context(asked):
            raise _Refused(f'The invoices "{made.name}" have an invoice date in the future.')
        if (counts.year, counts.month) in self._closed:
            raise _Refused(
                f'To continue, you must reopen the period "{counts:%Y-%m}" of company "Simulated" '
                f'for the date "{counts:%m/%d/%Y}".'
            )
        made.number = self._numbered(made, f"{'CN' if made.is_credit else 'INV'}{counts.year}-", issued)
        made.state = "posted"
        self._posted.append(made)
        self.commit("credit" if made.total.minor < 0 else "receivable", made.reference)

    def _numbered(self, made: Invoice, sequence: str, issued: date) -> str:
        before = [other for other in self._posted if str(other.number).startswith(sequence)]
        latest = max((day for other in before if (day := other.day("invoice_date"))), default=issued)
        if latest > issued:
            raise _Refused(
                f'To number the invoice "{made.name}", you must set an invoice date after '
                f'"{latest - timedelta(days=1):%m/%d/%Y}" because the sequence "{sequence}" has already been used.'
            )
        return f"{sequence}{len(before) + 1}"

    def _drafted(self, values: Row) -> int:
        for name, label in REQUIRED.items():
            if values.get(name) is None:
                raise _Refused(f'A value is required for field "{label}" in record "" of "{INVOICE}".')
        address = self._tables["party.address"].get(whole(values["invoice_address"]), {})
        if address.get("party") != values["party"]:
            _off_domain(str(address.get("city")), "Invoice Address", INVOICE)
        currency = self._tables["currency.currency"][whole(values["currency"])]
        lines = [self._line(values, line) for line in created(values.pop("lines", []))]
        made = Invoice(self.number(), str(currency["code"]), values, self._rates, lines)
        self._invoices[made.id] = made
        return made.id

    def _line(self, invoice: Mapping[str, JSON], values: Row) -> Line:
        account = self._tables["account.account"].get(whole(values["account"]), {})
        if account.get("type") != records.REVENUE or account.get("closed"):
            _off_domain(str(account.get("name")), "Account", LINE)
        taxes = tuple(whole(tax) for command in listed(values["taxes"]) for tax in listed(listed(command)[1]))
        if not self._tables["account.tax"].keys() >= set(taxes):
            _off_domain(str(taxes), "Taxes", LINE)
        if values.get("currency") != invoice["currency"]:
            _off_domain(str(values["description"]), "Lines", INVOICE)
        price = decimal_of(values["unit_price"])
        if price % FINEST_PRICE:
            raise _Refused(f'The number of digits in the value "{price}" for field "Unit Price" exceeds the limit.')
        return Line(Decimal(str(values["quantity"])), price, taxes)

    def _added(self, model: str, values: Row) -> int:
        """A party with its addresses, or one more address."""
        rows, at = self._tables[model], 1000 + self.number()
        if model == "party.party" and any(row["code"] == values["code"] for row in rows.values()):
            raise _Refused("The code on party must be unique.")
        for address in created(values.pop("addresses", [])):
            self._added("party.address", {**address, "party": at})
        rows[at] = {"account_receivable": None, **values, "id": at}
        return at

    def _asked_for(self, asked: Asked) -> Invoice | None:
        """The invoice, unless it is posted: then nobody changes it any more."""
        made = self._invoices.get(int(asked.parts["id"]))
        if made is not None and made.state != "draft":
            raise _Refused(f'You cannot modify invoice "{made.name}" because it is posted, paid or cancelled.')
        return made

    def _rows(self, model: str) -> Mapping[int, Row]:
        if model == "account.invoice":
            return {at: made.shown() for at, made in self._invoices.items()}
        if model == "party.party":
            return {at: {**party, "addresses": self._places(at)} for at, party in self._tables[model].items()}
        return self._tables[model]

    def _places(self, party: int) -> list[JSON]:
        return [at for at, address in self._tables["party.address"].items() if address["party"] == party]

    def _told(self, model: str, at: int, asked: Asked) -> httpx.Response:
        return json_response(self._picked(model, self._rows(model)[at], asked.query.get_list("f")))

    def _picked(self, model: str, row: Row, fields: Iterable[str]) -> Row:
        """The named fields; a dotted one reaches into a relation."""
        shown: Row = {"id": row["id"], "__name__": model}
        below: dict[str, list[str]] = {}
        for path in fields:
            name, _, rest = path.partition(".")
            if rest:
                below.setdefault(name, []).append(rest)
            else:
                shown[name] = row.get(name)
        related = {name: self._related(RELATIONS[name], row[name], rests) for name, rests in below.items()}
        return shown | related

    def _related(self, model: str, value: JSON, fields: Sequence[str]) -> JSON:
        if isinstance(value, list):
            return [self._related(model, one, fields) for one in value]
        return None if value is None else self._picked(model, self._rows(model)[whole(value)], fields)


def _context(asked: Asked) -> Row:
    return records.row(decoded(asked.headers.get("x-tryton-context")) or {})


def _off_domain(value: str, name: str, model: str) -> NoReturn:
    raise _Refused(
        f'The value "{value}" for field "{name}" in record "" of "{model}" is not valid according to its domain.'
    )


def _page(status: int, title: str) -> httpx.Response:
    html = f"<!doctype html>\n<html lang=en>\n<title>{status}</title>\n<h1>{title}</h1>\n"
    return httpx.Response(status, headers={"content-type": "text/html; charset=utf-8"}, text=html)
