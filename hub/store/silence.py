"""When a connection was heard last, what its habit is, and which ones are silent for too long."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select

from hub.core.habits import LEARNS_FOR, learned, patience
from hub.store import alarms
from hub.store.connections import Flow, Switch
from hub.store.tables import ConnectionRow
from hub.store.work import View, Work

SILENT = "connection.silent"


def heard(work: Work, connection: int) -> None:
    """Something new came from a connection: the silence before it is its habit's newest lesson."""
    [row] = work.lock(
        select(ConnectionRow.name, ConnectionRow.made_at, ConnectionRow.heard_at, ConnectionRow.habit_seconds).where(
            ConnectionRow.tenant_id == work.tenant, ConnectionRow.id == connection
        )
    )
    habit = learned(
        timedelta(seconds=row.habit_seconds or 0),
        work.now - (row.heard_at or row.made_at),
        settled=work.now - row.made_at > LEARNS_FOR,
    )
    values = {"id": connection, "heard_at": work.now, "habit_seconds": int(habit.total_seconds())}
    work.update(ConnectionRow, [values])
    alarms.close_alarm(work, SILENT, row.name)


class Silence(NamedTuple):
    """A connection from which nothing new comes, for how long, and how long that usually takes at most."""

    connection: str
    lasts: timedelta
    habit: timedelta


def silences(view: View) -> list[Silence]:
    """Channels whose orders are wanted, that run, and that are silent beyond their own habit."""
    rows = view.all(
        select(ConnectionRow.name, ConnectionRow.heard_at, ConnectionRow.habit_seconds)
        .where(
            ConnectionRow.tenant_id == view.tenant,
            ConnectionRow.kind == "shop",
            ConnectionRow.paused_at.is_(None),
            ConnectionRow.made_at < view.now - LEARNS_FOR,
            ConnectionRow.heard_at.is_not(None),
            getattr(ConnectionRow, Flow.ORDERS_IN.value) != Switch.OFF.value,
        )
        .order_by(ConnectionRow.id)
    )
    known = (Silence(r.name, view.now - r.heard_at, timedelta(seconds=r.habit_seconds or 0)) for r in rows)
    return [silence for silence in known if silence.lasts > patience(silence.habit)]
