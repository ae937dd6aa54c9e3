"""Where an order ships from, with every reason: the plan, who lost by which rule, and what would flip it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeAlias

from hub.core.failures import Parameter
from hub.core.units import from_micro

EXACT_SITES = 8
"""Among so many candidates every combination is compared; of more only the most promising ones are."""


@dataclass(frozen=True, slots=True)
class Need:
    """One open line: what has to leave, in millionths of the item's base unit."""

    line: int
    item: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Site:
    """A candidate location; `stock` counts what is free there and what this order has reserved there."""

    id: int
    code: str
    rank: int
    stock: Mapping[int, int]
    is_open: bool = True
    has_carrier: bool = True
    countries: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with its parameters; worded by faces."""

    code: str
    params: Mapping[str, Parameter] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A location and the first rule that lost it."""

    site: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Leg:
    """What leaves from one location: {line: quantity}."""

    site: int
    quantities: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """The decision. No legs: nothing can ship from anywhere, and `rejected` says why.

    `flip` is the smallest change after which one location, another than now, would ship everything.
    """

    legs: tuple[Leg, ...]
    rejected: tuple[Rejected, ...]
    chosen: Reason
    flip: Reason | None = None


_Goods: TypeAlias = Mapping[int, int]
_Team: TypeAlias = Sequence[Site]


def route(needs: Sequence[Need], sites: Sequence[Site], country: str | None) -> Plan:
    """Fewest parcels first, then the better rank; exact for up to eight candidates.

    Among more, one that has everything is still found, and some team wherever there is one.
    """
    goods = _goods(needs)
    if not goods:
        return Plan((), (), Reason("route.nothing_open"))
    ranked = sorted(sites, key=_place)
    obstacles = {site.id: tuple(_obstacles(site, country)) for site in ranked}
    pool = _pool([site for site in ranked if not obstacles[site.id] and _has_any(site, goods)], goods)
    team = _team(pool, goods)
    rejected = tuple(
        Rejected(site.id, obstacles[site.id][0] if obstacles[site.id] else _why_not(site, team, pool, goods))
        for site in ranked
        if site not in team
    )
    return Plan(_legs(needs, team), rejected, _why(team), _flip(ranked, obstacles, team, goods))


def _goods(needs: Sequence[Need]) -> _Goods:
    goods: dict[int, int] = defaultdict(int)
    for need in needs:
        if need.quantity > 0:
            goods[need.item] += need.quantity
    return goods


def _place(site: Site) -> tuple[int, int]:
    return site.rank, site.id


def _obstacles(site: Site, country: str | None) -> Iterator[Reason]:
    """What keeps a location out whatever it has, in the order in which it is asked."""
    if not site.is_open:
        yield Reason("route.closed")
    if not site.has_carrier:
        yield Reason("route.no_carrier")
    if site.countries is not None and country not in site.countries:
        yield Reason("route.not_served", {"country": country or "?"})


def _has_any(site: Site, goods: _Goods) -> bool:
    return any(site.stock.get(item, 0) > 0 for item in goods)


def _lacks(team: _Team, goods: _Goods) -> dict[int, int]:
    """What these locations do not have, even together."""
    lacks = {item: wanted - _there(team, item) for item, wanted in goods.items()}
    return {item: missing for item, missing in lacks.items() if missing > 0}


def _covers(team: _Team, goods: _Goods) -> bool:
    return not _lacks(team, goods)


def _there(team: _Team, item: int) -> int:
    if len(team) == 1:
        return team[0].stock.get(item, 0)
    return sum([site.stock.get(item, 0) for site in team])


def _pool(fit: _Team, goods: _Goods) -> _Team:
    """Whose combinations are compared: nobody if all together lack something, else all, or the most promising.

    Promising are those that take most of what is left, one after the other, and then the best ranked.
    """
    if not _covers(fit, goods):
        return ()
    if len(fit) <= EXACT_SITES:
        return fit
    greedy: list[Site] = []
    while left := _lacks(greedy, goods):
        greedy.append(max((site for site in fit if site not in greedy), key=lambda site: _takes(site, left)))
    others = [site for site in fit if site not in greedy]
    return sorted([*greedy, *others[: max(0, EXACT_SITES - len(greedy))]], key=_place)


def _takes(site: Site, left: _Goods) -> int:
    return sum(min(wanted, max(site.stock.get(item, 0), 0)) for item, wanted in left.items())


def _team(pool: _Team, goods: _Goods) -> _Team:
    """The fewest locations that have everything together; among equals the best ranked."""
    for size in range(1, min(len(pool), EXACT_SITES) + 1):
        teams = [team for team in combinations(pool, size) if _covers(team, goods)]
        if teams:
            return min(teams, key=lambda team: [site.rank for site in team])
    return pool


def _why(team: _Team) -> Reason:
    if not team:
        return Reason("route.nowhere")
    return Reason("route.one_parcel" if len(team) == 1 else "route.split", {"parcels": len(team)})


def _why_not(site: Site, team: _Team, pool: _Team, goods: _Goods) -> Reason:
    """Why a location that may ship does not: others are better, it would take more parcels, it lacks goods."""
    others = [other for other in pool if other is not site]
    if team and any(_covers((site, *rest), goods) for rest in combinations(others, len(team) - 1)):
        return Reason("route.ranked_lower", {"rank": site.rank, "best": team[0].rank})
    if len(team) > 1 and _has_any(site, goods):
        return Reason("route.more_parcels", {"parcels": len(team)})
    item, missing = max(_lacks((site,), goods).items(), key=lambda lack: lack[1])
    return Reason("route.short", {"item": item, "missing": _shown(missing)})


def _shown(quantity: int) -> str:
    return str(from_micro(quantity))


def _legs(needs: Sequence[Need], team: _Team) -> tuple[Leg, ...]:
    """A line leaves from the first location that has all of it, else from several."""
    left = {site.id: defaultdict(int, site.stock) for site in team}
    legs: dict[int, dict[int, int]] = {site.id: {} for site in team}
    for need in needs:
        wanted = need.quantity
        for site in sorted(left, key=lambda site: left[site][need.item] < need.quantity):
            taken = min(wanted, left[site][need.item])
            if taken > 0:
                left[site][need.item] -= taken
                legs[site][need.line] = taken
                wanted -= taken
    return tuple(Leg(site, quantities) for site, quantities in legs.items())


_OPENED = {
    "route.closed": "route.flip_opened",
    "route.no_carrier": "route.flip_carrier",
    "route.not_served": "route.flip_served",
}


def _flip(ranked: _Team, obstacles: Mapping[int, Sequence[Reason]], team: _Team, goods: _Goods) -> Reason | None:
    """One location that would ship everything if what shuts it out fell, or if it had what it lacks."""
    rivals = [site for site in ranked if len(team) != 1 or _place(site) < _place(team[0])]
    changes = [change for site in rivals for change in _changes(site, obstacles[site.id], goods)]
    return min(changes, key=lambda change: change[:2])[2] if changes else None


def _changes(site: Site, shut: Sequence[Reason], goods: _Goods) -> Iterator[tuple[int, int, Reason]]:
    """What one location would need, with the number of changes and the quantity: the smaller the better."""
    lacks = _lacks((site,), goods)
    if not shut and len(lacks) == 1:
        [(item, missing)] = lacks.items()
        params: dict[str, Parameter] = {"site": site.code, "item": item, "missing": _shown(missing)}
        yield 1, missing, Reason("route.flip", params)
    elif not shut:
        yield len(lacks), sum(lacks.values()), Reason("route.flip_goods", {"site": site.code, "items": len(lacks)})
    elif len(shut) == 1 and not lacks:
        yield 1, 0, Reason(_OPENED[shut[0].code], {"site": site.code, **shut[0].params})
