"""Chores: work that comes round, as due rows under a lease."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select, update

from hub.store.tables import ChoreRow
from hub.store.work import View, Work


class Chore(NamedTuple):
    """One chore; `connection_id` for those of a connection."""

    id: int
    name: str
    connection_id: int | None
    every_seconds: int
    attempt: int


CHORE = tuple(getattr(ChoreRow, name) for name in Chore._fields)


def add(work: Work, name: str, every: timedelta, *, connection: int | None = None) -> None:
    """Make a chore, due at once; one that exists stays as it is."""
    [number] = work.ids(ChoreRow, 1)
    row = {
        "id": number,
        "name": name,
        "connection_id": connection,
        "subject": str(connection or ""),
        "due_at": work.now,
        "every_seconds": max(1, int(every.total_seconds())),
        "attempt": 0,
    }
    work.insert_new(ChoreRow, [row], conflict=("tenant_id", "name", "subject"))


def due(view: View) -> list[Chore]:
    """Chores to be done now, longest due first."""
    rows = view.all(
        select(*CHORE)
        .where(
            ChoreRow.tenant_id == view.tenant,
            ChoreRow.due_at <= view.now,
            ChoreRow.lease_until.is_(None) | (ChoreRow.lease_until < view.now),
        )
        .order_by(ChoreRow.due_at, ChoreRow.id)
    )
    return [Chore(*row) for row in rows]


def take(work: Work, number: int, lease: timedelta) -> Chore | None:
    """Lease a chore, if it is still due and nobody else does it."""
    rows = work.lock(
        select(*CHORE).where(
            ChoreRow.tenant_id == work.tenant,
            ChoreRow.id == number,
            ChoreRow.due_at <= work.now,
            ChoreRow.lease_until.is_(None) | (ChoreRow.lease_until < work.now),
        ),
        skip_locked=True,
    )
    if not rows:
        return None
    chore = Chore(*rows[0])
    work.update(ChoreRow, [{"id": chore.id, "lease_until": work.now + lease, "attempt": chore.attempt + 1}])
    return chore


def done(work: Work, chore: Chore, due_at: datetime, code: str | None = None) -> None:
    """It was done, or failed with a code; when it comes round again. Fenced by the attempt."""
    work.run(
        update(ChoreRow)
        .where(ChoreRow.tenant_id == work.tenant, ChoreRow.id == chore.id, ChoreRow.attempt == chore.attempt + 1)
        .values(
            due_at=due_at,
            lease_until=None,
            ran_at=work.now,
            code=code,
            attempt=0 if code is None else ChoreRow.attempt,
        )
    )


def soon(work: Work, name: str, connections: Sequence[int]) -> None:
    """Do these chores now."""
    work.run(
        update(ChoreRow)
        .where(
            ChoreRow.tenant_id == work.tenant,
            ChoreRow.name == name,
            work.by_ids(ChoreRow.connection_id, connections),
        )
        .values(due_at=work.now)
    )


def next_due(view: View) -> datetime | None:
    """When the next chore comes round."""
    return view.scalar(
        select(func.min(func.coalesce(ChoreRow.lease_until, ChoreRow.due_at))).where(ChoreRow.tenant_id == view.tenant)
    )


def failure(view: View, number: int) -> str | None:
    """Why a chore failed when it was done last."""
    return view.scalar(select(ChoreRow.code).where(ChoreRow.tenant_id == view.tenant, ChoreRow.id == number))
