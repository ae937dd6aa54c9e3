"""What each channel has come to: orders by state, parcels, invoices."""

from typing import NamedTuple

from sqlalchemy import and_, case, distinct, func, select

from hub.store.tables import ConnectionRow, FulfilmentRow, OrderRow, ReceivableRow
from hub.store.work import View


class ChannelSum(NamedTuple):
    """One channel: how many orders ended how, what they are worth and what of it is invoiced (minor units)."""

    channel: str
    currency: str
    orders: int
    completed: int
    cancelled: int
    waiting: int
    parcels: int
    invoices: int
    ordered: int
    invoiced: int


def channel_sums(view: View) -> list[ChannelSum]:
    """Sums per channel and currency."""
    invoices = (
        select(ReceivableRow.order_id, func.count().label("number"), func.sum(ReceivableRow.total).label("total"))
        .where(ReceivableRow.tenant_id == view.tenant, ReceivableRow.state.in_(["posted", "settled"]))
        .group_by(ReceivableRow.order_id)
        .subquery()
    )
    rows = view.connection.execute(
        select(
            ConnectionRow.id,
            ConnectionRow.name,
            OrderRow.currency,
            func.count(distinct(OrderRow.id)).label("orders"),
            func.sum(case((OrderRow.state == "completed", 1), else_=0)).label("completed"),
            func.sum(case((OrderRow.state == "cancelled", 1), else_=0)).label("cancelled"),
            func.coalesce(func.sum(invoices.c.number), 0).label("invoices"),
            func.sum(case((OrderRow.state == "cancelled", 0), else_=OrderRow.total)).label("ordered"),
            func.coalesce(func.sum(invoices.c.total), 0).label("invoiced"),
        )
        .join(
            ConnectionRow,
            and_(ConnectionRow.tenant_id == OrderRow.tenant_id, ConnectionRow.id == OrderRow.connection_id),
        )
        .outerjoin(invoices, invoices.c.order_id == OrderRow.id)
        .where(OrderRow.tenant_id == view.tenant)
        .group_by(ConnectionRow.id, ConnectionRow.name, OrderRow.currency)
        .order_by(ConnectionRow.id, OrderRow.currency)
    ).all()
    parcels = {
        row.connection_id: int(row.number)
        for row in view.connection.execute(
            select(FulfilmentRow.connection_id, func.count().label("number"))
            .where(FulfilmentRow.tenant_id == view.tenant, FulfilmentRow.state.in_(["handed_over", "delivered"]))
            .group_by(FulfilmentRow.connection_id)
        )
    }
    return [
        ChannelSum(
            row.name,
            row.currency,
            int(row.orders),
            int(row.completed),
            int(row.cancelled),
            int(row.orders) - int(row.completed) - int(row.cancelled),
            parcels.get(row.id, 0),
            int(row.invoices),
            int(row.ordered),
            int(row.invoiced),
        )
        for row in rows
    ]
