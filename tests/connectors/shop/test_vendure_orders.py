"""What Vendure says of an order, in the words of the hub; the samples come from a shop of ours (3.7.3)."""

from decimal import Decimal
from typing import Any

import pytest

from connectors.shop.vendure.connector import Vendure
from connectors.shop.vendure.translate import tables, to_order
from hub.core.document import write
from hub.core.failures import BadInput, HubError, Untranslatable
from hub.core.json import dumps
from hub.core.money import DualMoney, Money
from hub.core.order_prices import DiscountAllocation
from hub.core.orders import Order, Quantities
from hub.core.totals import check_totals, violations
from hub.sdk.mapping import Overlay, check, sheet_of
from tests.connectors.shop.vendure import sample

SAMPLES = ["simple", "modifying", "rich-before", "rich", "free-shipping", "cancelled", "yen"]
PERSONAL = ["李", "li.na@", "Été", "Lyon", "550", "Accounting", "Zoë", "BP 12", "69001"]


def euro(amount: str) -> DualMoney:
    return DualMoney.of(amount, "EUR")


def translated(order: dict[str, Any]) -> Order:
    return to_order(dumps(order), tables(None))


def changed(name: str, **fields: object) -> dict[str, Any]:
    return {**sample(name), **fields}


def scaled(node: Any, factor: int) -> Any:
    """An order with other amounts."""
    if isinstance(node, list):
        return [scaled(child, factor) for child in node]
    if isinstance(node, dict):
        return {name: child * factor if name in AMOUNTS else scaled(child, factor) for name, child in node.items()}
    return node


AMOUNTS = {
    "subTotal", "subTotalWithTax", "shipping", "shippingWithTax", "total", "totalWithTax", "taxBase",
    "taxTotal", "unitPriceWithTax", "proratedUnitPriceWithTax", "linePriceWithTax", "proratedLinePrice",
    "proratedLinePriceWithTax", "amount", "amountWithTax", "price", "priceWithTax", "discountedPrice",
    "discountedPriceWithTax",
}  # fmt: skip


def test_the_tables_are_without_flaw():
    assert [check(sheet_of("mappings.shop.vendure", name)) for name in ("order", "facts")] == [[], []]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_parts_add_up_to_what_the_shop_says(name):
    order = translated(sample(name))

    checked = check_totals(order, Vendure.limits.sum_rule)

    assert checked.difference == Money.zero(order.currency)
    assert violations(order) == ()


def test_a_simple_order():
    order = translated(sample("simple"))

    assert (order.external_id, order.number) == (sample("simple")["id"], sample("simple")["code"])
    assert order.placed_at.raw == sample("simple")["orderPlacedAt"]
    assert (order.kind, order.state) == ("regular", "open")
    assert (order.payment_state, order.fulfilment_state) == ("paid", "unfulfilled")
    assert dict(order.native_status) == {"order": "PaymentSettled", "type": "Regular"}
    assert [(line.sku, line.listing, line.quantity, line.line_total) for line in order.lines] == [
        ("TEA-GREEN-100", "1", Decimal(2), euro("16.05")),
        ("MUG-BLUE", "3", Decimal(1), euro("14.28")),
    ]
    assert [line.unit_price for line in order.lines] == [Decimal("8.03"), Decimal("14.28")]
    assert order.totals.grand_total == euro("36.28")
    assert order.totals.items_subtotal == euro("30.33")
    assert (order.totals.shipping, order.totals.tax_total) == (euro("5.95"), euro("4.28"))
    assert (order.totals.paid, order.totals.refunded) == (euro("36.28"), euro("0.00"))


def test_taxes_by_line_and_shipping_by_what_the_summary_holds_beside():
    order = translated(sample("simple"))

    taxes = [tax for line in order.lines for tax in line.tax_lines]
    (shipping,) = order.shipping_lines
    assert [(tax.title, tax.rate, tax.amount, tax.base, tax.included_in_price) for tax in taxes] == [
        ("VAT 7", Decimal("0.07"), euro("1.05"), euro("15.00"), True),
        ("VAT 19", Decimal("0.19"), euro("2.28"), euro("12.00"), True),
    ]
    assert [(tax.title, tax.rate, tax.amount) for tax in shipping.tax_lines] == [
        ("shipping tax", Decimal("0.19"), euro("0.95"))
    ]
    assert [(tax.title, tax.amount, tax.base) for tax in order.tax_summary] == [
        ("VAT 7", euro("1.05"), euro("15.00")),
        ("VAT 19", euro("2.28"), euro("12.00")),
        ("shipping tax", euro("0.95"), euro("5.00")),
    ]


def test_shipping_whose_rate_nobody_can_tell_has_a_tax_without_one():
    order = sample("simple")
    order["taxSummary"].append({"description": "Toll", "taxRate": 3, "taxBase": 1, "taxTotal": 0})

    (shipping,) = translated(order).shipping_lines

    assert [(tax.title, tax.rate, tax.amount) for tax in shipping.tax_lines] == [(None, None, euro("0.95"))]


def test_two_taxes_on_a_line_share_it_by_their_rates():
    order = sample("simple")
    order["lines"][1]["taxLines"] = [
        {"description": "State", "taxRate": 13},
        {"description": "City", "taxRate": 6.0},
    ]

    line = translated(order).lines[1]

    assert [(tax.title, tax.rate, tax.amount) for tax in line.tax_lines] == [
        ("State", Decimal("0.13"), euro("1.56")),
        ("City", Decimal("0.06"), euro("0.72")),
    ]


def test_discounts_once_per_order_and_their_parts_on_the_lines():
    order = translated(sample("rich"))

    assert [
        (one.id, one.kind, one.code, one.title, one.target, one.native_ids and one.native_ids.promotion)
        for one in order.discount_applications
    ] == [
        ("PROMOTION:3", "code", "TEA", "Tea off", "line", "3"),
        ("PROMOTION:1", "code", "TEN", "Ten percent", "order", "1"),
    ]
    assert order.lines[0].discount_allocations == (
        DiscountAllocation(application_id="PROMOTION:3", amount=euro("1.20")),
        DiscountAllocation(application_id="PROMOTION:1", amount=euro("2.21")),
    )
    assert (order.lines[0].line_total_before_discount, order.lines[0].line_total) == (
        euro("24.08"),
        euro("20.66"),
    )


def test_free_shipping_is_a_discount_of_shipping():
    order = translated(sample("free-shipping"))

    (application,) = order.discount_applications
    (shipping,) = order.shipping_lines
    assert (application.target, application.kind, application.code) == ("shipping", "code", "SHIP")
    assert (shipping.price_before_discount, shipping.price, shipping.tax_lines) == (
        euro("5.95"),
        euro("0.00"),
        (),
    )
    assert [one.amount for one in shipping.discount_allocations] == [euro("5.95")]


def test_what_was_placed_what_is_left_and_what_was_sent():
    order = translated(sample("rich"))

    assert [
        (line.sku, line.quantity, *(getattr(line.quantities, name) for name in ("current", "cancelled", "shipped")))
        for line in order.lines
    ] == [
        ("TEA-GREEN-100", 3, 3, 0, 3),
        ("TEA-BLACK-100", 2, 2, 0, 0),
        ("MUG-BLUE", 3, 2, 1, 1),
        ("GIFT-WRAP-Ü", 1, 1, 0, 0),
        ("MUG-RED", 1, 1, 0, 0),
    ]
    (shipment,) = order.shipments
    assert {part.line_id: int(part.quantity) for part in shipment.lines} == {"17": 3, "19": 1}
    assert [(one.tracking_number, one.carrier_native) for one in shipment.packages] == [("FR123", "La Poste")]
    assert (order.fulfilment_state, shipment.state) == ("partially_shipped", "Shipped")


def test_a_line_that_was_added_later_and_is_gone_is_left_out():
    order = sample("rich")
    order["lines"][4] |= {"quantity": 0, "proratedLinePrice": 0, "proratedLinePriceWithTax": 0}

    assert [line.sku for line in translated(order).lines] == [
        "TEA-GREEN-100",
        "TEA-BLACK-100",
        "MUG-BLUE",
        "GIFT-WRAP-Ü",
    ]


def test_surcharges_are_fees_and_taken_out_of_the_goods():
    order = translated(sample("rich"))

    (fee,) = order.fees
    (tax,) = fee.tax_lines
    assert (fee.kind, fee.title, fee.amount, tax.amount, tax.rate) == (
        "service",
        "Express handling",
        euro("2.98"),
        euro("0.48"),
        Decimal("0.19"),
    )
    goods = sum((line.line_total.shop for line in order.lines), Money.zero("EUR"))
    assert (order.totals.items_subtotal, order.totals.fees) == (DualMoney(goods), euro("2.98"))


def test_payments_and_refunds_are_one_tree():
    order = translated(sample("rich"))

    assert [(one.id, one.kind, one.parent_id, one.state, one.amount, one.reference) for one in order.payments] == [
        ("10", "sale", None, "success", euro("80.49"), "h56ft5qxka"),
        ("11", "sale", None, "success", euro("15.53"), "wire-77"),
        ("refund-1", "refund", "10", "pending", euro("10.00"), None),
    ]
    (refund,) = order.refunds
    assert (refund.id, refund.total, refund.payments) == ("1", euro("10.00"), ("refund-1",))
    assert refund.extensions["vendure"] == {"lines": [{"line_id": "19", "quantity": 1}]}
    assert (order.payment_state, order.totals.refunded) == ("paid", euro("0.00"))


@pytest.mark.parametrize(
    ("payments", "standing"),
    [
        ([], "unpaid"),
        ([("Created", 3628)], "unpaid"),
        ([("Authorized", 3628)], "authorized"),
        ([("Authorized", 1628), ("Settled", 2000)], "authorized"),
        ([("Settled", 3628)], "paid"),
        ([("Settled", 3000)], "partially_paid"),
        ([("Declined", 3628)], "failed"),
        ([("Declined", 3628), ("Error", 3628)], "failed"),
        ([("Declined", 3628), ("Settled", 3628)], "paid"),
        ([("Cancelled", 3628)], "voided"),
    ],
)
def test_the_payment_standing_follows_the_money(payments, standing):
    order = sample("simple")
    order["payments"] = [
        {**sample("simple")["payments"][0], "id": str(at), "state": state, "amount": amount}
        for at, (state, amount) in enumerate(payments)
    ]

    assert translated(order).payment_state == standing


@pytest.mark.parametrize(("total", "standing"), [(3628, "refunded"), (1000, "partially_refunded")], ids=["all", "some"])
def test_money_given_back(total, standing):
    order = sample("simple")
    refund = {**sample("rich")["payments"][0]["refunds"][0], "total": total, "state": "Settled"}
    order["payments"][0]["refunds"] = [refund]

    assert translated(order).payment_state == standing


def test_a_free_order_is_paid():
    order = scaled(changed("simple", payments=[]), 0)

    assert translated(order).payment_state == "paid"


@pytest.mark.parametrize(
    ("states", "standing"),
    [
        ([], "unfulfilled"),
        (["Pending"], "in_progress"),
        (["Cancelled"], "unfulfilled"),
        (["Shipped", "Pending"], "partially_shipped"),
        (["Shipped", "Shipped"], "shipped"),
        (["Shipped", "Delivered"], "partially_delivered"),
        (["Delivered", "Delivered"], "delivered"),
    ],
)
def test_the_fulfilment_standing_follows_the_goods(states, standing):
    order = sample("simple")
    parts = [{"orderLineId": line["id"], "quantity": line["quantity"]} for line in order["lines"]]
    order["fulfillments"] = [
        {"id": str(at), "state": state, "method": "DHL", "trackingCode": f"T{at}", "lines": [part]}
        for at, (state, part) in enumerate(zip(states, parts, strict=False))
    ]

    assert translated(order).fulfilment_state == standing


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        ("ArrangingPayment", "open"),
        ("PaymentAuthorized", "open"),
        ("PaymentSettled", "open"),
        ("PartiallyShipped", "open"),
        ("Shipped", "open"),
        ("PartiallyDelivered", "open"),
        ("Delivered", "closed"),
        ("Modifying", "on_hold"),
        ("ArrangingAdditionalPayment", "on_hold"),
        ("Cancelled", "cancelled"),
    ],
)
def test_each_state_of_the_shop_has_a_standing(state, standing):
    assert translated(changed("simple", state=state)).state == standing


def test_a_cancelled_order_keeps_what_was_bought():
    order = translated(sample("cancelled"))

    (line,) = order.lines
    assert (order.state, order.totals.grand_total) == ("cancelled", euro("0.00"))
    assert line.quantities == Quantities(
        ordered=Decimal(1), current=Decimal(0), cancelled=Decimal(1), shipped=Decimal(0), delivered=Decimal(0)
    )


@pytest.mark.parametrize(
    ("place", "value", "field"),
    [
        (("state",), "Packed", "state"),
        (("type",), "Gift", "kind"),
        (("payments", 0, "state"), "Escrowed", "payments.0.kind"),
        (("payments", 0, "refunds", 0, "state"), "Lost", "refunds.0.state"),
        (("fulfillments", 0, "state"), "Flying", "fulfilments.0.stage"),
    ],
)
def test_an_unknown_word_is_named_with_its_field(place, value, field):
    order = sample("rich")
    node = order
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = value

    with pytest.raises(Untranslatable) as caught:
        translated(order)

    assert (caught.value.code, caught.value.params) == ("mapping.no_hit", {"field": field, "value": value})


def test_an_unknown_kind_of_discount_is_harmless():
    order = sample("rich")
    order["discounts"][0]["type"] = "LOYALTY"

    assert translated(order).discount_applications[0].target == "order"


def test_a_connection_may_know_more_states_than_the_files():
    overlay = Overlay.read('[order.state]\nfrom = "state"\nlookup = { Packed = "open" }\n')

    order = to_order(dumps(changed("simple", state="Packed")), tables(overlay))

    assert order.state == "open"


def yen(amount: int) -> DualMoney:
    return DualMoney(Money(amount, "JPY"))


def test_yen_come_in_hundredths_too_and_their_taxes_in_fractions():
    order = translated(sample("yen"))

    assert sample("yen")["totalWithTax"] == 558_500
    assert (order.totals.grand_total, order.totals.tax_total) == (yen(5585), yen(553))
    assert [(line.line_total, [tax.amount for tax in line.tax_lines]) for line in order.lines] == [
        (yen(3600), [yen(236)]),
        (yen(1980), [yen(316)]),
    ]
    assert [(tax.base, tax.amount) for tax in order.tax_summary] == [
        (yen(3364), yen(236)),
        (yen(1664), yen(316)),
        (yen(4), yen(1)),
    ]
    assert [tax.amount for line in order.shipping_lines for tax in line.tax_lines] == [yen(1)]
    assert order.lines[1].unit_price == Decimal("1980.00")


def test_half_a_yen_is_refused_with_its_field():
    order = sample("yen")
    order["lines"][1]["proratedLinePriceWithTax"] += 50

    with pytest.raises(Untranslatable) as caught:
        translated(order)

    assert (caught.value.code, caught.value.params["field"]) == ("money.too_fine", "lines.1.line_total")


def test_dinars_of_three_places():
    assert translated(changed("simple", currencyCode="KWD")).totals.grand_total == DualMoney(Money(36280, "KWD"))


def test_personal_words_stand_with_the_people_only():
    order = translated(sample("rich"))

    known = write(order, without={"people"}).decode()

    assert [word for word in PERSONAL if word in known] == []
    people = order.people
    assert people.customer is not None
    assert (people.customer.last_name, people.customer.email) == ("李", "li.na@example.org")
    assert people.shipping_address is not None
    assert (people.shipping_address.name, people.shipping_address.company, people.shipping_address.country) == (
        "李 Na",
        "Été SARL",
        "FR",
    )
    assert people.billing_address is not None
    assert (people.billing_address.name, people.billing_address.line2) == ("Accounting", None)
    assert [(one.about, one.id, one.text) for one in people.remarks] == [("refund", "1", "one mug broken, called Zoë")]


def test_an_address_that_was_never_given_is_absent():
    order = sample("simple")
    order["billingAddress"] = dict.fromkeys(order["billingAddress"])
    order["customer"] = None

    people = translated(order).people

    assert (people.billing_address, people.customer) == (None, None)


def test_a_marketplace_keeps_the_whole_and_the_sellers_ship_the_parts():
    seller = {"id": "8", "code": "SELLER"}

    whole = translated(changed("simple", type="Aggregate", sellerOrders=[seller]))
    part = translated(changed("simple", type="Seller", aggregateOrder={"id": "7", "code": "WHOLE"}))

    assert (whole.kind, [(one.kind, one.native.id) for one in whole.links]) == (
        "marketplace_fulfilled",
        [("aggregate_of", "8")],
    )
    assert (part.kind, [(one.kind, one.native.id) for one in part.links]) == (
        "regular",
        [("seller_order_of", "7")],
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_words_give_the_same_order(name):
    once, again = translated(sample(name)), translated(sample(name))

    assert write(once) == write(again)
    assert Order.model_validate_json(write(once)) == once


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"id": None}, "mapping.missing"),
        ({"orderPlacedAt": None}, "mapping.missing"),
        ({"orderPlacedAt": "yesterday"}, "time.not_a_time"),
        ({"currencyCode": "XXX"}, "money.unknown_currency"),
        ({"totalWithTax": None}, "mapping.missing"),
        ({"totalWithTax": "12.5"}, "number.not_whole"),
        ({"lines": []}, "order.no_lines"),
        ({"lines": None}, "mapping.missing"),
        ({"lines": {}}, "mapping.not_a_list"),
    ],
)
def test_an_order_that_cannot_be_read_is_refused_by_name(fields, code):
    with pytest.raises(HubError) as caught:
        translated(changed("simple", **fields))

    assert (type(caught.value) in {BadInput, Untranslatable}, caught.value.code) == (True, code)


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"', b"{}"])
def test_what_is_no_order_at_all(body):
    with pytest.raises(Untranslatable, match=r"mapping\.missing"):
        to_order(body, tables(None))
