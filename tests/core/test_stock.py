"""Goods are given once: first come, first served, and what is missing is said."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from hub.core.stock import Dealt, Demand, Promise, Shelf, Shortage, deal

MUG, POT = 1, 2
BERLIN, PARIS = 10, 20


def wants(order: int, item: int, quantity: int, *locations: int, line: int | None = None) -> Demand:
    return Demand(order, line or order * 10 + item, item, quantity, locations or (BERLIN, PARIS))


def shelf(location: int, item: int, free: int, *, lot: int = 0) -> Shelf:
    return Shelf(location * 10 + item * 2 + lot, item, location, free)


def given_to(dealt: Dealt) -> list[tuple[int, int, int, int]]:
    return [(promise.order, promise.item, promise.location, promise.quantity) for promise in dealt.promises]


def test_ten_twenty_and_fifteen_out_of_fifty_leave_five():
    demands = [wants(order, MUG, quantity) for order, quantity in enumerate((10, 20, 15), start=1)]

    dealt = deal(demands, [shelf(BERLIN, MUG, 50)])

    assert given_to(dealt) == [(1, MUG, BERLIN, 10), (2, MUG, BERLIN, 20), (3, MUG, BERLIN, 15)]
    assert dealt.shortages == ()
    assert deal([wants(4, MUG, 6)], [shelf(BERLIN, MUG, 50 - 45)]).shortages == (Shortage(4, 41, MUG, 6, 1),)


def test_fifteen_out_of_ten_are_short_by_five():
    dealt = deal([wants(1, MUG, 15)], [shelf(BERLIN, MUG, 10)])

    assert given_to(dealt) == [(1, MUG, BERLIN, 10)]
    assert dealt.shortages == (Shortage(order=1, line=11, item=MUG, wanted=15, missing=5),)


def test_nothing_there():
    assert deal([wants(1, MUG, 1)], []) == Dealt((), (Shortage(1, 11, MUG, 1, 1),))
    assert deal([], [shelf(BERLIN, MUG, 1)]) == Dealt((), ())


def test_who_comes_first_gets_first():
    dealt = deal([wants(2, MUG, 3), wants(1, MUG, 3)], [shelf(BERLIN, MUG, 4)])

    assert given_to(dealt) == [(2, MUG, BERLIN, 3), (1, MUG, BERLIN, 1)]
    assert dealt.shortages == (Shortage(1, 11, MUG, 3, 2),)


def test_an_order_goes_to_the_first_location_that_holds_all_of_it():
    shelves = [shelf(BERLIN, MUG, 5), shelf(PARIS, MUG, 5), shelf(PARIS, POT, 5)]

    dealt = deal([wants(1, MUG, 1), wants(1, POT, 1)], shelves)

    assert given_to(dealt) == [(1, MUG, PARIS, 1), (1, POT, PARIS, 1)]


def test_two_lines_of_one_item_need_both_quantities_in_one_place():
    shelves = [shelf(BERLIN, MUG, 3), shelf(PARIS, MUG, 4)]

    dealt = deal([wants(1, MUG, 2, line=1), wants(1, MUG, 2, line=2)], shelves)

    assert given_to(dealt) == [(1, MUG, PARIS, 2), (1, MUG, PARIS, 2)]


def test_what_no_location_holds_alone_is_taken_where_it_is():
    shelves = [shelf(BERLIN, MUG, 3), shelf(PARIS, MUG, 3)]

    assert given_to(deal([wants(1, MUG, 5)], shelves)) == [(1, MUG, BERLIN, 3), (1, MUG, PARIS, 2)]


def test_the_channel_says_which_location_is_asked_first():
    shelves = [shelf(BERLIN, MUG, 3), shelf(PARIS, MUG, 3)]

    assert given_to(deal([wants(1, MUG, 1, PARIS, BERLIN)], shelves)) == [(1, MUG, PARIS, 1)]


def test_a_location_that_the_channel_does_not_use_keeps_its_goods():
    dealt = deal([wants(1, MUG, 1, PARIS)], [shelf(BERLIN, MUG, 9)])

    assert dealt == Dealt((), (Shortage(1, 11, MUG, 1, 1),))


def test_lots_are_emptied_in_their_order():
    lots = [shelf(BERLIN, MUG, 2, lot=0), shelf(BERLIN, MUG, 9, lot=1)]

    dealt = deal([wants(1, MUG, 3)], lots)

    assert dealt.promises == (
        Promise(1, 11, MUG, lots[0].position, BERLIN, 2),
        Promise(1, 11, MUG, lots[1].position, BERLIN, 1),
    )


def test_a_shelf_that_owes_goods_gives_none():
    dealt = deal([wants(1, MUG, 2)], [shelf(BERLIN, MUG, -3, lot=0), shelf(BERLIN, MUG, 2, lot=1)])

    assert dealt.shortages == ()


@st.composite
def some_demands(draw: st.DrawFn) -> list[Demand]:
    """Orders of one to three lines, each order in one place of the list."""
    locations = st.permutations([1, 2, 3]).map(lambda found: tuple(found[: draw(st.integers(1, 3))]))
    demands = []
    for order in draw(st.permutations(range(draw(st.integers(0, 6))))):
        asked = draw(locations)
        for line in range(draw(st.integers(1, 3))):
            item, quantity = draw(st.integers(1, 3)), draw(st.integers(1, 9))
            demands.append(Demand(order, order * 10 + line, item, quantity, asked))
    return demands


some_shelves = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(0, 12)), max_size=9).map(
    lambda found: [Shelf(at, item, location, free) for at, (item, location, free) in enumerate(found)]
)


@given(some_demands(), some_shelves)
def test_nothing_is_lost_doubled_or_oversold(demands: list[Demand], shelves: list[Shelf]):
    dealt = deal(demands, shelves)

    taken = Counter[int]()
    got = Counter[int]()
    for promise in dealt.promises:
        taken[promise.position] += promise.quantity
        got[promise.line] += promise.quantity
    missing = {shortage.line: shortage.missing for shortage in dealt.shortages}
    assert all(taken[shelf.position] <= shelf.free for shelf in shelves)
    assert all(promise.quantity > 0 for promise in dealt.promises)
    assert {d.line: d.quantity for d in demands} == {d.line: got[d.line] + missing.get(d.line, 0) for d in demands}


@given(some_demands(), some_shelves)
def test_a_promise_names_the_shelf_it_takes_from(demands: list[Demand], shelves: list[Shelf]):
    asked = {demand.line: demand for demand in demands}
    there = {shelf.position: shelf for shelf in shelves}

    for promise in deal(demands, shelves).promises:
        demand, source = asked[promise.line], there[promise.position]
        assert (promise.order, promise.item) == (demand.order, demand.item)
        assert (promise.item, promise.location) == (source.item, source.location)
        assert promise.location in demand.locations


@given(some_demands(), some_shelves)
def test_nobody_is_short_of_what_is_still_there(demands: list[Demand], shelves: list[Shelf]):
    asked = {demand.line: demand for demand in demands}
    dealt = deal(demands, shelves)
    left = {shelf.position: shelf.free for shelf in shelves}
    for promise in dealt.promises:
        left[promise.position] -= promise.quantity

    for shortage in dealt.shortages:
        usable = [s for s in shelves if s.item == shortage.item and s.location in asked[shortage.line].locations]
        assert sum(left[shelf.position] for shelf in usable) == 0


@given(some_demands(), some_shelves)
def test_who_comes_later_takes_nothing_from_who_came_before(demands: list[Demand], shelves: list[Shelf]):
    orders = list(dict.fromkeys(demand.order for demand in demands))
    first = [demand for demand in demands if demand.order in orders[: len(orders) // 2]]

    alone, together = deal(first, shelves), deal(demands, shelves)

    assert together.promises[: len(alone.promises)] == alone.promises


@given(some_demands(), some_shelves)
def test_an_order_is_split_only_if_no_location_holds_all_of_it(demands: list[Demand], shelves: list[Shelf]):
    left = {shelf.position: shelf.free for shelf in shelves}
    for order in dict.fromkeys(demand.order for demand in demands):
        mine = [demand for demand in demands if demand.order == order]
        whole = next((at for at in mine[0].locations if holds(at, mine, shelves, left)), None)
        got = [promise for promise in deal(demands, shelves).promises if promise.order == order]

        assert whole is None or {promise.location for promise in got} == {whole}
        for promise in got:
            left[promise.position] -= promise.quantity


def holds(location: int, mine: Sequence[Demand], shelves: Sequence[Shelf], left: dict[int, int]) -> bool:
    wanted = Counter[int]()
    for demand in mine:
        wanted[demand.item] += demand.quantity
    here = Counter[int]()
    for found in shelves:
        if found.location == location:
            here[found.item] += left[found.position]
    return all(here[item] >= quantity for item, quantity in wanted.items())
