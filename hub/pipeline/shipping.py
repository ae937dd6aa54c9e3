"""From a planned fulfilment to goods that left: release, label, handing over, arrival."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from hub.core.states import FulfilmentState as F
from hub.core.states import OrderState as S
from hub.core.states import follow
from hub.core.tracking import TrackingStatus
from hub.pipeline import dispatch, finance
from hub.pipeline.hub import Hub
from hub.pipeline.steps import Move, Moves, advance
from hub.sdk.capabilities import Capability, QuotesRates
from hub.store import effects, orders, shipping, stock, travellers
from hub.store.connections import Flow, Switch, connections
from hub.store.effects import Plan
from hub.store.shipping import Fulfilment, Leaving
from hub.store.stock import Counterpart, Movement
from hub.store.travellers import Head
from hub.store.work import Work

WORKING = frozenset({S.ROUTED, S.FULFILLING, S.BACKORDERED, S.RESERVED})


def release(hub: Hub, work: Work, heads: Sequence[Head]) -> Moves:
    """Hand the fulfilments to their locations; the orders are under way from here on."""
    heads, waits = _wanted(work, heads)
    served = travellers.orders_of(work, [head.id for head in heads])
    known = travellers.heads(work, travellers.ORDER, served)
    moves = [Move(order, "order.fulfilling", S.FULFILLING) for order, head in known.items() if head.state == S.ROUTED]
    advance(work, travellers.ORDER, moves, known)
    return [*waits, *(Move(head.id, "fulfilment.released", F.RELEASED, due=work.now) for head in heads)]


def _wanted(work: Work, heads: Sequence[Head]) -> tuple[Sequence[Head], list[Move]]:
    """Nothing new is begun for an order that is being cancelled; the cancel wakes what it leaves."""
    by_fulfilment = {
        number: {line.order_id for line in found}
        for number, found in shipping.leaving(work, [head.id for head in heads]).items()
    }
    doomed = orders.cancelling(work, sorted({order for served in by_fulfilment.values() for order in served}))
    kept = [head for head in heads if not by_fulfilment[head.id] & doomed]
    return kept, [Move(head.id, "") for head in heads if by_fulfilment[head.id] & doomed]


def label(hub: Hub, work: Work, heads: Sequence[Head]) -> Moves:
    """Plan the label; the fulfilment waits for the carrier's answer."""
    heads, waits = _wanted(work, heads)
    mine = shipping.fulfilments(work, [head.id for head in heads])
    carriers = connections(work, sorted({f.carrier_id for f in mine.values() if f.carrier_id is not None}))
    plans, moves = [], list(waits)
    for head in heads:
        fulfilment = mine[head.id]
        carrier = carriers.get(fulfilment.carrier_id or 0)
        switch = Switch.OFF if carrier is None else carrier.switch(Flow.DOCUMENTS_OUT)
        if carrier is None or switch is Switch.OFF:
            moves.append(Move(head.id, "fulfilment.no_carrier"))
            continue
        quotes = isinstance(hub.connector(carrier), QuotesRates)
        capability = Capability.QUOTE if quotes else Capability.BOOKING
        plans.append(planned(work, fulfilment, capability, watch=switch is Switch.WATCH))
        moves.append(Move(head.id, "fulfilment.label_planned", params={"carrier": carrier.name}))
    effects.plan(work, plans)
    return moves


def planned(
    work: Work,
    fulfilment: Fulfilment,
    capability: Capability,
    *,
    watch: bool = False,
    after: int | None = None,
) -> Plan:
    """An effect at the carrier of a fulfilment."""
    return Plan(
        fulfilment.carrier_id or 0,
        capability.value,
        f"fulfilment/{fulfilment.id}",
        "fulfilment",
        fulfilment.id,
        fulfilment.key_id,
        None if watch else work.now,
        generation=fulfilment.generation,
        after_id=after,
        lane=fulfilment.lane,
    )


def hand_over(hub: Hub, work: Work, heads: Sequence[Head]) -> Moves:
    """Goods that left are sold, told to the channel and invoiced — side by side; labelled alone is not shipped."""
    heads, waits = _wanted(work, heads)
    ids = [head.id for head in heads]
    mine = shipping.fulfilments(work, ids)
    sites = stock.sites(work)
    bought = shipping.shipments(work, ids)
    gone = [
        number
        for number in ids
        if sites[mine[number].location_id].hands_over == "label"
        or any(shipment.handed_over_at is not None for shipment in bought[number])
    ]
    if gone:
        lines = shipping.leaving(work, gone)
        _sell(work, lines)
        served = _follow(work, lines)
        parts = [
            (mine[number], order) for number in gone for order in sorted({line.order_id for line in lines[number]})
        ]
        dispatch.report_shipped(work, parts)
        finance.invoice(hub, work, parts, lines, served)
    waits += [Move(number, "") for number in ids if number not in gone]
    return [*waits, *(Move(number, "fulfilment.handed_over", F.HANDED_OVER, due=work.now) for number in gone)]


def _sell(work: Work, lines: Mapping[int, Sequence[Leaving]]) -> None:
    """Book the sale: out of the positions that were reserved, to the customer."""
    all_lines = {line.id: line for found in lines.values() for line in found}
    reserved = [
        found
        for found in stock.reservations(work, sorted({line.order_line_id for line in all_lines.values()}))
        if found.fulfilment_line_id in all_lines
    ]
    stock.lock_positions(work, {line.item_id for line in all_lines.values()})
    stock.ship(work, reserved)
    stock.move(
        work,
        [
            Movement(
                f"sale/{found.id}",
                all_lines[found.fulfilment_line_id or 0].item_id,
                found.quantity,
                found.position_id,
                Counterpart.CUSTOMER,
                "stock.sold",
            )
            for found in reserved
        ],
    )
    changes: dict[int, dict[str, int]] = defaultdict(lambda: {"planned": 0, "handed_over": 0})
    for line in all_lines.values():
        changes[line.order_line_id]["planned"] -= line.quantity
        changes[line.order_line_id]["handed_over"] += line.quantity
    orders.count(work, changes)


def _follow(work: Work, lines: Mapping[int, Sequence[Leaving]]) -> list[int]:
    """Let the orders follow their counters; answers all orders that were served."""
    served = sorted({line.order_id for found in lines.values() for line in found})
    follow_counters(work, served)
    return served


def follow_counters(work: Work, served: Sequence[int]) -> None:
    """Move locked orders to where their line counters are; what became due is due now."""
    known = travellers.heads(work, travellers.ORDER, served)
    moves = []
    for order, found in orders.lines_of(work, served).items():
        state = follow([line.counters for line in found if line.carries_stock], released=True)
        if known[order].state in WORKING and state != known[order].state:
            moves.append(Move(order, f"order.{state.value}", state, {"by": work.actor}, due=work.now))
    advance(work, travellers.ORDER, moves, known)


def arrive(hub: Hub, work: Work, heads: Sequence[Head]) -> Moves:
    """Where the carrier says all parcels have ended, the fulfilment ends."""
    ids = [head.id for head in heads]
    bought = shipping.shipments(work, ids)
    moves = []
    for number in ids:
        statuses = {shipment.status for shipment in bought[number]}
        end = next((state for status, state in ENDS.items() if statuses == {status}), None)
        moves.append(Move(number, "") if end is None else Move(number, f"fulfilment.{end.value}", end))
    ended = [move.id for move in moves if move.to is not None]
    if ended:
        mine = shipping.fulfilments(work, ended)
        lines = shipping.leaving(work, ended)
        dispatch.report_arrived(
            work,
            [
                (mine[m.id], order)
                for m in moves
                if m.to == F.DELIVERED
                for order in {li.order_id for li in lines[m.id]}
            ],
        )
        orders.awake(work, {line.order_id for found in lines.values() for line in found})
    return moves


ENDS: Mapping[str, F] = {
    TrackingStatus.DELIVERED.value: F.DELIVERED,
    TrackingStatus.RETURNED.value: F.RETURNED,
    TrackingStatus.LOST.value: F.LOST,
}
