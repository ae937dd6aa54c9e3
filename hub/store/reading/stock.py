"""Stock as people see it: per item and location, what channels show of it, and what moved last."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import and_, or_, select

from hub.core.units import from_micro
from hub.store.tables import (
    ConnectionRow,
    FeedRow,
    ItemRow,
    ListingRow,
    LocationRow,
    MovementRow,
    PositionRow,
)
from hub.store.work import View


class StockSeen(NamedTuple):
    """Goods of one item at one location; `free` may be sold."""

    sku: str
    title: str
    unit: str
    location: str
    lot: str
    kind: str
    on_hand: Decimal
    reserved: Decimal
    free: Decimal


class ShownSeen(NamedTuple):
    """What a channel shows of an item: what it should, and what it confirmed."""

    connection: str
    listing: str
    factor: Decimal
    wanted: Decimal
    seen: Decimal | None
    seen_at: datetime | None
    is_due: bool
    code: str | None


class MovementSeen(NamedTuple):
    """Goods that moved between buckets; a bucket of ours is its location."""

    at: datetime
    quantity: Decimal
    source: str
    target: str
    code: str
    actor: str


class ItemSeen(NamedTuple):
    """What is stored and shipped."""

    sku: str
    title: str
    unit: str
    precision: int
    weight_grams: int | None


class LocationSeen(NamedTuple):
    """A place that ships."""

    code: str
    name: str
    country: str
    rank: int
    hands_over: str
    carrier: str | None
    is_open: bool


def stock(view: View, items: Sequence[int] | None, location: str | None, limit: int) -> list[StockSeen]:
    """Positions by SKU and location; of these items, or of all."""
    statement = (
        select(
            ItemRow.sku, ItemRow.title, ItemRow.unit, LocationRow.code, PositionRow.lot, PositionRow.kind,
            PositionRow.on_hand, PositionRow.reserved,
        )
        .join(ItemRow, and_(ItemRow.tenant_id == PositionRow.tenant_id, ItemRow.id == PositionRow.item_id))
        .join(
            LocationRow,
            and_(LocationRow.tenant_id == PositionRow.tenant_id, LocationRow.id == PositionRow.location_id),
        )
        .where(PositionRow.tenant_id == view.tenant)
    )  # fmt: skip
    if items is not None:
        statement = statement.where(view.by_ids(PositionRow.item_id, items))
    if location is not None:
        statement = statement.where(LocationRow.code == location)
    rows = view.all(statement.order_by(ItemRow.sku, LocationRow.rank, LocationRow.code, PositionRow.id).limit(limit))
    return [
        StockSeen(
            row.sku,
            row.title,
            row.unit,
            row.code,
            row.lot,
            row.kind,
            from_micro(row.on_hand),
            from_micro(row.reserved),
            from_micro(row.on_hand - row.reserved),
        )
        for row in rows
    ]


def shown(view: View, item: int) -> list[ShownSeen]:
    """What channels show of an item."""
    rows = view.all(
        select(
            ConnectionRow.name, ListingRow.external_id, ListingRow.factor, FeedRow.wanted, FeedRow.seen,
            FeedRow.seen_at, FeedRow.due_at, FeedRow.code,
        )
        .join(ListingRow, and_(ListingRow.tenant_id == FeedRow.tenant_id, ListingRow.id == FeedRow.listing_id))
        .join(
            ConnectionRow,
            and_(ConnectionRow.tenant_id == FeedRow.tenant_id, ConnectionRow.id == FeedRow.connection_id),
        )
        .where(FeedRow.tenant_id == view.tenant, ListingRow.item_id == item)
        .order_by(ConnectionRow.name, ListingRow.external_id)
    )  # fmt: skip
    return [
        ShownSeen(
            row.name,
            row.external_id,
            from_micro(row.factor),
            from_micro(row.wanted),
            None if row.seen is None else from_micro(row.seen),
            row.seen_at,
            row.due_at is not None,
            row.code,
        )
        for row in rows
    ]


def moved(view: View, item: int, limit: int) -> list[MovementSeen]:
    """The last movements of an item, newest first."""
    places = {
        row.id: row.code
        for row in view.all(
            select(PositionRow.id, LocationRow.code)
            .join(
                LocationRow,
                and_(LocationRow.tenant_id == PositionRow.tenant_id, LocationRow.id == PositionRow.location_id),
            )
            .where(PositionRow.tenant_id == view.tenant, PositionRow.item_id == item)
        )
    }
    rows = view.all(
        select(
            MovementRow.at, MovementRow.quantity, MovementRow.source, MovementRow.source_id, MovementRow.target,
            MovementRow.target_id, MovementRow.code, MovementRow.actor,
        )
        .where(MovementRow.tenant_id == view.tenant, MovementRow.item_id == item)
        .order_by(MovementRow.id.desc())
        .limit(limit)
    )  # fmt: skip
    return [
        MovementSeen(
            row.at,
            from_micro(row.quantity),
            places.get(row.source_id or 0, row.source),
            places.get(row.target_id or 0, row.target),
            row.code,
            row.actor,
        )
        for row in rows
    ]


def items(view: View, like: str | None, limit: int) -> list[ItemSeen]:
    """Items by SKU; those whose SKU or title contains a text, or all."""
    statement = select(ItemRow.sku, ItemRow.title, ItemRow.unit, ItemRow.precision, ItemRow.weight_grams).where(
        ItemRow.tenant_id == view.tenant
    )
    if like is not None:
        has = or_(ItemRow.sku.icontains(like, autoescape=True), ItemRow.title.icontains(like, autoescape=True))
        statement = statement.where(has)
    return [ItemSeen(*row) for row in view.all(statement.order_by(ItemRow.sku).limit(limit))]


def locations(view: View) -> list[LocationSeen]:
    """All locations, best ranked first."""
    rows = view.all(
        select(
            LocationRow.code, LocationRow.name, LocationRow.country, LocationRow.rank, LocationRow.hands_over,
            ConnectionRow.name.label("carrier"), LocationRow.is_open,
        )
        .outerjoin(
            ConnectionRow,
            and_(ConnectionRow.tenant_id == LocationRow.tenant_id, ConnectionRow.id == LocationRow.carrier_id),
        )
        .where(LocationRow.tenant_id == view.tenant)
        .order_by(LocationRow.rank, LocationRow.code)
    )  # fmt: skip
    return [LocationSeen(*row) for row in rows]
