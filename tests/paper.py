"""A trade on paper: a shop, a carrier and a ledger without a network, as a stranger's plug-in offers them.

Each keeps its books by base URL, so that a test can look at them and say what goes wrong.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from pydantic import SecretStr

from hub.core import json
from hub.core.document import Native, read, write
from hub.core.failures import Failure, Misconfigured
from hub.core.finance import FinanceDocument, Posting
from hub.core.money import Money
from hub.core.orders import Order
from hub.core.shipping import (
    BookedParcel,
    Booking,
    BookingRequest,
    CancelPush,
    CancelPushed,
    StatusPush,
    StatusPushed,
    Voided,
    VoidRequest,
    VoidState,
)
from hub.core.tracking import TrackingEvent, TrackingReport, TrackingStatus
from hub.sdk.capabilities import (
    Answers,
    BooksShipments,
    Cursor,
    DocumentKind,
    Page,
    PostsReceivables,
    PullsOrders,
    PushesCancels,
    PushesStatus,
    PushesStock,
    Raw,
    RawDocument,
    StockPush,
    StockSeen,
    TracksShipments,
    VoidsShipments,
    Wanted,
)
from hub.sdk.connector import Connector, ConnectorConfig, Kind, Limits, Manifest
from hub.sdk.guarantees import Blind, Doubt, Idempotent
from hub.sdk.plugin import hookimpl

QUICK = Limits(calls_per_second=Decimal(1000), burst=1000, poll_every=timedelta(minutes=1))


@dataclass
class Books:
    """What the other side has, and what it will answer next."""

    orders: dict[str, Order] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    stock: dict[str, Decimal] = field(default_factory=dict)
    told: list[StatusPush | CancelPush] = field(default_factory=list)
    labels: dict[str, BookingRequest] = field(default_factory=dict)
    scans: dict[str, list[TrackingEvent]] = field(default_factory=dict)
    postings: dict[str, FinanceDocument] = field(default_factory=dict)
    trouble: list[Failure] = field(default_factory=list)


BOOKS: dict[str, Books] = {}


class PaperSettings(ConnectorConfig):
    base_url: str = "https://paper.test"
    token: SecretStr = SecretStr("")
    shop_id: int = 1


class Paper(Connector[PaperSettings]):
    """Without a network."""

    config_model: ClassVar[type[ConnectorConfig]] = PaperSettings
    limits = QUICK

    @property
    def books(self) -> Books:
        return BOOKS.setdefault(self.config.base_url, Books())

    def check(self) -> None:
        if self.config.token.get_secret_value() == "wrong":
            raise Misconfigured("http.unauthorised", host="paper.test", detail="wrong token")

    def stumble(self) -> None:
        if self.books.trouble:
            raise self.books.trouble.pop(0)

    def answered(self, wanted: Wanted[Any], **said: Any) -> Raw | Failure:
        """One answer, or the trouble that was asked for."""
        if self.books.trouble:
            return self.books.trouble.pop(0)
        return Raw(json.dumps({"token": wanted.token, **said}))


class PaperShop(Paper, PullsOrders, PushesStock, PushesStatus, PushesCancels):
    manifest = Manifest(id="paper_shop", kind=Kind.SHOP, title="Paper shop", api="1")
    dispatch_once = Idempotent()
    cancel_once = Idempotent()

    def _raw(self, number: str) -> RawDocument:
        return RawDocument(DocumentKind.ORDER, number, self.books.bodies[number])

    def pull_orders(self, cursor: Cursor | None, now: datetime) -> Iterator[Page]:
        self.stumble()
        yield Page([self._raw(number) for number in self.books.bodies], Cursor("read"), complete=True)

    def reread_orders(self, placed_since: datetime, now: datetime) -> Iterator[Page]:
        return self.pull_orders(None, now)

    def fetch_orders(self, external_ids: Sequence[str]) -> Sequence[RawDocument]:
        return [self._raw(number) for number in external_ids if number in self.books.bodies]

    def find_order(self, number: str) -> RawDocument | None:
        self.stumble()
        return self._raw(number) if number in self.books.bodies else None

    def to_order(self, raw: RawDocument) -> Order:
        tree = json.loads(raw.body)
        return Order.accept(tree)

    def push_stock(self, levels: Sequence[StockPush]) -> Sequence[StockSeen | Failure]:
        self.books.stock |= {level.external_id: level.quantity for level in levels}
        return [StockSeen(level.external_id, level.quantity) for level in levels]

    def send_dispatch(self, wanted: Sequence[Wanted[StatusPush]]) -> Answers:
        self.books.told += [each.request for each in wanted]
        return [self.answered(each) for each in wanted]

    def find_dispatch(self, wanted: Wanted[StatusPush]) -> Raw | None:
        return None

    def read_dispatch(self, request: StatusPush, raw: Raw) -> StatusPushed:
        return StatusPushed(shipments=(Native(id=f"S-{request.shipment}"),))

    def send_cancel(self, wanted: Sequence[Wanted[CancelPush]]) -> Answers:
        self.books.told += [each.request for each in wanted]
        return [self.answered(each) for each in wanted]

    def find_cancel(self, wanted: Wanted[CancelPush]) -> Raw | None:
        return None

    def read_cancel(self, request: CancelPush, raw: Raw) -> CancelPushed:
        return CancelPushed()


class PaperCarrier(Paper, BooksShipments, VoidsShipments, TracksShipments):
    manifest = Manifest(id="paper_carrier", kind=Kind.LOGISTICS, title="Paper carrier", api="1")
    booking_once = Idempotent()
    void_once = Idempotent()

    def send_booking(self, wanted: Sequence[Wanted[BookingRequest]]) -> Answers:
        self.books.labels |= {each.token: each.request for each in wanted}
        secret = self.config.token.get_secret_value()
        return [self.answered(each, number=f"PP{each.token[1:9]}", account=secret) for each in wanted]

    def find_booking(self, wanted: Wanted[BookingRequest]) -> Raw | None:
        return None

    def read_booking(self, request: BookingRequest, raw: Raw) -> Booking:
        said = json.loads(raw.body)
        assert isinstance(said, dict)
        number = str(said["number"])
        url = f"https://paper.test/track/{number}"
        return Booking(
            shipment_id=f"shp_{number}",
            carrier="Paper Post",
            service="Standard",
            billed=Money.of("4.90", "EUR"),
            parcels=(BookedParcel(tracking_number=number, tracking_url=url),),
        )

    def send_void(self, wanted: Sequence[Wanted[VoidRequest]]) -> Answers:
        return [self.answered(each) for each in wanted]

    def find_void(self, wanted: Wanted[VoidRequest]) -> Raw | None:
        return None

    def read_void(self, request: VoidRequest, raw: Raw) -> Voided:
        return Voided(state=VoidState.VOIDED)

    def fetch_tracking(self, tracking_ids: Sequence[str]) -> Sequence[RawDocument]:
        scans = self.books.scans
        return [
            RawDocument(
                DocumentKind.TRACKING,
                number,
                write(TrackingReport(tracking_number=number, events=tuple(scans[number]))),
            )
            for number in tracking_ids
            if number in scans
        ]

    def to_tracking(self, raw: RawDocument) -> TrackingReport:
        return read(TrackingReport, 1, raw.body)

    def scan(self, number: str, status: TrackingStatus, at: str) -> None:
        """A parcel is seen."""
        self.books.scans.setdefault(number, []).append(TrackingEvent.accept({"status": status, "at": at}))


class PaperLedger(Paper, PostsReceivables):
    manifest = Manifest(id="paper_ledger", kind=Kind.FINANCE, title="Paper ledger", api="1")
    receivable_once = Blind(Doubt.ASK)

    def send_receivable(self, wanted: Sequence[Wanted[FinanceDocument]]) -> Answers:
        answers = [self.answered(each, number=f"INV-{len(self.books.postings) + 1}") for each in wanted]
        self.books.postings |= {each.token: each.request for each in wanted}
        return answers

    def find_receivable(self, wanted: Wanted[FinanceDocument]) -> Raw | None:
        return None

    def read_receivable(self, request: FinanceDocument, raw: Raw) -> Posting:
        said = json.loads(raw.body)
        assert isinstance(said, dict)
        return Posting(id=str(said["number"]), number=str(said["number"]), total=request.totals.gross)


@hookimpl
def crossdock_connectors() -> list[type[Connector[Any]]]:
    return [PaperShop, PaperCarrier, PaperLedger]


def distribution(folder: Path) -> Path:
    """The papers of a distribution that offers this module, so that every hub finds it; a folder for `sys.path`."""
    about = folder / "paper_trade-1.0.dist-info"
    about.mkdir(parents=True)
    about.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: paper-trade\nVersion: 1.0\n")
    about.joinpath("entry_points.txt").write_text("[crossdock.connectors]\npaper = tests.paper\n")
    return folder
