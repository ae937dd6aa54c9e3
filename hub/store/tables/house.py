"""The house itself: tenants, counters, batches under way, stopped steps, alarms."""

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from hub.store.tables.row import Owned, Row
from hub.store.types import Code, Count, Doc, Flag, Instant, Key, Ref, Words


class TenantRow(Row):
    """One customer of the hub; everything else belongs to exactly one."""

    __tablename__ = "tenants"

    id: Mapped[Key]
    name: Mapped[Words]
    created_at: Mapped[Instant]


class HubRow(Row):
    """Facts about this hub: who it is, and a check value of its key."""

    __tablename__ = "hub"

    id: Mapped[Key]
    uid: Mapped[Code]
    key_check: Mapped[Words]
    created_at: Mapped[Instant]


class CounterRow(Row):
    """The last number given out per table; SQLite only, PostgreSQL has sequences."""

    __tablename__ = "counters"

    id: Mapped[Key]
    name: Mapped[Code]
    value: Mapped[Ref]

    __table_args__ = (UniqueConstraint("name"),)


class BatchRow(Owned):
    """Rows that a worker is about to work on, written before it begins and deleted with the work.

    What is left behind by a worker that died comes back in eighths; a row that was alone is set aside.
    """

    __tablename__ = "batches"

    step: Mapped[Code]
    rows: Mapped[Doc]
    part: Mapped[Count]
    begun: Mapped[Flag]
    started_at: Mapped[Instant]

    __table_args__ = (Index(None, "tenant_id", "step", "started_at"),)


class StepRow(Row):
    """A step that stopped because it is itself at fault; a person starts it again."""

    __tablename__ = "steps"

    id: Mapped[Key]
    name: Mapped[Code]
    stopped_at: Mapped[Instant | None]
    code: Mapped[Words | None]
    strikes: Mapped[Count]

    __table_args__ = (UniqueConstraint("name"),)


class AlarmRow(Owned):
    """Something a person must look at, raised once and closed when it is over."""

    __tablename__ = "alarms"

    code: Mapped[Code]
    subject: Mapped[Code]
    params: Mapped[Doc]
    raised_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]

    __table_args__ = (
        Index(
            "uq_alarms_open",
            "tenant_id",
            "code",
            "subject",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
