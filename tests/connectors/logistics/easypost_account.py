"""Builders: an EasyPost account over its simulator or over a script, and what is sent with it."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx

from connectors.logistics.easypost.connector import Easypost
from connectors.logistics.easypost.sim import API_KEY, EasypostSim
from hub.core.clock import ManualClock
from hub.core.failures import InDoubt, Retryable
from hub.core.money import Money
from hub.core.people import Address
from hub.core.shipping import BookingRequest, Parcel, RateOffer, ShipmentRequest, VoidRequest
from hub.registry import build
from hub.sdk.capabilities import Raw, Wanted
from hub.sdk.sim import Fault
from tests.sdk.remotes import Script, Turn

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADA = Address(
    name="Ada Lovelace",
    line1="12 Byron Street",
    city="Columbus",
    province_code="OH",
    postal_code="43085",
    country="US",
    phone="+1 614 5550142",
    email="ada@example.com",
)
WAREHOUSE = Address(company="Crossdock Ltd", line1="1 Dock Road", city="Newark", province_code="NJ", country="US")


class Account:
    """A connection to a simulated EasyPost, on a clock that moves by hand."""

    def __init__(self, *faults: Fault, **options) -> None:
        self.clock = ManualClock(NOON)
        self.sim = EasypostSim(**options)
        self.sim.fail(*faults)
        self.connector = connected(self.sim.transport(self.clock), self.clock, **self.sim.credentials())

    def send(self, noun, wanted):
        """One call; the answer as it is."""
        [answer] = getattr(self.connector, f"send_{noun}")([wanted])
        return answer

    def settle(self, noun, wanted):
        """What the runner of effects does: in doubt it waits, looks, and repeats only what is absent."""
        once = getattr(self.connector, f"{noun}_once")
        answer = None
        for _ in range(6):
            answer = self.send(noun, wanted)
            if isinstance(answer, InDoubt):
                self.clock.advance(once.settles)
                answer = self.look(noun, wanted) or answer
            if not isinstance(answer, InDoubt | Retryable):
                break
            self.clock.advance(timedelta(minutes=1))
        read = getattr(self.connector, f"read_{noun}")
        return read(wanted.request, answer) if isinstance(answer, Raw) else answer

    def look(self, noun, wanted):
        """Look until an answer comes; a failed look says nothing."""
        for _ in range(4):
            try:
                return getattr(self.connector, f"find_{noun}")(wanted)
            except Retryable:
                self.clock.advance(timedelta(minutes=1))
        return None

    def quote(self, request: ShipmentRequest):
        return self.settle("quote", Wanted("t/f/1/quote/1", "HQUOTE", request))

    def book(self, request: ShipmentRequest, rate: RateOffer | None = None):
        return self.settle("booking", a_booking(request, rate))

    def void(self, booking):
        return self.settle("void", a_void(booking))

    def read_void(self, booking):
        found = self.look("void", a_void(booking))
        return self.connector.read_void(a_void(booking).request, found)


def connected(transport, clock=None, **settings) -> Easypost:
    settings = {"api_key": API_KEY, "mode": "test", "base_url": "https://simulator.test/v2", **settings}
    found = build(Easypost, settings, clock=clock or ManualClock(NOON), transport=transport)
    assert isinstance(found, Easypost)
    return found


def scripted(*turns: Turn, **settings) -> tuple[Easypost, Script]:
    """A connection to a remote that answers by script, and the script."""
    script = Script(*turns)
    return connected(script, **settings), script


def a_shipment(**changes) -> ShipmentRequest:
    fields = {
        "reference": "HFULFILMENT1",
        "order_ids": ("7",),
        "location": "newark",
        "sender": WAREHOUSE,
        "recipient": ADA,
        "parcels": (a_parcel(),),
        **changes,
    }
    return ShipmentRequest(**fields)


def a_parcel(number: str = "1", grams: str = "300", **changes) -> Parcel:
    return Parcel(id=number, weight_g=Decimal(grams), **changes)


def a_booking(request: ShipmentRequest, rate: RateOffer | None = None) -> Wanted[BookingRequest]:
    return Wanted("t/f/1/booking/1", "HTOKEN", BookingRequest(shipment=request, rate=rate))


def a_void(booking) -> Wanted[VoidRequest]:
    request = VoidRequest(reference="HVOID", carrier=booking.carrier, shipment_id=booking.shipment_id)
    return Wanted("t/f/1/void/1", "HVOIDTOKEN", request)


def said(message: httpx.Request | httpx.Response):
    """What a request or an answer carries."""
    return json.loads(message.content, parse_float=Decimal)


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def cheapest(quote):
    return min(quote.rates, key=lambda offer: offer.total.minor)


def the_rate(quote, carrier, named):
    [found] = [offer for offer in quote.rates if (offer.carrier, offer.service) == (carrier, named)]
    return found
