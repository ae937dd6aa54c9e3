"""What is asked of carriers and channels when goods leave, and what they answer.

Where a shipment stands is told by its effects (buying, voiding) and its tracking, never by a field here.
Weights are in grams, lengths in millimetres, money is exact; a reference fits the narrowest carrier.
"""

import base64
from datetime import date
from enum import StrEnum
from typing import Annotated

from annotated_types import MinLen
from pydantic import AwareDatetime, StringConstraints

from hub.core.document import NO_FACTS, Document, Facts, Native, Part
from hub.core.fields import Code, Count, Country, Flag, MaybeText, Text
from hub.core.money import Money
from hub.core.order_fulfilment import DeliveryMethod, Package, Size
from hub.core.people import Address, TaxId
from hub.core.times import At
from hub.core.units import PositiveQuantity, Quantity

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{1,30}$")]
"""Our name for a shipment or order at somebody who ships: fits every carrier."""


class ParcelItem(Document):
    """How much of an order line lies in a parcel."""

    order_id: Code
    line_id: Code
    sku: MaybeText = None
    quantity: PositiveQuantity


class Parcel(Document):
    """One box, as it will stand on the scale."""

    id: Code
    weight_g: PositiveQuantity
    size: Size | None = None
    packaging: MaybeText = None
    items: tuple[ParcelItem, ...] = ()
    declared_value: Money | None = None
    insured_value: Money | None = None
    reference: MaybeText = None


class CustomsItem(Document):
    """One kind of goods as customs sees it; value and weight are of the whole quantity."""

    description: Text
    sku: MaybeText = None
    hs_code: MaybeText = None
    origin_country: Country | None = None
    quantity: PositiveQuantity
    value: Money
    weight_g: Quantity


class CustomsContents(StrEnum):
    """Why goods cross the border."""

    MERCHANDISE = "merchandise"
    GIFT = "gift"
    SAMPLE = "sample"
    RETURN = "return"
    DOCUMENTS = "documents"
    OTHER = "other"


class Customs(Document):
    """The customs declaration of a shipment."""

    contents: CustomsContents = CustomsContents.MERCHANDISE
    incoterm: MaybeText = None
    items: Annotated[tuple[CustomsItem, ...], MinLen(1)]
    export_declaration: MaybeText = None
    invoice_number: MaybeText = None
    tax_ids: tuple[TaxId, ...] = ()


class Signature(StrEnum):
    """Who must sign."""

    NONE = "none"
    ANY = "any"
    ADDRESSEE = "addressee"
    ADULT = "adult"


class Options(Document):
    """What a shipment needs beyond being carried. `hold_at` is a pick-up point of the carrier."""

    signature: Signature = Signature.NONE
    saturday: Flag = False
    cash_on_delivery: Money | None = None
    hold_at: MaybeText = None
    dangerous_goods: MaybeText = None
    insurance: Money | None = None


class LabelFormat(StrEnum):
    """How a label is drawn."""

    PDF = "pdf"
    PNG = "png"
    ZPL = "zpl"
    EPL = "epl"


class LabelRequest(Document):
    """The label a location can print."""

    format: LabelFormat = LabelFormat.PDF
    size: MaybeText = None
    dpi: Count | None = None


class ShipmentRequest(Document):
    """Goods of one or more orders that leave one location for one address.

    `service` is the hub's word, `carrier_service` the carrier's code where one is wanted by name.
    """

    reference: Reference
    order_ids: Annotated[tuple[Code, ...], MinLen(1)]
    location: Code
    carrier_account: MaybeText = None
    service: MaybeText = None
    carrier_service: MaybeText = None
    ship_date: date | None = None
    sender: Address
    recipient: Address
    return_to: Address | None = None
    parcels: Annotated[tuple[Parcel, ...], MinLen(1)]
    customs: Customs | None = None
    options: Options = Options()
    label: LabelRequest = LabelRequest()


class RateParts(Document):
    """What a price is made of."""

    transport: Money | None = None
    fuel: Money | None = None
    surcharges: Money | None = None
    tax: Money | None = None
    insurance: Money | None = None


class RateOffer(Document):
    """What a carrier would take. `id` and `shipment_id` are what some carriers need to sell it."""

    id: MaybeText = None
    shipment_id: MaybeText = None
    carrier: Code
    account: MaybeText = None
    service: Code
    service_name: MaybeText = None
    total: Money
    parts: RateParts = RateParts()
    list_price: Money | None = None
    negotiated: Flag = False
    delivery_date: date | None = None
    delivery_days: Count | None = None
    guaranteed: Flag = False
    expires_at: At | None = None
    warnings: tuple[Text, ...] = ()


class RateFailure(Document):
    """Why one carrier account made no offer; it must not hide the offers of the others."""

    carrier: MaybeText = None
    account: MaybeText = None
    code: MaybeText = None
    message: Text


class RateQuote(Document):
    """All offers for a shipment and the failures beside them."""

    shipment_id: MaybeText = None
    rates: tuple[RateOffer, ...] = ()
    failures: tuple[RateFailure, ...] = ()


class BookingRequest(Document):
    """Buy a label, at an offer where one was chosen."""

    shipment: ShipmentRequest
    rate: RateOffer | None = None


class Label(Document):
    """A document to print: its bytes, or where to fetch them and until when. Never shown to a customer."""

    format: LabelFormat
    size: MaybeText = None
    dpi: Count | None = None
    title: MaybeText = None
    content_base64: MaybeText = None
    url: MaybeText = None
    expires_at: At | None = None

    @property
    def content(self) -> bytes | None:
        return None if self.content_base64 is None else base64.b64decode(self.content_base64)


class BookedParcel(Document):
    """A parcel that has a number; numbers are reused after months, `tracking_id` is the carrier's own key."""

    parcel_id: MaybeText = None
    tracking_number: Code
    tracking_id: MaybeText = None
    tracking_url: MaybeText = None
    carrier_parcel_id: MaybeText = None
    label: Label | None = None
    documents: tuple[Label, ...] = ()
    cost: Money | None = None


class Booking(Part):
    """A bought shipment: the carrier's ids, its parcels, and what it costs."""

    shipment_id: Code
    label_id: MaybeText = None
    transaction_id: MaybeText = None
    master_tracking_number: MaybeText = None
    carrier: Code
    account: MaybeText = None
    service: MaybeText = None
    quoted: Money | None = None
    billed: Money | None = None
    parcels: Annotated[tuple[BookedParcel, ...], MinLen(1)]
    booked_at: At | None = None
    warnings: tuple[Text, ...] = ()


class VoidRequest(Document):
    """Take a bought shipment back."""

    reference: Reference
    carrier: Code
    account: MaybeText = None
    shipment_id: Code
    label_id: MaybeText = None
    transaction_id: MaybeText = None
    tracking_numbers: tuple[Code, ...] = ()


class VoidState(StrEnum):
    """What became of the wish to void; many carriers decide days later."""

    REQUESTED = "requested"
    VOIDED = "voided"
    REJECTED = "rejected"


class Voided(Document):
    """What the carrier says about a void."""

    state: VoidState
    refund: Money | None = None
    message: MaybeText = None


class CloseOut(Document):
    """End the day at one location with one carrier: without it labels are invalid or billed wrongly."""

    reference: Reference
    location: Code
    carrier: Code
    account: MaybeText = None
    day: date
    shipment_ids: Annotated[tuple[Code, ...], MinLen(1)]


class Manifest(Part):
    """What the driver signs, and the shipments that are on it or were left out."""

    id: Code
    shipment_ids: tuple[Code, ...] = ()
    left_out: tuple[RateFailure, ...] = ()
    documents: tuple[Label, ...] = ()


class PushedState(StrEnum):
    """What a channel is told about a shipment."""

    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class PushLine(Document):
    """How much of one of the channel's lines; `group_line_id` where lines of groups have ids of their own."""

    line_id: Code
    quantity: PositiveQuantity
    group_id: MaybeText = None
    group_line_id: MaybeText = None


class StatusPush(Document):
    """Tell a channel that a part of its order was shipped, with the numbers its customer looks for.

    `complete` when nothing of the order remains to be shipped after this. `former` are the channel's ids of
    this shipment, where it was told of an earlier state.
    """

    external_id: Code
    native: Native | None = None
    number: MaybeText = None
    shipment: Reference
    state: PushedState = PushedState.SHIPPED
    at: AwareDatetime
    method: DeliveryMethod = DeliveryMethod.SHIP
    location_ref: MaybeText = None
    lines: Annotated[tuple[PushLine, ...], MinLen(1)]
    packages: tuple[Package, ...] = ()
    complete: Flag = False
    notify_buyer: Flag = True
    former: tuple[Native, ...] = ()
    extensions: Facts = NO_FACTS


class StatusPushed(Document):
    """The channel's names for what it was told."""

    shipments: tuple[Native, ...] = ()
    state: MaybeText = None


class CancelPush(Document):
    """Cancel an order at its channel, or a quantity of some lines."""

    external_id: Code
    native: Native | None = None
    number: MaybeText = None
    lines: tuple[PushLine, ...] = ()
    reason: Code
    restock: Flag = False
    refund: Flag = False
    notify_buyer: Flag = True
    note: MaybeText = None


class CancelPushed(Document):
    """What the channel made of a cancel."""

    native: Native | None = None
    state: MaybeText = None
    refunded: Money | None = None
