"""What a connector can do: one protocol per capability, inherited by the connector that has it.

*Reads* bring raw documents and never change anything outside. *Writes* must happen once; each write
capability is a noun with the same four names:

    <noun>_once     how a repeat is made harmless (a `Guarantee`)
    send_<noun>     the calls: takes a list, answers per item in the same order
    find_<noun>     looks up what a former `send` may have done; `None` means absent
    read_<noun>     pure: the kept answer put into canonical words

The hub keeps the raw answer before it calls `read_<noun>`, so a bug there never repeats a write.
Feeds (stock) carry a value that may be sent twice or skipped, hence no guarantee.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Generic, NewType, Protocol, TypeAlias, TypeVar, runtime_checkable

from hub.core.document import Document
from hub.core.failures import Failure
from hub.core.finance import FinanceDocument, Posting
from hub.core.orders import Order
from hub.core.shipping import (
    Booking,
    BookingRequest,
    CancelPush,
    CancelPushed,
    RateQuote,
    ShipmentRequest,
    StatusPush,
    StatusPushed,
    Voided,
    VoidRequest,
)
from hub.core.tracking import TrackingReport
from hub.sdk.guarantees import Guarantee

Cursor = NewType("Cursor", str)
"""A connector's own place mark in a remote's list; opaque to the hub, stored with the page it belongs to."""


class DocumentKind(StrEnum):
    """Kinds of foreign documents that enter through the inbox."""

    ORDER = "order"
    TRACKING = "tracking"


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A foreign document as it came. `version` only where the remote has true, ordered versions."""

    kind: DocumentKind
    external_id: str
    body: bytes
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Documents and the cursor that may be stored once they are; only the last page is `complete`."""

    documents: Sequence[RawDocument]
    cursor: Cursor
    complete: bool = False


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A delivery as the socket gave it: header names in lower case, the body untouched."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified webhook. Not `complete` means: a hint, the document is to be fetched.

    `id` and `topic` are what the remote repeats on a second delivery of the same event.
    """

    id: str
    topic: str
    kind: DocumentKind
    external_id: str
    complete: bool = False
    version: str | None = None


R_co = TypeVar("R_co", bound=Document, covariant=True)


@dataclass(frozen=True, slots=True)
class Wanted(Generic[R_co]):
    """One write that must happen once: the business key, its 16-character token, the frozen request."""

    key: str
    token: str
    request: R_co


@dataclass(frozen=True, slots=True)
class Raw:
    """The remote's own words after a write; kept before anybody interprets them."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Pending:
    """The remote took the work and answers later: look again after this time."""

    after: timedelta


Answer: TypeAlias = Raw | Failure
Answers: TypeAlias = Sequence[Answer]


@runtime_checkable
class PullsOrders(Protocol):
    """A shop that can be read."""

    def pull_orders(self, cursor: Cursor | None, now: datetime) -> Iterator[Page]:
        """New and changed orders since the cursor, `None` for all there are.

        Ends after the last page or raises; a list that was not read to its end yields no complete page.
        """

    def reread_orders(self, placed_since: datetime, now: datetime) -> Iterator[Page]:
        """All orders placed since that time: the reconciliation that finds what a cursor missed."""

    def fetch_orders(self, external_ids: Sequence[str]) -> Sequence[RawDocument]:
        """These orders as they are now; one that is gone is left out."""

    def find_order(self, number: str) -> RawDocument | None:
        """The order that a customer would name by this number or id."""

    def to_order(self, raw: RawDocument) -> Order:
        """Pure. Raises Untranslatable or BadInput with the field at fault."""


@runtime_checkable
class ReceivesWebhooks(Protocol):
    """A remote that calls the hub."""

    def read_webhook(self, request: WebhookRequest) -> Delivery:
        """Pure. Checks the signature over the raw bytes; raises hub.sdk.webhooks.Forged."""


@dataclass(frozen=True, slots=True)
class StockPush:
    """The quantity a listing should show; `seen` is what the channel last confirmed."""

    external_id: str
    quantity: Decimal
    location: str | None = None
    seen: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StockSeen:
    """What the channel shows, as it confirmed or reported it."""

    external_id: str
    quantity: Decimal


@runtime_checkable
class PushesStock(Protocol):
    """A channel that shows stock the hub tells it."""

    def push_stock(self, levels: Sequence[StockPush]) -> Sequence[StockSeen | Failure]:
        """Answers per item in the same order; one bad item fails alone."""


@runtime_checkable
class ReadsBackStock(Protocol):
    """A channel that can be asked what it shows."""

    def read_stock(self, external_ids: Sequence[str]) -> Sequence[StockSeen]: ...


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An article as the channel lists it; `sku` is the merchant's own word there, often empty or wrong."""

    external_id: str
    sku: str
    title: str


@runtime_checkable
class ListsItems(Protocol):
    """A channel whose articles can be listed, to map them."""

    def list_items(self) -> Iterator[ListedItem]: ...


@runtime_checkable
class PushesStatus(Protocol):
    """A channel that is told what was shipped (and later: delivered)."""

    dispatch_once: ClassVar[Guarantee]

    def send_dispatch(self, wanted: Sequence[Wanted[StatusPush]]) -> Answers: ...
    def find_dispatch(self, wanted: Wanted[StatusPush]) -> Raw | None: ...
    def read_dispatch(self, request: StatusPush, raw: Raw) -> StatusPushed | Pending: ...


@runtime_checkable
class PushesCancels(Protocol):
    """A channel where the hub can cancel an order or lines of it."""

    cancel_once: ClassVar[Guarantee]

    def send_cancel(self, wanted: Sequence[Wanted[CancelPush]]) -> Answers: ...
    def find_cancel(self, wanted: Wanted[CancelPush]) -> Raw | None: ...
    def read_cancel(self, request: CancelPush, raw: Raw) -> CancelPushed | Pending: ...


@runtime_checkable
class QuotesRates(Protocol):
    """A carrier that names prices before a label is bought; asking costs nothing."""

    quote_once: ClassVar[Guarantee]

    def send_quote(self, wanted: Sequence[Wanted[ShipmentRequest]]) -> Answers: ...
    def find_quote(self, wanted: Wanted[ShipmentRequest]) -> Raw | None: ...
    def read_quote(self, request: ShipmentRequest, raw: Raw) -> RateQuote | Pending: ...


@runtime_checkable
class BooksShipments(Protocol):
    """A carrier that sells labels."""

    booking_once: ClassVar[Guarantee]

    def send_booking(self, wanted: Sequence[Wanted[BookingRequest]]) -> Answers: ...
    def find_booking(self, wanted: Wanted[BookingRequest]) -> Raw | None: ...
    def read_booking(self, request: BookingRequest, raw: Raw) -> Booking | Pending: ...


@runtime_checkable
class VoidsShipments(Protocol):
    """A carrier that takes a label back; many answer only days later."""

    void_once: ClassVar[Guarantee]

    def send_void(self, wanted: Sequence[Wanted[VoidRequest]]) -> Answers: ...
    def find_void(self, wanted: Wanted[VoidRequest]) -> Raw | None: ...
    def read_void(self, request: VoidRequest, raw: Raw) -> Voided | Pending: ...


@runtime_checkable
class TracksShipments(Protocol):
    """A carrier that says where a parcel is. Numbers are reused: the carrier's own id goes along."""

    def fetch_tracking(self, tracking_ids: Sequence[str]) -> Sequence[RawDocument]: ...
    def to_tracking(self, raw: RawDocument) -> TrackingReport: ...


@runtime_checkable
class PostsReceivables(Protocol):
    """A ledger that takes invoices."""

    receivable_once: ClassVar[Guarantee]

    def send_receivable(self, wanted: Sequence[Wanted[FinanceDocument]]) -> Answers: ...
    def find_receivable(self, wanted: Wanted[FinanceDocument]) -> Raw | None: ...
    def read_receivable(self, request: FinanceDocument, raw: Raw) -> Posting | Pending: ...


@runtime_checkable
class PostsCredits(Protocol):
    """A ledger that takes credit notes."""

    credit_once: ClassVar[Guarantee]

    def send_credit(self, wanted: Sequence[Wanted[FinanceDocument]]) -> Answers: ...
    def find_credit(self, wanted: Wanted[FinanceDocument]) -> Raw | None: ...
    def read_credit(self, request: FinanceDocument, raw: Raw) -> Posting | Pending: ...


class Capability(StrEnum):
    """The nouns of all writes, as they stand in effect keys."""

    DISPATCH = "dispatch"
    CANCEL = "cancel"
    QUOTE = "quote"
    BOOKING = "booking"
    VOID = "void"
    RECEIVABLE = "receivable"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Write:
    """The protocol of a write and the documents that go in and come out."""

    protocol: type
    request: type[Document]
    result: type[Document]


WRITES: Mapping[Capability, Write] = {
    Capability.DISPATCH: Write(PushesStatus, StatusPush, StatusPushed),
    Capability.CANCEL: Write(PushesCancels, CancelPush, CancelPushed),
    Capability.QUOTE: Write(QuotesRates, ShipmentRequest, RateQuote),
    Capability.BOOKING: Write(BooksShipments, BookingRequest, Booking),
    Capability.VOID: Write(VoidsShipments, VoidRequest, Voided),
    Capability.RECEIVABLE: Write(PostsReceivables, FinanceDocument, Posting),
    Capability.CREDIT: Write(PostsCredits, FinanceDocument, Posting),
}

READS: Mapping[str, type] = {
    "orders": PullsOrders,
    "webhooks": ReceivesWebhooks,
    "stock": PushesStock,
    "stock read-back": ReadsBackStock,
    "items": ListsItems,
    "tracking": TracksShipments,
}
