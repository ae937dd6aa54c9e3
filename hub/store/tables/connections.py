"""Connections, what they bring in, and what is due on them."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from hub.store.tables.row import Owned, belongs
from hub.store.types import Code, Count, Doc, Flag, Instant, Micro, Ref, Sealed, Words


class ConnectionRow(Owned):
    """One configured account of an outside system, with a switch per flow."""

    __tablename__ = "connections"

    uid: Mapped[Code]
    name: Mapped[Code]
    connector: Mapped[Code]
    kind: Mapped[Code]
    company_id: Mapped[Ref]
    settings: Mapped[Sealed]
    is_test: Mapped[Flag]
    orders_in: Mapped[Code]
    stock_out: Mapped[Code]
    status_out: Mapped[Code]
    documents_out: Mapped[Code]
    cut_over_at: Mapped[Instant]
    paused_at: Mapped[Instant | None]
    paused_code: Mapped[Words | None]
    heard_at: Mapped[Instant | None]
    habit_seconds: Mapped[Count | None]
    made_at: Mapped[Instant]

    __table_args__ = (
        UniqueConstraint("tenant_id", "name"),
        UniqueConstraint("uid"),
        belongs("company_id", "companies"),
        *(
            CheckConstraint(f"{flow} IN ('off', 'watch', 'on')", name=flow)
            for flow in ("orders_in", "stock_out", "status_out", "documents_out")
        ),
    )


class CircuitRow(Owned):
    """Rate budget and circuit breaker of a connection, shared by all workers."""

    __tablename__ = "circuits"

    tokens: Mapped[Micro]
    refilled_at: Mapped[Instant]
    failures: Mapped[Count]
    open_until: Mapped[Instant | None]

    __table_args__ = (belongs("id", "connections"),)


class CursorRow(Owned):
    """How far a list of a connection was read; moves in the transaction that stored the page."""

    __tablename__ = "cursors"

    connection_id: Mapped[Ref]
    resource: Mapped[Code]
    cursor: Mapped[Words]
    moved_at: Mapped[Instant]

    __table_args__ = (
        UniqueConstraint("tenant_id", "connection_id", "resource"),
        belongs("connection_id", "connections"),
    )


class FetchRow(Owned):
    """A foreign document that somebody hinted at; one request at a time per document."""

    __tablename__ = "fetches"

    connection_id: Mapped[Ref]
    kind: Mapped[Code]
    external_id: Mapped[Words]
    hints: Mapped[Count]
    fetched_hints: Mapped[Count]
    due_at: Mapped[Instant | None]
    lease_until: Mapped[Instant | None]
    attempt: Mapped[Count]

    __table_args__ = (
        UniqueConstraint("tenant_id", "connection_id", "kind", "external_id"),
        belongs("connection_id", "connections"),
        Index(
            "ix_fetches_due",
            "tenant_id",
            "connection_id",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )


class InboxRow(Owned):
    """One foreign document or delivery as it came in, and what became of it."""

    __tablename__ = "inbox"

    connection_id: Mapped[Ref]
    lane: Mapped[Count]
    kind: Mapped[Code]
    topic: Mapped[Code]
    delivery_id: Mapped[Words]
    external_id: Mapped[Words]
    version: Mapped[Words | None]
    digest: Mapped[Code | None]
    blob_id: Mapped[Ref]
    key_id: Mapped[Ref]
    state: Mapped[Code]
    due_at: Mapped[Instant | None]
    asked_at: Mapped[Instant]
    received_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]
    code: Mapped[Code | None]
    params: Mapped[Doc | None]
    order_id: Mapped[Ref | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "connection_id", "topic", "delivery_id"),
        belongs("connection_id", "connections"),
        belongs("blob_id", "blobs"),
        belongs("key_id", "data_keys"),
        CheckConstraint("state IN ('new', 'applied', 'dropped', 'parked')", name="state"),
        Index(
            "ix_inbox_due",
            "tenant_id",
            "connection_id",
            "lane",
            "id",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index(
            "ix_inbox_parked",
            "tenant_id",
            "code",
            sqlite_where=text("state = 'parked'"),
            postgresql_where=text("state = 'parked'"),
        ),
        Index(None, "tenant_id", "connection_id", "external_id"),
    )


class ListingRow(Owned):
    """A channel's article, and which of our items it sells: `factor` millionths of the item per piece."""

    __tablename__ = "listings"

    connection_id: Mapped[Ref]
    external_id: Mapped[Words]
    sku: Mapped[Words]
    title: Mapped[Words]
    item_id: Mapped[Ref | None]
    factor: Mapped[Micro]
    made_at: Mapped[Instant]

    __table_args__ = (
        UniqueConstraint("tenant_id", "connection_id", "external_id"),
        belongs("connection_id", "connections"),
        belongs("item_id", "items"),
        CheckConstraint("factor > 0", name="factor"),
        Index(None, "tenant_id", "item_id"),
    )


class ChoreRow(Owned):
    """Work that comes round: pull, reconcile, seal, sweep. Due rows like everything else."""

    __tablename__ = "chores"

    name: Mapped[Code]
    connection_id: Mapped[Ref | None]
    subject: Mapped[Code]
    due_at: Mapped[Instant | None]
    lease_until: Mapped[Instant | None]
    every_seconds: Mapped[Count]
    attempt: Mapped[Count]
    ran_at: Mapped[Instant | None]
    code: Mapped[Words | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "name", "subject"),
        belongs("connection_id", "connections"),
        Index(None, "tenant_id", "due_at"),
    )
