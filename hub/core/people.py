"""Personal data: every field of a person has a class, and may be masked or sealed by its platform."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema

from hub.core.document import Document, Native, Part
from hub.core.failures import BadInput
from hub.core.fields import AbsentIfBlank, Code, Country, Flag, MaybeText, Text, Value
from hub.core.times import At
from hub.core.units import PLACES, decimal


class Privacy(StrEnum):
    """Why a field is personal: what a law, a retention rule or a redaction asks for."""

    IDENTITY = "identity"
    CONTACT = "contact"
    ADDRESS = "address"
    PAYMENT = "payment"
    BEHAVIOUR = "behaviour"


class Sealed(Document):
    """A personal field that the platform shows only in part, or encrypted, or under a key of its own."""

    value: MaybeText = None
    masked: MaybeText = None
    cipher: MaybeText = None
    oaid: MaybeText = None
    key_ref: MaybeText = None
    expires_at: At | None = None

    def __str__(self) -> str:
        return self.value or self.masked or ""


class _SealedOrText(AbsentIfBlank):
    def _others(self, _handler: GetCoreSchemaHandler) -> list[CoreSchema]:
        return [_handler.generate_schema(Sealed)]


def degrees(value: object) -> Decimal:
    """A coordinate (WGS 84), rounded to six places: eleven centimetres."""
    found = value if isinstance(value, Decimal) else decimal(value)
    if not found.is_finite() or abs(found) > WHOLE_CIRCLE:
        raise BadInput("address.no_coordinate", field="", value="")
    return round(found, PLACES)


WHOLE_CIRCLE = 360
_PLAIN_OR_SEALED = _SealedOrText()

Identity = Annotated[str | Sealed | None, _PLAIN_OR_SEALED, Privacy.IDENTITY]
"""Who somebody is, and what somebody wrote in person."""

Contact = Annotated[str | Sealed | None, _PLAIN_OR_SEALED, Privacy.CONTACT]
"""How somebody is reached."""

Place = Annotated[str | Sealed | None, _PLAIN_OR_SEALED, Privacy.ADDRESS]
"""Where somebody is."""

Means = Annotated[str | Sealed | None, _PLAIN_OR_SEALED, Privacy.PAYMENT]
"""What somebody pays with."""

Behaviour = Annotated[str | Sealed | None, _PLAIN_OR_SEALED, Privacy.BEHAVIOUR]
"""What somebody does."""

Degrees = Annotated[Decimal, Value(degrees), Privacy.ADDRESS]
"""A coordinate."""


class TaxOwner(StrEnum):
    """Whose tax number it is."""

    BUYER = "buyer"
    SELLER = "seller"
    CHANNEL = "channel"


class TaxId(Document):
    """A tax number: VAT, IOSS, EORI, CNPJ, 统一社会信用代码; `verified_at` when a register confirmed it."""

    scheme: Text
    value: Identity = None
    country: Country | None = None
    owner: TaxOwner = TaxOwner.BUYER
    verified_at: At | None = None


class Person(Part):
    """Somebody who buys, pays or receives; a company has a name in `company`.

    `match_key` is a salted hash that finds the same person again without saying who it is.
    """

    name: Identity = None
    first_name: Identity = None
    last_name: Identity = None
    company: Identity = None
    email: Contact = None
    email_is_alias: Flag = False
    phone: Contact = None
    phone_extension: Contact = None
    virtual_number_expires: At | None = None
    tax_ids: tuple[TaxId, ...] = ()
    language: MaybeText = None
    is_business: Flag = False
    match_key: MaybeText = None


class AddressType(StrEnum):
    """What stands at the address."""

    RESIDENTIAL = "residential"
    COMMERCIAL = "commercial"
    PICKUP_POINT = "pickup_point"
    LOCKER = "locker"


class AddressCheck(StrEnum):
    """What a carrier or register says about an address."""

    UNVERIFIED = "unverified"
    OK = "ok"
    CORRECTED = "corrected"
    AMBIGUOUS = "ambiguous"
    UNDELIVERABLE = "undeliverable"


class RegionIds(Document):
    """Numbers of regions as Chinese platforms and carriers count them."""

    province: Place = None
    city: Place = None
    county: Place = None
    town: Place = None


class Address(Person):
    """Where somebody is reached: the person and the place, as on a label.

    The lines are as the platform gave them; street and number stand split where somebody split them.
    """

    line1: Place = None
    line2: Place = None
    line3: Place = None
    line4: Place = None
    street_name: Place = None
    house_number: Place = None
    complement: Place = None
    neighbourhood: Place = None
    district: Place = None
    city: Place = None
    county: Place = None
    town: Place = None
    province: Place = None
    province_code: MaybeText = None
    postal_code: Place = None
    country: Country | None = None
    region_ids: RegionIds | None = None
    formatted: Place = None
    type: AddressType | None = None
    pickup_point_ref: MaybeText = None
    latitude: Degrees | None = None
    longitude: Degrees | None = None
    verified: AddressCheck = AddressCheck.UNVERIFIED
    check_messages: tuple[Text, ...] = ()
    corrected: "Address | None" = None

    @property
    def residential(self) -> bool | None:
        """`None` where nobody said."""
        return None if self.type is None else self.type is AddressType.RESIDENTIAL


class Gift(Document):
    """A present: whom it is from and for, and what is written on the card."""

    message: Identity = None
    sender: Identity = None
    recipient: Identity = None
    wrap: Flag = False


class InvoiceRequest(Document):
    """What the buyer wants on an invoice: 发票 data, Italian codes."""

    type: MaybeText = None
    title: Identity = None
    tax_id: Identity = None
    bank: Means = None
    bank_account: Means = None
    address: Place = None
    phone: Contact = None
    email: Contact = None


class Company(Part):
    """The business that buys, and which of its places."""

    name: Identity = None
    location: Native | None = None
    location_name: Identity = None


class Destination(Document):
    """The address of one fulfilment group, where an order goes to several."""

    group_id: Code
    address: Address


class Attribute(Document):
    """A field of the order that the buyer or an app filled in."""

    key: Text
    value: Identity = None


class Property(Document):
    """What the buyer made of a line: an engraving, an uploaded file; a value that is no text is its JSON.

    `hidden` ones the shop does not show to the buyer.
    """

    line_id: Code
    key: Text
    value: Identity = None
    hidden: Flag = False


class Instrument(Document):
    """What a payment was made with, as far as it may be shown: `•••• 4242`."""

    payment_id: Code
    masked: Means


class RemarkOn(StrEnum):
    """What a remark is about."""

    CANCEL = "cancel"
    HOLD = "hold"
    REFUND = "refund"
    RETURN = "return"
    SHIPMENT = "shipment"


class Remark(Document):
    """Free words about a part of the order; `id` names which one."""

    about: RemarkOn
    id: MaybeText = None
    text: Identity = None


class People(Document):
    """All personal data of an order. Without this one field an order names nobody."""

    customer: Person | None = None
    company: Company | None = None
    billing_address: Address | None = None
    shipping_address: Address | None = None
    destinations: tuple[Destination, ...] = ()
    tax_ids: tuple[TaxId, ...] = ()
    buyer_note: Identity = None
    merchant_note: Identity = None
    gift: Gift | None = None
    invoice_request: InvoiceRequest | None = None
    attributes: tuple[Attribute, ...] = ()
    properties: tuple[Property, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    remarks: tuple[Remark, ...] = ()
    source_ip: Behaviour = None
    device: Behaviour = None

    def destination(self, group_id: str | None) -> Address | None:
        """Where a fulfilment group goes: its own address, else the order's."""
        own = (found.address for found in self.destinations if found.group_id == group_id)
        return next(own, self.shipping_address)


NOBODY = People()
