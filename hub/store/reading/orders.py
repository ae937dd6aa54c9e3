"""Lists of orders, newest first, with why they wait."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select

from hub.core.money import Money
from hub.store.reading.said import Said, said
from hub.store.tables import ConnectionRow, HoldRow, OrderRow
from hub.store.work import View


class OrderSeen(NamedTuple):
    """An order in a list."""

    id: int
    number: str
    channel: str
    state: str
    placed_at: datetime | None
    received_at: datetime
    total: Money
    country: str | None
    is_test: bool
    is_cancelling: bool
    holds: tuple[Said, ...]


class OrderFilter(NamedTuple):
    """Which orders: `before` an id goes on where a list ended."""

    state: str | None = None
    channel: str | None = None
    held: bool = False
    before: int | None = None
    ids: tuple[int, ...] | None = None


def orders(view: View, wanted: OrderFilter, limit: int) -> list[OrderSeen]:
    """The newest orders that fit."""
    statement = (
        select(
            OrderRow.id,
            OrderRow.number,
            ConnectionRow.name,
            OrderRow.state,
            OrderRow.placed_at,
            OrderRow.received_at,
            OrderRow.total,
            OrderRow.currency,
            OrderRow.country,
            OrderRow.is_test,
            OrderRow.cancel_code,
        )
        .join(
            ConnectionRow,
            and_(ConnectionRow.tenant_id == OrderRow.tenant_id, ConnectionRow.id == OrderRow.connection_id),
        )
        .where(OrderRow.tenant_id == view.tenant)
    )
    if wanted.state is not None:
        statement = statement.where(OrderRow.state == wanted.state)
    if wanted.channel is not None:
        statement = statement.where(ConnectionRow.name == wanted.channel)
    if wanted.before is not None:
        statement = statement.where(OrderRow.id < wanted.before)
    if wanted.ids is not None:
        statement = statement.where(view.by_ids(OrderRow.id, wanted.ids))
    if wanted.held:
        statement = statement.where(or_(OrderRow.open_holds > 0, _line_held()))
    rows = view.all(statement.order_by(OrderRow.id.desc()).limit(limit))
    holds = open_holds(view, [row.id for row in rows])
    return [
        OrderSeen(
            id=row.id,
            number=row.number,
            channel=row.name,
            state=row.state,
            placed_at=row.placed_at,
            received_at=row.received_at,
            total=Money(row.total, row.currency),
            country=row.country,
            is_test=row.is_test,
            is_cancelling=row.cancel_code is not None,
            holds=tuple(holds.get(row.id, ())),
        )
        for row in rows
    ]


def _line_held() -> ColumnElement[bool]:
    return (
        select(HoldRow.id)
        .where(HoldRow.tenant_id == OrderRow.tenant_id, HoldRow.order_id == OrderRow.id, HoldRow.closed_at.is_(None))
        .correlate(OrderRow)
        .exists()
    )


def open_holds(view: View, ids: Sequence[int]) -> Mapping[int, Sequence[Said]]:
    """Why these orders, or lines of them, wait; oldest first."""
    rows = view.all(
        select(HoldRow.order_id, HoldRow.code, HoldRow.params)
        .where(HoldRow.tenant_id == view.tenant, view.by_ids(HoldRow.order_id, ids), HoldRow.closed_at.is_(None))
        .order_by(HoldRow.id)
    )
    found: dict[int, list[Said]] = defaultdict(list)
    for row in rows:
        found[row.order_id].append(said(row.code, row.params))
    return found


def latest_numbers(view: View, limit: int) -> list[str]:
    """Numbers of the newest orders, to find what somebody may have mistyped."""
    newest = select(OrderRow.number).where(OrderRow.tenant_id == view.tenant).order_by(OrderRow.id.desc()).limit(limit)
    return view.scalars(newest)
