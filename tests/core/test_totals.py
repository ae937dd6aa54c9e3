"""The channel's total is the truth: what rounds becomes a line, what cannot be explained is held."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.document import Violation
from hub.core.money import DualMoney, Money
from hub.core.orders import Order
from hub.core.totals import Checked, SumRule, check_ledger, check_totals, violations
from tests.core.builders import a_line, an_invoice, an_order, dual, euros


def adds_up(order: Order, rule: SumRule) -> bool:
    return check_totals(order, rule) == Checked(Money.zero("EUR"), None, f"channel:{rule}")


def totals(grand_total: str, **parts: str) -> dict[str, DualMoney]:
    return {"grand_total": dual(grand_total)} | {name: dual(amount) for name, amount in parts.items()}


def test_tax_inside_the_prices() -> None:
    """As Vendure counts: subTotalWithTax + shippingWithTax."""
    order = an_order(
        a_line("MUG", "8.93"),
        a_line("POT", "14.28"),
        shipping_lines=[{"price": "5.95 EUR"}],
        totals=totals("29.16", tax_total="4.66"),
    )

    assert adds_up(order, SumRule.TAX_INCLUDED)
    assert check_totals(order, SumRule.TAX_ADDED).difference == euros("-4.66")


def test_tax_beside_the_prices() -> None:
    """As WooCommerce counts: lines, shipping and fees net, one sum of tax."""
    order = an_order(
        a_line("MUG", "10.00"),
        shipping_lines=[{"price": "5.00 EUR"}],
        fees=[{"kind": "service", "amount": "-1.00 EUR"}],
        prices_include_tax=True,
        totals=totals("16.66", tax_total="2.66"),
    )

    assert adds_up(order, SumRule.TAX_ADDED)


@pytest.mark.parametrize(("included", "total"), [(True, "17.00"), (False, "19.72")])
def test_tax_as_the_order_says(*, included: bool, total: str) -> None:
    """As Shopify counts, with tips, duties and cash rounding."""
    order = an_order(
        a_line("MUG", "10.00"),
        shipping_lines=[{"price": "5.00 EUR"}, {"price": "9.00 EUR", "removed": True}],
        prices_include_tax=included,
        totals=totals(total, tax_total="2.72", tips="1.00", duties="1.02", rounding="-0.02"),
    )

    assert adds_up(order, SumRule.TAX_AS_STATED)


def test_discounts_beside_the_prices() -> None:
    """As Magento counts: rows before discount, less discount, plus shipping and tax."""
    order = an_order(
        a_line("MUG", "8.00", line_total_before_discount=dual("10.00")),
        shipping_lines=[{"price": "4.00 EUR", "price_before_discount": "5.00 EUR"}],
        totals=totals("14.28", items_discount="2.00", shipping_discount="1.00", tax_total="2.28"),
    )

    assert adds_up(order, SumRule.TAX_ADDED_DISCOUNTS_APART)
    assert adds_up(order, SumRule.TAX_ADDED)


@pytest.mark.parametrize(
    ("said", "total"),
    [
        ({}, "18.00"),
        ({"lines": [a_line("MUG", "10.00"), a_line("TIP", "2.00", role="tip")]}, "18.00"),
        ({"fees": [{"kind": "wrap", "amount": "3.00 EUR"}]}, "19.00"),
        ({"duties_included": True}, "14.00"),
    ],
)
def test_nothing_is_counted_twice(said: dict[str, Any], total: str) -> None:
    sums = totals(total, tips="2.00", gift_wrap="1.00", fees="1.00", duties="4.00")
    order = an_order(totals=sums, **{"lines": [a_line("MUG", "10.00")]} | said)

    assert adds_up(order, SumRule.TAX_INCLUDED)


def test_only_lines_that_carry_money_count() -> None:
    order = an_order(a_line("SET", "10.00"), a_line("LID", "4.00", carries_money=False))

    assert adds_up(order, SumRule.TAX_INCLUDED)


@pytest.mark.parametrize(
    ("total", "rounding"),
    [("30.01", "0.01"), ("29.97", "-0.03"), ("30.03", "0.03"), ("30.04", None), ("29.00", None)],
)
def test_a_cent_per_line_is_rounding(total: str, rounding: str | None) -> None:
    order = an_order(a_line("A"), a_line("B"), a_line("C"), total=total)

    found = check_totals(order, SumRule.TAX_INCLUDED, origin="vendure")

    assert found.difference == euros(total) - euros("30.00")
    assert found.rounding == (euros(rounding) if rounding else None)
    assert found.unexplained is (rounding is None)
    assert found.origin == ("vendure:tax_included" if rounding else "vendure:tax_included:shop")


def test_what_the_buyer_saw_must_add_up_too() -> None:
    line = DualMoney(euros("9.00"), presentment=Money.of("13.50", "CAD"))
    wrong = DualMoney(euros("9.00"), presentment=Money.of("15.00", "CAD"))
    partly = an_order(a_line(line_total=line), a_line("POT", "0.00"), totals={"grand_total": wrong})

    assert adds_up(an_order(a_line(line_total=line), totals={"grand_total": line}), SumRule.TAX_INCLUDED)
    assert check_totals(an_order(a_line(line_total=line), totals={"grand_total": wrong}), SumRule.TAX_INCLUDED) == (
        Checked(Money.of("1.50", "CAD"), None, "channel:tax_included:presentment")
    )
    assert adds_up(partly, SumRule.TAX_INCLUDED)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8), st.integers(-20, 20))
def test_the_difference_is_the_whole_truth(prices: list[int], off: int) -> None:
    lines = [a_line(str(at), str(Money(price, "EUR").amount)) for at, price in enumerate(prices)]
    order = an_order(*lines, total=str(Money(sum(prices) + off, "EUR").amount))

    found = check_totals(order, SumRule.TAX_INCLUDED)

    assert found.difference == Money(off, "EUR")
    assert found.unexplained is (abs(off) > min(5, len(prices)))


def test_a_ledger_that_computes_for_itself_may_be_a_cent_off() -> None:
    invoice = an_invoice()

    assert check_ledger(invoice, euros("11.90")) == Checked(euros("0"), None, "ledger")
    assert check_ledger(invoice, euros("11.89"), origin="tryton").rounding == euros("0.01")
    assert check_ledger(invoice, euros("11.88")).unexplained


def test_an_order_that_holds_together_has_no_violations() -> None:
    order = an_order(
        a_line(
            quantity=3,
            quantities={"cancelled": 1, "shipped": 2, "refunded": 3},
            discount_allocations=[{"application_id": "d", "amount": "2.00 EUR"}],
        ),
        discount_applications=[{"id": "d", "kind": "code", "funder_split": [{"funder": "shop", "amount": "2.00 EUR"}]}],
        payments=[
            {"id": "1", "kind": "capture", "state": "success", "amount": "12.00 EUR"},
            {"id": "2", "kind": "capture", "state": "failed", "amount": "99.00 EUR"},
            {"id": "3", "kind": "change", "state": "success", "amount": "2.00 EUR"},
            {"id": "4", "kind": "refund", "state": "success", "amount": "1.00 EUR"},
        ],
        refunds=[{"id": "r", "total": "1.00 EUR"}],
        totals=totals("10.00", paid="10.00", refunded="1.00"),
    )

    assert violations(order) == ()


@pytest.mark.parametrize(
    ("said", "violation"),
    [
        (
            {"lines": [a_line(quantity=3, quantities={"cancelled": 1, "shipped": 3})]},
            Violation("quantities_fit", "lines.MUG.quantities.shipped", "2", "3"),
        ),
        (
            {"lines": [a_line(quantities={"refunded": 2})]},
            Violation("quantities_fit", "lines.MUG.quantities.refunded", "1", "2"),
        ),
        (
            {"lines": [a_line(discount_allocations=[{"application_id": "x", "amount": "1.00 EUR"}])]},
            Violation("allocations_make_discounts", "discount_applications.x", "", "absent"),
        ),
        (
            {"discount_applications": [{"id": "d", "kind": "code", "funder_split": [
                {"funder": "shop", "amount": "1.00 EUR"}, {"funder": "platform", "amount": "1.00 EUR"}]}]},
            Violation("allocations_make_discounts", "discount_applications.d", "2.00 EUR", "0.00 EUR"),
        ),
        (
            {"payments": [{"id": "1", "kind": "sale", "state": "success", "amount": "9.00 EUR"}],
             "totals": totals("10.00", paid="10.00")},
            Violation("payments_fit", "totals.paid", "10.00 EUR", "9.00 EUR"),
        ),
        (
            {"payments": [{"id": "1", "kind": "sale", "state": "success", "amount": "9.00 EUR"}],
             "refunds": [{"id": "r", "total": "9.01 EUR"}]},
            Violation("payments_fit", "refunds", "9.00 EUR", "9.01 EUR"),
        ),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_named(said: dict[str, Any], violation: Violation) -> None:
    assert violations(an_order(**said)) == (violation,)


def test_more_may_be_given_back_where_somebody_means_it() -> None:
    order = an_order(
        payments=[{"id": "1", "kind": "sale", "state": "success", "amount": "9.00 EUR"}],
        refunds=[{"id": "r", "total": "20.00 EUR", "allow_over": True}],
    )

    assert violations(order) == ()
