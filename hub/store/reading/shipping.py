"""Fulfilments as people see them: from where and why there, with parcels and their scans."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from hub.core import json
from hub.core.failures import Parameter
from hub.core.json import JSON
from hub.core.money import Money
from hub.core.tracking import TrackingEvent
from hub.core.units import from_micro
from hub.store import shipping
from hub.store.reading.said import Said
from hub.store.stock import skus
from hub.store.tables import ConnectionRow, FulfilmentLineRow, FulfilmentRow, LocationRow, OrderLineRow, ShipmentRow
from hub.store.work import View


class Goods(NamedTuple):
    """How much of which order line."""

    order_id: int
    line_no: int
    sku: str
    quantity: Decimal


class Scan(NamedTuple):
    """Where a parcel was seen; `raw` is the time as the carrier wrote it."""

    at: datetime | None
    raw: str
    status: str
    place: str
    description: str


class ParcelSeen(NamedTuple):
    """A parcel and what the carrier says of it."""

    tracking_number: str
    tracking_url: str | None
    status: str
    scans: tuple[Scan, ...]


class ShipmentSeen(NamedTuple):
    """A label that was bought, taken back or not."""

    carrier: str
    service: str
    cost: Money | None
    state: str
    status: str
    booked_at: datetime
    handed_over_at: datetime | None
    delivered_at: datetime | None
    parcels: tuple[ParcelSeen, ...]


class Rejected(NamedTuple):
    """A location that does not ship, and the first rule that lost it."""

    location: str
    reason: Said


class Why(NamedTuple):
    """Why goods ship from where they do; `flip` is the smallest change after which they would not."""

    chosen: Said
    rejected: tuple[Rejected, ...]
    flip: Said | None


class FulfilmentSeen(NamedTuple):
    """Goods that leave one location together."""

    id: int
    location: str
    carrier: str | None
    state: str
    made_at: datetime
    goods: tuple[Goods, ...]
    why: Why
    shipments: tuple[ShipmentSeen, ...]


def fulfilments(view: View, numbers: Sequence[int]) -> list[FulfilmentSeen]:
    """These fulfilments, first made first."""
    carrier = aliased(ConnectionRow)
    rows = view.all(
        select(
            FulfilmentRow.id,
            LocationRow.code,
            carrier.name,
            FulfilmentRow.state,
            FulfilmentRow.made_at,
            FulfilmentRow.why,
        )
        .join(
            LocationRow,
            and_(LocationRow.tenant_id == FulfilmentRow.tenant_id, LocationRow.id == FulfilmentRow.location_id),
        )
        .outerjoin(carrier, and_(carrier.tenant_id == FulfilmentRow.tenant_id, carrier.id == FulfilmentRow.carrier_id))
        .where(FulfilmentRow.tenant_id == view.tenant, view.by_ids(FulfilmentRow.id, numbers))
        .order_by(FulfilmentRow.id)
    )
    reasons = _reasons(view, {row.id: row.why for row in rows})
    goods, bought = _goods(view, numbers), _shipments(view, numbers)
    return [
        FulfilmentSeen(
            id=row.id,
            location=row.code,
            carrier=row.name,
            state=row.state,
            made_at=row.made_at,
            goods=tuple(goods.get(row.id, ())),
            why=reasons[row.id],
            shipments=tuple(bought.get(row.id, ())),
        )
        for row in rows
    ]


def _goods(view: View, numbers: Sequence[int]) -> dict[int, list[Goods]]:
    rows = view.all(
        select(
            FulfilmentLineRow.fulfilment_id,
            OrderLineRow.order_id,
            OrderLineRow.line_no,
            OrderLineRow.sku,
            FulfilmentLineRow.quantity,
        )
        .join(
            OrderLineRow,
            and_(
                OrderLineRow.tenant_id == FulfilmentLineRow.tenant_id,
                OrderLineRow.id == FulfilmentLineRow.order_line_id,
            ),
        )
        .where(FulfilmentLineRow.tenant_id == view.tenant, view.by_ids(FulfilmentLineRow.fulfilment_id, numbers))
        .order_by(OrderLineRow.order_id, OrderLineRow.line_no)
    )
    found: dict[int, list[Goods]] = {number: [] for number in numbers}
    for row in rows:
        found[row.fulfilment_id].append(Goods(row.order_id, row.line_no, row.sku, from_micro(row.quantity)))
    return found


def _shipments(view: View, numbers: Sequence[int]) -> dict[int, list[ShipmentSeen]]:
    rows = view.all(
        select(
            ShipmentRow.id, ShipmentRow.fulfilment_id, ShipmentRow.carrier, ShipmentRow.service, ShipmentRow.currency,
            ShipmentRow.cost, ShipmentRow.state, ShipmentRow.status, ShipmentRow.booked_at,
            ShipmentRow.handed_over_at, ShipmentRow.delivered_at,
        )
        .where(ShipmentRow.tenant_id == view.tenant, view.by_ids(ShipmentRow.fulfilment_id, numbers))
        .order_by(ShipmentRow.id)
    )  # fmt: skip
    parcels = _parcels(view, [row.id for row in rows])
    found: dict[int, list[ShipmentSeen]] = {number: [] for number in numbers}
    for row in rows:
        has_cost = row.cost is not None and row.currency is not None
        found[row.fulfilment_id].append(
            ShipmentSeen(
                carrier=row.carrier,
                service=row.service,
                cost=Money(row.cost or 0, row.currency or "") if has_cost else None,
                state=row.state,
                status=row.status,
                booked_at=row.booked_at,
                handed_over_at=row.handed_over_at,
                delivered_at=row.delivered_at,
                parcels=tuple(parcels[row.id]),
            )
        )
    return found


def _parcels(view: View, shipments: Iterable[int]) -> dict[int, list[ParcelSeen]]:
    known = shipping.parcels(view, shipments)
    scans = shipping.tracking_events(view, [parcel.id for found in known.values() for parcel in found])
    return {
        shipment: [
            ParcelSeen(
                each.tracking_number, each.tracking_url, each.status, tuple(map(_scan, _in_time(scans[each.id])))
            )
            for each in found
        ]
        for shipment, found in known.items()
    }


def _in_time(scans: Sequence[TrackingEvent]) -> Iterator[TrackingEvent]:
    """As they happened; what has no instant comes at the end."""
    timed = [(scan.at.utc, scan) for scan in scans if scan.at.utc is not None]
    yield from (scan for _, scan in sorted(timed, key=itemgetter(0)))
    yield from (scan for scan in scans if scan.at.utc is None)


def _scan(event: TrackingEvent) -> Scan:
    where = event.place
    place = "" if where is None else " ".join(filter(None, (where.city, where.country)))
    return Scan(event.at.utc, event.at.raw, event.status.value, place, event.description or "")


def _reasons(view: View, documents: Mapping[int, str]) -> dict[int, Why]:
    """Reasons as they were stored, with names of locations and articles in place of numbers."""
    trees = {number: _table(json.loads(text.encode())) for number, text in documents.items()}
    codes = {site.id: site.code for site in shipping.places(view, _sites(trees.values())).values()}
    names = skus(view, _items(trees.values()))
    return {
        number: Why(
            chosen=_named(_table(tree.get("chosen")), names),
            rejected=tuple(
                Rejected(codes.get(_number(each.get("site")), "?"), _named(each, names)) for each in _rejected(tree)
            ),
            flip=_named(_table(tree["flip"]), names) if tree.get("flip") else None,
        )
        for number, tree in trees.items()
    }


def _named(tree: Mapping[str, JSON], names: Mapping[int, str]) -> Said:
    params: dict[str, Parameter] = {
        key: value for key, value in _table(tree.get("params")).items() if isinstance(value, str | int | bool | None)
    }
    if "item" in params:
        params["item"] = names.get(_number(params["item"]), str(params["item"]))
    return Said(str(tree.get("code", "")), params)


def _rejected(tree: Mapping[str, JSON]) -> list[Mapping[str, JSON]]:
    found = tree.get("rejected")
    return [_table(each) for each in found] if isinstance(found, list) else []


def _sites(trees: Iterable[Mapping[str, JSON]]) -> set[int]:
    return {_number(each.get("site")) for tree in trees for each in _rejected(tree)}


def _items(trees: Iterable[Mapping[str, JSON]]) -> set[int]:
    parts = [
        part for tree in trees for part in (_table(tree.get("chosen")), _table(tree.get("flip")), *_rejected(tree))
    ]
    return {_number(_table(part.get("params")).get("item")) for part in parts} - {0}


def _table(value: JSON) -> Mapping[str, JSON]:
    return value if isinstance(value, dict) else {}


def _number(value: JSON) -> int:
    return value if isinstance(value, int) else 0
