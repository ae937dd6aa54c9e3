"""Goods: the double-entry book, and what positions say that it makes."""

from sqlalchemy import Subquery, and_, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from hub.store.checks.offenders import offenders
from hub.store.tables import MovementRow, PositionRow, ReservationRow
from hub.store.work import View


def on_hand(view: View) -> list[str]:
    """On hand is what came in less what went out."""
    mine = MovementRow.tenant_id == view.tenant
    sides = union_all(
        select(MovementRow.target_id.label("position"), MovementRow.quantity.label("moved")).where(mine),
        select(MovementRow.source_id, -MovementRow.quantity).where(mine),
    ).subquery()
    moved = select(sides.c.position, func.sum(sides.c.moved).label("quantity")).group_by(sides.c.position).subquery()
    return _differing(view, PositionRow.on_hand, moved)


def reserved(view: View) -> list[str]:
    """Reserved is what open reservations hold."""
    held = (
        select(ReservationRow.position_id.label("position"), func.sum(ReservationRow.quantity).label("quantity"))
        .where(ReservationRow.tenant_id == view.tenant, ReservationRow.state == "open")
        .group_by(ReservationRow.position_id)
        .subquery()
    )
    return _differing(view, PositionRow.reserved, held)


def _differing(view: View, counted: InstrumentedAttribute[int], sums: Subquery) -> list[str]:
    broken = (
        select(PositionRow.id)
        .outerjoin(sums, sums.c.position == PositionRow.id)
        .where(PositionRow.tenant_id == view.tenant, counted != func.coalesce(sums.c.quantity, 0))
    )
    return offenders(view, "position", PositionRow.id, broken)


def items(view: View) -> list[str]:
    """Goods do not become other goods on their way."""
    source, target = aliased(PositionRow), aliased(PositionRow)
    broken = (
        select(MovementRow.id)
        .outerjoin(source, and_(source.tenant_id == MovementRow.tenant_id, source.id == MovementRow.source_id))
        .outerjoin(target, and_(target.tenant_id == MovementRow.tenant_id, target.id == MovementRow.target_id))
        .where(
            MovementRow.tenant_id == view.tenant,
            or_(source.item_id != MovementRow.item_id, target.item_id != MovementRow.item_id),
        )
    )
    return offenders(view, "movement", MovementRow.id, broken)
