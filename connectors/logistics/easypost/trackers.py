"""Where EasyPost says that parcels are, in the words of the hub. Pure."""

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from connectors.logistics.easypost.translate import pick, text
from hub.core.failures import BadInput
from hub.core.json import JSON
from hub.core.times import At
from hub.core.tracking import (
    Estimate,
    TrackingEvent,
    TrackingPlace,
    TrackingReason,
    TrackingReport,
    TrackingStatus,
)
from hub.sdk.mapping import Mapping as Table

COUNTRY: Final = re.compile("[A-Z]{2}")

Scan: TypeAlias = tuple[str, str]
Meaning: TypeAlias = tuple[TrackingStatus, TrackingReason | None]

_S, _R = TrackingStatus, TrackingReason

DETAILS: Final[Mapping[Scan, Meaning]] = {
    ("in_transit", "received_at_origin_facility"): (_S.PICKED_UP, None),
    ("in_transit", "delayed"): (_S.EXCEPTION, _R.CARRIER_DELAY),
    ("in_transit", "weather_delay"): (_S.EXCEPTION, _R.WEATHER),
    ("in_transit", "missorted"): (_S.EXCEPTION, _R.MISSORTED),
    ("in_transit", "held"): (_S.EXCEPTION, _R.UNKNOWN),
    ("in_transit", "damaged"): (_S.EXCEPTION, _R.DAMAGED),
    ("in_transit", "address_correction"): (_S.EXCEPTION, _R.ADDRESS_INVALID),
    ("in_transit", "transit_exception"): (_S.EXCEPTION, _R.UNKNOWN),
    ("in_transit", "delivery_exception"): (_S.ATTEMPTED, _R.UNKNOWN),
    ("available_for_pickup", "expired"): (_S.EXCEPTION, _R.PICKUP_EXPIRED),
    ("failure", "delivery_exception"): (_S.ATTEMPTED, _R.UNKNOWN),
    ("failure", "refused"): (_S.EXCEPTION, _R.RECIPIENT_REFUSED),
    ("failure", "address_correction"): (_S.EXCEPTION, _R.ADDRESS_INVALID),
    ("failure", "damaged"): (_S.EXCEPTION, _R.DAMAGED),
    ("failure", "delayed"): (_S.EXCEPTION, _R.CARRIER_DELAY),
    ("failure", "weather_delay"): (_S.EXCEPTION, _R.WEATHER),
    ("failure", "missorted"): (_S.EXCEPTION, _R.MISSORTED),
    ("failure", "expired"): (_S.EXCEPTION, _R.PICKUP_EXPIRED),
    ("failure", "lost"): (_S.LOST, _R.LOST),
    ("failure", "return"): (_S.RETURNING, None),
    ("return_to_sender", "refused"): (_S.RETURNING, _R.RECIPIENT_REFUSED),
}
"""What `status_detail` adds to a status. Anything else is what the status alone says (tracker.toml)."""


def tracking(found: JSON, table: Table) -> TrackingReport:
    """A tracker, or the event that brings one, with all its scans."""
    tracker = pick(found, "result") if text(found, "object") == "Event" else found
    report = TrackingReport.accept(table.apply(tracker))
    scans = tuple(map(_scan, report.events))
    return report.model_copy(update={"events": scans, "estimated_delivery": _estimate(tracker)})


def _scan(scan: TrackingEvent) -> TrackingEvent:
    """A scan with what `status_detail` adds to its status, and its country."""
    key = (str(scan.raw.get("status")), str(scan.carrier_sub_code))
    status, reason = DETAILS.get(key, (scan.status, None))
    return scan.model_copy(update={"status": status, "reason": reason, "place": _place(scan)})


def _place(scan: TrackingEvent) -> TrackingPlace | None:
    """Only a country code of two letters is one; a place without any word is none."""
    word = str(scan.raw.get("country") or "").upper()
    place = scan.place or TrackingPlace()
    if COUNTRY.fullmatch(word):
        place = place.model_copy(update={"country": word})
    return None if place == TrackingPlace() else place


def _estimate(tracker: JSON) -> Estimate | None:
    """The carrier's own day or wall clock; else the instant, unless it is the tracker's birth (test mode)."""
    day, time = (text(tracker, f"carrier_detail.est_delivery_{part}_local") for part in ("date", "time"))
    moment = text(tracker, "est_delivery_date")
    if day is None and moment == text(tracker, "created_at"):
        return None
    written = moment if day is None else "T".join(filter(None, (day, time)))
    try:
        return None if written is None else Estimate(at=At.read(written))
    except BadInput:
        return None
