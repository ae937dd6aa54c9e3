"""Fulfilments, shipments, parcels and where the parcels were seen."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from hub.store.tables.row import Owned, belongs
from hub.store.types import (
    Code,
    Count,
    Currency,
    Doc,
    Instant,
    Micro,
    Minor,
    Ref,
    Words,
)


class FulfilmentRow(Owned):
    """Goods that leave one location together. It may serve several orders of one buyer and address."""

    __tablename__ = "fulfilments"

    uid: Mapped[Code]
    company_id: Mapped[Ref]
    location_id: Mapped[Ref]
    connection_id: Mapped[Ref]
    party_id: Mapped[Ref]
    key_id: Mapped[Ref]
    carrier_id: Mapped[Ref | None]
    state: Mapped[Code]
    lane: Mapped[Count]
    due_at: Mapped[Instant | None]
    seq: Mapped[Count]
    generation: Mapped[Count]
    why: Mapped[Doc]
    made_at: Mapped[Instant]

    __table_args__ = (
        belongs("company_id", "companies"),
        belongs("location_id", "locations"),
        belongs("connection_id", "connections"),
        belongs("party_id", "parties"),
        belongs("key_id", "data_keys"),
        belongs("carrier_id", "connections"),
        Index(
            "ix_fulfilments_due",
            "tenant_id",
            "connection_id",
            "state",
            "lane",
            "id",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index(None, "tenant_id", "state", "id"),
    )


class FulfilmentLineRow(Owned):
    """How much of which order line leaves with a fulfilment."""

    __tablename__ = "fulfilment_lines"

    fulfilment_id: Mapped[Ref]
    order_line_id: Mapped[Ref]
    quantity: Mapped[Micro]

    __table_args__ = (
        belongs("fulfilment_id", "fulfilments"),
        belongs("order_line_id", "order_lines"),
        CheckConstraint("quantity > 0", name="quantity"),
        Index(None, "tenant_id", "fulfilment_id"),
        Index(None, "tenant_id", "order_line_id"),
    )


class ShipmentRow(Owned):
    """A bought label (or several) for one fulfilment."""

    __tablename__ = "shipments"

    fulfilment_id: Mapped[Ref]
    connection_id: Mapped[Ref]
    effect_id: Mapped[Ref]
    carrier: Mapped[Words]
    service: Mapped[Words]
    currency: Mapped[Currency | None]
    cost: Mapped[Minor | None]
    state: Mapped[Code]
    document: Mapped[Doc]
    booked_at: Mapped[Instant]
    handed_over_at: Mapped[Instant | None]
    delivered_at: Mapped[Instant | None]
    status: Mapped[Code]

    __table_args__ = (
        UniqueConstraint("tenant_id", "effect_id"),
        belongs("fulfilment_id", "fulfilments"),
        belongs("connection_id", "connections"),
        CheckConstraint("state IN ('bought', 'void_requested', 'voided', 'void_refused')", name="state"),
        Index(None, "tenant_id", "fulfilment_id"),
    )


class ParcelRow(Owned):
    """One parcel of a shipment; `tracking_id` is the carrier's own id of its tracker."""

    __tablename__ = "parcels"

    shipment_id: Mapped[Ref]
    connection_id: Mapped[Ref]
    parcel_no: Mapped[Count]
    tracking_number: Mapped[Words]
    tracking_id: Mapped[Words]
    tracking_url: Mapped[Words | None]
    label_id: Mapped[Ref | None]
    status: Mapped[Code]
    asked_at: Mapped[Instant | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "shipment_id", "parcel_no"),
        belongs("shipment_id", "shipments"),
        belongs("connection_id", "connections"),
        belongs("label_id", "blobs"),
        Index(None, "tenant_id", "connection_id", "tracking_id"),
        Index(None, "tenant_id", "tracking_number"),
    )


class TrackingEventRow(Owned):
    """A scan of a parcel, kept once by its content."""

    __tablename__ = "tracking_events"

    parcel_id: Mapped[Ref]
    digest: Mapped[Code]
    status: Mapped[Code]
    at: Mapped[Instant | None]
    document: Mapped[Doc]
    received_at: Mapped[Instant]

    __table_args__ = (
        UniqueConstraint("tenant_id", "parcel_id", "digest"),
        belongs("parcel_id", "parcels"),
    )
