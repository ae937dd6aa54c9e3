"""Fulfilments: what leaves is reserved, what left is sold once, and nobody pays for two labels."""

from sqlalchemy import String, and_, cast, func, literal, select

from hub.core.states import FulfilmentState as F
from hub.store.checks.offenders import offenders
from hub.store.tables import FulfilmentLineRow, FulfilmentRow, MovementRow, ReservationRow, ShipmentRow
from hub.store.work import View

LIVE = (F.PLANNED.value, F.RELEASED.value, F.LABELLED.value)
"""Still in the house."""

GONE = (F.HANDED_OVER.value, F.DELIVERED.value, F.LOST.value, F.RETURNED.value)
"""Left the house, whatever became of it."""

_SALE = literal("sale/") + cast(ReservationRow.id, String)
"""The key of the movement that sells a reservation."""


def reserved(view: View) -> list[str]:
    """Open reservations bear what fulfilments in the house will take."""
    held = (
        select(ReservationRow.fulfilment_line_id.label("line"), func.sum(ReservationRow.quantity).label("quantity"))
        .where(
            ReservationRow.tenant_id == view.tenant,
            ReservationRow.state == "open",
            ReservationRow.fulfilment_line_id.is_not(None),
        )
        .group_by(ReservationRow.fulfilment_line_id)
        .subquery()
    )
    broken = (
        select(FulfilmentLineRow.fulfilment_id)
        .join(FulfilmentRow, _OF_LINE)
        .outerjoin(held, held.c.line == FulfilmentLineRow.id)
        .where(
            FulfilmentLineRow.tenant_id == view.tenant,
            FulfilmentRow.state.in_(LIVE),
            FulfilmentLineRow.quantity != func.coalesce(held.c.quantity, 0),
        )
    )
    return offenders(view, "fulfilment", FulfilmentLineRow.fulfilment_id, broken)


def sold(view: View) -> list[str]:
    """What was handed over went to the customer by one movement per reservation, and nothing else did."""
    moved = (
        select(ReservationRow.fulfilment_line_id.label("line"), func.sum(MovementRow.quantity).label("quantity"))
        .join(MovementRow, and_(MovementRow.tenant_id == ReservationRow.tenant_id, MovementRow.key == _SALE))
        .where(
            ReservationRow.tenant_id == view.tenant,
            ReservationRow.state == "shipped",
            MovementRow.source_id == ReservationRow.position_id,
            MovementRow.target == "customer",
        )
        .group_by(ReservationRow.fulfilment_line_id)
        .subquery()
    )
    broken = (
        select(FulfilmentLineRow.fulfilment_id)
        .join(FulfilmentRow, _OF_LINE)
        .outerjoin(moved, moved.c.line == FulfilmentLineRow.id)
        .where(
            FulfilmentLineRow.tenant_id == view.tenant,
            FulfilmentRow.state.in_(GONE),
            FulfilmentLineRow.quantity != func.coalesce(moved.c.quantity, 0),
        )
    )
    return offenders(view, "fulfilment", FulfilmentLineRow.fulfilment_id, broken) or _unreserved_sales(view)


def _unreserved_sales(view: View) -> list[str]:
    behind = (
        select(ReservationRow.id)
        .where(
            ReservationRow.tenant_id == view.tenant,
            ReservationRow.state == "shipped",
            ReservationRow.quantity == MovementRow.quantity,
            MovementRow.key == _SALE,
        )
        .correlate(MovementRow)
        .exists()
    )
    broken = select(MovementRow.id).where(
        MovementRow.tenant_id == view.tenant, MovementRow.code == "stock.sold", ~behind
    )
    return offenders(view, "movement", MovementRow.id, broken)


def label(view: View) -> list[str]:
    """At most one shipment of a fulfilment is bought and not taken back."""
    broken = (
        select(ShipmentRow.fulfilment_id)
        .where(ShipmentRow.tenant_id == view.tenant, ShipmentRow.state == "bought")
        .group_by(ShipmentRow.fulfilment_id)
        .having(func.count() > 1)
    )
    return offenders(view, "fulfilment", ShipmentRow.fulfilment_id, broken)


_OF_LINE = and_(
    FulfilmentRow.tenant_id == FulfilmentLineRow.tenant_id, FulfilmentRow.id == FulfilmentLineRow.fulfilment_id
)
