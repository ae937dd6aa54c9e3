"""Where an order ships from: fewest parcels, best rank, and a true word for everybody who lost."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hub.core.routing import EXACT_SITES, Leg, Need, Plan, Reason, Rejected, Site, route
from hub.core.units import micro

MUG, POT = 1, 2
PIECE = 1_000_000


def needs(**quantities: int) -> list[Need]:
    items = {"mug": MUG, "pot": POT}
    return [Need(at, items[name], quantity * PIECE) for at, (name, quantity) in enumerate(quantities.items(), 1)]


def site(number: int, mug: int = 0, pot: int = 0, **said: Any) -> Site:
    return Site(number, f"S{number}", said.pop("rank", number), {MUG: mug * PIECE, POT: pot * PIECE}, **said)


def from_where(plan: Plan) -> list[int]:
    return [leg.site for leg in plan.legs]


def why_not(plan: Plan) -> dict[int, str]:
    return {rejected.site: rejected.reason.code for rejected in plan.rejected}


def test_one_parcel_from_the_best_ranked():
    plan = route(needs(mug=1, pot=1), [site(1, mug=5, pot=5), site(2, mug=5, pot=5)], "DE")

    assert plan == Plan(
        legs=(Leg(1, {1: PIECE, 2: PIECE}),),
        rejected=(Rejected(2, Reason("route.ranked_lower", {"rank": 2, "best": 1})),),
        chosen=Reason("route.one_parcel", {"parcels": 1}),
    )


def test_one_parcel_beats_a_better_rank():
    plan = route(needs(mug=1, pot=2), [site(1, mug=5, pot=1), site(2, mug=5, pot=5)], "DE")

    assert from_where(plan) == [2]
    assert plan.rejected == (Rejected(1, Reason("route.short", {"item": POT, "missing": "1"})),)
    assert plan.flip == Reason("route.flip", {"site": "S1", "item": POT, "missing": "1"})


def test_a_split_says_so():
    plan = route(needs(mug=1, pot=1), [site(1, mug=5), site(2, pot=5), site(3, pot=5), site(4)], "DE")

    assert plan.legs == (Leg(1, {1: PIECE}), Leg(2, {2: PIECE}))
    assert plan.chosen == Reason("route.split", {"parcels": 2})
    assert why_not(plan) == {3: "route.ranked_lower", 4: "route.short"}


def test_who_would_make_it_three_parcels_is_told_so():
    sites = [site(1, mug=2, pot=1), site(2, mug=1, pot=2), site(3, mug=1)]

    plan = route(needs(mug=3, pot=3), sites, "DE")

    assert from_where(plan) == [1, 2]
    assert plan.rejected == (Rejected(3, Reason("route.more_parcels", {"parcels": 2})),)


def test_a_line_leaves_whole_where_it_can():
    plan = route(needs(mug=4, pot=1), [site(1, mug=1, pot=1), site(2, mug=4)], "DE")

    assert plan.legs == (Leg(1, {2: PIECE}), Leg(2, {1: 4 * PIECE}))


def test_a_line_is_split_where_it_must():
    plan = route(needs(mug=4), [site(1, mug=1), site(2, mug=3)], "DE")

    assert plan.legs == (Leg(1, {1: PIECE}), Leg(2, {1: 3 * PIECE}))


def test_the_first_rule_that_loses_a_location_is_named():
    sites = [
        site(1, mug=9, is_open=False, has_carrier=False),
        site(2, mug=9, has_carrier=False, countries=frozenset()),
        site(3, mug=9, countries=frozenset({"FR"})),
        site(4, mug=9, countries=frozenset({"DE"})),
    ]

    plan = route(needs(mug=1), sites, "DE")

    assert from_where(plan) == [4]
    assert why_not(plan) == {1: "route.closed", 2: "route.no_carrier", 3: "route.not_served"}
    assert plan.flip == Reason("route.flip_served", {"site": "S3", "country": "DE"})


def test_an_address_without_a_country_is_served_by_who_serves_all():
    assert from_where(route(needs(mug=1), [site(1, mug=1, countries=frozenset({"DE"}))], None)) == []
    assert from_where(route(needs(mug=1), [site(1, mug=1)], None)) == [1]


def test_nowhere_says_who_lacks_what_and_what_would_help():
    plan = route(needs(mug=3, pot=1), [site(1, mug=1, pot=1), site(2)], "DE")

    assert plan == Plan(
        legs=(),
        rejected=(
            Rejected(1, Reason("route.short", {"item": MUG, "missing": "2"})),
            Rejected(2, Reason("route.short", {"item": MUG, "missing": "3"})),
        ),
        chosen=Reason("route.nowhere"),
        flip=Reason("route.flip", {"site": "S1", "item": MUG, "missing": "2"}),
    )


def test_no_location_at_all():
    assert route(needs(mug=1), [], "DE") == Plan((), (), Reason("route.nowhere"))


def test_nothing_to_ship_goes_nowhere():
    nothing = Plan((), (), Reason("route.nothing_open"))

    assert route([], [site(1, mug=1)], "DE") == nothing
    assert route(needs(mug=0), [site(1, mug=1)], "DE") == nothing


def test_among_equal_ranks_the_older_location_ships():
    assert from_where(route(needs(mug=1), [site(2, mug=1, rank=1), site(1, mug=1, rank=1)], "DE")) == [1]


def test_several_lacking_articles_are_counted():
    plan = route(needs(mug=1, pot=1), [site(1), site(2, mug=1, pot=1)], "DE")

    assert plan.flip == Reason("route.flip_goods", {"site": "S1", "items": 2})


def test_the_ninth_location_is_found_where_it_alone_has_everything():
    sites = [site(number, mug=1) for number in range(1, 20)]
    sites.append(site(20, mug=1, pot=1))

    assert from_where(route(needs(mug=1, pot=1), sites, "DE")) == [20]


def test_many_locations_with_a_little_each_still_ship():
    sites = [site(number, mug=1) for number in range(1, 31)]

    plan = route(needs(mug=12), sites, "DE")

    assert from_where(plan) == list(range(1, 13))
    assert set(why_not(plan).values()) == {"route.ranked_lower"}


@st.composite
def some_sites(draw: st.DrawFn, most: int = 6) -> list[Site]:
    numbers = range(1, draw(st.integers(0, most)) + 1)
    amounts = st.sampled_from([0, 0, 1, 2, 3])
    return [
        site(
            number,
            mug=draw(amounts),
            pot=draw(amounts),
            rank=draw(st.integers(1, 3)),
            is_open=draw(st.sampled_from([True, True, False])),
            has_carrier=draw(st.sampled_from([True, True, False])),
            countries=draw(st.sampled_from([None, None, frozenset({"DE"}), frozenset({"FR"})])),
        )
        for number in numbers
    ]


@st.composite
def some_needs(draw: st.DrawFn) -> list[Need]:
    wanted = st.tuples(st.sampled_from([MUG, POT]), st.integers(1, 4))
    found = draw(st.lists(wanted, min_size=1, max_size=3))
    return [Need(at, item, quantity * PIECE) for at, (item, quantity) in enumerate(found)]


def may_ship(found: Site) -> bool:
    return found.is_open and found.has_carrier and (found.countries is None or "DE" in found.countries)


def have(team: Sequence[Site], wanted: Sequence[Need]) -> bool:
    left = Counter({item: sum(found.stock[item] for found in team) for item in (MUG, POT)})
    for need in wanted:
        left[need.item] -= need.quantity
    return min(left.values()) >= 0


def best_by_trying_all(wanted: Sequence[Need], sites: Sequence[Site]) -> list[int]:
    fit = [found for found in sites if may_ship(found)]
    teams = [team for size in range(1, len(fit) + 1) for team in combinations(fit, size) if have(team, wanted)]
    ranked = [(len(team), sorted((found.rank, found.id) for found in team)) for team in teams]
    ranked.sort(key=lambda found: (found[0], [rank for rank, _ in found[1]], [number for _, number in found[1]]))
    return [number for _, number in ranked[0][1]] if ranked else []


@settings(max_examples=300)
@given(some_needs(), some_sites())
def test_no_combination_is_better(wanted: list[Need], sites: list[Site]):
    assert from_where(route(wanted, sites, "DE")) == best_by_trying_all(wanted, sites)


@given(some_needs(), some_sites(most=12))
def test_everything_leaves_once_and_from_where_it_is(wanted: list[Need], sites: list[Site]):
    plan = route(wanted, sites, "DE")
    there = {found.id: found for found in sites}
    items = {need.line: need.item for need in wanted}

    shipped = Counter[int]()
    for leg in plan.legs:
        taken = Counter[int]()
        for line, quantity in leg.quantities.items():
            shipped[line] += quantity
            taken[items[line]] += quantity
        assert may_ship(there[leg.site])
        assert all(0 < quantity <= there[leg.site].stock[item] for item, quantity in taken.items())
        assert taken
    assert shipped == ({need.line: need.quantity for need in wanted} if plan.legs else {})


@given(some_needs(), some_sites(most=12))
def test_somebody_ships_whatever_all_have_together(wanted: list[Need], sites: list[Site]):
    assert bool(route(wanted, sites, "DE").legs) == have([found for found in sites if may_ship(found)], wanted)


@given(some_needs(), some_sites(most=12))
def test_everybody_who_does_not_ship_has_one_reason(wanted: list[Need], sites: list[Site]):
    plan = route(wanted, sites, "DE")

    told = [*from_where(plan), *(rejected.site for rejected in plan.rejected)]
    assert sorted(told) == sorted(found.id for found in sites)


@given(some_needs(), some_sites(most=EXACT_SITES))
def test_the_reason_is_true(wanted: list[Need], sites: list[Site]):
    plan = route(wanted, sites, "DE")
    there = {found.id: found for found in sites}
    fit = [found for found in sites if may_ship(found)]

    for rejected in plan.rejected:
        lost, code = there[rejected.site], rejected.reason.code
        others = [found for found in fit if found is not lost]
        equal = [(lost, *rest) for rest in combinations(others, len(plan.legs) - 1)] if plan.legs else []
        assert {
            "route.closed": not lost.is_open,
            "route.no_carrier": not lost.has_carrier,
            "route.not_served": not may_ship(lost),
            "route.short": not have([lost], wanted),
            "route.more_parcels": not any(have(team, wanted) for team in equal),
            "route.ranked_lower": any(have(team, wanted) for team in equal),
        }[code]


def flipped(sites: Sequence[Site], flip: Reason, wanted: Sequence[Need]) -> list[Site]:
    """The world after the change that a flip speaks of."""
    [there] = [found for found in sites if found.code == flip.params["site"]]
    stock = dict(there.stock)
    if flip.code == "route.flip":
        item = int(flip.params["item"] or 0)
        stock[item] += micro(Decimal(str(flip.params["missing"])))
    changed = {
        "route.flip": lambda: replace(there, stock=stock),
        "route.flip_goods": lambda: replace(there, stock=dict.fromkeys(stock, sum(n.quantity for n in wanted))),
        "route.flip_opened": lambda: replace(there, is_open=True),
        "route.flip_carrier": lambda: replace(there, has_carrier=True),
        "route.flip_served": lambda: replace(there, countries=frozenset({"DE"})),
    }[flip.code]()
    return [changed if found is there else found for found in sites]


@settings(max_examples=300)
@given(some_needs(), some_sites(most=12))
def test_a_flip_changes_the_result(wanted: list[Need], sites: list[Site]):
    plan = route(wanted, sites, "DE")
    assume(plan.flip is not None)
    assert plan.flip is not None

    after = route(wanted, flipped(sites, plan.flip, wanted), "DE")

    [changed] = [found.id for found in sites if found.code == plan.flip.params["site"]]
    assert from_where(after) == [changed]
    assert from_where(plan) != [changed]


@given(some_needs(), some_sites())
def test_without_a_flip_every_better_one_has_two_things_against_it(wanted: list[Need], sites: list[Site]):
    plan = route(wanted, sites, "DE")
    assume(plan.flip is None)

    single = next((found for found in sites if from_where(plan) == [found.id]), None)
    rivals = [found for found in sites if single is None or (found.rank, found.id) < (single.rank, single.id)]
    for found in rivals:
        abroad = found.countries is not None and "DE" not in found.countries
        against = [not found.is_open, not found.has_carrier, abroad, not have([found], wanted)]
        assert sum(against) > 1
        assert any(against[:3])
