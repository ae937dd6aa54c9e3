"""The trail: events, the blocks that seal them, and every number an object has outside."""

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from hub.store.tables.row import Owned, belongs
from hub.store.types import Code, Count, Doc, Instant, Ref, Words


class EventRow(Owned):
    """A fact about one subject, numbered per subject, with who, why and from which document."""

    __tablename__ = "events"

    subject: Mapped[Code]
    subject_id: Mapped[Ref]
    seq: Mapped[Count]
    name: Mapped[Code]
    actor: Mapped[Code]
    params: Mapped[Doc]
    inbox_id: Mapped[Ref | None]
    at: Mapped[Instant]
    block_id: Mapped[Ref | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "subject", "subject_id", "seq"),
        belongs("inbox_id", "inbox"),
        belongs("block_id", "blocks"),
        Index(
            "ix_events_unsealed",
            "tenant_id",
            "id",
            sqlite_where=text("block_id IS NULL"),
            postgresql_where=text("block_id IS NULL"),
        ),
        Index(None, "tenant_id", "block_id"),
    )


class BlockRow(Owned):
    """A seal over committed events, linked to the block before. Readers go by (block, event id)."""

    __tablename__ = "blocks"

    number: Mapped[Ref]
    events: Mapped[Count]
    previous: Mapped[Code]
    digest: Mapped[Code]
    sealed_at: Mapped[Instant]

    __table_args__ = (UniqueConstraint("tenant_id", "number"),)


class ExternalIdRow(Owned):
    """A number under which somebody outside knows one of our objects."""

    __tablename__ = "external_ids"

    connection_id: Mapped[Ref]
    subject: Mapped[Code]
    subject_id: Mapped[Ref]
    kind: Mapped[Code]
    value: Mapped[Words]

    __table_args__ = (
        UniqueConstraint(
            "tenant_id",
            "subject",
            "subject_id",
            "connection_id",
            "kind",
            "value",
            name="uq_external_ids_subject_connection_value",
        ),
        belongs("connection_id", "connections"),
        Index(None, "tenant_id", "value"),
    )
