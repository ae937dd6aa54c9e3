"""A later version of an order is told from the former by what has consequences."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.changes import Changes, differences, wanted
from hub.core.orders import Line, Order
from tests.core.builders import a_line, an_order, dual


def changed(old: Order, new: Order, *, people: bool = False) -> Changes:
    return differences(old, new, people=people)


def test_an_echo_changes_nothing():
    order = an_order(a_line("MUG", quantity=2))
    echo = an_order(a_line("MUG", quantity=2), fulfilment_state="shipped", tags=["seen"])

    assert changed(order, echo) == Changes()
    assert changed(order, echo).names == ()


def test_more_and_less_of_a_line():
    old = an_order(a_line("MUG", quantity=2), a_line("POT", quantity=3))
    new = an_order(a_line("MUG", quantity=5), a_line("POT", quantity=1))

    found = changed(old, new)

    assert (found.more, found.less) == ({"MUG": Decimal(3)}, {"POT": Decimal(2)})
    assert found.names == ("lines",)


def test_a_line_that_came_and_one_that_went():
    old = an_order(a_line("MUG", quantity=2))
    new = an_order(a_line("POT", quantity=1))

    found = changed(old, new)

    assert [line.id for line in found.added] == ["POT"]
    assert (found.more, found.less) == ({}, {"MUG": Decimal(2)})


@pytest.mark.parametrize(
    ("said", "quantity"),
    [
        ({"quantity": 5}, 5),
        ({"quantity": 5, "quantities": {"current": 3}}, 3),
        ({"quantity": 5, "quantities": {"current": 0}}, 0),
        ({"quantity": 5, "quantities": {"shipped": 2}}, 5),
        ({"quantity": 5, "deleted_upstream": True}, 0),
    ],
)
def test_what_is_still_wanted_of_a_line(said: dict[str, Any], quantity: int):
    assert wanted(a_line("MUG", **said)) == quantity


def test_what_carries_no_stock_moves_no_goods():
    old = an_order(a_line("MUG"), a_line("SERVICE", carries_stock=False, quantity=1))
    new = an_order(a_line("MUG"), a_line("SERVICE", carries_stock=False, quantity=2))

    assert changed(old, new) == Changes()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("open", "cancelled", Changes(cancelled=True)),
        ("cancelled", "open", Changes(revived=True)),
        ("cancelled", "cancelled", Changes()),
        ("open", "closed", Changes()),
    ],
)
def test_cancelled_and_revived(before: str, after: str, expected: Changes):
    assert changed(an_order(state=before), an_order(state=after)) == expected


@pytest.mark.parametrize(
    ("before", "after", "is_news"),
    [
        ("unpaid", "paid", True),
        ("unpaid", "authorized", True),
        ("authorized", "paid", False),
        ("paid", "refunded", False),
        ("unpaid", "partially_paid", False),
    ],
)
def test_money_came(before: str, after: str, *, is_news: bool):
    assert changed(an_order(payment_state=before), an_order(payment_state=after)).paid is is_news


def test_people_and_total():
    old, new = an_order(total="10.00"), an_order(total="9.00")

    assert changed(old, new, people=True) == Changes(people=True, total=True)
    assert changed(old, new, people=True).names == ("people", "total")


some_lines = st.dictionaries(st.sampled_from("ABCD"), st.integers(1, 9), min_size=1)


def an_order_of(quantities: dict[str, int]) -> Order:
    lines: list[Line] = [a_line(sku, quantity=quantity) for sku, quantity in quantities.items()]
    return an_order(*lines, totals={"grand_total": dual("10.00")})


@given(some_lines, some_lines)
def test_the_differences_lead_from_one_version_to_the_other(old: dict[str, int], new: dict[str, int]):
    found = changed(an_order_of(old), an_order_of(new))

    after = {sku: quantity + found.more.get(sku, 0) - found.less.get(sku, 0) for sku, quantity in old.items()}
    after |= {line.id: line.quantity for line in found.added}
    assert {sku: quantity for sku, quantity in after.items() if quantity} == new
