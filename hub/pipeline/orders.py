"""Review of new orders, cancelling and completing."""

from collections.abc import Sequence

from hub.core import json
from hub.core.failures import Parameter
from hub.core.states import OrderState as S
from hub.pipeline.hub import Hub
from hub.pipeline.steps import Move, Moves
from hub.store import orders, review
from hub.store.connections import connections
from hub.store.orders import Hold
from hub.store.travellers import Head
from hub.store.work import Work

STOPS = ("total.differs", "order.unpaid", "order.placed_when")
"""Findings that hold an order for a person or for a later word of the channel."""


def review_orders(hub: Hub, work: Work, heads: Sequence[Head]) -> Moves:
    """Let an order in, put history and strangers' parcels aside, or hold it with the reason."""
    cases = review.cases(work, [head.id for head in heads])
    known = connections(work, sorted({case.connection_id for case in cases.values()}))
    moves, holds, gone = [], [], []
    for head in heads:
        case = cases[head.id]
        found: dict[str, dict[str, Parameter]] = json.loads(case.findings.encode()) if case.findings else {}  # type: ignore[assignment]  # our own
        aside = _aside(case, known[case.connection_id].cut_over_at, found)
        if aside is not None:
            moves.append(aside)
            gone += [head.id] if aside.to == S.CANCELLED else []
            continue
        stops = [Hold(head.id, code, found[code]) for code in STOPS if code in found]
        holds += stops
        accepted = Move(head.id, "order.accepted", S.ACCEPTED, due=work.now)
        moves.append(Move(head.id, "order.held", params={"code": stops[0].code}, due=work.now) if stops else accepted)
    orders.open_holds(work, holds)
    _cancel_all(work, gone)
    return moves


def _aside(case: review.Case, cut_over: object, found: dict[str, dict[str, Parameter]]) -> Move | None:
    if case.placed_at is not None and case.placed_at < cut_over:  # type: ignore[operator]  # a time as well
        return Move(case.id, "order.history", S.ARCHIVED)
    if "order.cancelled" in found:
        return Move(case.id, "order.cancelled", S.CANCELLED, {"by": "channel"})
    if not case.is_ours:
        return Move(case.id, "order.not_ours", S.ARCHIVED)
    if "order.shipped_elsewhere" in found:
        return Move(case.id, "order.shipped_elsewhere", S.ARCHIVED)
    return None


def _cancel_all(work: Work, ids: Sequence[int]) -> None:
    lines = orders.lines_of(work, ids) if ids else {}
    orders.count(
        work,
        {line.id: {"cancelled": line.ordered} for found in lines.values() for line in found if line.ordered},
    )


def complete_orders(hub: Hub, work: Work, heads: Sequence[Head]) -> Moves:
    """Done is delivered and settled: every fulfilment final, every receivable settled."""
    waiting = review.unfinished(work, [head.id for head in heads])
    return [
        Move(head.id, "") if head.id in waiting else Move(head.id, "order.completed", S.COMPLETED) for head in heads
    ]
