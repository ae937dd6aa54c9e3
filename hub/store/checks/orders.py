"""Orders: counters of lines, the state that follows them, and open holds."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Select, Subquery, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hub.core.states import Counters, follow
from hub.core.states import OrderState as S
from hub.store.checks.offenders import offenders
from hub.store.checks.shipping import GONE, LIVE
from hub.store.tables import FulfilmentLineRow, FulfilmentRow, HoldRow, OrderLineRow, OrderRow, ReservationRow
from hub.store.work import View


def reserved(view: View) -> list[str]:
    """What is reserved for a line and leaves with no fulfilment yet."""
    return _differing(view, OrderLineRow.reserved, _reservations(view, "open", unplanned=True))


def planned(view: View) -> list[str]:
    """What leaves with fulfilments that are still in the house."""
    return _differing(view, OrderLineRow.planned, _leaving(view, LIVE))


def handed_over(view: View) -> list[str]:
    """What left with fulfilments is what was taken out of reservations."""
    left = _differing(view, OrderLineRow.handed_over, _leaving(view, GONE))
    return left or _differing(view, OrderLineRow.handed_over, _reservations(view, "shipped", unplanned=False))


def _reservations(view: View, state: str, *, unplanned: bool) -> Subquery:
    free = [ReservationRow.fulfilment_line_id.is_(None)] if unplanned else []
    return (
        select(ReservationRow.order_line_id.label("line"), func.sum(ReservationRow.quantity).label("quantity"))
        .where(ReservationRow.tenant_id == view.tenant, ReservationRow.state == state, *free)
        .group_by(ReservationRow.order_line_id)
        .subquery()
    )


def _leaving(view: View, states: tuple[str, ...]) -> Subquery:
    return (
        select(FulfilmentLineRow.order_line_id.label("line"), func.sum(FulfilmentLineRow.quantity).label("quantity"))
        .join(
            FulfilmentRow,
            and_(
                FulfilmentRow.tenant_id == FulfilmentLineRow.tenant_id,
                FulfilmentRow.id == FulfilmentLineRow.fulfilment_id,
            ),
        )
        .where(FulfilmentLineRow.tenant_id == view.tenant, FulfilmentRow.state.in_(states))
        .group_by(FulfilmentLineRow.order_line_id)
        .subquery()
    )


def _differing(view: View, counted: InstrumentedAttribute[int], sums: Subquery) -> list[str]:
    broken = (
        select(OrderLineRow.id)
        .outerjoin(sums, sums.c.line == OrderLineRow.id)
        .where(OrderLineRow.tenant_id == view.tenant, counted != func.coalesce(sums.c.quantity, 0))
    )
    return offenders(view, "line", OrderLineRow.id, broken)


def bounds(view: View) -> list[str]:
    """A line has no more than was ordered, and no more is to be cancelled than is still there."""
    line = OrderLineRow
    used = line.reserved + line.planned + line.handed_over + line.cancelled
    broken = select(line.id).where(
        line.tenant_id == view.tenant, or_(used > line.ordered, line.returned > line.handed_over)
    )
    return offenders(view, "line", line.id, broken)


def holds(view: View) -> list[str]:
    """An order knows how many holds are open on the whole of it."""
    counted = (
        select(HoldRow.order_id.label("order"), func.count().label("holds"))
        .where(HoldRow.tenant_id == view.tenant, HoldRow.closed_at.is_(None), HoldRow.order_line_id.is_(None))
        .group_by(HoldRow.order_id)
        .subquery()
    )
    broken = (
        select(OrderRow.id)
        .outerjoin(counted, counted.c.order == OrderRow.id)
        .where(OrderRow.tenant_id == view.tenant, OrderRow.open_holds != func.coalesce(counted.c.holds, 0))
    )
    return offenders(view, "order", OrderRow.id, broken)


class _Shape(NamedTuple):
    """All orders whose state and counters compare alike: the lowest number among them, and how many there are."""

    state: str
    released: bool
    lowest: int
    orders: int


FOLLOWING = (S.RESERVED, S.BACKORDERED, S.ROUTED, S.FULFILLING, S.FULFILLED, S.COMPLETED, S.CANCELLED)


def state(view: View) -> list[str]:
    """States follow counters. One order of each shape is judged, for the others of its shape are alike."""
    shapes = _shapes(view)
    counters = _counters(view, [shape.lowest for shape in shapes])
    return [
        f"order {shape.lowest} ({shape.state}), {shape.orders} like it"
        for shape in shapes
        if not stands(S(shape.state), counters[shape.lowest], released=shape.released)
    ]


def stands(found: S, counters: Counters, *, released: bool) -> bool:
    """Whether an order with these counters may be in this state.

    A partly reserved order is *reserved* until its route is known; what ended does not ask for releases.
    """
    right = follow([counters], released=released)
    if found is S.RESERVED:
        return counters.reserved > 0
    if found in {S.FULFILLED, S.COMPLETED}:
        return counters.handed_over + counters.cancelled == counters.ordered
    return right is found or (found is S.FULFILLING and right is S.ROUTED)


def _shapes(view: View) -> list[_Shape]:
    goods = _goods(view).subquery()
    under_way = (
        select(FulfilmentLineRow.id)
        .join(
            FulfilmentRow,
            and_(
                FulfilmentRow.tenant_id == FulfilmentLineRow.tenant_id,
                FulfilmentRow.id == FulfilmentLineRow.fulfilment_id,
            ),
        )
        .join(
            OrderLineRow,
            and_(
                OrderLineRow.tenant_id == FulfilmentLineRow.tenant_id,
                OrderLineRow.id == FulfilmentLineRow.order_line_id,
            ),
        )
        .where(
            OrderLineRow.tenant_id == view.tenant,
            OrderLineRow.order_id == OrderRow.id,
            FulfilmentRow.state.in_((*LIVE[1:], *GONE)),
        )
        .correlate(OrderRow)
        .exists()
    )
    used = goods.c.reserved + goods.c.planned + goods.c.handed_over + goods.c.cancelled
    compared = (
        select(
            OrderRow.id.label("id"),
            OrderRow.state.label("state"),
            under_way.label("released"),
            (goods.c.cancelled == goods.c.ordered).label("gone"),
            (goods.c.handed_over + goods.c.cancelled == goods.c.ordered).label("left"),
            (used < goods.c.ordered).label("open"),
            (goods.c.reserved > 0).label("reserved"),
        )
        .join(goods, goods.c.order_id == OrderRow.id)
        .where(OrderRow.tenant_id == view.tenant, OrderRow.state.in_([each.value for each in FOLLOWING]))
        .subquery()
    )
    signature = [compared.c[name] for name in ("state", "released", "gone", "left", "open", "reserved")]
    rows = view.all(
        select(compared.c.state, compared.c.released, func.min(compared.c.id), func.count())
        .group_by(*signature)
        .order_by(func.min(compared.c.id))
    )
    return [_Shape(row[0], bool(row[1]), row[2], row[3]) for row in rows]


def _goods(view: View) -> Select[int, int, int, int, int, int]:
    """The counters of each order's goods, added up."""
    line = OrderLineRow
    return (
        select(
            line.order_id,
            func.sum(line.ordered).label("ordered"),
            func.sum(line.cancelled).label("cancelled"),
            func.sum(line.reserved).label("reserved"),
            func.sum(line.planned).label("planned"),
            func.sum(line.handed_over).label("handed_over"),
        )
        .where(line.tenant_id == view.tenant, line.carries_stock)
        .group_by(line.order_id)
    )


def _counters(view: View, orders: list[int]) -> Mapping[int, Counters]:
    rows = view.all(_goods(view).where(view.by_ids(OrderLineRow.order_id, orders)))
    return {row[0]: Counters(*(int(value) for value in row[1:])) for row in rows}
