"""What EasyPost can do for the hub: quote, sell and take back labels, say where parcels are."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, ClassVar, Final

from annotated_types import MaxLen
from pydantic import SecretStr

from connectors.logistics.easypost import outgoing, trackers, translate
from connectors.logistics.easypost.client import Api, Mode
from connectors.logistics.easypost.translate import Consignment
from hub.core.failures import Rejected
from hub.core.fields import Code
from hub.core.json import JSON, loads
from hub.core.shipping import Booking, BookingRequest, Label, RateQuote, ShipmentRequest, Voided, VoidRequest
from hub.core.tracking import TrackingReport
from hub.sdk.capabilities import (
    BooksShipments,
    Delivery,
    DocumentKind,
    Pending,
    QuotesRates,
    Raw,
    RawDocument,
    ReceivesWebhooks,
    TracksShipments,
    VoidsShipments,
    Wanted,
    WebhookRequest,
)
from hub.sdk.connector import Connector, ConnectorConfig, Kind, Limits, Manifest
from hub.sdk.guarantees import Findable, Guarantee, Idempotent
from hub.sdk.http import Http
from hub.sdk.mapping import Overlay
from hub.sdk.redaction import Redactor
from hub.sdk.replies import RESPONSE_LIMIT
from hub.sdk.rows import RawRow
from hub.sdk.webhooks import content_id, verify
from hub.sdk.writes import one_by_one

MOST_ACCOUNTS: Final = 60
"""EasyPost rates at most so many carrier accounts at once, and silently leaves out the others."""

TRACKER: Final = "trk_"


class EasypostConfig(ConnectorConfig):
    """Settings of one EasyPost account.

    `carrier_accounts` are the ids of those to ask for rates, none for all. While the webhook secret is
    changed, `former_webhook_secret` is still accepted.
    """

    base_url: str = "https://api.easypost.com/v2"
    api_key: SecretStr
    mode: Mode = Mode.PRODUCTION
    webhook_secret: SecretStr | None = None
    former_webhook_secret: SecretStr | None = None
    carrier_accounts: Annotated[tuple[Code, ...], MaxLen(MOST_ACCOUNTS)] = ()


class Easypost(
    Connector[EasypostConfig], QuotesRates, BooksShipments, VoidsShipments, TracksShipments, ReceivesWebhooks
):
    """EasyPost, API v2."""

    manifest = Manifest(
        id="easypost",
        kind=Kind.LOGISTICS,
        title="EasyPost",
        api="v2",
        simulator="connectors.logistics.easypost.sim:EasypostSim",
        demo=True,
    )
    config_model = EasypostConfig
    limits = Limits(
        calls_per_second=Decimal(5),
        burst=10,
        calls_at_once=4,
        deadline=timedelta(seconds=60),
        poll_every=timedelta(minutes=30),
    )
    quote_once: ClassVar[Guarantee] = Idempotent()
    booking_once: ClassVar[Guarantee] = Findable(
        by="the shipment, by its id or our reference", settles=timedelta(minutes=2)
    )
    void_once: ClassVar[Guarantee] = Findable(by="its refund_status", settles=timedelta(minutes=1))

    def __init__(self, config: EasypostConfig, http: Http, overlay: Overlay | None = None) -> None:
        super().__init__(config, http, overlay)
        key = config.api_key.get_secret_value()
        self.api = Api(http.with_headers({"authorization": f"Bearer {key}"}), config.mode, Redactor([key]))

    def check(self) -> None:
        """Read one tracker. Raises Misconfigured."""
        self.api.check()

    @one_by_one
    def send_quote(self, wanted: Wanted[ShipmentRequest]) -> Raw:
        """Enter the shipment; EasyPost rates it in the same call."""
        return Raw(self._entered(self._api_for(wanted.request), wanted.request, wanted.request.reference))

    def find_quote(self, wanted: Wanted[ShipmentRequest]) -> Raw | None:
        """Nobody looks for quotes: asking again costs nothing."""
        del wanted
        return None

    def read_quote(self, request: ShipmentRequest, raw: Raw) -> RateQuote:
        return translate.quote(_read(raw), self.mapping("rate"), outgoing.hiding(request))

    @one_by_one
    def send_booking(self, wanted: Wanted[BookingRequest]) -> Raw:
        """Buy at the offer; without one the shipment is entered first, and the cheapest fitting one taken.

        What an earlier attempt entered is taken up again, for EasyPost sells a shipment once only. Several
        parcels need an offer: an order cannot be surely found again by our reference.
        """
        request, offer = wanted.request.shipment, wanted.request.rate
        api = self._api_for(request)
        if offer is None:
            entered = self._entered_once(api, wanted)
            if translate.bought_parts(loads(entered, limit=RESPONSE_LIMIT)).all:
                return Raw(entered)
            offer = outgoing.cheapest(self.read_quote(request, Raw(entered)), request)
        if offer.id is None or offer.shipment_id is None:
            raise Rejected("carrier.rate_without_id", detail=offer.service)
        return Raw(self._bought(api, offer.shipment_id, outgoing.purchase(offer, request)))

    def find_booking(self, wanted: Wanted[BookingRequest]) -> Raw | None:
        """The shipment or order, if all its labels are bought. Raises Rejected where only some are."""
        request, offer = wanted.request.shipment, wanted.request.rate
        number = offer.shipment_id if offer and offer.shipment_id else _reference(wanted)
        found = self._api_for(request).find(outgoing.kind_of(request), number)
        if found is None:
            return None
        parts = translate.bought_parts(found.json())
        if 0 < parts.bought < parts.parcels:
            raise _partly(number, parts)
        return Raw(found.body) if parts.all else None

    def read_booking(self, request: BookingRequest, raw: Raw) -> Booking:
        return translate.booking(_read(raw), request, self.mapping("shipment"), self.mapping("parcel"))

    def fetch_label(self, label: Label, files: Http) -> Label:
        """A label with its bytes; `files` is a client of the host that its URL names, without our key."""
        if label.content_base64 is not None or label.url is None:
            return label
        return translate.filled(label, files.read("GET", label.url).body)

    @one_by_one
    def send_void(self, wanted: Wanted[VoidRequest]) -> Raw:
        """Ask for a refund; of an order for each of its shipments that was not asked for yet."""
        number = wanted.request.shipment_id
        if Consignment.named(number) is Consignment.SHIPMENT:
            return Raw(self.api.refund(number).body)
        for part in translate.shipments(_read(self._order(number))):
            shipment, state = (translate.text(part, name) for name in ("id", "refund_status"))
            if shipment is not None and state in {None, "rejected"}:
                self.api.refund(shipment)
        return self._order(number)

    def find_void(self, wanted: Wanted[VoidRequest]) -> Raw | None:
        """The shipment or order, once a refund was asked for all of it."""
        number = wanted.request.shipment_id
        found = self.api.find(Consignment.named(number), number)
        if found is None:
            return None
        parts = translate.shipments(found.json())
        return Raw(found.body) if all(translate.text(part, "refund_status") for part in parts) else None

    def read_void(self, request: VoidRequest, raw: Raw) -> Voided | Pending:
        del request
        return translate.void(_read(raw))

    def fetch_tracking(self, tracking_ids: Sequence[str]) -> Sequence[RawDocument]:
        """Trackers by their id; by a number the youngest one. Ids of other things are left out."""
        return [document for number in tracking_ids for document in self._trackers(number)]

    def to_tracking(self, raw: RawDocument) -> TrackingReport:
        return trackers.tracking(loads(raw.body), self.mapping("tracker"))

    def read_webhook(self, request: WebhookRequest) -> Delivery:
        """Trackers come whole. Any other event is a hint of something that no tracker is found for."""
        kept = (self.config.webhook_secret, self.config.former_webhook_secret)
        secrets = [secret.get_secret_value() for secret in kept if secret is not None]
        claimed = request.headers.get("x-hmac-signature")
        verify(request.body, claimed, secrets, prefix="hmac-sha256-hex=", nfkd=True)
        event = RawRow(request.body)
        topic = event.peek("description") or "unreadable"
        return Delivery(
            id=event.peek("id") or content_id(request.body),
            topic=topic,
            kind=DocumentKind.TRACKING,
            external_id=event.external_id("result.id"),
            complete=topic == "unreadable" or topic.startswith("tracker."),
        )

    def _api_for(self, request: ShipmentRequest) -> Api:
        return self.api.discreet(outgoing.hiding(request))

    def _entered(self, api: Api, request: ShipmentRequest, reference: str) -> bytes:
        body = outgoing.consignment(request, reference, self.config.carrier_accounts)
        return api.create(outgoing.kind_of(request), body).body

    def _entered_once(self, api: Api, wanted: Wanted[BookingRequest]) -> bytes:
        request, reference = wanted.request.shipment, _reference(wanted)
        if outgoing.kind_of(request) is Consignment.ORDER:
            raise Rejected("carrier.not_offered", detail=f"{len(request.parcels)} parcels without a quote")
        known = api.find(Consignment.SHIPMENT, reference)
        return self._entered(api, request, reference) if known is None else known.body

    def _bought(self, api: Api, number: str, body: JSON) -> bytes:
        """Parcels of an order are bought one after the other: a refusal may leave some of them bought."""
        kind = Consignment.named(number)
        try:
            return api.buy(kind, number, body).body
        except Rejected:
            found = api.find(kind, number) if kind is Consignment.ORDER else None
            if found is not None and (parts := translate.bought_parts(found.json())).bought:
                raise _partly(number, parts) from None
            raise

    def _order(self, number: str) -> Raw:
        found = self.api.find(Consignment.ORDER, number)
        if found is None:
            raise Rejected("carrier.unknown_shipment", shipment=number)
        return Raw(found.body)

    def _trackers(self, number: str) -> Sequence[RawDocument]:
        if number.startswith(TRACKER):
            found = self.api.tracker(number)
            return () if found is None else (RawDocument(DocumentKind.TRACKING, number, found.body),)
        if "_" in number:
            return ()
        known = sorted(self.api.trackers_of(number), key=lambda row: row.peek("created_at") or "")
        return [RawDocument(DocumentKind.TRACKING, row.external_id("id"), row.body) for row in known[-1:]]


def _reference(wanted: Wanted[BookingRequest]) -> str:
    """Ours for what a booking enters: the shipment's, and the token that no other attempt at it has.

    EasyPost finds by it, but does not keep it unique; quotes carry the plain reference.
    """
    return f"{wanted.request.shipment.reference}_{wanted.token}"


def _partly(number: str, parts: translate.Parts) -> Rejected:
    return Rejected("carrier.partly_booked", shipment=number, bought=parts.bought, parcels=parts.parcels)


def _read(raw: Raw) -> JSON:
    return loads(raw.body, limit=RESPONSE_LIMIT)
