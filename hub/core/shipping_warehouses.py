"""What is asked of a warehouse that is not ours (3PL), and what it answers: it decides the parcels itself."""

from enum import StrEnum
from typing import Annotated

from annotated_types import MinLen
from pydantic import AwareDatetime

from hub.core.document import Document, Part
from hub.core.fields import Code, MaybeText
from hub.core.money import Money
from hub.core.order_fulfilment import Package, ShipmentLine
from hub.core.people import Address, Identity
from hub.core.shipping import Customs, Options, Reference
from hub.core.times import At
from hub.core.units import PositiveQuantity


class FulfilmentOrderLine(Document):
    """What a warehouse of somebody else should send."""

    line_id: Code
    sku: Code
    quantity: PositiveQuantity
    title: MaybeText = None
    declared_value: Money | None = None


class FulfilmentOrder(Document):
    """Goods that a 3PL picks, packs and ships by its own lights; it tells us the parcels."""

    reference: Reference
    order_ids: Annotated[tuple[Code, ...], MinLen(1)]
    location: Code
    service: MaybeText = None
    ship_by: AwareDatetime | None = None
    recipient: Address
    lines: Annotated[tuple[FulfilmentOrderLine, ...], MinLen(1)]
    options: Options = Options()
    customs: Customs | None = None
    gift_message: Identity = None
    packing_note: MaybeText = None


class FulfilmentProgress(StrEnum):
    """What a 3PL does with an order."""

    TAKEN = "taken"
    PICKING = "picking"
    SHIPPED = "shipped"
    PARTIALLY_SHIPPED = "partially_shipped"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    EXCEPTION = "exception"


class FulfilmentShipment(Document):
    """What a 3PL sent."""

    id: Code
    lines: tuple[ShipmentLine, ...] = ()
    packages: tuple[Package, ...] = ()
    shipped_at: At | None = None


class FulfilmentReport(Part):
    """Where an order at a 3PL stands."""

    id: Code
    progress: FulfilmentProgress
    reason: MaybeText = None
    shipments: tuple[FulfilmentShipment, ...] = ()
