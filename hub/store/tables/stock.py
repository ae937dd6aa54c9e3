"""Items, locations, positions, movements in double entry, and reservations."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from hub.store.tables.row import Owned, belongs
from hub.store.types import Code, Count, Currency, Doc, Flag, Instant, Micro, Ref, Words


class ItemRow(Owned):
    """What is stored and shipped. `precision` decimals of the base unit; weight in grams."""

    __tablename__ = "items"

    uid: Mapped[Code]
    sku: Mapped[Words]
    title: Mapped[Words]
    unit: Mapped[Code]
    precision: Mapped[Count]
    weight_grams: Mapped[Count | None]
    document: Mapped[Doc]
    made_at: Mapped[Instant]

    __table_args__ = (UniqueConstraint("tenant_id", "sku"),)


class LocationRow(Owned):
    """A place that ships. `hands_over` says what counts as handed over: label, scan or hand."""

    __tablename__ = "locations"

    uid: Mapped[Code]
    code: Mapped[Code]
    name: Mapped[Words]
    company_id: Mapped[Ref]
    country: Mapped[Code]
    rank: Mapped[Count]
    hands_over: Mapped[Code]
    carrier_id: Mapped[Ref | None]
    is_open: Mapped[Flag]
    document: Mapped[Doc]
    made_at: Mapped[Instant]

    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        belongs("company_id", "companies"),
        belongs("carrier_id", "connections"),
        CheckConstraint("hands_over IN ('label', 'scan', 'hand')", name="hands_over"),
    )


class ChannelLocationRow(Owned):
    """Which locations serve a channel, and in which order they are asked. No row: all of them."""

    __tablename__ = "channel_locations"

    connection_id: Mapped[Ref]
    location_id: Mapped[Ref]
    rank: Mapped[Count]

    __table_args__ = (
        UniqueConstraint("tenant_id", "connection_id", "location_id"),
        belongs("connection_id", "connections"),
        belongs("location_id", "locations"),
    )


class PositionRow(Owned):
    """Goods of one item, location and lot, in millionths of the base unit."""

    __tablename__ = "positions"

    item_id: Mapped[Ref]
    location_id: Mapped[Ref]
    lot: Mapped[Code]
    kind: Mapped[Code]
    on_hand: Mapped[Micro]
    reserved: Mapped[Micro]

    __table_args__ = (
        UniqueConstraint("tenant_id", "item_id", "location_id", "lot", "kind"),
        belongs("item_id", "items"),
        belongs("location_id", "locations"),
        CheckConstraint("reserved >= 0", name="reserved"),
        CheckConstraint("reserved <= on_hand", name="oversold"),
        CheckConstraint("kind IN ('shelf', 'quarantine', 'transit', 'incoming', 'virtual')", name="kind"),
        {"postgresql_with": {"fillfactor": 70}},
    )


class MovementRow(Owned):
    """Goods leave one bucket and enter another. A bucket is a position or a counterpart by name."""

    __tablename__ = "movements"

    key: Mapped[Words]
    item_id: Mapped[Ref]
    quantity: Mapped[Micro]
    source: Mapped[Code]
    source_id: Mapped[Ref | None]
    target: Mapped[Code]
    target_id: Mapped[Ref | None]
    unit_cost: Mapped[Micro | None]
    currency: Mapped[Currency | None]
    code: Mapped[Code]
    actor: Mapped[Code]
    at: Mapped[Instant]

    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        belongs("item_id", "items"),
        belongs("source_id", "positions"),
        belongs("target_id", "positions"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("(source = 'position') = (source_id IS NOT NULL)", name="source"),
        CheckConstraint("(target = 'position') = (target_id IS NOT NULL)", name="target"),
        Index(None, "tenant_id", "source_id"),
        Index(None, "tenant_id", "target_id"),
    )


class ReservationRow(Owned):
    """A quantity of a position promised to an order line. Open until shipped or released."""

    __tablename__ = "reservations"

    order_line_id: Mapped[Ref]
    position_id: Mapped[Ref]
    quantity: Mapped[Micro]
    state: Mapped[Code]
    fulfilment_line_id: Mapped[Ref | None]
    made_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]

    __table_args__ = (
        belongs("order_line_id", "order_lines"),
        belongs("position_id", "positions"),
        belongs("fulfilment_line_id", "fulfilment_lines"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("state IN ('open', 'shipped', 'released')", name="state"),
        Index(
            "ix_reservations_open_line",
            "tenant_id",
            "order_line_id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_reservations_open_position",
            "tenant_id",
            "position_id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        {"postgresql_with": {"fillfactor": 80}},
    )
