"""Positions, reservations and movements: the double-entry book of goods."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Integer, and_, case, cast, func, or_, select, update

from hub.core.stock import Promise, Shelf
from hub.store.tables import (
    ChannelLocationRow,
    ConnectionRow,
    EffectRow,
    FeedRow,
    FulfilmentLineRow,
    ItemRow,
    ListingRow,
    LocationRow,
    MovementRow,
    OrderLineRow,
    PositionRow,
    ReservationRow,
)
from hub.store.work import View, Work

SHELF = "shelf"

TOGETHER = timedelta(seconds=1)
"""Changes of so short a time are one push."""


class Counterpart(StrEnum):
    """Where goods come from or go to when it is not one of our positions."""

    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    SCRAP = "scrap"
    DIFFERENCE = "difference"


class Position(NamedTuple):
    """Goods of one item at one location and lot."""

    id: int
    item_id: int
    location_id: int
    lot: str
    on_hand: int
    reserved: int

    @property
    def shelf(self) -> Shelf:
        """What of it is still free."""
        return Shelf(self.id, self.item_id, self.location_id, self.on_hand - self.reserved)


POSITION = tuple(getattr(PositionRow, name) for name in Position._fields)


class Movement(NamedTuple):
    """Goods that leave one bucket and enter another; a bucket is a position's number or a counterpart.

    `key` makes the movement happen once, whoever repeats the work.
    """

    key: str
    item_id: int
    quantity: int
    source: int | Counterpart
    target: int | Counterpart
    code: str


def items_by_sku(view: View, skus: Sequence[str]) -> dict[str, int]:
    """Our items under these SKUs."""
    rows = view.all(
        select(ItemRow.sku, ItemRow.id).where(ItemRow.tenant_id == view.tenant, view.by_ids(ItemRow.sku, skus))
    )
    return {row.sku: row.id for row in rows}


def skus(view: View, items: Iterable[int]) -> dict[int, str]:
    """The SKUs of these items."""
    rows = view.all(
        select(ItemRow.id, ItemRow.sku).where(
            ItemRow.tenant_id == view.tenant, view.by_ids(ItemRow.id, sorted(set(items)))
        )
    )
    return {row.id: row.sku for row in rows}


class Site(NamedTuple):
    """A location as routing sees it."""

    id: int
    code: str
    rank: int
    is_open: bool
    carrier_id: int | None
    company_id: int
    hands_over: str


SITE = (
    LocationRow.id,
    LocationRow.code,
    LocationRow.rank,
    LocationRow.is_open,
    LocationRow.carrier_id,
    LocationRow.company_id,
    LocationRow.hands_over,
)


def sites(view: View) -> dict[int, Site]:
    """All locations of the tenant."""
    rows = view.all(
        select(*SITE).where(LocationRow.tenant_id == view.tenant).order_by(LocationRow.rank, LocationRow.id)
    )
    return {row.id: Site(*row) for row in rows}


def ranked_locations(view: View, connections: Iterable[int]) -> dict[int, dict[int, int]]:
    """Per channel the locations that serve it, with their rank there; a channel without choice is served by all."""
    everywhere = {site.id: site.rank for site in sites(view).values()}
    chosen: dict[int, dict[int, int]] = defaultdict(dict)
    rows = view.all(
        select(ChannelLocationRow.connection_id, ChannelLocationRow.location_id, ChannelLocationRow.rank)
        .where(
            ChannelLocationRow.tenant_id == view.tenant,
            view.by_ids(ChannelLocationRow.connection_id, sorted(set(connections))),
        )
        .order_by(ChannelLocationRow.rank, ChannelLocationRow.location_id)
    )
    for row in rows:
        chosen[row.connection_id][row.location_id] = row.rank
    return {connection: chosen.get(connection) or everywhere for connection in connections}


def lock_positions(work: Work, items: Iterable[int]) -> list[Position]:
    """Lock the shelves of these items in the lock order of the house: location, item, lot."""
    rows = work.lock(
        select(*POSITION)
        .where(
            PositionRow.tenant_id == work.tenant,
            PositionRow.kind == SHELF,
            work.by_ids(PositionRow.item_id, sorted(set(items))),
        )
        .order_by(PositionRow.location_id, PositionRow.item_id, PositionRow.lot)
    )
    return [Position(*row) for row in rows]


def positions(view: View, items: Iterable[int]) -> list[Position]:
    """The shelves of these items as they are, unlocked."""
    rows = view.all(
        select(*POSITION)
        .where(
            PositionRow.tenant_id == view.tenant,
            PositionRow.kind == SHELF,
            view.by_ids(PositionRow.item_id, sorted(set(items))),
        )
        .order_by(PositionRow.location_id, PositionRow.item_id, PositionRow.lot)
    )
    return [Position(*row) for row in rows]


def promise(work: Work, promises: Sequence[Promise]) -> None:
    """Write reservations of locked positions. The lines' counters are the caller's."""
    rows = [
        {
            "id": number,
            "order_line_id": given.line,
            "position_id": given.position,
            "quantity": given.quantity,
            "state": "open",
            "made_at": work.now,
        }
        for number, given in zip(work.ids(ReservationRow, len(promises)), promises, strict=True)
    ]
    work.insert(ReservationRow, rows)
    reserve(work, summed((given.position, given.quantity) for given in promises))


def summed(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Quantities added up per key."""
    sums: dict[int, int] = defaultdict(int)
    for key, quantity in pairs:
        sums[key] += quantity
    return sums


def reserve(work: Work, quantities: Mapping[int, int]) -> None:
    """Add to what is reserved per position."""
    rows = [{"id": position, "reserved": quantity} for position, quantity in sorted(quantities.items())]
    if rows:
        work.update(PositionRow, rows, add=("reserved",))


class Reserved(NamedTuple):
    """An open reservation."""

    id: int
    order_line_id: int
    position_id: int
    quantity: int
    fulfilment_line_id: int | None


RESERVED = tuple(getattr(ReservationRow, name) for name in Reserved._fields)


def reservations(view: View, lines: Sequence[int]) -> list[Reserved]:
    """Open reservations of these order lines, oldest first."""
    rows = view.all(
        select(*RESERVED)
        .where(
            ReservationRow.tenant_id == view.tenant,
            ReservationRow.state == "open",
            view.by_ids(ReservationRow.order_line_id, lines),
        )
        .order_by(ReservationRow.id)
    )
    return [Reserved(*row) for row in rows]


def reservations_at(view: View, position: int) -> list[Reserved]:
    """Open reservations of a position, newest first; those planned into a fulfilment come last."""
    planned = cast(ReservationRow.fulfilment_line_id.is_not(None), Integer)
    rows = view.all(
        select(*RESERVED)
        .where(
            ReservationRow.tenant_id == view.tenant,
            ReservationRow.state == "open",
            ReservationRow.position_id == position,
        )
        .order_by(planned, ReservationRow.id.desc())
    )
    return [Reserved(*row) for row in rows]


def release(work: Work, found: Sequence[Reserved]) -> None:
    """Give reservations back to the shelf. The lines' counters are the caller's."""
    _end(work, found, "released")


def ship(work: Work, found: Sequence[Reserved]) -> None:
    """The reserved goods have left; `move` takes them off the shelf."""
    _end(work, found, "shipped")


def _end(work: Work, found: Sequence[Reserved], state: str) -> None:
    if not found:
        return
    work.update(ReservationRow, [{"id": each.id, "state": state, "settled_at": work.now} for each in found])
    reserve(
        work,
        {position: -quantity for position, quantity in summed((f.position_id, f.quantity) for f in found).items()},
    )


def shrink(work: Work, found: Reserved, by: int) -> None:
    """Give back a part of a reservation."""
    work.update(ReservationRow, [{"id": found.id, "quantity": found.quantity - by}])
    reserve(work, {found.position_id: -by})


def plan_into(work: Work, lines: Mapping[int, int]) -> None:
    """Tie reservations to the fulfilment lines they will leave with: {reservation: fulfilment line}."""
    work.update(ReservationRow, [{"id": key, "fulfilment_line_id": line} for key, line in sorted(lines.items())])


def move(work: Work, movements: Sequence[Movement]) -> int:
    """Book movements and what they do to positions, each once by its key; answers how many were new."""
    if not movements:
        return 0
    rows = [
        {
            "id": number,
            "key": moved.key,
            "item_id": moved.item_id,
            "quantity": moved.quantity,
            **_bucket("source", moved.source),
            **_bucket("target", moved.target),
            "unit_cost": None,
            "currency": None,
            "code": moved.code,
            "actor": work.actor,
            "at": work.now,
        }
        for number, moved in zip(work.ids(MovementRow, len(movements)), movements, strict=True)
    ]
    new = work.insert_new(MovementRow, rows, conflict=("tenant_id", "key"))
    changes: dict[int, int] = defaultdict(int)
    for row, moved in zip(rows, movements, strict=True):
        if row["id"] in new:
            for bucket, sign in ((moved.source, -1), (moved.target, 1)):
                if isinstance(bucket, int):
                    changes[bucket] += sign * moved.quantity
    work.update(
        PositionRow,
        [{"id": key, "on_hand": change} for key, change in sorted(changes.items())],
        add=("on_hand",),
    )
    touch_feeds(work, {moved.item_id for moved in movements})
    return len(new)


def _bucket(side: str, bucket: int | Counterpart) -> dict[str, object]:
    if isinstance(bucket, Counterpart):
        return {side: bucket.value, f"{side}_id": None}
    return {side: "position", f"{side}_id": bucket}


def position(work: Work, item: int, location: int, *, kind: str = SHELF, lot: str = "") -> Position:
    """The position of an item, made and locked."""
    [number] = work.ids(PositionRow, 1)
    row = {
        "id": number,
        "item_id": item,
        "location_id": location,
        "lot": lot,
        "kind": kind,
        "on_hand": 0,
        "reserved": 0,
    }
    work.insert_new(PositionRow, [row], conflict=("tenant_id", "item_id", "location_id", "lot", "kind"))
    [found] = work.lock(
        select(*POSITION).where(
            PositionRow.tenant_id == work.tenant,
            PositionRow.item_id == item,
            PositionRow.location_id == location,
            PositionRow.lot == lot,
            PositionRow.kind == kind,
        )
    )
    return Position(*found)


def touch_feeds(work: Work, items: Iterable[int]) -> None:
    """What can be sold of these items changed: their feeds are due, however often that happens before a push."""
    wanted = sorted(set(items))
    if not wanted:
        return
    listed = select(ListingRow.id).where(ListingRow.tenant_id == work.tenant, work.by_ids(ListingRow.item_id, wanted))
    stale = or_(FeedRow.due_at.is_(None), FeedRow.lease_until.is_not(None))
    touched = work.run(
        update(FeedRow)
        .where(FeedRow.tenant_id == work.tenant, FeedRow.listing_id.in_(listed), stale)
        .values(version=FeedRow.version + 1, changed_at=work.now, due_at=work.now + TOGETHER)
    )
    if touched:
        work.wake("feeds", "")


def list_feeds(work: Work, listings: Sequence[int]) -> None:
    """Feeds for listings that are mapped to an item: every channel that shows stock is told of it."""
    rows = work.all(
        select(ListingRow.id, ListingRow.connection_id)
        .join(
            ConnectionRow,
            and_(ConnectionRow.tenant_id == ListingRow.tenant_id, ConnectionRow.id == ListingRow.connection_id),
        )
        .where(ListingRow.tenant_id == work.tenant, work.by_ids(ListingRow.id, listings))
    )
    if not rows:
        return
    work.insert_new(
        FeedRow,
        [
            {
                "id": number,
                "connection_id": row.connection_id,
                "listing_id": row.id,
                "wanted": 0,
                "version": 1,
                "sent_version": 0,
                "changed_at": work.now,
                "due_at": work.now,
                "attempt": 0,
            }
            for number, row in zip(work.ids(FeedRow, len(rows)), rows, strict=True)
        ],
        conflict=("tenant_id", "connection_id", "listing_id"),
    )


class Level(NamedTuple):
    """On hand and reserved of an item over the locations that serve one channel."""

    on_hand: int
    reserved: int


def levels(view: View, connection: int, items: Sequence[int]) -> dict[int, Level]:
    """What a channel may be told of these items."""
    locations = sorted(ranked_locations(view, [connection])[connection])
    rows = view.all(
        select(
            PositionRow.item_id,
            func.sum(PositionRow.on_hand).label("on_hand"),
            func.sum(PositionRow.reserved).label("reserved"),
        )
        .where(
            PositionRow.tenant_id == view.tenant,
            PositionRow.kind == SHELF,
            view.by_ids(PositionRow.item_id, items),
            view.by_ids(PositionRow.location_id, locations),
        )
        .group_by(PositionRow.item_id)
    )
    return {row.item_id: Level(int(row.on_hand), int(row.reserved)) for row in rows}


def untie(work: Work, fulfilment_lines: Sequence[int]) -> None:
    """Reservations stay, but leave with no fulfilment any more."""
    work.run(
        update(ReservationRow)
        .where(
            ReservationRow.tenant_id == work.tenant,
            ReservationRow.state == "open",
            work.by_ids(ReservationRow.fulfilment_line_id, fulfilment_lines),
        )
        .values(fulfilment_line_id=None)
    )


def give_back(work: Work, found: Sequence[Reserved], quantity: int) -> None:
    """Release this much of some reservations, in the order given."""
    whole: list[Reserved] = []
    for each in found:
        if quantity <= 0:
            break
        if each.quantity <= quantity:
            whole.append(each)
        else:
            shrink(work, each, quantity)
        quantity -= each.quantity
    release(work, whole)


def orders_promised(view: View, item: int, location: int) -> list[int]:
    """Orders that hold a promise on goods of this item here."""
    return view.scalars(
        select(OrderLineRow.order_id)
        .join(
            ReservationRow,
            and_(ReservationRow.tenant_id == OrderLineRow.tenant_id, ReservationRow.order_line_id == OrderLineRow.id),
        )
        .join(
            PositionRow,
            and_(PositionRow.tenant_id == ReservationRow.tenant_id, PositionRow.id == ReservationRow.position_id),
        )
        .where(
            OrderLineRow.tenant_id == view.tenant,
            ReservationRow.state == "open",
            PositionRow.item_id == item,
            PositionRow.location_id == location,
        )
        .distinct()
        .order_by(OrderLineRow.order_id)
    )


def fulfilment_of(view: View, line: int) -> int:
    """The fulfilment that a fulfilment line belongs to."""
    return view.scalars(
        select(FulfilmentLineRow.fulfilment_id).where(
            FulfilmentLineRow.tenant_id == view.tenant, FulfilmentLineRow.id == line
        )
    )[0]


class Leaving(NamedTuple):
    """Goods of an item that left here while their channel does not know it: told soon, or being told now."""

    untold: int
    being_told: bool


def leaving_of(view: View, connection: int, items: Sequence[int]) -> dict[int, Leaving]:
    """What was handed over for orders of this channel and stands on its shelf there until it is told."""
    rows = view.all(
        select(
            OrderLineRow.item_id,
            func.sum(FulfilmentLineRow.quantity),
            func.max(case((EffectRow.state == "planned", 0), else_=1)),
        )
        .join(
            FulfilmentLineRow,
            and_(
                FulfilmentLineRow.tenant_id == OrderLineRow.tenant_id,
                FulfilmentLineRow.order_line_id == OrderLineRow.id,
            ),
        )
        .join(
            EffectRow,
            and_(
                EffectRow.tenant_id == FulfilmentLineRow.tenant_id,
                EffectRow.subject == "fulfilment",
                EffectRow.subject_id == FulfilmentLineRow.fulfilment_id,
                EffectRow.part_id == OrderLineRow.order_id,
            ),
        )
        .where(
            OrderLineRow.tenant_id == view.tenant,
            view.by_ids(OrderLineRow.item_id, items),
            EffectRow.connection_id == connection,
            EffectRow.capability == "dispatch",
            EffectRow.after_id.is_(None),
            EffectRow.state.in_(["planned", "sending", "submitted", "in_doubt"]),
        )
        .group_by(OrderLineRow.item_id)
    )
    return {row[0]: Leaving(int(row[1]), bool(row[2])) for row in rows if row[0] is not None}
