"""What simulators of one kind have in common, so that a demo drives any of them without its name."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from hub.core.money import Money
from hub.core.tracking import TrackingStatus
from hub.sdk.capabilities import ListedItem
from hub.sdk.sim.simulator import Simulator


@dataclass(frozen=True, slots=True)
class BasketLine:
    """So many of an article. The price is per unit in major units, with or without tax as the basket says."""

    sku: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal = Decimal(0)
    title: str = ""


@dataclass(frozen=True, slots=True)
class Buyer:
    """An invented person."""

    name: str = "Ada Lovelace"
    email: str = "ada@example.com"
    phone: str = "+49 30 5550100"


@dataclass(frozen=True, slots=True)
class ShipTo:
    """An invented address."""

    name: str = "Ada Lovelace"
    street: str = "Unter den Linden 1"
    city: str = "Berlin"
    postal_code: str = "10117"
    country: str = "DE"
    province: str = ""


@dataclass(frozen=True, slots=True)
class Basket:
    """What somebody buys in one go; `discount` and `shipping` are amounts of the order in major units."""

    lines: tuple[BasketLine, ...]
    currency: str = "EUR"
    prices_include_tax: bool = True
    discount: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)
    buyer: Buyer = Buyer()
    ship_to: ShipTo = ShipTo()
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order as the simulated shop has it."""

    external_id: str
    number: str
    basket: Basket
    placed_at: datetime
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class ShownShipment:
    """What the simulated shop tells the buyer was sent: quantities by SKU."""

    tracking_number: str
    carrier: str
    quantities: Mapping[str, Decimal] = field(default_factory=dict)


class ShopSim(Simulator, ABC):
    """A shop that people can buy in."""

    @abstractmethod
    def items(self) -> Sequence[ListedItem]:
        """What is for sale; the listing's external id is what stock is pushed to."""

    @abstractmethod
    def place(self, basket: Basket, now: datetime) -> str:
        """Somebody buys and pays; answers the external id. A SKU that nobody listed is sold all the same."""

    @abstractmethod
    def edit(self, external_id: str, basket: Basket, now: datetime) -> None:
        """The merchant changes the order in the shop."""

    @abstractmethod
    def cancel(self, external_id: str, now: datetime) -> None:
        """The buyer or the merchant cancels the order in the shop."""

    @abstractmethod
    def orders(self) -> Sequence[PlacedOrder]:
        """All orders, in the order of placing."""

    @abstractmethod
    def shipments(self, external_id: str) -> Sequence[ShownShipment]:
        """What the buyer of an order sees as shipped."""

    @abstractmethod
    def stock_shown(self, external_id: str) -> Decimal | None:
        """What a listing shows; `None` before the first push."""


@dataclass(frozen=True, slots=True)
class SoldLabel:
    """A label as the simulated carrier sold it, under the reference that the hub gave."""

    reference: str
    tracking_number: str
    cost: Money
    voided: bool = False


class CarrierSim(Simulator, ABC):
    """A carrier that sells labels and moves parcels."""

    @abstractmethod
    def labels(self) -> Sequence[SoldLabel]:
        """All labels, in the order of buying."""

    @abstractmethod
    def scan(self, tracking_number: str, status: TrackingStatus, now: datetime) -> None:
        """A parcel is seen somewhere; carriers that call back put a webhook into the outbox."""


@dataclass(frozen=True, slots=True)
class PostedDocument:
    """A document as the simulated ledger posted it; a credit has a negative total."""

    reference: str
    number: str
    total: Money


class LedgerSim(Simulator, ABC):
    """A ledger that takes documents."""

    @abstractmethod
    def postings(self) -> Sequence[PostedDocument]:
        """All posted documents, in the order of posting."""
