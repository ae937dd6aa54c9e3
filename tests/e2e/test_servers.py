"""The servers do what their makers say, before anybody builds upon them."""

import re
import time
from decimal import Decimal

import pytest

from tests.e2e.tryton.ledger import Tryton
from tests.e2e.vendure.session import Refused
from tests.e2e.vendure.shop import Buyer, Stock, Vendure


def next_second():
    """Vendure on SQLite writes whole seconds."""
    time.sleep(1.1)


def an_invoice(ledger: Tryton, reference: str) -> int:
    """Three mugs at 19.99 and shipping at 4.20, both with 19 % tax to come."""
    ids = ledger.ids

    def line(text: str, quantity: int, price: str, account: str):
        return {
            "type": "line",
            "description": text,
            "quantity": quantity,
            "unit_price": Decimal(price),
            "account": ids.accounts[account],
            "taxes": [["add", [ids.taxes["0.19"]]]],
        }

    return ledger.create(
        "account.invoice",
        {
            "type": "out",
            "company": ids.company,
            "party": ids.customer,
            "invoice_address": ids.customer_address,
            "currency": ids.currencies["EUR"],
            "account": ids.accounts["receivable"],
            "journal": ids.journals["revenue"],
            "payment_term": ids.payment_term,
            "reference": reference,
            "lines": [["create", [line("Mug", 3, "19.99", "revenue"), line("Shipping", 1, "4.20", "shipping")]]],
        },
    )


def test_a_shop_begins_with_stock(vendure: Vendure):
    assert [variant["sku"] for variant in vendure.variants()] == [
        "TEA-GREEN-100",
        "TEA-BLACK-100",
        "MUG-BLUE",
        "MUG-RED",
        "KETTLE-1L",
        "GIFT-WRAP-Ü",
    ]
    assert vendure.stock("KETTLE-1L").on_hand == 5


def test_an_order_is_seen_as_it_was_placed(vendure: Vendure):
    code = vendure.place({"TEA-GREEN-100": 2, "MUG-BLUE": 1}, Buyer(email="li@example.org", last_name="李"))

    order = vendure.order(code)
    assert order["state"] == "PaymentSettled"
    assert order["customer"] == {"emailAddress": "li@example.org", "firstName": "Zoë", "lastName": "李"}
    assert [(line["productVariant"]["sku"], line["quantity"]) for line in order["lines"]] == [
        ("TEA-GREEN-100", 2),
        ("MUG-BLUE", 1),
    ]
    assert (order["subTotal"], order["shipping"], order["total"]) == (2700, 500, 3200)
    assert order["fulfillments"] == []


def test_tax_is_rounded_on_each_line_and_not_on_the_piece(vendure: Vendure):
    order = vendure.order(vendure.place({"TEA-GREEN-100": 3, "TEA-BLACK-100": 2, "MUG-BLUE": 1}))

    assert [line["unitPriceWithTax"] for line in order["lines"]] == [803, 738, 1428]
    assert [line["linePriceWithTax"] for line in order["lines"]] == [2408, 1477, 1428]
    assert order["shippingWithTax"] == 595
    assert order["totalWithTax"] == 2408 + 1477 + 1428 + 595


def test_a_paid_order_allocates_and_a_shipped_one_takes(vendure: Vendure):
    before = vendure.stock("TEA-BLACK-100")

    code = vendure.place({"TEA-BLACK-100": 2})
    paid = vendure.stock("TEA-BLACK-100")
    vendure.move(vendure.fulfil(code, "T-1"), "Shipped")

    assert paid == Stock(before.on_hand, before.allocated + 2)
    assert vendure.stock("TEA-BLACK-100") == Stock(before.on_hand - 2, before.allocated)


def test_more_than_there_is_cannot_be_ordered(vendure: Vendure):
    before = vendure.stock("MUG-RED")

    with pytest.raises(Refused) as refused:
        vendure.place({"MUG-RED": before.on_hand + 1})

    assert (refused.value.code, refused.value.status) == ("INSUFFICIENT_STOCK_ERROR", 200)
    assert vendure.stock("MUG-RED") == before


def test_a_cancelled_order_gives_its_stock_back(vendure: Vendure):
    before = vendure.stock("MUG-BLUE")

    code = vendure.place({"MUG-BLUE": 3})
    vendure.cancel(code)

    assert vendure.order(code)["state"] == "Cancelled"
    assert vendure.stock("MUG-BLUE") == before


def test_shipping_is_seen_with_its_tracking_code(vendure: Vendure):
    code = vendure.place({"MUG-BLUE": 1})

    fulfilment = vendure.fulfil(code, "DHL-4711")
    vendure.move(fulfilment, "Shipped")

    order = vendure.order(code)
    assert order["state"] == "Shipped"
    assert [(sent["id"], sent["state"], sent["trackingCode"]) for sent in order["fulfillments"]] == [
        (fulfilment, "Shipped", "DHL-4711")
    ]


def test_the_same_lines_are_not_fulfilled_twice(vendure: Vendure):
    code = vendure.place({"MUG-BLUE": 1})
    vendure.fulfil(code, "T-1")

    with pytest.raises(Refused) as refused:
        vendure.fulfil(code, "T-2")

    assert (refused.value.code, refused.value.status) == ("ITEMS_ALREADY_FULFILLED_ERROR", 200)
    assert [sent["trackingCode"] for sent in vendure.order(code)["fulfillments"]] == ["T-1"]


def test_updated_at_does_not_move_on_shipping(vendure: Vendure):
    code = vendure.place({"MUG-BLUE": 1})
    placed = vendure.order(code)

    next_second()
    vendure.move(vendure.fulfil(code, "T-1"), "Shipped")

    shipped = vendure.order(code)
    assert shipped["updatedAt"] == placed["updatedAt"] < shipped["fulfillments"][0]["updatedAt"]


def test_updated_at_lies_before_the_placing_time_of_who_pays_late(vendure: Vendure):
    code = vendure.place({"MUG-BLUE": 1}, paid=False)
    waiting = vendure.order(code)

    next_second()
    vendure.pay_late(code)

    paid = vendure.order(code)
    assert (waiting["state"], waiting["active"]) == ("ArrangingPayment", True)
    assert (paid["state"], paid["active"]) == ("PaymentSettled", False)
    assert paid["updatedAt"] == waiting["updatedAt"] < paid["orderPlacedAt"]


def test_an_invoice_is_a_draft_until_it_is_posted(tryton: Tryton):
    number = an_invoice(tryton, "ORDER-1")
    drafts = tryton.drafts()
    posting = tryton.press("account.invoice", number, "post")

    (invoice,) = tryton.invoices("ORDER-1")
    assert number in [draft["id"] for draft in drafts]
    assert posting.status_code == 200
    assert (invoice["id"], invoice["state"]) == (number, "posted")
    assert re.fullmatch(rf"INV{invoice['invoice_date'].year}-\d+", invoice["number"])
    assert number not in [draft["id"] for draft in tryton.drafts()]


def test_the_ledger_computes_tax_on_the_sum(tryton: Tryton):
    an_invoice(tryton, "ORDER-2")

    (invoice,) = tryton.invoices("ORDER-2")
    assert [(line["description"], line["amount"]) for line in invoice["lines"]] == [
        ("Mug", Decimal("59.97")),
        ("Shipping", Decimal("4.20")),
    ]
    assert (invoice["untaxed_amount"], invoice["tax_amount"]) == (Decimal("64.17"), Decimal("12.19"))
    assert invoice["total_amount"] == Decimal("76.36")


def test_the_same_reference_makes_two_invoices(tryton: Tryton):
    first, second = an_invoice(tryton, "ORDER-3"), an_invoice(tryton, "ORDER-3")

    assert [invoice["id"] for invoice in tryton.invoices("ORDER-3")] == [first, second]


def test_an_invoice_is_posted_once(tryton: Tryton):
    number = an_invoice(tryton, "ORDER-4")
    tryton.press("account.invoice", number, "post")

    again = tryton.press("account.invoice", number, "post")

    assert again.status_code == 400
    assert [invoice["state"] for invoice in tryton.invoices("ORDER-4")] == ["posted"]
