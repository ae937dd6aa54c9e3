"""A simulated EasyPost: rates by weight, labels sold once, refunds that take their time, signed webhooks."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import httpx

from connectors.logistics.easypost import sim_papers as papers
from connectors.logistics.easypost.sim_state import Sale, Scanned, Shipment, Tariff, Tracker
from hub.core.clock import Chance
from hub.core.json import JSON, dumps
from hub.core.money import Money
from hub.core.tracking import TrackingStatus
from hub.sdk.capabilities import WebhookRequest
from hub.sdk.sim import Asked, CarrierSim, SoldLabel, json_response, route
from hub.sdk.webhooks import sign

API_KEY: Final = "EZTK-key-of-the-simulator"
WEBHOOK_SECRET: Final = "sécret of the simulator"  # noqa: S105 - an invented remote has invented secrets

TARIFFS: Final = (
    Tariff("USPS", "ca_usps", "Express", Decimal("26.35"), Decimal("0.35"), 2),
    Tariff("USPS", "ca_usps", "Priority", Decimal("7.10"), Decimal("0.12"), 3),
    Tariff("USPS", "ca_usps", "GroundAdvantage", Decimal("4.25"), Decimal("0.08"), 5),
    Tariff("UPS", "ca_ups", "Ground", Decimal("8.90"), Decimal("0.06"), 4),
    Tariff("DHLExpress", "ca_dhl", "Express", Decimal(31), Decimal("0.28"), 1, billed_when_scanned=True),
    Tariff("FedEx", "ca_fedex", "FEDEX_GROUND", Decimal("9.40"), Decimal("0.05"), 4, lightest=Decimal(16)),
)
"""Two carriers call a service `Express`; one carries nothing that is lighter than a pound."""

CODES: Final[Mapping[str, str]] = {"USPS": "94001", "UPS": "1Z", "DHLExpress": "", "FedEx": "7"}
"""How tracking numbers begin."""

SCANS: Final[Mapping[TrackingStatus, tuple[str, str, str]]] = {
    TrackingStatus.UNKNOWN: ("teleported", "unknown", "Beamed up"),
    TrackingStatus.PENDING: ("unknown", "unknown", "Not known yet"),
    TrackingStatus.INFO_RECEIVED: ("pre_transit", "label_created", "Label created"),
    TrackingStatus.PICKED_UP: ("in_transit", "received_at_origin_facility", "Accepted"),
    TrackingStatus.IN_TRANSIT: ("in_transit", "arrived_at_facility", "Arrived at facility"),
    TrackingStatus.EXCEPTION: ("failure", "damaged", "Damaged"),
    TrackingStatus.OUT_FOR_DELIVERY: ("out_for_delivery", "out_for_delivery", "Out for delivery"),
    TrackingStatus.AVAILABLE_FOR_PICKUP: (
        "available_for_pickup",
        "arrived_at_pickup_location",
        "Ready for pickup",
    ),
    TrackingStatus.ATTEMPTED: ("failure", "delivery_exception", "Nobody at home"),
    TrackingStatus.RETURNING: ("return_to_sender", "return", "Return to sender"),
    TrackingStatus.DELIVERED: ("delivered", "arrived_at_destination", "Delivered"),
    TrackingStatus.RETURNED: ("return_to_sender", "return", "Return to sender"),
    TrackingStatus.CANCELLED: ("cancelled", "cancelled", "Cancelled"),
    TrackingStatus.LOST: ("failure", "lost", "Lost"),
}
"""Status, detail and message of a scan. EasyPost has one word for *returning* and *returned*."""

REFUNDABLE: Final = (None, "rejected")


class EasypostSim(CarrierSim):
    """EasyPost with a few carrier accounts. Refunds are decided `refunds_after` they were asked for."""

    root = "/v2"

    def __init__(self, chance: Chance | None = None, *, refunds_after: timedelta = timedelta(hours=1)) -> None:
        super().__init__(chance)
        self.refunds_after = refunds_after
        self._shipments: dict[str, Shipment] = {}
        self._orders: dict[str, list[Shipment]] = {}
        self._references: dict[str, str] = {}
        self._stalls: list[str] = []

    def credentials(self) -> dict[str, JSON]:
        return {"api_key": API_KEY, "mode": papers.MODE, "webhook_secret": WEBHOOK_SECRET}

    def admit(self, asked: Asked) -> httpx.Response | None:
        """The API asks for its key; label files lie open under names that nobody guesses."""
        open_to_all = asked.request.url.path.startswith("/files/")
        if open_to_all or asked.headers.get("authorization") == f"Bearer {API_KEY}":
            return None
        return json_response(papers.error("UNAUTHORIZED", "Unauthorized user."), 401)

    def absent(self, asked: Asked) -> httpx.Response:
        del asked
        return json_response(papers.error("NOT_FOUND", "The requested resource could not be found."), 404)

    def stall(self, code: str) -> None:
        """The next label is bought, but the answer is a refusal with this code: the carrier was too slow."""
        self._stalls.append(code)

    def decide_refund(self, tracking_number: str, word: str) -> None:
        """Let a refund that was asked for end with this `refund_status`."""
        with self.locked():
            self._sold(tracking_number).refund_word = word

    def labels(self) -> Sequence[SoldLabel]:
        with self.locked():
            return [_sold(found, found.sale) for found in self._shipments.values() if found.sale is not None]

    def scan(self, tracking_number: str, status: TrackingStatus, now: datetime) -> None:
        with self.locked():
            tracker = self._sold(tracking_number).tracker
            before = tracker.status
            word, detail, message = SCANS[status]
            tracker.scans.append(Scanned(word, detail, message, now))
            tracker.updated_at = now
            self.notify(self._signed("tracker.updated", papers.tracker(tracker), {"status": before}, now))

    @route("POST", "/v2/shipments")
    def _enter_shipment(self, asked: Asked) -> httpx.Response:
        wanted = _inner(asked, "shipment")
        if refused := _refused(wanted, "parcel"):
            return refused
        found = self._rated(wanted, asked.now)
        return json_response(self._paper(found, asked), 201)

    @route("GET", "/v2/shipments/{number}")
    def _show_shipment(self, asked: Asked) -> httpx.Response:
        found = self._shipments.get(self._id(asked))
        return self.absent(asked) if found is None else json_response(self._paper(found, asked))

    @route("POST", "/v2/shipments/{number}/buy")
    def _buy_shipment(self, asked: Asked) -> httpx.Response:
        found = self._shipments.get(asked.parts["number"])
        if found is None:
            return self.absent(asked)
        if found.sale is not None:
            return _no("SHIPMENT.POSTAGE.EXISTS", "Postage already exists for this shipment.")
        fields = asked.fields()
        chosen = fields.get("rate")
        rate_id = chosen.get("id") if isinstance(chosen, dict) else None
        offer = next((one for one in found.rates if one[0] == rate_id), None)
        if offer is None:
            return _no("SHIPMENT.MISSING_RATE", "The rate does not belong to this shipment.")
        insurance = fields.get("insurance")
        self._sell(found, offer, asked.now).insurance = insurance if isinstance(insurance, str) else None
        self.commit("booking", _reference(found.reference))
        return self._stalled() or json_response(self._paper(found, asked, label_file=True))

    @route("POST", "/v2/shipments/{number}/refund")
    def _refund(self, asked: Asked) -> httpx.Response:
        found = self._shipments.get(asked.parts["number"])
        if found is None:
            return self.absent(asked)
        sale = found.sale
        if sale is None or sale.refund_status(asked.now, self.refunds_after) not in REFUNDABLE:
            return _no("SHIPMENT.REFUND.UNAVAILABLE", "This shipment cannot be refunded.", "refund")
        sale.refund_asked_at, found.updated_at = asked.now, asked.now
        sale.refund_word = "not_applicable" if sale.tariff.billed_when_scanned else None
        self.commit("void", _reference(found.reference))
        return json_response(self._paper(found, asked))

    @route("POST", "/v2/orders")
    def _enter_order(self, asked: Asked) -> httpx.Response:
        wanted = _inner(asked, "order")
        if refused := _refused(wanted, "shipments"):
            return refused
        number = papers.number("order", self.number())
        parcels = wanted.get("shipments")
        shared = {name: wanted[name] for name in wanted if name not in {"shipments", "reference"}}
        self._orders[number] = [
            self._rated({**shared, **parcel}, asked.now, number)
            for parcel in (parcels if isinstance(parcels, list) else [])
            if isinstance(parcel, dict)
        ]
        self._references.setdefault(str(wanted.get("reference")), number)
        return json_response(self._order(number, asked), 201)

    @route("GET", "/v2/orders/{number}")
    def _show_order(self, asked: Asked) -> httpx.Response:
        number = self._id(asked)
        return json_response(self._order(number, asked)) if number in self._orders else self.absent(asked)

    @route("POST", "/v2/orders/{number}/buy")
    def _buy_order(self, asked: Asked) -> httpx.Response:
        number = asked.parts["number"]
        parts = self._orders.get(number)
        if parts is None:
            return self.absent(asked)
        if any(part.sale for part in parts):
            return _no("ORDER.POSTAGE.EXISTS", "Postage already exists for this order.")
        wanted = (asked.fields().get("carrier"), asked.fields().get("service"))
        for part in parts:
            offer = next((o for o in part.rates if (o[1].carrier, o[1].service) == wanted), None)
            if offer is None:
                return _no("ORDER.RATE.UNAVAILABLE", "No parcel goes at this rate.")
            self._sell(part, offer, asked.now)
        self.commit("booking", _reference(parts[0].reference))
        return self._stalled() or json_response(self._order(number, asked, label_file=True))

    @route("GET", "/v2/trackers")
    def _list_trackers(self, asked: Asked) -> httpx.Response:
        size = int(asked.query.get("page_size", "20"))
        known = [papers.tracker(found) for found in reversed(self._trackers())]
        return json_response({"trackers": [*known[:size]], "has_more": len(known) > size})

    @route("POST", "/v2/trackers/batch")
    def _named_trackers(self, asked: Asked) -> httpx.Response:
        codes = asked.fields().get("tracking_codes")
        wanted = codes if isinstance(codes, list) else []
        known = [papers.tracker(found) for found in self._trackers() if found.code in wanted]
        return json_response({"trackers": [*known], "has_more": False})

    @route("GET", "/v2/trackers/{number}")
    def _show_tracker(self, asked: Asked) -> httpx.Response:
        found = next((one for one in self._trackers() if one.id == asked.parts["number"]), None)
        return self.absent(asked) if found is None else json_response(papers.tracker(found))

    @route("GET", "/files/postage_label/{name}")
    def _label_file(self, asked: Asked) -> httpx.Response:
        ending = asked.parts["name"].rpartition(".")[2]
        _, kind, image = next(one for one in papers.IMAGES.values() if one[0] == ending)
        return httpx.Response(200, headers={"content-type": kind}, content=image)

    def _rated(self, wanted: Mapping[str, JSON], now: datetime, order: str | None = None) -> Shipment:
        found = Shipment(papers.number("shp", self.number()), wanted, now, (), order_id=order)
        asked_for = wanted.get("carrier_accounts")
        accounts = asked_for if isinstance(asked_for, list) else [tariff.account for tariff in TARIFFS]
        mine = [tariff for tariff in TARIFFS if tariff.account in accounts]
        found.messages = [said for tariff in mine if (said := _complaint(found, tariff)) is not None]
        found.rates = [
            (papers.number("rate", self.number()), tariff) for tariff in mine if _complaint(found, tariff) is None
        ]
        self._shipments[found.id] = found
        if found.reference is not None:
            self._references.setdefault(found.reference, found.id)
        return found

    def _sell(self, found: Shipment, offer: tuple[str, Tariff], now: datetime) -> Sale:
        count, carrier = self.number(), offer[1].carrier
        code = f"{CODES[carrier]}{count:010d}"
        tracker = Tracker(papers.number("trk", count), code, carrier, found.id, now, now)
        found.sale, found.updated_at = Sale(*offer, tracker), now
        return found.sale

    def _stalled(self) -> httpx.Response | None:
        return _no(self._stalls.pop(0), "The carrier did not answer in time.") if self._stalls else None

    def _order(self, number: str, asked: Asked, *, label_file: bool = False) -> JSON:
        """An order. Its rates have the ids of the first parcel's and the price of all."""
        parts = self._orders[number]
        shown = [self._paper(part, asked, label_file=label_file) for part in parts]
        first = shown[0]
        taken = ("mode", "is_return", "created_at", "updated_at", "from_address", "to_address")
        shared = {name: first[name] for name in (*taken, "buyer_address", "return_address")}
        return {
            **shared,
            "reference": (parts[0].reference or "").rpartition("_P")[0],
            "options": {"currency": "USD", "payment": {"type": "SENDER"}},
            "messages": first["messages"],
            "customs_info": None,
            "shipments": [*shown],
            "rates": [_order_rate(parts, *one) for one in parts[0].rates if _goes(parts, one[1])],
            "id": number,
            "object": "Order",
        }

    def _paper(self, found: Shipment, asked: Asked, *, label_file: bool = False) -> dict[str, JSON]:
        url = asked.request.url
        origin = f"{url.scheme}://{url.netloc.decode()}"
        return papers.shipment(found, asked.now, self.refunds_after, origin, label_file=label_file)

    def _id(self, asked: Asked) -> str:
        """By id or reference; of several with one reference the first is found."""
        return self._references.get(asked.parts["number"], asked.parts["number"])

    def _trackers(self) -> list[Tracker]:
        return [found.sale.tracker for found in self._shipments.values() if found.sale is not None]

    def _sold(self, tracking_number: str) -> Sale:
        sales = (found.sale for found in self._shipments.values() if found.sale is not None)
        return next(sale for sale in sales if sale.tracker.code == tracking_number)

    def _signed(self, description: str, result: JSON, previous: JSON, now: datetime) -> WebhookRequest:
        body = dumps(papers.event(self.number(), description, result, previous, now))
        signature = sign(body, WEBHOOK_SECRET, nfkd=True)
        headers = {"content-type": "application/json", "x-hmac-signature": f"hmac-sha256-hex={signature}"}
        return WebhookRequest(headers, body)


def _sold(found: Shipment, sale: Sale) -> SoldLabel:
    price = Money.of(sale.tariff.rate(found.ounces), "USD")
    taken_back = sale.refund_asked_at is not None and sale.refund_word in {None, "refunded", "submitted"}
    return SoldLabel(_reference(found.reference), sale.tracker.code, price, taken_back)


def _order_rate(parts: Sequence[Shipment], rate_id: str, tariff: Tariff) -> JSON:
    return papers.rate(parts[0], rate_id, tariff, sum((tariff.rate(part.ounces) for part in parts), Decimal(0)))


def _goes(parts: Sequence[Shipment], tariff: Tariff) -> bool:
    """A rate of an order is one at which all its parcels go."""
    return all(tariff in {offered for _, offered in part.rates} for part in parts)


def _reference(word: str | None) -> str:
    """The hub's name for a shipment, without the marks of an attempt and of a parcel behind it."""
    return (word or "").partition("_")[0]


def _inner(asked: Asked, name: str) -> dict[str, JSON]:
    wanted = asked.fields().get(name)
    return wanted if isinstance(wanted, dict) else {}


def _refused(wanted: Mapping[str, JSON], carried: str) -> httpx.Response | None:
    """What has no addresses or nothing to carry cannot be entered."""
    missing = [name for name in ("to_address", "from_address", carried) if not wanted.get(name)]
    if not missing:
        return None
    errors: list[JSON] = [{"field": name, "message": "cannot be blank"} for name in missing]
    return json_response(papers.error("PARAMETER.REQUIRED", "Missing required parameter.", *errors), 422)


def _complaint(found: Shipment, tariff: Tariff) -> JSON:
    """Why a carrier account makes no offer."""
    words = ""
    for name in ("from_address", "to_address"):
        address = found.wanted.get(name)
        if not isinstance(address, dict) or not address.get("street1") or not address.get("country"):
            words = words or f"{name}: street1 and country are required"
    if not words and found.ounces < tariff.lightest:
        words = f"This account carries nothing lighter than {tariff.lightest} oz"
    if not words:
        return None
    return {
        "carrier": tariff.carrier,
        "carrier_account_id": tariff.account,
        "type": "rate_error",
        "message": words,
    }


def _no(code: str, message: str, *errors: JSON) -> httpx.Response:
    return json_response(papers.error(code, message, *errors), 422)
