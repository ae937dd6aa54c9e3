"""What carriers say about a parcel, in words that all of them share, and what is believed after it."""

import hashlib
from collections.abc import Mapping
from enum import StrEnum

from hub.core.document import NO_FACTS, Document, Facts
from hub.core.fields import Code, Country, MaybeText
from hub.core.people import Identity
from hub.core.shipping import Label
from hub.core.times import At


class TrackingStatus(StrEnum):
    """Where a parcel is, in words that all carriers share."""

    UNKNOWN = "unknown"
    PENDING = "pending"
    INFO_RECEIVED = "info_received"
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    EXCEPTION = "exception"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    ATTEMPTED = "attempted"
    RETURNING = "returning"
    DELIVERED = "delivered"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    LOST = "lost"


class TrackingReason(StrEnum):
    """Why a parcel does not move on."""

    ADDRESS_INVALID = "address_invalid"
    ADDRESS_UNREACHABLE = "address_unreachable"
    RECIPIENT_ABSENT = "recipient_absent"
    RECIPIENT_REFUSED = "recipient_refused"
    BUSINESS_CLOSED = "business_closed"
    ID_OR_PAYMENT_MISSING = "id_or_payment_missing"
    CUSTOMS_HOLD = "customs_hold"
    CUSTOMS_DOCUMENTS = "customs_documents"
    DUTIES_UNPAID = "duties_unpaid"
    DAMAGED = "damaged"
    MISSORTED = "missorted"
    LOST = "lost"
    WEATHER = "weather"
    CAPACITY_DELAY = "capacity_delay"
    CARRIER_DELAY = "carrier_delay"
    SECURITY_HOLD = "security_hold"
    PICKUP_EXPIRED = "pickup_expired"
    UNKNOWN = "unknown"


_S = TrackingStatus

RANK: Mapping[TrackingStatus, int] = {
    _S.UNKNOWN: -1,
    _S.PENDING: 0,
    _S.INFO_RECEIVED: 1,
    _S.PICKED_UP: 2,
    _S.IN_TRANSIT: 3,
    _S.EXCEPTION: 4,
    _S.OUT_FOR_DELIVERY: 5,
    _S.AVAILABLE_FOR_PICKUP: 6,
    _S.ATTEMPTED: 6,
    _S.RETURNING: 7,
    _S.DELIVERED: 8,
    _S.RETURNED: 9,
    _S.CANCELLED: 9,
    _S.LOST: 9,
}
"""Which of two events of one instant is the later one."""

TERMINAL = frozenset({_S.DELIVERED, _S.RETURNED, _S.CANCELLED, _S.LOST})
FINAL = frozenset({_S.RETURNED, _S.CANCELLED, _S.LOST})
"""Only a person leads a parcel back from these; `delivered` can open again by itself."""

MOVING = frozenset({_S.PICKED_UP, _S.IN_TRANSIT, _S.OUT_FOR_DELIVERY, _S.AVAILABLE_FOR_PICKUP, _S.ATTEMPTED})
"""The carrier has had the parcel in hand."""


class TrackingPlace(Document):
    """Where an event happened; `zone` is its time zone, where the carrier or its connector knows."""

    city: MaybeText = None
    state: MaybeText = None
    postal_code: MaybeText = None
    country: Country | None = None
    facility: MaybeText = None
    zone: MaybeText = None


class TrackingEvent(Document):
    """One scan or message of a carrier, in its own words and in ours."""

    at: At
    status: TrackingStatus
    reason: TrackingReason | None = None
    carrier_code: MaybeText = None
    carrier_sub_code: MaybeText = None
    description: MaybeText = None
    place: TrackingPlace | None = None
    event_id: MaybeText = None
    raw: Facts = NO_FACTS

    @property
    def fingerprint(self) -> str:
        """Equal however often the event is sent: by the carrier's id, else by time, code and place."""
        seen = (self.event_id,) if self.event_id else self._content()
        return hashlib.sha256("\n".join(part or "" for part in seen).encode()).hexdigest()

    def _content(self) -> tuple[str | None, ...]:
        place = self.place or TrackingPlace()
        when = self.at.raw if self.at.utc is None else self.at.utc.isoformat()
        where = (place.city, place.state, place.postal_code, place.country, place.facility)
        return (when, self.status, self.carrier_code, self.carrier_sub_code, *where)


class Estimate(Document):
    """When the carrier believes the parcel arrives: a moment, a day, or between two moments."""

    at: At
    until: At | None = None

    @property
    def is_window(self) -> bool:
        return self.until is not None


class TrackingReport(Document):
    """What a carrier said about one parcel at one time; `events` may be all or only the new ones."""

    tracking_number: Code
    carrier: MaybeText = None
    tracking_id: MaybeText = None
    events: tuple[TrackingEvent, ...] = ()
    estimated_delivery: Estimate | None = None
    signed_by: Identity = None
    proof_of_delivery: tuple[Label, ...] = ()
    return_tracking_number: MaybeText = None


class Tracking(Document):
    """Where a parcel stands after all its events; when it was or will be asked for is the row's matter.

    `contradicted_by` is what came after a final status and asks for a person. `digest` names the set of
    events.
    """

    status: TrackingStatus = TrackingStatus.PENDING
    reason: TrackingReason | None = None
    status_at: At | None = None
    delivered_at: At | None = None
    contradicted_by: TrackingStatus | None = None
    events: int = 0
    ignored: int = 0
    digest: MaybeText = None

    @property
    def terminal(self) -> bool:
        return self.status in TERMINAL

    @property
    def handed_over(self) -> bool:
        """Some event proves that the carrier had it."""
        return self.status in MOVING or self.status in {_S.DELIVERED, _S.RETURNING, _S.RETURNED}
