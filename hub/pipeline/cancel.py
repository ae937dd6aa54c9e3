"""Cancelling: as far as it can still be done, and never behind the back of a carrier.

Open demand is dropped, reservations are released. A fulfilment is taken back up to *labelled*: what was only
planned outside is withdrawn, what was sent is waited for, a bought label is voided. What left stays sold.
A fulfilment whose address is no longer its order's is taken back in the same way, and routed anew.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hub.core.failures import Parameter
from hub.core.states import EffectState as E
from hub.core.states import FulfilmentState as F
from hub.core.states import OrderState as S
from hub.core.states import follow
from hub.core.units import from_micro
from hub.pipeline.hub import Hub
from hub.pipeline.shipping import planned
from hub.pipeline.steps import Move, Moves, advance
from hub.sdk.capabilities import Capability, PushesCancels
from hub.store import effects, orders, shipping, stock, travellers
from hub.store.connections import Flow, Switch, connection
from hub.store.effects import Plan
from hub.store.orders import LineState, Wish
from hub.store.travellers import Head
from hub.store.work import Work

IN_FLIGHT = frozenset({E.SENDING, E.SUBMITTED, E.IN_DOUBT})
RECALLABLE = frozenset({F.PLANNED, F.RELEASED, F.LABELLED})
FRESH = frozenset({S.RECEIVED, S.ACCEPTED})
MOVED = "order.moved"
"""The wish of an order whose address changed when labels were on their way already."""


class Recall(NamedTuple):
    """Which fulfilments can be taken back now, whether an outcome is awaited first, which left for an old address."""

    fulfilments: tuple[int, ...]
    waits: bool
    astray: tuple[int, ...]


def cancel_orders(hub: Hub, work: Work, heads: Sequence[Head]) -> Moves:
    """Cancel what was asked for, order by order: cancels are rare and each has its own story."""
    wishes = orders.wishes(work, [head.id for head in heads])
    return [move for head in heads for move in _cancel(hub, work, head, wishes[head.id])]


def _cancel(hub: Hub, work: Work, head: Head, wish: Wish) -> list[Move]:
    lines = [line for line in orders.lines_of(work, [head.id])[head.id] if line.to_cancel]
    recall = _recall(work, head.id, [line for line in lines if line.to_cancel > line.open + line.reserved])
    if recall.waits:
        return [Move(head.id, "order.cancel_waits", params={"for": "carrier"})]
    take_back(work, recall.fulfilments)
    lines = [line for line in orders.lines_of(work, [head.id])[head.id] if line.to_cancel]
    done = _drop(work, lines)
    orders.end_cancel(work, head.id)
    late = {
        line.sku or line.external_id: line.to_cancel - done[line.id] for line in lines if line.to_cancel > done[line.id]
    }
    moves = _told(work, head, wish, late)
    if recall.astray:
        moves.insert(0, Move(head.id, "order.moved_too_late", params={"parcels": len(recall.astray)}))
    if wish.code == "cancel.operator" and not late:
        _tell_channel(hub, work, head.id, wish)
    shipping.awake(work, shipping.fulfilments_of(work, [head.id])[head.id])
    return moves


def _recall(work: Work, order: int, lines: Sequence[LineState]) -> Recall:
    """Fulfilments that hold what is to be cancelled, or go to an old address, as far as they are in the house."""
    wanted = {line.id for line in lines}
    numbers = shipping.fulfilments_of(work, [order])[order]
    travellers.lock_fulfilments(work, numbers)
    known = shipping.fulfilments(work, numbers)
    held = shipping.leaving(work, numbers) if numbers else {}
    party = orders.summaries(work, [order])[order].party_id
    astray = [number for number in numbers if known[number].party_id != party]
    unwanted = [number for number in numbers if any(line.order_line_id in wanted for line in held[number])]
    ours = sorted({number for number in (*astray, *unwanted) if known[number].state in RECALLABLE})
    flying = [effect for effect in effects.open_of(work, "fulfilment", ours) if effect.state in IN_FLIGHT]
    gone = tuple(number for number in astray if known[number].state == F.HANDED_OVER)
    return Recall(tuple(ours), waits=bool(flying), astray=gone)


def take_back(work: Work, numbers: Sequence[int]) -> None:
    """Cancel fulfilments: their goods are reserved again, bought labels are voided."""
    if not numbers:
        return
    known = shipping.fulfilments(work, numbers)
    open_effects = effects.open_of(work, "fulfilment", numbers)
    effects.withdraw(work, [effect for effect in open_effects if effect.state == E.PLANNED], "fulfilment.not_wanted")
    labels = {
        effect.subject_id: effect
        for effect in effects.about(work, "fulfilment", numbers, Capability.BOOKING)
        if effect.state == E.CONFIRMED
    }
    effects.plan(
        work,
        [planned(work, known[n], Capability.VOID, after=labels[n].id) for n in numbers if n in labels],
    )
    lines = [line for found in shipping.leaving(work, numbers).values() for line in found]
    stock.untie(work, [line.id for line in lines])
    back = stock.summed((line.order_line_id, line.quantity) for line in lines)
    orders.count(work, {line: {"planned": -quantity, "reserved": quantity} for line, quantity in back.items()})
    heads = travellers.heads(work, travellers.FULFILMENT, numbers)
    advance(work, travellers.FULFILMENT, [Move(n, "fulfilment.cancelled", F.CANCELLED) for n in numbers], heads)


def _drop(work: Work, lines: Sequence[LineState]) -> dict[int, int]:
    """Cancel open demand first, then release reservations, newest first; answers what was cancelled per line."""
    done: dict[int, int] = {}
    changes: dict[int, dict[str, int]] = {}
    stock.lock_positions(work, {line.item_id for line in lines if line.item_id is not None and line.reserved})
    held = stock.reservations(work, [line.id for line in lines])
    for line in lines:
        dropped = min(line.open, line.to_cancel)
        released = min(line.reserved, line.to_cancel - dropped)
        mine = [found for found in held if found.order_line_id == line.id and found.fulfilment_line_id is None]
        stock.give_back(work, list(reversed(mine)), released)
        done[line.id] = dropped + released
        changes[line.id] = {
            "cancelled": dropped + released,
            "reserved": -released,
            "to_cancel": -line.to_cancel,
        }
    orders.count(work, changes)
    stock.touch_feeds(work, {line.item_id for line in lines if line.item_id is not None})
    return done


def _told(work: Work, head: Head, wish: Wish, late: Mapping[str, int]) -> list[Move]:
    lines = orders.lines_of(work, [head.id])[head.id]
    state = follow([line.counters for line in lines if line.carries_stock], released=True)
    moves = []
    if late:
        params: dict[str, Parameter] = {
            "sku": ", ".join(late),
            "quantity": str(from_micro(sum(late.values()))),
        }
        moves.append(Move(head.id, "order.cancel_too_late", params=params))
    if state == S.CANCELLED:
        return [*moves, Move(head.id, "order.cancelled", S.CANCELLED, wish.params)]
    stays = head.state in FRESH or state == head.state
    to = None if stays or head.state not in WORKING else state
    if not late:
        event = MOVED if wish.code == MOVED else "order.lines_cancelled"
        moves.append(Move(head.id, event, to, wish.params, due=work.now))
    elif to is not None:
        moves.append(Move(head.id, "", to, due=work.now))
    return moves


WORKING = frozenset({S.RESERVED, S.BACKORDERED, S.ROUTED, S.FULFILLING, S.FULFILLED})


def _tell_channel(hub: Hub, work: Work, order: int, wish: Wish) -> None:
    """A cancel of ours is told to the channel, if it can be told."""
    summary = orders.summaries(work, [order])[order]
    channel = connection(work, summary.connection_id)
    switch = channel.switch(Flow.STATUS_OUT)
    if switch is Switch.OFF or not isinstance(hub.connector(channel), PushesCancels):
        return
    about = f"order/{order}"
    due = work.now if switch is Switch.ON else None
    plan = Plan(channel.id, Capability.CANCEL, about, "order", order, summary.key_id, due, part_id=order)
    effects.plan(work, [plan])
