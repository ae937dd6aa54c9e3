"""The canonical order: all that the platforms say, and nothing that cannot be."""

from decimal import Decimal

import pytest

from hub.core.document import read, write
from hub.core.failures import BadInput
from hub.core.json import loads
from hub.core.money import DualMoney, Money
from hub.core.orders import (
    FulfilmentStanding,
    LineRole,
    Order,
    OrderKind,
    OrderStanding,
    PaymentKind,
    PaymentStanding,
)
from hub.core.times import Basis
from tests.core.builders import a_line, an_order, dual, zoe

RICH = {
    "external_id": "gid://shop/Order/82098291",
    "native": {"id": "gid://shop/Order/82098291", "kind": "order", "legacy_id": "82098291"},
    "native_aliases": [{"kind": "seller_order", "id": "S-1"}],
    "number": "#1001",
    "channel": {"kind": "marketplace", "name": "Shop DE", "marketplace_id": "A1PA6795UKMFR9"},
    "kind": "b2b",
    "placed_at": "2026-05-08T02:34:17Z",
    "paid_at": "2026-05-08T02:35:00",
    "state": "on_hold",
    "payment_state": "partially_paid",
    "cancellation_request": "requested_by_buyer",
    "native_status": {"displayFinancialStatus": "PARTIALLY_PAID"},
    "cancel": {"reason_code": "changed_mind", "by": "buyer"},
    "currency": "EUR",
    "presentment_currency": "CAD",
    "rates": [{"bought": "EUR", "paid": "CAD", "rate": "1.5"}],
    "prices_include_tax": True,
    "totals": {
        "grand_total": {"shop": "29.16 EUR", "presentment": "43.74 CAD", "rate": "1.5"},
        "grand_totals": {"original": "31.16 EUR"},
        "rounding": "-0.01 EUR",
    },
    "tags": ["urgent"],
    "payment_terms": {"type": "net", "days": 30},
    "discount_applications": [
        {"id": "d1", "kind": "coupon", "funder_split": [{"funder": "platform", "amount": "2.00 EUR"}]}
    ],
    "fees": [{"kind": "cod", "amount": "3.00 EUR"}],
    "lines": [
        {
            "id": "1",
            "listing": "49148385",
            "sku": "MUG",
            "native_sku_refs": {"variant": "49148385", "barcode": "4006381333931"},
            "title": "Mug &ndash; blue",
            "options": [{"name": "colour", "value": "blue"}],
            "quantity": "2",
            "quantities": {"current": "1", "cancelled": "1"},
            "unit_price": "9.5833",
            "line_total": "19.17 EUR",
            "discount_allocations": [{"application_id": "d1", "amount": "2.00 EUR", "allocated_by": "hub"}],
            "tax_lines": [
                {"title": "VAT", "rate": "0.19", "amount": "3.06 EUR", "included_in_price": True,
                 "jurisdiction": {"country": "DE"}, "collected_by": "channel", "scheme": "IOSS"}
            ],
            "weight_g": "350",
            "ship_by": "2026-05-09",
        },
        {"id": "2", "parent_line_id": "1", "role": "bundle_component", "carries_money": False, "sku": "LID",
         "quantity": "1", "line_total": "0.00 EUR"},
    ],
    "shipping_lines": [{"title": "Standard", "price": "7.00 EUR", "price_before_discount": "9.00 EUR"}],
    "fulfilment_groups": [
        {"id": "fo-1", "location_ref": "berlin", "deliver_by": {"closes": "2026-05-12"},
         "holds": [{"id": "h1", "reason": "fraud", "by": "platform"}],
         "lines": [{"line_id": "1", "quantity": "2", "remaining": "1"}]}
    ],
    "shipments": [
        {"id": "s1", "group_id": "fo-1", "lines": [{"line_id": "1", "quantity": "1", "serials": ["A1"]}],
         "packages": [{"tracking_number": "00340434161094015902", "carrier_native": "DHL"}]}
    ],
    "payments": [
        {"id": "p1", "kind": "authorization", "state": "success", "method": "card", "amount": "29.16 EUR"},
        {"id": "p2", "parent_id": "p1", "kind": "capture", "state": "success", "amount": "10.00 EUR",
         "settlement": {"amount": "11.07 USD", "fees": [{"kind": "payment", "amount": "0.30 EUR"}]},
         "phase": {"number": 1, "payable": "10.00 EUR"}}
    ],
    "refunds": [{"id": "r1", "total": "1.00 EUR", "adjustments": [{"amount": "1.00 EUR"}]}],
    "returns": [{"id": "rt1", "kind": "exchange", "exchange_lines": [{"sku": "MUG", "quantity": "1"}]}],
    "risks": [{"level": "high", "reasons": ["proxy"]}],
    "links": [{"kind": "exchange_for", "native": {"id": "900"}}],
    "source": {"app": "web", "utm": {"source": "mail"}},
    "people": {
        "customer": {"name": "Zoë Müller", "tax_ids": [{"scheme": "VAT", "value": "DE1"}]},
        "shipping_address": {"name": {"masked": "Z**"}, "line1": "Hauptstr. 5", "country": "DE"},
        "properties": [{"line_id": "1", "key": "engraving", "value": "für Oma"}],
        "instruments": [{"payment_id": "p1", "masked": "•••• 4242"}],
        "remarks": [{"about": "cancel", "text": "Lieferung dauert zu lange"}],
        "source_ip": "203.0.113.7",
    },
}  # fmt: skip


def refused(order: dict[str, object]) -> tuple[str, str]:
    with pytest.raises(BadInput) as caught:
        Order.accept(order)
    return caught.value.code, caught.value.field


def test_a_rich_order_is_kept_whole() -> None:
    order = Order.accept(RICH)

    assert (order.kind, order.state, order.payment_state) == (
        OrderKind.B2B,
        OrderStanding.ON_HOLD,
        PaymentStanding.PARTIALLY_PAID,
    )
    assert order.totals.grand_total == DualMoney(
        Money(2916, "EUR"), presentment=Money(4374, "CAD"), rate=Decimal("1.5")
    )
    assert order.lines[1].role is LineRole.BUNDLE_COMPONENT
    assert order.payments[1].kind is PaymentKind.CAPTURE
    assert order.paid_at is not None
    assert (order.paid_at.utc, order.paid_at.basis) == (None, Basis.UNKNOWN)


def test_reading_what_was_written_gives_the_same_order_in_the_same_words() -> None:
    order = Order.accept(RICH)
    stored = write(order)

    assert read(Order, 1, stored) == order
    assert Order.accept(loads(stored)) == order
    assert write(read(Order, 1, stored)) == stored
    assert hash(read(Order, 1, stored)) == hash(order)


def test_the_smallest_order() -> None:
    order = an_order()

    assert (order.state, order.payment_state, order.fulfilment_state, order.kind) == (
        OrderStanding.OPEN,
        PaymentStanding.UNPAID,
        FulfilmentStanding.UNFULFILLED,
        OrderKind.REGULAR,
    )
    assert order.line("MUG") == order.lines[0]
    assert order.line("LID") is None


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"lines": []}, "order.no_lines", "lines"),
        ({"lines": [a_line(id="1"), a_line(id="1")]}, "order.line_twice", "lines"),
        ({"external_id": ""}, "field.empty", "external_id"),
        ({"external_id": None}, "field.wrong_type", "external_id"),
        ({"currency": "EURO"}, "money.unknown_currency", "currency"),
        ({"placed_at": "1970-01-01 00:00:00"}, "time.implausible", "placed_at"),
        ({"state": "shipped"}, "field.not_allowed", "state"),
        ({"totals": {"grand_total": "10.00 USD"}}, "money.two_currencies", "totals.grand_total"),
        (
            {"totals": {"grand_total": "10.00 EUR", "tax_total": "1.00 USD"}},
            "money.two_currencies",
            "totals.tax_total",
        ),
        ({"lines": [a_line(line_total="10.00 USD")]}, "money.two_currencies", "lines.0.line_total"),
        ({"shipping_lines": [{"price": "1.00 USD"}]}, "money.two_currencies", "shipping_lines.0.price"),
        ({"fees": [{"kind": "cod", "amount": "1.00 USD"}]}, "money.two_currencies", "fees.0.amount"),
        (
            {"lines": [a_line(tax_lines=[{"amount": "1.00 USD"}])]},
            "money.two_currencies",
            "lines.0.tax_lines.0.amount",
        ),
        (
            {"lines": [{"id": "1", "quantity": 1, "line_total": 10}]},
            "money.not_an_amount",
            "lines.0.line_total",
        ),
        (
            {"lines": [{"id": "1", "quantity": 1, "line_total": "1.00 EUR", "tax_lines": [{"rate": 19}]}]},
            "rate.not_a_share",
            "lines.0.tax_lines.0.rate",
        ),
        ({"vendor": "Acme"}, "field.unknown", "vendor"),
        (
            {"people": {"shipping_address": {"country": "Germany"}}},
            "field.wrong_form",
            "people.shipping_address.country",
        ),
    ],
)
def test_an_order_that_cannot_be_is_refused(changed: dict[str, object], code: str, field: str) -> None:
    good = {
        "external_id": "1001",
        "placed_at": "2026-05-08T02:34:17Z",
        "currency": "EUR",
        "lines": [a_line()],
        "totals": {"grand_total": dual("10.00")},
    }
    Order.accept(good)

    assert refused(good | changed) == (code, field)


@pytest.mark.parametrize("missing", ["external_id", "placed_at", "currency", "lines", "totals"])
def test_what_every_order_has(missing: str) -> None:
    order: dict[str, object] = {
        "external_id": "1001",
        "placed_at": "2026-05-08T02:34:17Z",
        "currency": "EUR",
        "lines": [a_line()],
        "totals": {"grand_total": "10.00 EUR"},
    }
    del order[missing]

    assert refused(order) == ("field.missing", missing)


def test_people_are_no_part_of_what_is_stored_in_the_open() -> None:
    stored = write(an_order(people=zoe()), without={"people"})

    assert b"Zo" not in stored
    assert read(Order, 1, stored) == an_order()
