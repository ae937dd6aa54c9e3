"""The inbox, the trail, and the database itself."""

from datetime import timedelta

from sqlalchemy import and_, func, or_, select

from hub.store.batches import DEAD_AFTER
from hub.store.checks.effects import subjects
from hub.store.checks.offenders import NAMED, offenders
from hub.store.tables import BatchRow, EventRow, FulfilmentRow, InboxRow, OrderRow
from hub.store.trail import verify_seals
from hub.store.work import View

LEFT_BEHIND: timedelta = 6 * DEAD_AFTER
"""A batch this old was taken over by nobody."""

SOUND = "ok"


def inbox_applied(view: View) -> list[str]:
    """An order document that was applied led to an order, which is there."""
    made = (
        select(OrderRow.id).where(OrderRow.tenant_id == InboxRow.tenant_id, OrderRow.id == InboxRow.order_id).exists()
    )
    speaks = and_(InboxRow.state == "applied", InboxRow.kind == "order", InboxRow.digest.is_not(None))
    broken = select(InboxRow.id).where(
        InboxRow.tenant_id == view.tenant, or_(InboxRow.order_id.is_not(None), speaks), ~made
    )
    return offenders(view, "entry", InboxRow.id, broken)


def inbox_due(view: View) -> list[str]:
    """What is new is due, what is settled is not."""
    is_new = InboxRow.state == "new"
    broken = select(InboxRow.id).where(
        InboxRow.tenant_id == view.tenant,
        or_(is_new != InboxRow.due_at.is_not(None), is_new != InboxRow.settled_at.is_(None)),
    )
    return offenders(view, "entry", InboxRow.id, broken)


def events(view: View) -> list[str]:
    """The events of each subject are numbered from 1 without gaps, and the subject knows the last number."""
    told = (
        select(
            EventRow.subject,
            EventRow.subject_id,
            func.min(EventRow.seq).label("first"),
            func.max(EventRow.seq).label("last"),
            func.count().label("events"),
        )
        .where(EventRow.tenant_id == view.tenant)
        .group_by(EventRow.subject, EventRow.subject_id)
        .subquery()
    )
    gaps = view.all(
        select(told.c.subject, told.c.subject_id)
        .where(or_(told.c.first != 1, told.c.last != told.c.events))
        .order_by(told.c.subject, told.c.subject_id)
        .limit(NAMED)
    )
    if gaps:
        return [f"{row.subject} {row.subject_id}" for row in gaps]
    found: list[str] = []
    for kind, row in (("order", OrderRow), ("fulfilment", FulfilmentRow)):
        mine = and_(told.c.subject == kind, told.c.subject_id == row.id)
        broken = (
            select(row.id)
            .outerjoin(told, mine)
            .where(row.tenant_id == view.tenant, row.seq != func.coalesce(told.c.last, 0))
        )
        found += offenders(view, kind, row.id, broken)
    return found


def seals(view: View) -> list[str]:
    """Every block is recomputed from its events."""
    return [f"{problem.code} {problem.number}" for problem in verify_seals(view)[:NAMED]]


def references(view: View) -> list[str]:
    """Every reference leads somewhere; PostgreSQL sees to its own."""
    if view.store.dialect == "postgresql":
        return subjects(view)
    dangling = view.connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(NAMED)
    return [f"{row[0]} {row[1]}" for row in dangling] + subjects(view)


def database(view: View) -> list[str]:
    """The file is what SQLite wrote; a server checks its own pages."""
    if view.store.dialect == "postgresql":
        return []
    said = view.connection.exec_driver_sql(f"PRAGMA integrity_check({NAMED})").scalars()
    return [line for line in said if line != SOUND]


def batches(view: View) -> list[str]:
    """Batches go with their work; what a dead worker leaves is soon taken over."""
    broken = select(BatchRow.id).where(BatchRow.tenant_id == view.tenant, BatchRow.started_at < view.now - LEFT_BEHIND)
    return offenders(view, "batch", BatchRow.id, broken)
