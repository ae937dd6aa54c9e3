"""Fulfilments, shipments and parcels as rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select, update

from hub.core import json
from hub.core.document import read
from hub.core.people import Address
from hub.core.states import FULFILMENT_STARTS
from hub.core.tracking import TrackingEvent
from hub.store.tables import (
    FulfilmentLineRow,
    FulfilmentRow,
    ItemRow,
    LocationRow,
    OrderLineRow,
    ParcelRow,
    ShipmentRow,
    TrackingEventRow,
)
from hub.store.work import View, Work


class Fulfilment(NamedTuple):
    """Goods that leave one location together."""

    id: int
    company_id: int
    location_id: int
    connection_id: int
    party_id: int
    key_id: int
    carrier_id: int | None
    state: str
    generation: int
    lane: int


FULFILMENT = tuple(getattr(FulfilmentRow, name) for name in Fulfilment._fields)


class Leaving(NamedTuple):
    """A fulfilment line with the order line it serves and what the item weighs."""

    id: int
    fulfilment_id: int
    order_line_id: int
    order_id: int
    quantity: int
    line_external_id: str
    factor: int
    item_id: int
    sku: str
    title: str
    weight_grams: int | None


def fulfilments(view: View, ids: Sequence[int]) -> dict[int, Fulfilment]:
    """These fulfilments."""
    rows = view.all(
        select(*FULFILMENT).where(FulfilmentRow.tenant_id == view.tenant, view.by_ids(FulfilmentRow.id, ids))
    )
    return {row.id: Fulfilment(*row) for row in rows}


def leaving(view: View, ids: Sequence[int]) -> dict[int, list[Leaving]]:
    """The lines of these fulfilments."""
    found: dict[int, list[Leaving]] = {number: [] for number in ids}
    rows = view.all(
        select(
            FulfilmentLineRow.id,
            FulfilmentLineRow.fulfilment_id,
            FulfilmentLineRow.order_line_id,
            OrderLineRow.order_id,
            FulfilmentLineRow.quantity,
            OrderLineRow.external_id,
            OrderLineRow.factor,
            ItemRow.id,
            ItemRow.sku,
            ItemRow.title,
            ItemRow.weight_grams,
        )
        .join(
            OrderLineRow,
            and_(
                OrderLineRow.tenant_id == FulfilmentLineRow.tenant_id,
                OrderLineRow.id == FulfilmentLineRow.order_line_id,
            ),
        )
        .join(ItemRow, and_(ItemRow.tenant_id == OrderLineRow.tenant_id, ItemRow.id == OrderLineRow.item_id))
        .where(FulfilmentLineRow.tenant_id == view.tenant, view.by_ids(FulfilmentLineRow.fulfilment_id, ids))
        .order_by(FulfilmentLineRow.id)
    )
    for row in rows:
        line = Leaving(*row)
        found[line.fulfilment_id].append(line)
    return found


def fulfilments_of(view: View, orders: Iterable[int]) -> dict[int, list[int]]:
    """The fulfilments that serve these orders: {order: fulfilments}."""
    wanted = sorted(set(orders))
    found: dict[int, list[int]] = {order: [] for order in wanted}
    rows = view.all(
        select(OrderLineRow.order_id, FulfilmentLineRow.fulfilment_id)
        .join(
            FulfilmentLineRow,
            and_(
                FulfilmentLineRow.tenant_id == OrderLineRow.tenant_id,
                FulfilmentLineRow.order_line_id == OrderLineRow.id,
            ),
        )
        .where(OrderLineRow.tenant_id == view.tenant, view.by_ids(OrderLineRow.order_id, wanted))
        .distinct()
        .order_by(FulfilmentLineRow.fulfilment_id)
    )
    for row in rows:
        found[row.order_id].append(row.fulfilment_id)
    return found


class Draft(NamedTuple):
    """A fulfilment to be made: what leaves from where, for whom, and why there."""

    location_id: int
    company_id: int
    connection_id: int
    party_id: int
    key_id: int
    carrier_id: int | None
    lane: int
    why: Mapping[str, object]
    quantities: Mapping[int, int]


def make(work: Work, drafts: Sequence[Draft]) -> dict[int, dict[int, int]]:
    """Write planned fulfilments; answers {fulfilment: {order line: fulfilment line}}."""
    numbers = work.ids(FulfilmentRow, len(drafts))
    lines = work.ids(FulfilmentLineRow, sum(len(draft.quantities) for draft in drafts))
    next_line = iter(lines)
    rows, parts = [], []
    made: dict[int, dict[int, int]] = {}
    for number, draft in zip(numbers, drafts, strict=True):
        rows.append(
            {
                "id": number,
                "uid": work.uid(),
                "company_id": draft.company_id,
                "location_id": draft.location_id,
                "connection_id": draft.connection_id,
                "party_id": draft.party_id,
                "key_id": draft.key_id,
                "carrier_id": draft.carrier_id,
                "state": "planned",
                "lane": draft.lane,
                "due_at": work.now,
                "seq": 0,
                "generation": 1,
                "why": json.dumps(draft.why).decode(),  # type: ignore[arg-type]  # made of texts and numbers
                "made_at": work.now,
            }
        )
        made[number] = {line: next(next_line) for line in draft.quantities}
        parts += [
            {"id": made[number][line], "fulfilment_id": number, "order_line_id": line, "quantity": quantity}
            for line, quantity in draft.quantities.items()
        ]
    work.insert(FulfilmentRow, rows)
    work.insert(FulfilmentLineRow, parts)
    work.wake("fulfilment", "planned")
    return made


class Place(NamedTuple):
    """A location's code and address."""

    id: int
    code: str
    address: Address


def places(view: View, ids: Iterable[int]) -> dict[int, Place]:
    """Addresses of locations; they are ours, not personal."""
    rows = view.all(
        select(LocationRow.id, LocationRow.code, LocationRow.document).where(
            LocationRow.tenant_id == view.tenant, view.by_ids(LocationRow.id, sorted(set(ids)))
        )
    )
    return {row.id: Place(row.id, row.code, read(Address, 1, row.document.encode())) for row in rows}


class Shipment(NamedTuple):
    """A bought label of a fulfilment."""

    id: int
    fulfilment_id: int
    connection_id: int
    effect_id: int
    carrier: str
    service: str
    state: str
    status: str
    document: str
    handed_over_at: datetime | None
    delivered_at: datetime | None


SHIPMENT = tuple(getattr(ShipmentRow, name) for name in Shipment._fields)


def shipments(view: View, fulfilments_: Iterable[int]) -> dict[int, list[Shipment]]:
    """Shipments that count: bought and not taken back, by fulfilment."""
    wanted = sorted(set(fulfilments_))
    found: dict[int, list[Shipment]] = {number: [] for number in wanted}
    rows = view.all(
        select(*SHIPMENT)
        .where(
            ShipmentRow.tenant_id == view.tenant,
            view.by_ids(ShipmentRow.fulfilment_id, wanted),
            ShipmentRow.state == "bought",
        )
        .order_by(ShipmentRow.id)
    )
    for row in rows:
        found[row.fulfilment_id].append(Shipment(*row))
    return found


def shipments_by_id(view: View, ids: Iterable[int]) -> dict[int, Shipment]:
    """These shipments, taken back or not."""
    rows = view.all(
        select(*SHIPMENT).where(ShipmentRow.tenant_id == view.tenant, view.by_ids(ShipmentRow.id, sorted(set(ids))))
    )
    return {row.id: Shipment(*row) for row in rows}


class Parcel(NamedTuple):
    """A parcel and where it was last seen."""

    id: int
    shipment_id: int
    parcel_no: int
    tracking_number: str
    tracking_id: str
    tracking_url: str | None
    status: str


PARCEL = tuple(getattr(ParcelRow, name) for name in Parcel._fields)


def parcels(view: View, shipments_: Iterable[int]) -> dict[int, list[Parcel]]:
    """The parcels of these shipments."""
    wanted = sorted(set(shipments_))
    found: dict[int, list[Parcel]] = {number: [] for number in wanted}
    rows = view.all(
        select(*PARCEL)
        .where(ParcelRow.tenant_id == view.tenant, view.by_ids(ParcelRow.shipment_id, wanted))
        .order_by(ParcelRow.shipment_id, ParcelRow.parcel_no)
    )
    for row in rows:
        found[row.shipment_id].append(Parcel(*row))
    return found


def parcels_named(work: Work, connection: int, names: Sequence[str]) -> dict[str, Parcel]:
    """Parcels of a carrier by its tracker id or, newest first, by number."""
    mine = (ParcelRow.tenant_id == work.tenant, ParcelRow.connection_id == connection)
    by_number = work.all(
        select(*PARCEL).where(*mine, work.by_ids(ParcelRow.tracking_number, names)).order_by(ParcelRow.id)
    )
    by_id = work.all(select(*PARCEL).where(*mine, work.by_ids(ParcelRow.tracking_id, names)))
    found = {row.tracking_number: Parcel(*row) for row in by_number}
    return {**found, **{row.tracking_id: Parcel(*row) for row in by_id}}


def tracking_events(view: View, parcels_: Iterable[int]) -> dict[int, list[TrackingEvent]]:
    """All scans of these parcels."""
    wanted = sorted(set(parcels_))
    found: dict[int, list[TrackingEvent]] = {number: [] for number in wanted}
    rows = view.all(
        select(TrackingEventRow.parcel_id, TrackingEventRow.document)
        .where(TrackingEventRow.tenant_id == view.tenant, view.by_ids(TrackingEventRow.parcel_id, wanted))
        .order_by(TrackingEventRow.id)
    )
    for row in rows:
        found[row.parcel_id].append(read(TrackingEvent, 1, row.document.encode()))
    return found


def add_tracking_events(work: Work, events: Sequence[tuple[int, TrackingEvent]]) -> int:
    """Keep scans, each once by its content; answers how many were new."""
    unique = {(parcel, event.fingerprint): event for parcel, event in events}
    rows = [
        {
            "id": number,
            "parcel_id": parcel,
            "digest": digest,
            "status": event.status.value,
            "at": event.at.utc,
            "document": event.model_dump_json(exclude_defaults=True),
            "received_at": work.now,
        }
        for number, ((parcel, digest), event) in zip(
            work.ids(TrackingEventRow, len(unique)), unique.items(), strict=True
        )
    ]
    return len(work.insert_new(TrackingEventRow, rows, conflict=("tenant_id", "parcel_id", "digest")))


def set_parcel_status(work: Work, statuses: Mapping[int, str]) -> None:
    """Where parcels are now."""
    work.update(ParcelRow, [{"id": key, "status": status} for key, status in sorted(statuses.items())])


def set_shipment(work: Work, number: int, values: Mapping[str, object]) -> None:
    """Change a shipment."""
    work.run(update(ShipmentRow).where(ShipmentRow.tenant_id == work.tenant, ShipmentRow.id == number).values(**values))


def awake(work: Work, ids: Iterable[int]) -> None:
    """Make those of the fulfilments due that a step can move."""
    wanted, among = sorted(set(ids)), [state.value for state in FULFILMENT_STARTS]
    mine = (
        FulfilmentRow.tenant_id == work.tenant,
        work.by_ids(FulfilmentRow.id, wanted),
        FulfilmentRow.state.in_(among),
    )
    if wanted and work.run(update(FulfilmentRow).where(*mine).values(due_at=work.now)):
        for state in among:
            work.wake("fulfilment", state)


def moving(view: View, connection: int, limit: int, before: datetime) -> list[tuple[int, str]]:
    """Parcels of a carrier that are under way and were not asked about since: (parcel, tracker)."""
    rows = view.all(
        select(ParcelRow.id, ParcelRow.tracking_id)
        .join(
            ShipmentRow,
            and_(ShipmentRow.tenant_id == ParcelRow.tenant_id, ShipmentRow.id == ParcelRow.shipment_id),
        )
        .where(
            ParcelRow.tenant_id == view.tenant,
            ParcelRow.connection_id == connection,
            ParcelRow.status.not_in(["delivered", "returned", "cancelled", "lost"]),
            ShipmentRow.state == "bought",
            func.coalesce(ParcelRow.asked_at, ShipmentRow.booked_at) < before,
        )
        .order_by(ParcelRow.asked_at.nulls_first(), ParcelRow.id)
        .limit(limit)
    )
    return [(row.id, row.tracking_id) for row in rows]


def asked(work: Work, parcels_: Sequence[int]) -> None:
    """The carrier was asked about these parcels just now."""
    work.run(
        update(ParcelRow)
        .where(ParcelRow.tenant_id == work.tenant, work.by_ids(ParcelRow.id, parcels_))
        .values(asked_at=work.now)
    )


def sleep(work: Work, number: int) -> None:
    """A fulfilment waits for a person."""
    work.run(
        update(FulfilmentRow)
        .where(FulfilmentRow.tenant_id == work.tenant, FulfilmentRow.id == number)
        .values(due_at=None)
    )


def next_generation(work: Work, numbers: Sequence[int]) -> None:
    """The next label of these fulfilments is bought under a key of its own."""
    work.run(
        update(FulfilmentRow)
        .where(FulfilmentRow.tenant_id == work.tenant, work.by_ids(FulfilmentRow.id, numbers))
        .values(generation=FulfilmentRow.generation + 1)
    )
