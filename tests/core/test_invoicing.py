"""Parts of an order are invoiced as they leave, and nothing is gained or lost on the way."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hub.core.failures import BadInput
from hub.core.finance import (
    AccountRole,
    CollectedBy,
    FinanceDiscount,
    FinanceDocument,
    FinanceKind,
    FinanceLine,
    FinanceLineKind,
    FundedBy,
    PriceMode,
    TaxCategory,
    TaxSum,
    Terms,
)
from hub.core.finance_rules import violations
from hub.core.invoicing import Portion, invoice_for, with_customer
from hub.core.money import DualMoney, Money
from hub.core.orders import Order
from hub.core.people import Address, Company, InvoiceRequest, People, Person, TaxId
from hub.core.totals import SumRule, check_totals
from hub.core.units import micro
from tests.core.builders import a_line, an_order, dual, euros, zoe

DAY = date(2026, 5, 9)
PIECE = 1_000_000


def pieces(before: int, now: int, of: int) -> Portion:
    return Portion(before * PIECE, now * PIECE, of * PIECE)


def invoice(
    order: Order,
    portions: Mapping[str, Portion] | None = None,
    *,
    sequence: int = 1,
    rule: SumRule = SumRule.TAX_INCLUDED,
    **said: Any,
) -> FinanceDocument:
    """The invoice for these portions, for all of the order where none are named."""
    everything = {
        line.id: Portion(0, micro(line.quantity), micro(line.quantity)) for line in order.lines if line.carries_stock
    }
    return invoice_for(
        order,
        everything if portions is None else portions,
        key=f"acme/order/1/INV/{sequence}",
        company="acme",
        sequence=sequence,
        day=DAY,
        rule=rule,
        rounding=check_totals(order, rule).rounding,
        **said,
    )


def taxed(rate: str, amount: str, **said: Any) -> dict[str, Any]:
    return {"rate": rate, "amount": f"{amount} EUR", **said}


def totals(grand_total: str, **parts: str) -> dict[str, DualMoney]:
    return {"grand_total": dual(grand_total)} | {name: dual(amount) for name, amount in parts.items()}


def shown(document: FinanceDocument) -> list[tuple[str, str, str, str]]:
    return [
        (line.description, str(line.net.amount), str(line.tax.amount), str(line.gross.amount))
        for line in document.lines
    ]


def total(documents: Sequence[FinanceDocument]) -> Money:
    return Money.total((document.totals.gross for document in documents), documents[0].currency)


def test_an_order_that_left_at_once() -> None:
    order = an_order(
        a_line("MUG", "11.90", title="A mug", quantity=2, unit_price="5.95", tax_lines=[taxed("0.19", "1.90")]),
        shipping_lines=[{"title": "Parcel", "price": "5.95 EUR", "tax_lines": [taxed("0.19", "0.95")]}],
        total="17.85",
    )

    document = invoice(order, shop="vendure", shipment_ids=("7",))

    assert shown(document) == [("A mug", "10.00", "1.90", "11.90"), ("Parcel", "5.00", "0.95", "5.95")]
    assert document.kind is FinanceKind.INVOICE
    assert (document.order_no, document.order_id, document.shop) == ("#1001", "1001", "vendure")
    assert document.shipment_ids == ("7",)
    assert (document.document_date, document.posting_date, document.due_date) == (DAY, DAY, DAY)
    assert document.payment_terms is None
    assert document.price_mode is PriceMode.GROSS
    assert document.tax_summary == (
        TaxSum(category=TaxCategory.STANDARD, rate=Decimal("0.19"), base=euros("15.00"), amount=euros("2.85")),
    )
    mug = document.lines[0]
    assert (mug.order_line_id, mug.sku, mug.quantity, mug.unit_price) == ("MUG", "MUG", Decimal(2), Decimal("5.95"))
    assert [line.account_role for line in document.lines] == [
        AccountRole.REVENUE_GOODS,
        AccountRole.REVENUE_SHIPPING,
    ]


def test_prices_without_tax() -> None:
    order = an_order(a_line("MUG", "10.00", tax_lines=[taxed("0.19", "1.90")]), total="11.90")

    document = invoice(order, rule=SumRule.TAX_ADDED)

    assert shown(document) == [("MUG", "10.00", "1.90", "11.90")]
    assert document.price_mode is PriceMode.NET


@pytest.mark.parametrize(("included", "mode"), [(True, PriceMode.GROSS), (False, PriceMode.NET)])
def test_prices_as_the_order_says(*, included: bool, mode: PriceMode) -> None:
    order = an_order(prices_include_tax=included)

    assert invoice(order, rule=SumRule.TAX_AS_STATED).price_mode is mode


def test_a_third_each_adds_up_to_the_cent() -> None:
    order = an_order(a_line("MUG", "10.00", quantity=3, tax_lines=[taxed("0.19", "1.60")]))

    parts = [invoice(order, {"MUG": pieces(n, 1, 3)}, sequence=n + 1) for n in range(3)]

    assert [shown(part) for part in parts] == [
        [("MUG", "2.80", "0.53", "3.33")],
        [("MUG", "2.80", "0.54", "3.34")],
        [("MUG", "2.80", "0.53", "3.33")],
    ]
    assert total(parts) == euros("10.00")


def test_what_moves_no_goods_stands_on_the_first_invoice_only() -> None:
    order = an_order(
        a_line("MUG", "10.00", quantity=2),
        a_line("ENGRAVING", "3.00", role="service", carries_stock=False),
        a_line("CARD", "25.00", role="gift_card", carries_stock=False),
        shipping_lines=[{"price": "5.00 EUR"}, {"price": "9.00 EUR", "removed": True}],
        fees=[{"kind": "cod", "title": "Cash on delivery", "amount": "2.00 EUR"}],
        totals=totals("47.02", tips="1.00", gift_wrap="1.00", rounding="0.02"),
    )

    first = invoice(order, {"MUG": pieces(0, 1, 2)})
    second = invoice(order, {"MUG": pieces(1, 1, 2)}, sequence=2)

    assert [(line.kind, str(line.gross)) for line in first.lines] == [
        (FinanceLineKind.ITEM, "5.00 EUR"),
        (FinanceLineKind.ITEM, "3.00 EUR"),
        (FinanceLineKind.GIFT_CARD_SALE, "25.00 EUR"),
        (FinanceLineKind.SHIPPING, "5.00 EUR"),
        (FinanceLineKind.FEE, "2.00 EUR"),
        (FinanceLineKind.GIFT_WRAP, "1.00 EUR"),
        (FinanceLineKind.TIP, "1.00 EUR"),
        (FinanceLineKind.ROUNDING, "0.02 EUR"),
    ]
    assert shown(second) == [("MUG", "5.00", "0.00", "5.00")]
    assert first.lines[2].account_role is AccountRole.GIFT_CARD_LIABILITY


def test_a_rounding_says_where_it_arose() -> None:
    order = an_order(a_line("MUG", "9.99"), total="10.00")

    line = invoice(order).lines[-1]

    assert (line.kind, line.gross, line.origin) == (FinanceLineKind.ROUNDING, euros("0.01"), "channel:tax_included")


def test_what_was_cancelled_after_the_first_invoice_is_never_invoiced() -> None:
    order = an_order(a_line("MUG", "10.00", quantity=4), a_line("POT", "7.00"), total="17.00")

    first = invoice(order, {"MUG": pieces(0, 2, 4)})
    last = invoice(order, {"MUG": pieces(2, 1, 4)}, sequence=2)

    assert total([first, last]) == euros("7.50")


def test_a_line_that_carries_no_money_leaves_no_line() -> None:
    order = an_order(
        a_line("SET", "10.00", role="bundle_parent", carries_stock=False),
        a_line("MUG", "0.00", role="bundle_component", carries_money=False),
    )

    assert shown(invoice(order)) == [("SET", "10.00", "0.00", "10.00")]


def test_goods_sold_in_packs_are_invoiced_in_packs() -> None:
    order = an_order(a_line("SIX-PACK", "12.00", quantity=2), total="12.00")

    parts = [
        invoice(order, {"SIX-PACK": pieces(0, 7, 12)}),
        invoice(order, {"SIX-PACK": pieces(7, 5, 12)}, sequence=2),
    ]

    assert [part.lines[0].quantity for part in parts] == [Decimal("1.166667"), Decimal("0.833333")]
    assert [part.totals.gross for part in parts] == [euros("7.00"), euros("5.00")]


def test_tax_that_the_channel_collects_is_not_the_merchants() -> None:
    """As a marketplace facilitator: the buyer pays it, the merchant never owes it."""
    tax = taxed("0.08", "0.80", collected_by="channel", jurisdiction={"country": "US", "region": "WA"})
    order = an_order(a_line("MUG", "10.00", tax_lines=[tax]), total="10.80")

    document = invoice(order, rule=SumRule.TAX_ADDED)

    assert shown(document) == [
        ("MUG", "10.00", "0.00", "10.00"),
        ("Tax collected by the channel", "0.80", "0.00", "0.80"),
    ]
    [marked] = document.lines[0].taxes
    assert (marked.collected_by, marked.category, marked.jurisdiction) == (
        CollectedBy.CHANNEL,
        TaxCategory.OUT_OF_SCOPE,
        "US-WA",
    )
    assert (marked.base, marked.amount) == (euros("10.00"), euros("0.80"))
    assert document.lines[1].account_role is AccountRole.PASS_THROUGH
    assert document.tax_summary == ()
    assert document.marketplace is not None
    assert document.marketplace.facilitator


def test_tax_that_the_channel_collects_inside_the_price() -> None:
    """As an import one-stop shop."""
    tax = taxed("0.19", "1.90", collected_by="channel", scheme="IOSS")
    order = an_order(a_line("MUG", "11.90", tax_lines=[tax]), total="11.90")

    assert shown(invoice(order)) == [
        ("MUG", "10.00", "0.00", "10.00"),
        ("Tax collected by the channel", "1.90", "0.00", "1.90"),
    ]


def test_a_tax_that_is_known_as_a_sum_only_is_spread_by_value() -> None:
    order = an_order(
        a_line("MUG", "30.00"),
        a_line("CARD", "50.00", role="gift_card", carries_stock=False, taxable=False),
        shipping_lines=[{"title": "Parcel", "price": "10.00 EUR"}],
        tax_summary=[taxed("0.19", "7.60")],
        totals=totals("97.60", tax_total="7.60"),
    )

    document = invoice(order, rule=SumRule.TAX_ADDED)

    assert shown(document) == [
        ("MUG", "30.00", "5.70", "35.70"),
        ("CARD", "50.00", "0.00", "50.00"),
        ("Parcel", "10.00", "1.90", "11.90"),
    ]
    assert [tax.rate for tax in document.tax_summary] == [Decimal("0.19")]


def test_the_rate_of_a_tax_that_tells_none_is_what_it_amounts_to() -> None:
    order = an_order(a_line("MUG", "10.00", tax_lines=[{"amount": "0.70 EUR"}]), total="10.70")

    assert invoice(order, rule=SumRule.TAX_ADDED).tax_summary[0].rate == Decimal("0.07")


def test_a_tax_that_is_rounded_once_per_order_moves_the_largest() -> None:
    order = an_order(
        a_line("MUG", "3.33", tax_lines=[taxed("0.19", "0.63")]),
        a_line("POT", "6.66", tax_lines=[taxed("0.19", "1.27")]),
        totals=totals("11.88", tax_total="1.89"),
    )

    assert shown(invoice(order, rule=SumRule.TAX_ADDED)) == [
        ("MUG", "3.33", "0.63", "3.96"),
        ("POT", "6.66", "1.26", "7.92"),
    ]


@pytest.mark.parametrize(
    ("rate", "exempt", "category"),
    [("0.07", False, TaxCategory.STANDARD), ("0", False, TaxCategory.ZERO), ("0", True, TaxCategory.EXEMPT)],
)
def test_the_category_of_a_tax(rate: str, *, exempt: bool, category: TaxCategory) -> None:
    amount = "0.70" if rate == "0.07" else "0.00"
    order = an_order(a_line("MUG", "10.00", tax_lines=[taxed(rate, amount)]), tax_exempt=exempt)

    assert [row.category for row in invoice(order).tax_summary] == [category]


def test_a_discount_that_the_channel_tells_apart_is_taken_off_the_lines() -> None:
    order = an_order(
        a_line("MUG", "10.00"),
        a_line("POT", "20.00"),
        shipping_lines=[{"price": "5.00 EUR", "title": "Parcel"}],
        totals=totals("31.00", items_discount="3.00", shipping_discount="1.00"),
    )

    document = invoice(order, rule=SumRule.TAX_INCLUDED_DISCOUNTS_APART)

    assert [(line.description, str(line.gross), line.discounts) for line in document.lines] == [
        ("MUG", "9.00 EUR", (FinanceDiscount(amount=euros("1.00")),)),
        ("POT", "18.00 EUR", (FinanceDiscount(amount=euros("2.00")),)),
        ("Parcel", "4.00 EUR", (FinanceDiscount(amount=euros("1.00")),)),
    ]


def test_a_discount_is_taken_off_where_the_channel_spread_it() -> None:
    spring = {"application_id": "spring", "amount": "3.00 EUR"}
    order = an_order(
        a_line("MUG", "10.00"),
        a_line("POT", "20.00", discount_allocations=[spring]),
        discount_applications=[{"id": "spring", "kind": "code", "code": "SPRING"}],
        totals=totals("27.00", items_discount="3.00"),
    )

    document = invoice(order, rule=SumRule.TAX_INCLUDED_DISCOUNTS_APART)

    assert [line.gross for line in document.lines] == [euros("10.00"), euros("17.00")]
    assert document.lines[1].discounts == (FinanceDiscount(amount=euros("3.00"), code="SPRING"),)


def test_a_discount_says_who_pays_for_it_and_follows_the_goods() -> None:
    split = [{"funder": "shop", "amount": "2.00 EUR"}, {"funder": "platform", "amount": "1.00 EUR"}]
    given_off = {"application_id": "1", "amount": "3.00 EUR", "funder_split": split}
    order = an_order(a_line("MUG", "7.00", quantity=2, discount_allocations=[given_off]), total="7.00")

    document = invoice(order, {"MUG": pieces(0, 1, 2)})

    assert document.lines[0].discounts == (
        FinanceDiscount(amount=euros("1.00")),
        FinanceDiscount(amount=euros("0.50"), funded_by=FundedBy.MARKETPLACE),
    )


def test_duties_follow_the_goods_and_are_only_passed_on() -> None:
    order = an_order(
        a_line("MUG", "10.00", quantity=2, duties=[{"amount": "1.00 EUR"}]),
        a_line("POT", "10.00"),
        total="21.00",
    )

    parts = [
        invoice(order, {"POT": pieces(0, 1, 1)}),
        invoice(order, {"MUG": pieces(0, 2, 2)}, sequence=2),
    ]

    assert [len(part.lines) for part in parts] == [1, 2]
    assert parts[1].lines[1].account_role is AccountRole.PASS_THROUGH


def test_an_order_that_is_paid_leaves_nothing_due() -> None:
    order = an_order(a_line("MUG", "10.00", quantity=3), payment_state="paid")

    parts = [invoice(order, {"MUG": pieces(n, 1, 3)}, sequence=n + 1) for n in range(3)]

    assert [part.totals.prepaid for part in parts] == [euros("3.33"), euros("3.34"), euros("3.33")]
    assert [part.totals.due for part in parts] == [euros("0.00")] * 3


def test_an_order_with_two_taxes_that_is_paid_leaves_nothing_due() -> None:
    taxes = [taxed("0.05", "0.05"), taxed("0.07", "0.07")]
    order = an_order(a_line("MUG", "1.00", quantity=10, tax_lines=taxes), total="1.12", payment_state="paid")

    parts = [invoice(order, {"MUG": pieces(n, 1, 10)}, sequence=n + 1, rule=SumRule.TAX_ADDED) for n in range(10)]

    assert [part.totals.due for part in parts] == [euros("0.00")] * 10
    assert total(parts) == euros("1.12")


def test_what_is_paid_in_part_is_spread_by_what_things_cost() -> None:
    order = an_order(
        a_line("MUG", "10.00"),
        a_line("POT", "20.00"),
        payment_state="partially_paid",
        totals=totals("30.00", paid="9.99"),
    )

    first, second = (
        invoice(order, {"MUG": pieces(0, 1, 1)}),
        invoice(order, {"POT": pieces(0, 1, 1)}, sequence=2),
    )

    assert (first.totals.prepaid, first.totals.due) == (euros("3.33"), euros("6.67"))
    assert (second.totals.prepaid, second.totals.due) == (euros("6.66"), euros("13.34"))


@pytest.mark.parametrize(
    ("said", "prepaid"),
    [
        ({"payment_state": "authorized"}, "0.00"),
        ({"payment_state": "refunded"}, "10.00"),
        ({"payments": [{"id": "1", "kind": "capture", "state": "success", "amount": "4.00 EUR"}]}, "4.00"),
        ({"payments": [{"id": "1", "kind": "sale", "state": "failed", "amount": "4.00 EUR"}]}, "0.00"),
        (
            {
                "payments": [
                    {"id": "1", "kind": "sale", "state": "success", "amount": "12.00 EUR"},
                    {"id": "2", "kind": "change", "state": "success", "amount": "5.00 EUR"},
                ]
            },
            "7.00",
        ),
        ({"totals": totals("10.00", paid="25.00")}, "10.00"),
    ],
)
def test_what_counts_as_paid(said: dict[str, Any], prepaid: str) -> None:
    assert invoice(an_order(**said)).totals.prepaid == euros(prepaid)


@pytest.mark.parametrize(
    "said",
    [
        {"totals": totals("10.00", paid="10.00", gift_card_paid="3.00")},
        {"payment_state": "paid", "totals": totals("10.00", gift_card_paid="3.00")},
        {
            "payment_state": "paid",
            "payments": [{"id": "1", "kind": "sale", "state": "success", "method": "gift_card", "amount": "3.00 EUR"}],
        },
    ],
)
def test_a_gift_card_is_no_money_and_no_discount(said: dict[str, Any]) -> None:
    document = invoice(an_order(**said))

    assert (document.totals.prepaid, document.totals.gift_card) == (euros("7.00"), euros("3.00"))
    assert (document.totals.gross, document.totals.due) == (euros("10.00"), euros("0.00"))


def test_an_order_for_nothing() -> None:
    order = an_order(a_line("MUG", "0.00", quantity=3), total="0.00", payment_state="paid")

    document = invoice(order, {"MUG": pieces(0, 2, 3)})

    assert shown(document) == [("MUG", "0.00", "0.00", "0.00")]
    assert document.lines[0].quantity == Decimal(2)
    assert document.totals.due == euros("0.00")


def test_terms_of_payment() -> None:
    document = invoice(an_order(), due_days=14)

    assert (document.due_date, document.payment_terms) == (date(2026, 5, 23), Terms(days=14))


@pytest.mark.parametrize(
    ("portions", "code"),
    [
        ({"CUP": pieces(0, 1, 1)}, "invoice.unknown_line"),
        ({"MUG": pieces(1, 1, 1)}, "invoice.beyond_line"),
        ({"MUG": pieces(0, -1, 1)}, "invoice.beyond_line"),
    ],
)
def test_more_than_there_is_cannot_be_invoiced(portions: dict[str, Portion], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        invoice(an_order(), portions)

    assert refused.value.code == code


def test_the_customer_is_added_last() -> None:
    plain = invoice(an_order())

    named = with_customer(plain, zoe(), hub_id="42")

    assert plain.customer is None
    assert named.customer is not None
    assert (named.customer.hub_id, named.customer.legal_name) == ("42", "Zoë Müller")
    assert named.customer.billing_address == named.customer.shipping_address == zoe().shipping_address
    assert named.customer.email == "zoe@example.org"
    assert not named.customer.is_business
    assert named.model_copy(update={"customer": None}) == plain


@pytest.mark.parametrize(
    ("people", "name"),
    [
        (People(), None),
        (People(customer=Person(first_name="Zoë", last_name="Müller")), "Zoë Müller"),
        (People(customer=Person(name="Zoë", company="Old"), billing_address=Address(company="New")), "New"),
        (People(customer=Person(name="Zoë"), company=Company(name="Acme")), "Acme"),
        (People(company=Company(name="Acme"), invoice_request=InvoiceRequest(title="Acme KG")), "Acme KG"),
    ],
)
def test_whom_an_invoice_names(people: People, name: str | None) -> None:
    customer = with_customer(invoice(an_order()), people, hub_id="42").customer

    assert customer is not None
    assert customer.legal_name == name


def test_a_tax_number_stands_there_once() -> None:
    vat = TaxId(scheme="VAT", value="DE123456789")
    people = People(customer=Person(name="Zoë", tax_ids=(vat,)), tax_ids=(vat,))

    customer = with_customer(invoice(an_order()), people, hub_id="42").customer

    assert customer is not None
    assert customer.tax_ids == (vat,)


RATES = [Decimal(rate) for rate in ("0", "0.055", "0.07", "0.19", "0.25")]
cents = st.integers(min_value=0, max_value=5_000)


@st.composite
def some_taxes(draw: st.DrawFn, price: Money) -> list[dict[str, Any]]:
    told = draw(st.lists(st.sampled_from(RATES), max_size=2))
    return [
        {
            "rate": rate if draw(st.booleans()) else None,
            "amount": price.times(rate) if draw(st.booleans()) else price.times(rate / (1 + rate)),
            "base": draw(st.sampled_from([None, price])),
            "included_in_price": draw(st.booleans()),
            "collected_by": draw(st.sampled_from(["merchant", "merchant", "channel"])),
        }
        for rate in told
    ]


@st.composite
def an_amount(draw: st.DrawFn, currency: str, amounts: st.SearchStrategy[int] = cents) -> Money:
    return Money.of_minor(draw(amounts), currency)


@st.composite
def some_lines(draw: st.DrawFn, currency: str) -> list[dict[str, Any]]:
    lines = []
    for number in range(draw(st.integers(min_value=1, max_value=4))):
        price = draw(an_amount(currency))
        off = draw(an_amount(currency))
        lines.append(
            {
                "id": f"L{number}",
                "quantity": draw(st.sampled_from(["1", "2", "3", "7", "0.5", "2.25"])),
                "role": draw(st.sampled_from(["simple", "simple", "gift_card", "service", "tip"])),
                "carries_stock": draw(st.booleans()),
                "carries_money": draw(st.sampled_from([True, True, True, False])),
                "taxable": draw(st.booleans()),
                "line_total": price,
                "line_total_before_discount": draw(st.sampled_from([None, price + off])),
                "discount_allocations": draw(st.sampled_from([[], [{"application_id": "1", "amount": off}]])),
                "tax_lines": draw(some_taxes(price)),
                "duties": draw(st.sampled_from([[], [{"amount": off}]])),
            }
        )
    return lines


@st.composite
def some_orders(draw: st.DrawFn) -> tuple[Order, SumRule]:
    """An order whose stated total is what its parts make, but for a rounding."""
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    lines = draw(some_lines(currency))
    ways = [
        {"price": price, "tax_lines": draw(some_taxes(price)), "removed": draw(st.booleans())}
        for price in draw(st.lists(an_amount(currency), max_size=2))
    ]
    credit = st.integers(min_value=-300, max_value=300)
    fees = [
        {"kind": draw(st.sampled_from(["cod", "wrap", "deposit"])), "amount": amount}
        for amount in draw(st.lists(an_amount(currency, credit), max_size=2))
    ]
    names = [
        "shipping", "fees", "gift_wrap", "tips", "duties", "items_discount", "shipping_discount", "tax_total",
        "paid", "gift_card_paid",
    ]  # fmt: skip
    said: dict[str, Any] = {name: draw(st.none() | an_amount(currency)) for name in names}
    said["rounding"] = draw(st.none() | an_amount(currency, st.integers(min_value=-3, max_value=3)))
    values = {
        "external_id": "1",
        "placed_at": "2026-05-08T02:34:17Z",
        "currency": currency,
        "prices_include_tax": draw(st.booleans()),
        "duties_included": draw(st.booleans()),
        "payment_state": draw(st.sampled_from(["unpaid", "paid", "authorized", "partially_refunded"])),
        "lines": lines,
        "shipping_lines": ways,
        "fees": fees,
        "totals": {**said, "grand_total": Money.zero(currency)},
    }
    rule = draw(st.sampled_from(SumRule))
    parts = -check_totals(Order.accept(values), rule).difference
    noise = draw(st.integers(min_value=-1, max_value=1))
    values["totals"] = {**said, "grand_total": parts + Money.of_minor(noise, currency)}
    return Order.accept(values), rule


@st.composite
def some_portions(draw: st.DrawFn, order: Order) -> list[dict[str, Portion]]:
    """Every line leaves whole, in a random number of parts."""
    shipments: list[dict[str, Portion]] = [{} for _ in range(draw(st.integers(min_value=1, max_value=4)))]
    for line in order.lines:
        of = micro(line.quantity) * draw(st.sampled_from([1, 6]))
        cuts = sorted(draw(st.lists(st.integers(0, of), min_size=len(shipments) - 1, max_size=len(shipments) - 1)))
        bounds = [0, *cuts, of]
        for shipment, since, until in zip(shipments, bounds, bounds[1:], strict=False):
            shipment[line.id] = Portion(since, until - since, of)
    return shipments


@st.composite
def some_invoices(draw: st.DrawFn) -> tuple[Order, SumRule, list[FinanceDocument]]:
    order, rule = draw(some_orders())
    shipments = draw(some_portions(order))
    return order, rule, [invoice(order, s, sequence=n, rule=rule) for n, s in enumerate(shipments, start=1)]


@settings(max_examples=400)
@given(some_invoices())
def test_all_invoices_make_the_order_to_the_cent(invoiced: tuple[Order, SumRule, list[FinanceDocument]]) -> None:
    order, rule, documents = invoiced

    assert [found for document in documents for found in violations(document)] == []
    assert total(documents) == order.totals.grand_total.shop
    assert made_of(documents) == made_of([invoice(order, rule=rule)])


def made_of(documents: Sequence[FinanceDocument]) -> dict[str, Any]:
    """All that must not depend on how the goods left."""
    lines: dict[tuple[Any, ...], list[FinanceLine]] = {}
    for line in (line for document in documents for line in document.lines):
        lines.setdefault((line.kind, line.order_line_id, line.description, line.origin), []).append(line)
    currency = documents[0].currency
    sums = {
        name: Money.total((getattr(document.totals, name) for document in documents), currency)
        for name in ("net", "tax", "gross", "prepaid", "gift_card", "due")
    }
    taxes: dict[tuple[Any, ...], Money] = {}
    for row in (row for document in documents for row in document.tax_summary):
        place = (row.category, row.rate)
        taxes[place] = taxes.get(place, Money.zero(currency)) + row.amount
    quantities = {
        key: sum((line.quantity for line in found), Decimal(0)) for key, found in lines.items() if key[1] is not None
    }
    return {"sums": sums, "taxes": {place: tax for place, tax in taxes.items() if tax}, "quantities": quantities}


@example(price=4, rate=Decimal("0.25"), shipped=[3, 1, 3], rule=SumRule.TAX_INCLUDED)
@example(price=12, rate=Decimal("0.19"), shipped=[1, 3], rule=SumRule.TAX_INCLUDED)
@given(
    price=st.integers(0, 500),
    rate=st.sampled_from(RATES),
    shipped=st.lists(st.integers(0, 7), min_size=1, max_size=5),
    rule=st.sampled_from([SumRule.TAX_INCLUDED, SumRule.TAX_ADDED]),
)
def test_no_part_charges_or_taxes_less_than_nothing(
    price: int, rate: Decimal, shipped: list[int], rule: SumRule
) -> None:
    """Even where a piece costs less than a cent."""
    cost = Money.of_minor(price, "EUR")
    tax = cost.times(rate / (1 + rate))
    pieces_in_all = max(sum(shipped), 1)
    order = an_order(
        a_line(
            "MUG", "0.00", line_total=DualMoney(cost), quantity=pieces_in_all, tax_lines=[{"rate": rate, "amount": tax}]
        ),
        total=str((cost + tax if rule is SumRule.TAX_ADDED else cost).amount),
    )

    parts = [
        invoice(order, {"MUG": pieces(sum(shipped[:n]), now, pieces_in_all)}, sequence=n + 1, rule=rule)
        for n, now in enumerate(shipped)
    ]

    lines = [line for part in parts for line in part.lines]
    assert min((min(line.net.minor, line.tax.minor) for line in lines), default=0) >= 0
    assert [tax.base for line in lines for tax in line.taxes] == [line.net for line in lines if line.taxes]


@settings(max_examples=200)
@given(some_invoices())
def test_a_paid_order_leaves_nothing_due_on_any_invoice(
    invoiced: tuple[Order, SumRule, list[FinanceDocument]],
) -> None:
    order, _, documents = invoiced
    whole = order.totals.grand_total.shop
    is_paid = order.totals.paid is None and order.payment_state in {"paid", "partially_refunded"}
    paid = sum((document.totals.prepaid.minor + document.totals.gift_card.minor for document in documents), 0)

    if is_paid and whole.minor >= 0:
        assert [document.totals.due.minor for document in documents] == [0] * len(documents)
    assert 0 <= paid <= max(whole.minor, 0)
