"""Writing down what a carrier sold: shipments, parcels, labels."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select, update

from hub.core.document import read, write
from hub.core.shipping import BookedParcel, Booking, Label
from hub.store.names import Name, name
from hub.store.people import DataKey, put_blobs
from hub.store.tables import ParcelRow, ShipmentRow
from hub.store.work import View, Work

MEDIA = {"pdf": "application/pdf", "png": "image/png", "zpl": "application/zpl", "epl": "application/epl"}


class Bought(NamedTuple):
    """A booking of one fulfilment."""

    fulfilment_id: int
    connection_id: int
    effect_id: int
    key: DataKey
    booking: Booking


def add(work: Work, bought: Sequence[Bought]) -> None:
    """Write bookings; one whose effect is written already changes nothing."""
    numbers = work.ids(ShipmentRow, len(bought)) if bought else ()
    new = work.insert_new(
        ShipmentRow,
        [_shipment(work, number, sale) for number, sale in zip(numbers, bought, strict=True)],
        conflict=("tenant_id", "effect_id"),
    )
    fresh = [(number, sale) for number, sale in zip(numbers, bought, strict=True) if number in new]
    parcels = [
        (number, sale, no, parcel) for number, sale in fresh for no, parcel in enumerate(sale.booking.parcels, start=1)
    ]
    labels = [(sale.key, label) for _, sale, _, parcel in parcels if (label := _content(parcel.label)) is not None]
    blobs = iter(put_blobs(work, [(key, MEDIA[label.format], label.content or b"") for key, label in labels]))
    work.insert(
        ParcelRow,
        [
            {
                "id": row,
                "shipment_id": number,
                "connection_id": sale.connection_id,
                "parcel_no": no,
                "tracking_number": parcel.tracking_number,
                "tracking_id": parcel.tracking_id or parcel.tracking_number,
                "tracking_url": parcel.tracking_url,
                "label_id": None if _content(parcel.label) is None else next(blobs),
                "status": "pending",
            }
            for row, (number, sale, no, parcel) in zip(
                work.ids(ParcelRow, len(parcels)) if parcels else (), parcels, strict=True
            )
        ],
    )
    name(work, [each for _, sale in fresh for each in _names(sale)])


def _shipment(work: Work, number: int, sale: Bought) -> dict[str, object]:
    cost = sale.booking.billed or sale.booking.quoted
    slim = sale.booking.model_copy(update={"parcels": tuple(map(_without_label, sale.booking.parcels))})
    return {
        "id": number,
        "fulfilment_id": sale.fulfilment_id,
        "connection_id": sale.connection_id,
        "effect_id": sale.effect_id,
        "carrier": sale.booking.carrier,
        "service": sale.booking.service or "",
        "currency": cost.currency if cost else None,
        "cost": cost.minor if cost else None,
        "state": "bought",
        "document": write(slim).decode(),
        "booked_at": work.now,
        "status": "pending",
    }


def _without_label(parcel: BookedParcel) -> BookedParcel:
    """Labels show a name and an address: their bytes are blobs, never part of the document."""
    if parcel.label is None:
        return parcel
    return parcel.model_copy(
        update={"label": parcel.label.model_copy(update={"content_base64": None}), "documents": ()}
    )


def _content(label: Label | None) -> Label | None:
    return label if label is not None and label.content_base64 is not None else None


def _names(sale: Bought) -> list[Name]:
    booking, number = sale.booking, sale.fulfilment_id
    numbers = {parcel.tracking_number for parcel in booking.parcels} | {booking.master_tracking_number or ""}
    found = [Name(sale.connection_id, "fulfilment", number, "tracking", value) for value in sorted(numbers - {""})]
    return [*found, Name(sale.connection_id, "fulfilment", number, "booking", booking.shipment_id)]


def by_effect(view: View, numbers: Sequence[int]) -> dict[int, Booking]:
    """What was bought by these booking effects."""
    rows = view.all(
        select(ShipmentRow.effect_id, ShipmentRow.document).where(
            ShipmentRow.tenant_id == view.tenant, view.by_ids(ShipmentRow.effect_id, numbers)
        )
    )
    return {row.effect_id: read(Booking, 1, row.document.encode()) for row in rows}


def set_state(work: Work, effect: int, state: str) -> None:
    """Whether the shipment of a booking still counts."""
    work.run(
        update(ShipmentRow)
        .where(ShipmentRow.tenant_id == work.tenant, ShipmentRow.effect_id == effect)
        .values(state=state)
    )
