"""Scans of parcels: kept once, folded to where the parcel is, and what follows from it."""

from collections.abc import Iterable, Mapping, Sequence

from hub.core.failures import BadInput, Untranslatable
from hub.core.tracking import Tracking, TrackingReport, TrackingStatus, fold, fold_parcels
from hub.pipeline.hub import Hub
from hub.sdk.capabilities import DocumentKind, RawDocument, TracksShipments
from hub.store import shipping
from hub.store.connections import Connection
from hub.store.inbox import Entry, InboxState, Outcome
from hub.store.shipping import Parcel
from hub.store.travellers import lock_fulfilments
from hub.store.work import Work


def take_scans(
    hub: Hub, work: Work, connection: Connection, entries: Sequence[Entry], bodies: Mapping[int, bytes]
) -> Iterable[Outcome]:
    """Translate what a carrier said; a parcel nobody knows is parked, for it may be booked in this very moment."""
    if not entries:
        return []
    outcomes: list[Outcome] = []
    reports: list[tuple[Entry, TrackingReport]] = []
    for entry in entries:
        read = _read(hub, connection, entry, bodies[entry.blob_id])
        if isinstance(read, Outcome):
            outcomes.append(read)
        else:
            reports.append((entry, read))
    names = {name for entry, report in reports for name in _names(entry, report)}
    known = shipping.parcels_named(work, connection.id, sorted(names))
    events = []
    for entry, report in reports:
        parcel = next((known[name] for name in _names(entry, report) if name in known), None)
        if parcel is None:
            outcomes.append(
                Outcome(
                    entry.id,
                    InboxState.PARKED,
                    "tracking.unknown_parcel",
                    {"tracking": report.tracking_number},
                )
            )
            continue
        events += [(parcel, event) for event in report.events]
        outcomes.append(Outcome(entry.id, InboxState.APPLIED, "tracking.taken"))
    if shipping.add_tracking_events(work, [(parcel.id, event) for parcel, event in events]):
        _fold(work, {parcel.id: parcel for parcel, _ in events})
    return outcomes


def _read(hub: Hub, connection: Connection, entry: Entry, body: bytes) -> TrackingReport | Outcome:
    connector = hub.connector(connection)
    if not isinstance(connector, TracksShipments):
        return Outcome(entry.id, InboxState.PARKED, "tracking.not_a_carrier", {"connection": connection.name})
    try:
        return connector.to_tracking(RawDocument(DocumentKind.TRACKING, entry.external_id, body, entry.version))
    except (BadInput, Untranslatable) as error:
        return Outcome(entry.id, InboxState.PARKED, error.code, error.params)


def _names(entry: Entry, report: TrackingReport) -> tuple[str, ...]:
    """Surest first: the carrier's own id of the tracker."""
    return tuple(name for name in (report.tracking_id, entry.external_id, report.tracking_number) if name)


def _fold(work: Work, touched: Mapping[int, Parcel]) -> None:
    """The status of parcels, shipments and, through their steps, fulfilments."""
    shipments = shipping.shipments_by_id(work, {parcel.shipment_id for parcel in touched.values()})
    lock_fulfilments(work, {shipment.fulfilment_id for shipment in shipments.values()})
    parcels = shipping.parcels(work, shipments)
    scans = shipping.tracking_events(work, [parcel.id for found in parcels.values() for parcel in found])
    folded: dict[int, Tracking] = {parcel: fold(events) for parcel, events in scans.items()}
    shipping.set_parcel_status(work, {parcel: folded[parcel].status.value for parcel in touched})
    for number, shipment in shipments.items():
        whole = fold_parcels([folded[parcel.id] for parcel in parcels[number]])
        values: dict[str, object] = {"status": whole.status.value}
        if shipment.handed_over_at is None and any(folded[parcel.id].handed_over for parcel in parcels[number]):
            values["handed_over_at"] = work.now
        if shipment.delivered_at is None and whole.status is TrackingStatus.DELIVERED:
            values["delivered_at"] = work.now
        shipping.set_shipment(work, number, values)
    shipping.awake(work, {shipment.fulfilment_id for shipment in shipments.values()})
