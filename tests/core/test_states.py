"""States are tables: what follows what, what is final, and which state the counters of an order amount to."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.states import (
    EFFECT_FOLLOWS,
    EFFECT_OPEN,
    FULFILMENT_FINAL,
    FULFILMENT_FOLLOWS,
    ORDER_FOLLOWS,
    Counters,
    EffectState,
    FulfilmentState,
    OrderState,
    follow,
)
from hub.pipeline.journey import FULFILMENT_STEPS, ORDER_STEPS
from hub.pipeline.steps import Step
from hub.store.travellers import CANCELLING

O, F, E = OrderState, FulfilmentState, EffectState  # noqa: E741 - as in the tables

Table = Mapping[StrEnum, frozenset[StrEnum]]
TABLES: list[tuple[Table, StrEnum]] = [
    (ORDER_FOLLOWS, O.RECEIVED),  # type: ignore[list-item]  # every table of states is one of texts
    (FULFILMENT_FOLLOWS, F.PLANNED),  # type: ignore[list-item]  # as above
    (EFFECT_FOLLOWS, E.PLANNED),  # type: ignore[list-item]  # as above
]


@pytest.mark.parametrize(("table", "start"), TABLES)
def test_every_state_can_be_reached(table: Table, start: StrEnum):
    reached, found = set(), {start}
    while found:
        reached |= found
        found = {state for before in found for state in table[before]} - reached

    assert reached == set(type(start)) == table.keys()


@pytest.mark.parametrize(("table", "start"), TABLES)
def test_nothing_follows_itself(table: Table, start: StrEnum):
    assert [state for state, then in table.items() if state in then] == []


def test_where_a_journey_ends():
    ends = [{state for state, then in table.items() if not then} for table, _ in TABLES]

    assert ends == [{O.ARCHIVED}, {F.REFUSED, F.CANCELLED, F.RETURNED}, {E.CONFIRMED, E.WITHDRAWN}]


def test_what_is_final_stays_final():
    """Goods that arrived may come back, lost ones may turn up; they never leave again."""
    assert {then for state in FULFILMENT_FINAL for then in FULFILMENT_FOLLOWS[state]} <= FULFILMENT_FINAL


def test_only_effects_that_may_still_happen_are_open():
    assert set(EffectState) - EFFECT_OPEN == {E.CONFIRMED, E.REFUSED, E.WITHDRAWN}


FORWARD = [step for step in (*ORDER_STEPS, *FULFILMENT_STEPS) if step.traveller is not CANCELLING]
"""A cancel may meet an order anywhere and is refused row by row."""


@pytest.mark.parametrize("step", FORWARD, ids=lambda step: step.name)
def test_a_step_makes_only_moves_that_the_table_knows(step: Step):
    known = FULFILMENT_FOLLOWS if step.traveller.name == "fulfilment" else ORDER_FOLLOWS
    follows = {str(state): then for state, then in known.items()}
    moves = [(start, end) for start, end in product(step.starts, step.ends) if start != end]

    assert [(start, end) for start, end in moves if end not in follows[start]] == []


def a_line(ordered: int = 0, **said: int) -> Counters:
    """A line of which something is cancelled, reserved, planned or gone; the rest is open."""
    return Counters(ordered, **{name: said.get(name, 0) for name in Counters._fields[1:]})


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([a_line(2, cancelled=2), a_line(1, cancelled=1)], O.CANCELLED),
        ([a_line(2, handed_over=2), a_line(1, handed_over=1)], O.FULFILLED),
        ([a_line(2, handed_over=2), a_line(1, cancelled=1)], O.FULFILLED),
        ([a_line(2)], O.BACKORDERED),
        ([a_line(2, reserved=1)], O.BACKORDERED),
        ([a_line(2, handed_over=2), a_line(1)], O.BACKORDERED),
        ([a_line(2, reserved=2)], O.RESERVED),
        ([a_line(2, reserved=1, planned=1)], O.RESERVED),
        ([a_line(2, reserved=1, handed_over=1)], O.RESERVED),
        ([a_line(2, planned=2)], O.ROUTED),
        ([a_line(2, planned=1, cancelled=1)], O.ROUTED),
        ([], O.CANCELLED),
    ],
)
def test_the_state_follows_the_counters(lines: list[Counters], state: OrderState):
    assert follow(lines, released=False) == state


@pytest.mark.parametrize("lines", [[a_line(2, planned=2)], [a_line(2, planned=1, handed_over=1)]])
def test_an_order_is_being_fulfilled_once_a_fulfilment_is_under_way(lines: list[Counters]):
    assert follow(lines, released=True) == O.FULFILLING


def test_what_is_open_is_counted_nowhere_else():
    assert a_line(10, cancelled=1, reserved=2, planned=3, handed_over=3).open == 1


@st.composite
def some_counters(draw: st.DrawFn) -> Counters:
    """As the database lets them be."""
    parts = [draw(st.integers(0, 3)) for _ in range(5)]
    return Counters(sum(parts), *parts[1:])


some_orders = st.lists(some_counters(), max_size=4)


@given(lines=some_orders, released=st.booleans())
def test_a_working_order_may_always_follow_its_counters(lines, released):
    state = follow(lines, released=released)

    for now in (O.RESERVED, O.BACKORDERED, O.ROUTED, O.FULFILLING):
        assert state == now or state in ORDER_FOLLOWS[now]


@given(lines=some_orders, released=st.booleans())
def test_open_demand_is_never_forgotten(lines, released):
    assert (follow(lines, released=released) == O.BACKORDERED) == any(line.open for line in lines)


@given(lines=some_orders, released=st.booleans())
def test_an_order_is_fulfilled_when_nothing_is_left_to_do(lines, released):
    to_do = sum(line.open + line.reserved + line.planned for line in lines)
    gone = sum(line.handed_over for line in lines)
    state = follow(lines, released=released)

    assert (state == O.FULFILLED) == (to_do == 0 and gone > 0)
    assert (state == O.CANCELLED) == (to_do == 0 and gone == 0)
