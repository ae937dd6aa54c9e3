"""Stock is promised to a whole batch of orders in one pass."""

from collections.abc import Mapping, Sequence

from hub.core.failures import Parameter
from hub.core.states import OrderState as S
from hub.core.stock import Dealt, Demand, Shortage, deal
from hub.core.units import from_micro
from hub.pipeline import finance
from hub.pipeline.hub import Hub
from hub.pipeline.steps import Move, Moves, advance
from hub.store import orders, stock, travellers
from hub.store.orders import LineState, Summary
from hub.store.travellers import Head
from hub.store.work import Work

WAITING = 500
"""So many backordered orders at most are dealt with in the pass of a new batch."""


def reserve_stock(hub: Hub, work: Work, heads: Sequence[Head]) -> Moves:
    """Promise stock to orders, first come first served; older orders that wait for the same goods are dealt first."""
    mine = orders.lines_of(work, [head.id for head in heads])
    wanted = {line.item_id for found in mine.values() for line in found if line.item_id and line.open > 0}
    elders = _elders(work, heads, sorted(wanted))
    lines = {**orders.lines_of(work, [head.id for head in elders]), **mine} if elders else mine
    known = orders.summaries(work, sorted(lines))
    demands = _demands(work, known, lines)
    positions = stock.lock_positions(work, {demand.item for demand in demands}) if demands else []
    dealt = deal(demands, [position.shelf for position in positions])
    _promise(work, dealt)
    everybody = {head.id: head for head in (*heads, *elders)}
    moves = _moves(work, everybody, known, lines, dealt)
    finance.invoice_goodless(hub, work, [move.id for move in moves if move.to == S.FULFILLED])
    advance(work, travellers.ORDER, [move for move in moves if move.id not in mine], everybody)
    return [move for move in moves if move.id in mine]


def _elders(work: Work, heads: Sequence[Head], items: Sequence[int]) -> list[Head]:
    """Orders that waited before and may have what is there now; locked, unless somebody else works on them."""
    mine = {head.id for head in heads}
    others = [order for order in orders.waiting_for(work, items, WAITING) if order not in mine] if items else []
    return travellers.seize(work, travellers.ORDER, (S.BACKORDERED,), others) if others else []


def _demands(work: Work, known: Mapping[int, Summary], lines: Mapping[int, Sequence[LineState]]) -> list[Demand]:
    locations = stock.ranked_locations(work, {order.connection_id for order in known.values()})
    asked = {connection: tuple(ranks) for connection, ranks in locations.items()}
    return [
        Demand(order.id, line.id, line.item_id, line.open, asked[order.connection_id])
        for order in sorted(known.values(), key=lambda order: (-order.priority, order.id))
        for line in lines[order.id]
        if line.item_id is not None and line.carries_stock and line.open > 0
    ]


def _promise(work: Work, dealt: Dealt) -> None:
    if not dealt.promises:
        return
    stock.promise(work, dealt.promises)
    given = stock.summed((promise.line, promise.quantity) for promise in dealt.promises)
    orders.count(work, {line: {"reserved": quantity} for line, quantity in given.items()})
    stock.touch_feeds(work, {promise.item for promise in dealt.promises})


def _moves(
    work: Work,
    heads: Mapping[int, Head],
    known: Mapping[int, Summary],
    lines: Mapping[int, Sequence[LineState]],
    dealt: Dealt,
) -> list[Move]:
    given = stock.summed((promise.line, promise.quantity) for promise in dealt.promises)
    short = {shortage.order: shortage for shortage in reversed(dealt.shortages)}
    names = stock.skus(work, {shortage.item for shortage in short.values()}) if short else {}
    moves = []
    for order, found in lines.items():
        goods = [line for line in found if line.carries_stock]
        has = sum(line.reserved + given.get(line.id, 0) for line in goods)
        lacks = sum(line.open - given.get(line.id, 0) for line in goods)
        if not goods:
            moves.append(Move(order, "order.nothing_to_ship", S.FULFILLED, due=work.now))
        elif has and not (lacks and known[order].ship_complete):
            moves.append(Move(order, "order.reserved", S.RESERVED, due=work.now))
        else:
            news = "" if heads[order].state == S.BACKORDERED else "order.short"
            moves.append(Move(order, news, S.BACKORDERED, _lack(short.get(order), names)))
    return moves


def _lack(shortage: Shortage | None, names: Mapping[int, str]) -> dict[str, Parameter]:
    """What is missing; an order without a shortage waits for its listings to be mapped."""
    if shortage is None:
        return {"item": "", "missing": "", "wanted": ""}
    amounts = {"missing": shortage.missing, "wanted": shortage.wanted}
    return {
        "item": names[shortage.item],
        **{name: str(from_micro(amount)) for name, amount in amounts.items()},
    }
