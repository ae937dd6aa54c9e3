"""Reserved orders become fulfilments: from where, in how many parcels, and why there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from hub.core.routing import Leg, Need, Plan, Reason, Site, route
from hub.core.states import OrderState as S
from hub.core.states import follow
from hub.core.stock import Promise
from hub.pipeline.hub import Hub
from hub.pipeline.steps import Move, Moves
from hub.store import orders, shipping, stock
from hub.store.orders import Hold, LineState, Summary
from hub.store.shipping import Draft
from hub.store.stock import Position, Reserved
from hub.store.travellers import Head
from hub.store.work import Work

Explained = dict[str, object]


class Case(NamedTuple):
    """One order with what is reserved for it and not planned yet."""

    order: Summary
    lines: Mapping[int, LineState]
    reserved: Sequence[Reserved]


def plan_fulfilments(hub: Hub, work: Work, heads: Sequence[Head]) -> Moves:
    """Choose locations for what is reserved; a reservation may move to the chosen one."""
    cases = _cases(work, [head.id for head in heads])
    items = {line.item_id for case in cases for line in case.lines.values() if line.item_id is not None}
    shelves = {position.id: position for position in stock.positions(work, items)}
    by_item: dict[int, list[Position]] = defaultdict(list)
    for position in shelves.values():
        by_item[position.item_id].append(position)
    ranks = stock.ranked_locations(work, {case.order.connection_id for case in cases})
    sites = stock.sites(work)
    decided: list[tuple[Case, Plan]] = []
    for case in cases:
        plan = _decide(case, by_item, ranks[case.order.connection_id], sites)
        fits = not plan.legs or _fits(case, plan, shelves)
        decided.append((case, plan) if fits else _rearranged(work, case, plan, shelves))
    planned = [(case, draft) for case, plan in decided for draft in _drafts(case, plan, sites)]
    _tie(work, planned, shipping.make(work, [draft for _, draft in planned]), shelves)
    lost = [case.order.id for case, plan in decided if not plan.legs]
    orders.open_holds(work, [Hold(order, "route.nowhere", {}) for order in lost])
    return [_move(work, case, plan) for case, plan in decided]


def _cases(work: Work, ids: Sequence[int]) -> list[Case]:
    lines = orders.lines_of(work, ids)
    known = orders.summaries(work, ids)
    mine: dict[int, list[Reserved]] = defaultdict(list)
    owners = {line.id: order for order, found in lines.items() for line in found}
    for found in stock.reservations(work, sorted(owners)):
        if found.fulfilment_line_id is None:
            mine[owners[found.order_line_id]].append(found)
    return [Case(known[order], {line.id: line for line in found}, mine[order]) for order, found in lines.items()]


def _decide(
    case: Case, shelves: Mapping[int, Sequence[Position]], ranks: Mapping[int, int], sites: Mapping[int, stock.Site]
) -> Plan:
    needs = [
        Need(line.id, line.item_id, line.reserved) for line in case.lines.values() if line.item_id and line.reserved
    ]
    held = stock.summed((found.position_id, found.quantity) for found in case.reserved)
    there: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for item in {need.item for need in needs}:
        for position in shelves.get(item, ()):
            free = position.on_hand - position.reserved + held.get(position.id, 0)
            there[position.location_id][item] += free
    candidates = [
        Site(
            site.id,
            site.code,
            ranks[site.id],
            there[site.id],
            is_open=site.is_open,
            has_carrier=site.carrier_id is not None,
        )
        for site in sites.values()
        if site.id in ranks
    ]
    return route(needs, candidates, case.order.country)


def _fits(case: Case, plan: Plan, shelves: Mapping[int, Position]) -> bool:
    """The goods are reserved where the plan wants them."""
    return _spread(case, shelves) == {leg.site: dict(leg.quantities) for leg in plan.legs}


def _spread(case: Case, shelves: Mapping[int, Position]) -> dict[int, dict[int, int]]:
    """Where the order's goods are reserved now: {location: {line: quantity}}."""
    spread: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for found in case.reserved:
        spread[shelves[found.position_id].location_id][found.order_line_id] += found.quantity
    return {location: dict(lines) for location, lines in spread.items()}


def _rearranged(work: Work, case: Case, plan: Plan, shelves: Mapping[int, Position]) -> tuple[Case, Plan]:
    """Move reservations to the chosen locations; where the goods are gone meanwhile the first guess stays."""
    free = stock.lock_positions(work, {line.item_id for line in case.lines.values() if line.item_id is not None})
    own = stock.summed((found.position_id, found.quantity) for found in case.reserved)
    left = {position.id: position.on_hand - position.reserved + own.get(position.id, 0) for position in free}
    promises = _promises(case, plan, free, left)
    if promises is None:
        legs = tuple(Leg(location, lines) for location, lines in _spread(case, shelves).items())
        return case, Plan(legs, plan.rejected, Reason("route.as_reserved"), plan.flip)
    stock.release(work, case.reserved)
    stock.promise(work, promises)
    fresh = [found for found in stock.reservations(work, sorted(case.lines)) if found.fulfilment_line_id is None]
    return case._replace(reserved=fresh), plan


def _promises(case: Case, plan: Plan, free: Iterable[Position], left: dict[int, int]) -> list[Promise] | None:
    """The plan as reservations, `None` when it cannot be kept any more."""
    at: dict[tuple[int, int], list[int]] = defaultdict(list)
    for position in free:
        at[position.location_id, position.item_id].append(position.id)
    promises = []
    for leg in plan.legs:
        for line, quantity in leg.quantities.items():
            item, missing = case.lines[line].item_id or 0, quantity
            for shelf in at[leg.site, item]:
                taken = min(missing, left[shelf])
                if taken > 0:
                    left[shelf] -= taken
                    missing -= taken
                    promises.append(Promise(case.order.id, line, item, shelf, leg.site, taken))
            if missing:
                return None
    return promises


def _drafts(case: Case, plan: Plan, sites: Mapping[int, stock.Site]) -> list[Draft]:
    order = case.order
    why = explained(plan)
    return [
        Draft(
            location_id=leg.site,
            company_id=sites[leg.site].company_id,
            connection_id=order.connection_id,
            party_id=order.party_id,
            key_id=order.key_id,
            carrier_id=sites[leg.site].carrier_id,
            lane=order.lane,
            why=why,
            quantities=leg.quantities,
        )
        for leg in plan.legs
    ]


def explained(plan: Plan) -> Explained:
    """A plan as it is stored beside the fulfilment: codes with parameters, worded by faces."""
    return {
        "chosen": _said(plan.chosen),
        "rejected": [{"site": each.site, **_said(each.reason)} for each in plan.rejected],
        "flip": None if plan.flip is None else _said(plan.flip),
    }


def _said(reason: Reason) -> Explained:
    return {"code": reason.code, "params": dict(reason.params)}


def _tie(
    work: Work,
    planned: Sequence[tuple[Case, Draft]],
    made: Mapping[int, Mapping[int, int]],
    shelves: Mapping[int, Position],
) -> None:
    """Reservations leave with the fulfilment lines; the goods count as planned from here on."""
    ties: dict[int, int] = {}
    changes: dict[int, dict[str, int]] = defaultdict(lambda: {"reserved": 0, "planned": 0})
    for (case, draft), lines in zip(planned, made.values(), strict=True):
        for found in case.reserved:
            if shelves[found.position_id].location_id == draft.location_id and found.order_line_id in lines:
                ties[found.id] = lines[found.order_line_id]
        for line, quantity in draft.quantities.items():
            changes[line]["reserved"] -= quantity
            changes[line]["planned"] += quantity
    if ties:
        stock.plan_into(work, ties)
    orders.count(work, changes)


def _move(work: Work, case: Case, plan: Plan) -> Move:
    if not plan.legs:
        return Move(case.order.id, "route.nowhere", due=work.now)
    planned = stock.summed((line, quantity) for leg in plan.legs for line, quantity in leg.quantities.items())
    after = [
        line.counters._replace(
            reserved=line.reserved - planned.get(line.id, 0), planned=line.planned + planned.get(line.id, 0)
        )
        for line in case.lines.values()
        if line.carries_stock
    ]
    under_way = any(line.planned or line.handed_over for line in case.lines.values())
    state = follow(after, released=under_way)
    return Move(case.order.id, "order.routed", state, {"parcels": len(plan.legs), "left": state == S.BACKORDERED})
