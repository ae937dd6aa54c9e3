"""The simulated ledger answers as a Tryton 8.2.1 on SQLite was seen to answer."""

import base64
import json
from datetime import UTC, datetime

import httpx
import pytest

from connectors.finance.tryton.sim import KEY, TrytonSim
from connectors.finance.tryton.sim_records import CURRENCIES, TAXES
from hub.sdk.sim.simulator import ORIGIN

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIELDS = (
    "number",
    "state",
    "reference",
    "untaxed_amount",
    "tax_amount",
    "total_amount",
    "amount_to_pay",
    "currency.code",
    "invoice_date",
)
DRAFT = """{
 "invoice_date": {"__class__": "date", "year": 2026, "month": 11, "day": 22}, "id": 1, "reference": "A1",
 "__name__": "account.invoice", "number": null, "state": "draft",
 "total_amount": {"__class__": "Decimal", "decimal": "1.78"},
 "untaxed_amount": {"__class__": "Decimal", "decimal": "1.50"},
 "tax_amount": {"__class__": "Decimal", "decimal": "0.28"},
 "amount_to_pay": {"__class__": "Decimal", "decimal": "0"},
 "currency": {"id": 1, "code": "EUR", "__name__": "currency.currency"}
}"""
"""What the server answered to the same draft."""
POSTED = (
    DRAFT.replace('"draft"', '"posted"').replace("null", '"INV2026-1"').replace('"decimal": "0"', '"decimal": "1.78"')
)
TWICE = """{"status": 400, "message": "You can not call \\"post\\" on \\"INV2026-1 [A1]\\" of \\"Account Invoice\\".",
 "description": ""}"""
POSTED_STAYS = """{"status": 400, "description": "",
 "message": "You cannot modify invoice \\"INV2026-1 [A1]\\" because it is posted, paid or cancelled."}"""


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def ask(sim, method, path, body=None, key=KEY, **query):
    headers = {"authorization": f"Bearer {key}", "x-tryton-context": encoded({"company": 1})}
    request = httpx.Request(method, f"{ORIGIN}/erp/rest/model/{path}", params=query, json=body, headers=headers)
    return sim.respond(request, NOON)


def decimal(value):
    return {"__class__": "Decimal", "decimal": value}


def a_line(price="1.50", tax="0.19", **said):
    return {
        "type": "line",
        "description": "x",
        "quantity": 1,
        "unit_price": decimal(price),
        "account": 99,
        "currency": CURRENCIES["EUR"],
        "taxes": [["add", [TAXES[tax]]]] if tax else [],
        **said,
    }


def an_invoice(*lines, **said):
    return {
        "type": "out",
        "company": 1,
        "party": 2,
        "invoice_address": 2,
        "currency": CURRENCIES["EUR"],
        "account": 39,
        "journal": 1,
        "reference": "A1",
        "invoice_date": {"__class__": "date", "year": 2026, "month": 11, "day": 22},
        "lines": [["create", list(lines)]],
        **said,
    }


def create(sim, *lines, **said):
    return ask(sim, "POST", "account.invoice", an_invoice(*lines, **said), f=FIELDS)


def as_seen(answer):
    """The id of the euro is the simulator's own."""
    found = answer.json()
    found["currency"]["id"] = 1
    return found


def test_a_draft_is_answered_as_the_server_does():
    assert as_seen(create(TrytonSim(), a_line())) == json.loads(DRAFT)


def test_a_posting_is_answered_as_the_server_does():
    sim = TrytonSim()
    create(sim, a_line())

    assert as_seen(ask(sim, "POST", "account.invoice/1/post", {}, f=FIELDS)) == json.loads(POSTED)


def test_what_is_posted_stays():
    sim = TrytonSim()
    create(sim, a_line())
    ask(sim, "POST", "account.invoice/1/post", {})

    again = ask(sim, "POST", "account.invoice/1/post", {})
    changes = [ask(sim, method, "account.invoice/1", {"comment": "x"}) for method in ("PUT", "DELETE")]

    assert (again.status_code, again.json()) == (400, json.loads(TWICE))
    assert [(each.status_code, each.json()) for each in changes] == [(400, json.loads(POSTED_STAYS))] * 2


def test_the_same_reference_makes_two_invoices():
    sim = TrytonSim()
    create(sim, a_line())
    create(sim, a_line())

    found = ask(sim, "GET", "account.invoice", d=encoded([["reference", "=", "A1"]]), f=["state"]).json()

    assert found == [{"id": at, "__name__": "account.invoice", "state": "draft"} for at in (1, 2)]


@pytest.mark.parametrize(
    ("lines", "total"),
    [
        ([a_line("1.50")], "1.78"),
        ([a_line("2.50")], "2.98"),
        ([a_line("0.50")], "0.60"),
        ([a_line("10.00"), a_line("-0.50")], "11.30"),
        ([a_line("19.99", quantity=3), a_line("4.20")], "76.36"),
        ([a_line("10.00", quantity=-1), a_line("2.50")], "-8.92"),
        ([a_line("0.13", "0.07"), a_line("0.13", "0.19")], "0.29"),
    ],
)
def test_tax_is_rounded_half_to_even_once_per_group_of_lines(lines, total):
    assert create(TrytonSim(), *lines).json()["total_amount"] == decimal(total)


def test_a_deleted_draft_is_gone():
    sim = TrytonSim()
    create(sim, a_line())

    first, second = (ask(sim, "DELETE", "account.invoice/1") for _ in range(2))

    assert (first.status_code, first.content, second.status_code) == (204, b"", 404)
    assert ask(sim, "POST", "account.invoice/1/post", {}).status_code == 404


@pytest.mark.parametrize(
    ("invoice", "words"),
    [
        (an_invoice(a_line(account=9999)), 'for field "Account" in record "" of "Account Invoice Line"'),
        (an_invoice(a_line(account=39)), 'for field "Account" in record "" of "Account Invoice Line"'),
        (an_invoice(a_line(taxes=[["add", [777]]])), 'for field "Taxes"'),
        (an_invoice(a_line(currency=CURRENCIES["USD"])), 'for field "Lines"'),
        (an_invoice(a_line("1.123456")), 'for field "Unit Price"'),
        (an_invoice(a_line(), party=3), 'for field "Invoice Address"'),
        (an_invoice(a_line(), account=None), 'A value is required for field "Account"'),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(invoice, words):
    sim = TrytonSim()

    refused = ask(sim, "POST", "account.invoice", invoice)

    assert refused.status_code == 400
    assert words in refused.json()["message"]
    assert sim.invoices() == []


def test_a_date_to_come_asks_whether_that_is_meant():
    sim = TrytonSim()
    create(sim, a_line(), invoice_date={"__class__": "date", "year": 2026, "month": 11, "day": 25})

    refused = ask(sim, "POST", "account.invoice/1/post", {})

    assert refused.json()["message"] == 'The invoices "[A1]" have an invoice date in the future.'


@pytest.mark.parametrize(
    ("method", "path", "key", "status"),
    [
        ("GET", "account.invoice", "x", 401),
        ("GET", "account.nonsense", KEY, 500),
        ("DELETE", "account.invoice/1", KEY, 404),
        ("POST", "account.invoice/1/nonsense", KEY, 403),
    ],
)
def test_other_refusals_are_pages(method, path, key, status):
    answer = ask(TrytonSim(), method, path, {}, key)

    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")


def test_relations_are_shown_as_deep_as_they_are_asked_for():
    sim = TrytonSim()

    [account] = ask(sim, "GET", "account.account", d=encoded([["id", "in", [39]]]), f=["closed", "type.revenue"]).json()
    [party] = ask(sim, "GET", "party.party", f=["addresses.city", "account_receivable"]).json()

    kind = {"id": 19, "__name__": "account.account.type", "revenue": 0}
    assert account == {"id": 39, "__name__": "account.account", "closed": 0, "type": kind}
    assert party["addresses"] == [{"id": 2, "__name__": "party.address", "city": "Berlin"}]
    assert party["account_receivable"] is None


def test_pages_are_cut_as_asked():
    sim = TrytonSim()

    found = ask(sim, "GET", "account.tax", s=2, p=1, f=["rate"]).json()

    assert [tax["rate"]["decimal"] for tax in found] == ["0.01", "0.015"]


def test_the_books_hold_what_was_posted():
    sim = TrytonSim()
    create(sim, a_line())
    create(sim, a_line(quantity=-1), reference="A2")
    create(sim, a_line(), reference="A3")
    for at in (1, 2):
        ask(sim, "POST", f"account.invoice/{at}/post", {})

    assert sim.books() == {"receivable": ("A1",), "credit": ("A2",)}
    assert [(each.reference, each.number, str(each.total)) for each in sim.postings()] == [
        ("A1", "INV2026-1", "1.78 EUR"),
        ("A2", "CN2026-1", "-1.78 EUR"),
    ]
