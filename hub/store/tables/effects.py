"""Effects (what must happen outside once) and feeds (what an outside system should show)."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from hub.store.tables.row import Owned, belongs
from hub.store.types import Code, Count, Doc, Instant, Micro, Ref, Words

OPEN = "state IN ('planned', 'sending', 'submitted', 'in_doubt')"


class EffectRow(Owned):
    """An intended change outside, under the key that makes it happen once.

    `kept_at` is set when the raw answer is stored and not yet interpreted.
    """

    __tablename__ = "effects"

    connection_id: Mapped[Ref]
    capability: Mapped[Code]
    key: Mapped[Words]
    token: Mapped[Code]
    subject: Mapped[Code]
    subject_id: Mapped[Ref]
    part_id: Mapped[Ref | None]
    generation: Mapped[Count]
    after_id: Mapped[Ref | None]
    lane: Mapped[Count]
    state: Mapped[Code]
    attempt: Mapped[Count]
    due_at: Mapped[Instant | None]
    lease_until: Mapped[Instant | None]
    sent_at: Mapped[Instant | None]
    kept_at: Mapped[Instant | None]
    settled_at: Mapped[Instant | None]
    watched: Mapped[Code]
    key_id: Mapped[Ref]
    request_id: Mapped[Ref | None]
    answer_id: Mapped[Ref | None]
    reference: Mapped[Words | None]
    code: Mapped[Code | None]
    params: Mapped[Doc | None]
    made_at: Mapped[Instant]

    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        belongs("connection_id", "connections"),
        belongs("after_id", "effects"),
        belongs("key_id", "data_keys"),
        belongs("request_id", "blobs"),
        belongs("answer_id", "blobs"),
        CheckConstraint(
            "state IN ('planned', 'sending', 'submitted', 'confirmed', 'refused', 'in_doubt', 'withdrawn')",
            name="state",
        ),
        Index(
            "ix_effects_due",
            "tenant_id",
            "connection_id",
            "lane",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index(
            "ix_effects_kept",
            "tenant_id",
            "connection_id",
            "id",
            sqlite_where=text("kept_at IS NOT NULL"),
            postgresql_where=text("kept_at IS NOT NULL"),
        ),
        Index(
            "ix_effects_leased",
            "tenant_id",
            "lease_until",
            sqlite_where=text("lease_until IS NOT NULL"),
            postgresql_where=text("lease_until IS NOT NULL"),
        ),
        Index(None, "tenant_id", "subject", "subject_id"),
        Index(None, "tenant_id", "token"),
    )


class FeedRow(Owned):
    """The stock quantity a listing should show. Newest wins; one request in flight per row."""

    __tablename__ = "feeds"

    connection_id: Mapped[Ref]
    listing_id: Mapped[Ref]
    wanted: Mapped[Micro]
    version: Mapped[Ref]
    sent: Mapped[Micro | None]
    sent_version: Mapped[Ref]
    seen: Mapped[Micro | None]
    seen_at: Mapped[Instant | None]
    changed_at: Mapped[Instant]
    due_at: Mapped[Instant | None]
    lease_until: Mapped[Instant | None]
    attempt: Mapped[Count]
    code: Mapped[Code | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "connection_id", "listing_id"),
        belongs("connection_id", "connections"),
        belongs("listing_id", "listings"),
        Index(
            "ix_feeds_due",
            "tenant_id",
            "connection_id",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )
