"""What EasyPost says, in the words of the hub. Pure."""

import base64
import binascii
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple

from hub.core.failures import BadInput, Untranslatable
from hub.core.json import JSON, dumps
from hub.core.money import Money
from hub.core.shipping import (
    BookedParcel,
    Booking,
    BookingRequest,
    Label,
    LabelFormat,
    RateFailure,
    RateOffer,
    RateQuote,
    Voided,
    VoidState,
)
from hub.sdk.capabilities import Pending
from hub.sdk.mapping import Mapping as Table
from hub.sdk.paths import Get, compiled

REFUND_POLL: Final = timedelta(hours=2)
"""Refunds take days (USPS: 15 at least), so nobody looks often."""

PARCEL_MARK: Final = re.compile(r"_P(\d+)$")
"""Ends our reference of a parcel in an order."""

FILES: Final[Mapping[str, LabelFormat]] = {
    "application/pdf": LabelFormat.PDF,
    "image/png": LabelFormat.PNG,
    "application/zpl": LabelFormat.ZPL,
    "application/epl2": LabelFormat.EPL,
}

CONVERTED: Final[Mapping[LabelFormat, str]] = {
    LabelFormat.PDF: "label_pdf_url",
    LabelFormat.ZPL: "label_zpl_url",
    LabelFormat.EPL: "label_epl2_url",
}
"""Where the label stands in a format that it was not drawn in first."""


class Consignment(StrEnum):
    """What is bought in one go: a shipment is one parcel, an order several."""

    SHIPMENT = "shipment"
    ORDER = "order"

    @classmethod
    def named(cls, number: str) -> "Consignment":
        """Ids begin with their kind."""
        return cls.ORDER if number.startswith("order_") else cls.SHIPMENT


class Parts(NamedTuple):
    """How many parcels of a shipment or order have a label."""

    bought: int
    parcels: int

    @property
    def all(self) -> bool:
        return 0 < self.parcels == self.bought


def pick(found: JSON, path: str) -> JSON:
    """The value at a path, `None` where it leads nowhere."""
    return _following(path)(found, None)


def text(found: JSON, path: str) -> str | None:
    """The words at a path; blank ones and anything else are absent."""
    value = pick(found, path)
    return value.strip() or None if isinstance(value, str) else None


def rows(found: JSON, path: str) -> list[JSON]:
    """The list at a path, empty where there is none."""
    value = pick(found, path)
    return value if isinstance(value, list) else []


def shipments(found: JSON) -> list[JSON]:
    """The shipments of an order; a shipment is its own only one."""
    return rows(found, "shipments") if text(found, "object") == "Order" else [found]


def bought_parts(found: JSON) -> Parts:
    """A shipment is bought once it has a label and the rate it was bought at."""
    parts = shipments(found)
    done = [part for part in parts if pick(part, "postage_label.id") and pick(part, "selected_rate.id")]
    return Parts(len(done), len(parts))


def quote(found: JSON, table: Table, hide: Callable[[str], str] = str) -> RateQuote:
    """Rates and, beside them, what carrier accounts said that gave none."""
    number = text(found, "id")
    if number is None:
        raise Untranslatable("mapping.missing", field="id")
    offers: list[RateOffer] = []
    failures = [_failure(message, hide) for message in rows(found, "messages")]
    for rate in rows(found, "rates"):
        try:
            offers.append(_offer(rate, number, table))
        except (BadInput, Untranslatable) as misfit:
            failures.append(_unfit(rate, misfit))
    if text(found, "object") == "Order":
        offers, twice = _told_apart(offers)
        failures += [_ambiguous(offer) for offer in twice]
    return RateQuote(shipment_id=number, rates=tuple(offers), failures=tuple(failures))


def booking(found: JSON, request: BookingRequest, shipment: Table, parcel: Table) -> Booking:
    """A bought shipment. `billed` is the price of the labels; insurance and fees stand in the metadata."""
    if not bought_parts(found).all:
        raise Untranslatable("carrier.no_label", field="postage_label")
    parcels = _parcels(shipments(found), request, parcel)
    costs = [one.cost for one in parcels if one.cost is not None]
    billed = Money.total(costs, costs[0].currency)
    fields = {
        **shipment.apply(shipments(found)[0]),
        "shipment_id": text(found, "id"),
        "quoted": request.rate.total if request.rate else billed,
        "billed": billed,
        "parcels": tuple(parcels),
        "warnings": _surprises(found, request, billed),
    }
    return Booking.accept(fields)


def void(found: JSON) -> Voided | Pending:
    """Where the refund stands. Of several parcels one that is refused refuses the whole."""
    parts = shipments(found)
    states = {text(part, "refund_status") for part in parts}
    if refused := sorted(filter(None, states - {"submitted", "refunded"})):
        return Voided(state=VoidState.REJECTED, message=", ".join(refused))
    if states != {"refunded"}:
        return Pending(after=REFUND_POLL)
    return Voided(state=VoidState.VOIDED, refund=_paid(parts))


def filled(found: Label, body: bytes) -> Label:
    """A label with the bytes that were fetched from its URL."""
    return found.model_copy(update={"content_base64": base64.b64encode(body).decode()})


def label(shipment: JSON, wanted: LabelFormat) -> Label | None:
    """The label as it came: its bytes where they came along, and where it is to be fetched."""
    if (found := pick(shipment, "postage_label")) is None:
        return None
    converted = text(found, CONVERTED[wanted]) if wanted in CONVERTED else None
    drawn = FILES.get(str(pick(found, "label_file_type")), wanted)
    return Label(
        format=wanted if converted else drawn,
        size=text(found, "label_size"),
        dpi=dots if isinstance(dots := pick(found, "label_resolution"), int) else None,
        content_base64=None if converted else _content(text(found, "label_file")),
        url=converted or text(found, "label_url"),
    )


def _offer(rate: JSON, number: str, table: Table) -> RateOffer:
    fields = table.apply(rate)
    day = text(rate, "delivery_date")
    listed = fields.get("list_price")
    return RateOffer.accept(
        {
            **fields,
            "shipment_id": number,
            "delivery_date": None if day is None else _day(day),
            "negotiated": listed is not None and listed != fields["total"],
        }
    )


def _day(moment: str) -> date:
    try:
        return date.fromisoformat(moment[:10])
    except ValueError:
        raise BadInput("time.not_a_day", field="delivery_date", value=moment[:10]) from None


def _failure(message: JSON, hide: Callable[[str], str]) -> RateFailure:
    """Carriers answer words, and some of them structures."""
    said = pick(message, "message")
    words = said if isinstance(said, str) and said.strip() else dumps(said).decode()
    return RateFailure(
        carrier=text(message, "carrier"),
        account=text(message, "carrier_account_id"),
        code=text(message, "type"),
        message=hide(words),
    )


def _unfit(rate: JSON, misfit: BadInput | Untranslatable) -> RateFailure:
    return RateFailure(
        carrier=text(rate, "carrier"),
        account=text(rate, "carrier_account_id"),
        code=misfit.code,
        message=str(misfit),
    )


def _told_apart(offers: Iterable[RateOffer]) -> tuple[list[RateOffer], list[RateOffer]]:
    """An order is bought by carrier and service, not by rate: of two alike none can be chosen."""
    offers = list(offers)
    times = Counter((offer.carrier, offer.service) for offer in offers)
    twice = [offer for offer in offers if times[offer.carrier, offer.service] > 1]
    return [offer for offer in offers if offer not in twice], twice


def _ambiguous(offer: RateOffer) -> RateFailure:
    return RateFailure(
        carrier=offer.carrier,
        account=offer.account,
        code="carrier.ambiguous_rate",
        message=f"{offer.carrier} {offer.service}",
    )


def _parcels(parts: Sequence[JSON], request: BookingRequest, table: Table) -> list[BookedParcel]:
    """Each in the place of the parcel we asked for; the references tell it, else the order in the answer."""
    wanted = request.shipment
    if len(parts) != len(wanted.parcels):
        raise Untranslatable("carrier.parcels_differ", field="shipments", value=str(len(parts)))
    ours = [_position(part, at) for at, part in enumerate(parts)]
    if sorted(ours) != list(range(len(parts))):
        raise Untranslatable("carrier.parcels_differ", field="shipments.reference", value=str(ours))
    return [
        BookedParcel.accept(
            {
                **table.apply(part),
                "parcel_id": wanted.parcels[at].id,
                "label": label(part, wanted.label.format),
                "documents": tuple(_forms(part)),
            }
        )
        for at, part in sorted(zip(ours, parts, strict=True), key=lambda pair: pair[0])
    ]


def _position(part: JSON, at: int) -> int:
    """Shipments of an order carry our reference, which ends with the number of the parcel."""
    mark = PARCEL_MARK.search(str(pick(part, "reference")))
    return int(mark[1]) - 1 if mark else at


def _forms(part: JSON) -> Iterable[Label]:
    for form in rows(part, "forms"):
        if url := text(form, "form_url"):
            ending = url.partition("?")[0].rpartition(".")[2].lower()
            drawn = LabelFormat(ending) if ending in set(LabelFormat) else LabelFormat.PDF
            yield Label(format=drawn, title=text(form, "form_type"), url=url)


def _surprises(found: JSON, request: BookingRequest, billed: Money) -> tuple[str, ...]:
    """A label that was bought at another rate than asked, by an earlier attempt or by somebody else."""
    if request.rate is None or request.rate.total == billed:
        return ()
    return (f"carrier.other_rate {text(shipments(found)[0], 'selected_rate.service')} {billed}",)


def _content(word: str | None) -> str | None:
    """Bytes in base64, if that is what it is."""
    try:
        return word if word and base64.b64decode(word, validate=True) else None
    except binascii.Error:
        return None


def _paid(parts: Sequence[JSON]) -> Money:
    prices = [
        Money.of(str(pick(part, "selected_rate.rate")), str(pick(part, "selected_rate.currency"))) for part in parts
    ]
    return Money.total(prices, prices[0].currency)


@cache
def _following(path: str) -> Get:
    return compiled(path)
