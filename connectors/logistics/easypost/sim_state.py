"""What a simulated EasyPost keeps: tariffs, shipments, labels it sold, parcels it follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from hub.core.json import JSON

CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a carrier account takes for one of its services, in dollars: a base and so much per ounce."""

    carrier: str
    account: str
    service: str
    price: Decimal
    per_ounce: Decimal
    days: int
    lightest: Decimal = Decimal(0)
    billed_when_scanned: bool = False

    def rate(self, ounces: Decimal) -> Decimal:
        return (self.price + self.per_ounce * ounces).quantize(CENT, ROUND_HALF_UP)


@dataclass(slots=True)
class Scanned:
    """A scan of a parcel."""

    status: str
    detail: str
    message: str
    at: datetime


@dataclass(slots=True)
class Tracker:
    """A parcel that is followed."""

    id: str
    code: str
    carrier: str
    shipment_id: str
    created_at: datetime
    updated_at: datetime
    scans: list[Scanned] = field(default_factory=list)

    @property
    def status(self) -> str:
        return self.scans[-1].status if self.scans else "unknown"

    @property
    def moving(self) -> bool:
        return any(scan.status not in {"unknown", "pre_transit"} for scan in self.scans)


@dataclass(slots=True)
class Sale:
    """A label that was sold, and what became of the wish to give it back."""

    rate_id: str
    tariff: Tariff
    tracker: Tracker
    insurance: str | None = None
    refund_asked_at: datetime | None = None
    refund_word: str | None = None

    def refund_status(self, now: datetime, after: timedelta) -> str | None:
        """Decided once its time has passed; a parcel that moves is not refunded."""
        if self.refund_asked_at is None:
            return None
        if self.refund_word is not None:
            return self.refund_word
        if now < self.refund_asked_at + after:
            return "submitted"
        return "rejected" if self.tracker.moving else "refunded"


@dataclass(slots=True)
class Shipment:
    """A parcel with its rates, and its label once it is sold."""

    id: str
    wanted: Mapping[str, JSON]
    created_at: datetime
    rates: Sequence[tuple[str, Tariff]]
    messages: Sequence[JSON] = ()
    order_id: str | None = None
    updated_at: datetime | None = None
    sale: Sale | None = None

    @property
    def ounces(self) -> Decimal:
        parcel = self.wanted.get("parcel")
        weight = parcel.get("weight") if isinstance(parcel, dict) else None
        return Decimal(weight) if isinstance(weight, int | Decimal | str) else Decimal(0)

    @property
    def reference(self) -> str | None:
        word = self.wanted.get("reference")
        return word if isinstance(word, str) else None
