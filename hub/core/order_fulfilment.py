"""How the channel wants an order fulfilled, and what it says was shipped already."""

from enum import StrEnum

from hub.core.document import Document, Part
from hub.core.fields import Code, MaybeText, Text
from hub.core.order_payments import By
from hub.core.times import At
from hub.core.units import PositiveQuantity, Quantity


class DeliveryMethod(StrEnum):
    """How goods reach the buyer."""

    SHIP = "ship"
    PICKUP = "pickup"
    LOCAL = "local"
    DIGITAL = "digital"
    NONE = "none"


class ShippableBy(StrEnum):
    """Who may ship: what the platform ships is never ours to reserve."""

    US = "us"
    PLATFORM = "platform"
    THIRD_PARTY = "third_party"


class Hold(Document):
    """Why the channel does not want something shipped; a remark to it stands with the people."""

    id: Code
    reason: MaybeText = None
    by: By | None = None


class Window(Document):
    """Between when and when."""

    opens: At | None = None
    closes: At | None = None


class GroupLine(Document):
    """How much of a line belongs to a group, and how much of that is not yet shipped."""

    line_id: Code
    native_line_id: MaybeText = None
    quantity: Quantity
    remaining: Quantity


class FulfilmentGroup(Part):
    """Lines that the channel wants shipped together: a fulfilment order, an address, a delivery.

    Its address, where it has one of its own, is `People.destinations` under the same id.
    """

    id: Code
    location_ref: MaybeText = None
    delivery_method: DeliveryMethod = DeliveryMethod.SHIP
    service_level: MaybeText = None
    fulfil_after: At | None = None
    ship_by: At | None = None
    deliver_by: Window | None = None
    holds: tuple[Hold, ...] = ()
    request_state: MaybeText = None
    lines: tuple[GroupLine, ...] = ()
    supported_actions: tuple[Text, ...] = ()
    shippable_by: ShippableBy = ShippableBy.US


class PackageKind(StrEnum):
    """Why a package was sent."""

    NORMAL = "normal"
    GIFT = "gift"
    RESEND = "resend"


class Size(Document):
    """Outer measures in millimetres."""

    length_mm: PositiveQuantity
    width_mm: PositiveQuantity
    height_mm: PositiveQuantity


class Package(Document):
    """One parcel as a channel shows it: the carrier in its own word and in the hub's."""

    tracking_number: MaybeText = None
    tracking_url: MaybeText = None
    carrier_native: MaybeText = None
    carrier_hub: MaybeText = None
    service: MaybeText = None
    weight_g: Quantity | None = None
    size: Size | None = None
    label_ref: MaybeText = None
    kind: PackageKind = PackageKind.NORMAL


class ShipmentLine(Document):
    """How much of a line went out, and which pieces."""

    line_id: Code
    quantity: PositiveQuantity
    lot: MaybeText = None
    serials: tuple[Text, ...] = ()


class ShipmentEvent(Document):
    """What the channel says happened to a shipment."""

    at: At
    state: Text
    native_id: MaybeText = None


class Pushed(Document):
    """That the hub told the channel of this shipment, and what came of it."""

    state: Text
    intent_id: MaybeText = None
    at: At | None = None
    error: MaybeText = None


class ChannelShipment(Part):
    """A shipment that the channel knows of, whoever told it."""

    id: Code
    group_id: MaybeText = None
    lines: tuple[ShipmentLine, ...] = ()
    packages: tuple[Package, ...] = ()
    shipped_at: At | None = None
    state: MaybeText = None
    events: tuple[ShipmentEvent, ...] = ()
    pushed: Pushed | None = None
