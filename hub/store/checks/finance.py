"""Receivables: each once, and together what the order costs."""

from sqlalchemy import Subquery, and_, case, distinct, func, or_, select

from hub.store.checks.offenders import offenders
from hub.store.checks.shipping import GONE
from hub.store.tables import EventRow, FulfilmentLineRow, FulfilmentRow, OrderLineRow, OrderRow, ReceivableRow
from hub.store.work import View


def once(view: View) -> list[str]:
    """One document per order, kind and sequence."""
    broken = (
        select(ReceivableRow.order_id)
        .where(ReceivableRow.tenant_id == view.tenant)
        .group_by(ReceivableRow.order_id, ReceivableRow.kind, ReceivableRow.sequence)
        .having(func.count() > 1)
    )
    return offenders(view, "order", ReceivableRow.order_id, broken)


def total(view: View) -> list[str]:
    """Invoices less credits are never more than their order, and all of it once all of it left.

    An order whose channel changed it after the first invoice is left out until credits follow the change.
    """
    billed, gone = _billed(view), _gone(view)
    changed = (
        select(EventRow.id)
        .where(
            EventRow.tenant_id == view.tenant,
            EventRow.subject == "order",
            EventRow.subject_id == OrderRow.id,
            EventRow.name == "order.changed",
            EventRow.at >= billed.c.first_at,
        )
        .correlate(OrderRow, billed)
        .exists()
    )
    complete = and_(OrderRow.state.in_(["fulfilled", "completed"]), gone.c.cancelled == 0, gone.c.left == billed.c.left)
    broken = (
        select(OrderRow.id)
        .join(billed, billed.c.order_id == OrderRow.id)
        .outerjoin(gone, gone.c.order_id == OrderRow.id)
        .where(
            OrderRow.tenant_id == view.tenant,
            or_(billed.c.total > OrderRow.total, and_(complete, billed.c.total != OrderRow.total)),
            ~changed,
        )
    )
    return offenders(view, "order", OrderRow.id, broken)


def _billed(view: View) -> Subquery:
    signed = case((ReceivableRow.kind == "invoice", ReceivableRow.total), else_=-ReceivableRow.total)
    return (
        select(
            ReceivableRow.order_id,
            func.sum(signed).label("total"),
            func.count(distinct(ReceivableRow.fulfilment_id)).label("left"),
            func.min(ReceivableRow.made_at).label("first_at"),
        )
        .where(ReceivableRow.tenant_id == view.tenant)
        .group_by(ReceivableRow.order_id)
        .subquery()
    )


def _gone(view: View) -> Subquery:
    """Per order: how many fulfilments left the house, and how much was cancelled."""
    return (
        select(
            OrderLineRow.order_id,
            func.count(distinct(FulfilmentRow.id)).label("left"),
            func.max(OrderLineRow.cancelled).label("cancelled"),
        )
        .outerjoin(
            FulfilmentLineRow,
            and_(
                FulfilmentLineRow.tenant_id == OrderLineRow.tenant_id,
                FulfilmentLineRow.order_line_id == OrderLineRow.id,
            ),
        )
        .outerjoin(
            FulfilmentRow,
            and_(
                FulfilmentRow.tenant_id == FulfilmentLineRow.tenant_id,
                FulfilmentRow.id == FulfilmentLineRow.fulfilment_id,
                FulfilmentRow.state.in_(GONE),
            ),
        )
        .where(OrderLineRow.tenant_id == view.tenant)
        .group_by(OrderLineRow.order_id)
        .subquery()
    )
