"""Where a parcel is: events as carriers send them, folded to one status; never "the last arrival wins"."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from hub.core.times import At, Basis, WallClock, as_if_utc, assumed, assumed_like, wall_clock
from hub.core.tracking_events import (
    FINAL,
    RANK,
    TERMINAL,
    Estimate,
    Tracking,
    TrackingEvent,
    TrackingPlace,
    TrackingReason,
    TrackingReport,
    TrackingStatus,
)

__all__ = [
    "FINAL", "RANK", "TERMINAL", "Estimate", "ShipmentTracking", "Tracking", "TrackingEvent", "TrackingPlace",
    "TrackingReason", "TrackingReport", "TrackingStatus", "fold", "fold_parcels",
]  # fmt: skip

_S = TrackingStatus

LATE_SCANS = timedelta(hours=48)
EARLIER_PARCEL = timedelta(days=2)


class ShipmentTracking(NamedTuple):
    """A shipment of several parcels: as far as its worst open parcel, delivered only when all are."""

    status: TrackingStatus
    counts: Mapping[TrackingStatus, int]


def fold(
    events: Iterable[TrackingEvent], *, shipped_at: datetime | None = None, home_zone: str | None = None
) -> Tracking:
    """One status out of all events, in whatever order and however often they came.

    The newest event wins, of two at one instant the one of higher rank. Two days before `shipped_at` a
    number belonged to another parcel. A time without zone is read at its place, else like its neighbours,
    else in the carrier's `home_zone`, and is marked as assumed.
    """
    known = _distinct(events)
    ours = [
        scan
        for scan in _in_order(known, home_zone)
        if shipped_at is None or scan.instant >= shipped_at - EARLIER_PARCEL
    ]
    standing = _Standing()
    for scan in ours:
        standing = standing.after(scan)
    last = standing.last
    return Tracking(
        status=last.event.status if last else TrackingStatus.PENDING,
        reason=last.event.reason if last else None,
        status_at=last.at if last else None,
        delivered_at=last.at if last and last.event.status is TrackingStatus.DELIVERED else None,
        contradicted_by=standing.contradicted_by,
        events=len(known),
        ignored=len(known) - standing.accepted,
        digest=hashlib.sha256("\n".join(sorted(known)).encode()).hexdigest() if known else None,
    )


def fold_parcels(parcels: Sequence[Tracking]) -> ShipmentTracking:
    """The worst parcel that is still under way; where none is, the worst end that one of them came to."""
    counts = Counter(parcel.status for parcel in parcels)
    worst = next((status for status in _WORST_FIRST if counts[status]), TrackingStatus.PENDING)
    return ShipmentTracking(worst, counts)


_WORST_FIRST = (
    *(_S.EXCEPTION, _S.RETURNING, _S.ATTEMPTED, _S.UNKNOWN, _S.PENDING, _S.INFO_RECEIVED, _S.PICKED_UP),
    *(_S.IN_TRANSIT, _S.AVAILABLE_FOR_PICKUP, _S.OUT_FOR_DELIVERY),
    *(_S.LOST, _S.RETURNED, _S.CANCELLED, _S.DELIVERED),
)


class _Scan(NamedTuple):
    """An event with the instant that orders it."""

    instant: datetime
    at: At
    event: TrackingEvent

    @property
    def order(self) -> tuple[datetime, int, str]:
        return (self.instant, RANK[self.event.status], self.event.fingerprint)


class _Standing(NamedTuple):
    """What is believed after the events so far."""

    last: _Scan | None = None
    contradicted_by: TrackingStatus | None = None
    accepted: int = 0

    def after(self, scan: _Scan) -> "_Standing":
        if self.last is None or _moves(self.last, scan):
            return self._replace(last=scan, accepted=self.accepted + 1)
        if self.last.event.status in FINAL and _contradicts(self.last, scan):
            return self._replace(contradicted_by=scan.event.status)
        return self


def _moves(last: _Scan, scan: _Scan) -> bool:
    """Whether a later event changes what is believed."""
    status = scan.event.status
    if last.event.status in {_S.UNKNOWN, _S.PENDING}:
        return True
    if last.event.status in FINAL or status in {_S.UNKNOWN, _S.PENDING}:
        return False
    if last.event.status is _S.DELIVERED:
        return _reopens(last, scan)
    return True


def _reopens(delivered: _Scan, scan: _Scan) -> bool:
    """Late scans follow a delivery for two days; what takes the parcel away again is believed at once."""
    status = scan.event.status
    if status in {_S.DELIVERED, _S.INFO_RECEIVED}:
        return False
    if scan.instant - delivered.instant > LATE_SCANS:
        return True
    damaged = status is _S.EXCEPTION and scan.event.reason is TrackingReason.DAMAGED
    return damaged or status in {_S.RETURNING, _S.RETURNED, _S.OUT_FOR_DELIVERY}


def _contradicts(final: _Scan, scan: _Scan) -> bool:
    status = scan.event.status
    if status in {final.event.status, _S.UNKNOWN, _S.PENDING, _S.INFO_RECEIVED}:
        return False
    late = scan.instant - final.instant <= LATE_SCANS
    return not (late and status in {_S.PICKED_UP, _S.IN_TRANSIT} and final.event.status is not _S.CANCELLED)


def _distinct(events: Iterable[TrackingEvent]) -> dict[str, TrackingEvent]:
    """By fingerprint; of two tellings of one event always the same one is kept, whichever came first."""
    found: dict[str, TrackingEvent] = {}
    for event in events:
        rival = found.get(event.fingerprint)
        if rival is None or _telling(event) > _telling(rival):
            found[event.fingerprint] = event
    return found


def _telling(event: TrackingEvent) -> tuple[int, str]:
    return (RANK[event.status], event.model_dump_json())


def _in_order(events: Mapping[str, TrackingEvent], home_zone: str | None) -> list[_Scan]:
    clocks = sorted(filter(None, (wall_clock(event.at) for event in events.values())))
    resolved = [(_resolved(event, clocks, home_zone), event) for event in events.values()]
    timed = [_Scan(at.utc or as_if_utc(at), at, event) for at, event in resolved if at.basis is not Basis.DATE]
    days = [_Scan(_within_day(at, event, timed), at, event) for at, event in resolved if at.basis is Basis.DATE]
    return sorted(timed + days, key=lambda scan: scan.order)


def _resolved(event: TrackingEvent, clocks: Sequence[WallClock], home_zone: str | None) -> At:
    """The place's zone, the neighbours' offset, the carrier's home, or as it is."""
    at = event.at
    if at.basis is not Basis.UNKNOWN:
        return at
    zone = event.place.zone if event.place else None
    if zone is None and clocks:
        return assumed_like(at, clocks)
    zone = zone or home_zone
    return assumed(at, zone) if zone else at


def _within_day(at: At, event: TrackingEvent, timed: Iterable[_Scan]) -> datetime:
    """A bare day stands after what of that day ranks no higher."""
    midnight = as_if_utc(at)
    earlier = (
        scan.instant
        for scan in timed
        if scan.instant.date() == midnight.date() and RANK[scan.event.status] <= RANK[event.status]
    )
    return max(earlier, default=midnight)
