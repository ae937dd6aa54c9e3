"""Orders, their lines with the counters that are the truth, and holds."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from hub.store.tables.row import Owned, belongs
from hub.store.types import (
    Code,
    Count,
    Currency,
    Doc,
    Flag,
    Instant,
    Micro,
    Minor,
    Ref,
    Words,
)

COUNTERS = ("ordered", "to_cancel", "cancelled", "reserved", "planned", "handed_over", "returned")


class OrderRow(Owned):
    """One order of one channel. `due_at` empty: nothing to do, or waiting for something."""

    __tablename__ = "orders"

    uid: Mapped[Code]
    connection_id: Mapped[Ref]
    company_id: Mapped[Ref]
    external_id: Mapped[Words]
    number: Mapped[Words]
    state: Mapped[Code]
    lane: Mapped[Count]
    priority: Mapped[Count]
    due_at: Mapped[Instant | None]
    open_holds: Mapped[Count]
    seq: Mapped[Count]
    version: Mapped[Count]
    placed_at: Mapped[Instant | None]
    received_at: Mapped[Instant]
    currency: Mapped[Currency]
    total: Mapped[Minor]
    country: Mapped[Code | None]
    region: Mapped[Words | None]
    is_test: Mapped[Flag]
    is_ours: Mapped[Flag]
    ship_complete: Mapped[Flag]
    findings: Mapped[Doc | None]
    schema: Mapped[Count]
    document: Mapped[Doc]
    digest: Mapped[Code]
    asked_at: Mapped[Instant]
    channel_version: Mapped[Words | None]
    key_id: Mapped[Ref]
    party_id: Mapped[Ref]
    cancel_code: Mapped[Code | None]
    cancel_params: Mapped[Doc | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "connection_id", "external_id"),
        belongs("connection_id", "connections"),
        belongs("company_id", "companies"),
        belongs("party_id", "parties"),
        belongs("key_id", "data_keys"),
        CheckConstraint("open_holds >= 0", name="open_holds"),
        Index(
            "ix_orders_due",
            "tenant_id",
            "connection_id",
            "state",
            "lane",
            "id",
            sqlite_where=text("due_at IS NOT NULL AND open_holds = 0"),
            postgresql_where=text("due_at IS NOT NULL AND open_holds = 0"),
        ),
        Index(
            "ix_orders_cancelling",
            "tenant_id",
            "connection_id",
            "id",
            sqlite_where=text("cancel_code IS NOT NULL AND due_at IS NOT NULL"),
            postgresql_where=text("cancel_code IS NOT NULL AND due_at IS NOT NULL"),
        ),
        Index(None, "tenant_id", "number"),
        Index(None, "tenant_id", "state", "id"),
        Index(None, "tenant_id", "external_id"),
    )


class OrderLineRow(Owned):
    """One line of an order. Quantities in millionths of the item's base unit."""

    __tablename__ = "order_lines"

    order_id: Mapped[Ref]
    line_no: Mapped[Count]
    external_id: Mapped[Words]
    sku: Mapped[Words]
    listing_id: Mapped[Ref | None]
    item_id: Mapped[Ref | None]
    factor: Mapped[Micro]
    carries_stock: Mapped[Flag]
    total: Mapped[Minor]
    ordered: Mapped[Micro]
    to_cancel: Mapped[Micro]
    cancelled: Mapped[Micro]
    reserved: Mapped[Micro]
    planned: Mapped[Micro]
    handed_over: Mapped[Micro]
    returned: Mapped[Micro]

    __table_args__ = (
        UniqueConstraint("tenant_id", "order_id", "external_id"),
        belongs("order_id", "orders"),
        belongs("listing_id", "listings"),
        belongs("item_id", "items"),
        *(CheckConstraint(f"{counter} >= 0", name=counter) for counter in COUNTERS),
        CheckConstraint("reserved + planned + handed_over + cancelled <= ordered", name="open"),
        CheckConstraint("returned <= handed_over", name="returned_goods"),
        Index(
            "ix_order_lines_unmatched",
            "tenant_id",
            "sku",
            sqlite_where=text("item_id IS NULL AND carries_stock"),
            postgresql_where=text("item_id IS NULL AND carries_stock"),
        ),
    )


class HoldRow(Owned):
    """A reason why an order, or one line of it, waits for a person or a fact."""

    __tablename__ = "holds"

    order_id: Mapped[Ref]
    order_line_id: Mapped[Ref | None]
    code: Mapped[Code]
    params: Mapped[Doc]
    opened_at: Mapped[Instant]
    opened_by: Mapped[Code]
    closed_at: Mapped[Instant | None]
    closed_by: Mapped[Code | None]

    __table_args__ = (
        belongs("order_id", "orders"),
        belongs("order_line_id", "order_lines"),
        Index(
            "ix_holds_open",
            "tenant_id",
            "order_id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_holds_open_code",
            "tenant_id",
            "code",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
