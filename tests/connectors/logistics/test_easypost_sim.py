from datetime import timedelta
from decimal import Decimal

import httpx

from connectors.logistics.easypost.sim import API_KEY
from hub.core.json import loads
from hub.core.order_fulfilment import Size
from hub.core.shipping import Customs, CustomsItem, Options
from hub.core.tracking import TrackingStatus
from hub.sdk.capabilities import Wanted
from tests.connectors.logistics.easypost_account import (
    NOON,
    Account,
    a_booking,
    a_parcel,
    a_shipment,
    a_void,
    cheapest,
    connected,
    said,
    usd,
)
from tests.connectors.logistics.easypost_recorded import answers, differences, recorded

WISHES = {"+ options.label_format", "+ options.postage_label_inline", "+ options.print_custom_1"}
"""Options that we send and the recorded shipments were made without."""

FAILURES = {"+ messages[]"}
"""All accounts of the recorded shipments made an offer; one of the simulator's does not."""

UNVERIFIED = {f"- {name}_address.verifications.{kind}" for name in ("to", "buyer") for kind in ("zip4", "delivery")}
"""The simulator does not look addresses up."""

SIZE = Size(length_mm=Decimal(254), width_mm=Decimal(100), height_mm=Decimal(50))
GOODS = CustomsItem(
    description="Mug",
    sku="MUG",
    hs_code="691200",
    origin_country="DE",
    quantity=Decimal(1),
    value=usd("20.00"),
    weight_g=Decimal(300),
)
FULL = a_shipment(
    parcels=(a_parcel(size=SIZE),),
    customs=Customs(items=(GOODS,)),
    options=Options(insurance=usd("249.99")),
)


def asked(account: Account, method: str, path: str, body=None, **headers) -> httpx.Response:
    request = httpx.Request(
        method,
        f"https://simulator.test/v2{path}",
        json=body,
        headers={"authorization": f"Bearer {API_KEY}"} | headers,
    )
    return account.sim.respond(request, account.clock.now())


def test_a_quoted_shipment_looks_like_a_recorded_one(fixtures_dir):
    raw = Account().send("quote", Wanted("k", "t", FULL))

    assert differences(loads(raw.body), recorded(fixtures_dir, "return-shipment-create.json")) == WISHES | FAILURES


def test_a_bought_shipment_looks_like_a_recorded_one(fixtures_dir):
    raw = Account().send("booking", a_booking(FULL))

    found = differences(loads(raw.body), recorded(fixtures_dir, "shipment-buy.json"))

    assert found == WISHES | FAILURES | UNVERIFIED


def test_a_refund_looks_like_a_recorded_one(fixtures_dir):
    account = Account()
    booking = account.book(FULL)
    account.sim.scan(booking.parcels[0].tracking_number, TrackingStatus.INFO_RECEIVED, NOON)

    raw = account.send("void", a_void(booking))

    found = differences(loads(raw.body), recorded(fixtures_dir, "shipment-refund-submitted.json"))
    assert found == WISHES | FAILURES | UNVERIFIED


def test_an_order_looks_like_a_recorded_one(fixtures_dir):
    two = a_shipment(parcels=(a_parcel("1", "500", size=SIZE), a_parcel("2", "700", size=SIZE)))

    account = Account()

    raw = account.send("booking", a_booking(two, cheapest(account.quote(two))))

    found = differences(loads(raw.body), recorded(fixtures_dir, "order-buy-multi-parcel.json"))
    parts = {f"{known[:2]}shipments[].{known[2:]}" for known in WISHES | UNVERIFIED}
    assert found == parts | UNVERIFIED


def test_a_tracker_looks_like_a_recorded_one(fixtures_dir):
    account = Account()
    [parcel] = account.book(FULL).parcels
    account.sim.scan(parcel.tracking_number, TrackingStatus.IN_TRANSIT, NOON)

    [document] = account.connector.fetch_tracking([parcel.tracking_id])

    assert differences(loads(document.body), recorded(fixtures_dir, "tracker-retrieve-pre-transit.json")) == set()


def test_a_delivery_looks_like_a_recorded_one(fixtures_dir):
    account = Account()
    [parcel] = account.book(FULL).parcels
    account.sim.scan(parcel.tracking_number, TrackingStatus.IN_TRANSIT, NOON)

    [delivery] = account.sim.deliveries()

    found = differences(loads(delivery.body), recorded(fixtures_dir, "webhook-event-body-signed.json"))
    assert found == {
        "+ result.fees",
        "+ result.tracking_details[].est_delivery_date",
        "- result.finalized",
        "- result.is_return",
    }


def test_a_refusal_looks_like_a_recorded_one(fixtures_dir):
    answer = asked(Account(), "POST", "/shipments", {"shipment": {}})

    [(status, body)] = answers(fixtures_dir, "cassette-error-parameter-required.yaml")
    assert answer.status_code == status
    assert differences(loads(answer.content), body) == set()


def test_without_the_key_nothing_is_told():
    account = Account()

    assert asked(account, "GET", "/trackers", authorization="Bearer other").status_code == 401
    assert asked(account, "GET", "/nowhere").status_code == 404


def test_a_shipment_is_sold_once():
    account = Account()
    offer = cheapest(account.quote(a_shipment()))
    body = {"rate": {"id": offer.id}}

    first, second = (asked(account, "POST", f"/shipments/{offer.shipment_id}/buy", body) for _ in "12")

    assert (first.status_code, second.status_code) == (200, 422)
    assert said(second)["error"]["code"] == "SHIPMENT.POSTAGE.EXISTS"
    assert account.sim.books() == {"booking": ("HFULFILMENT1",)}
    assert len(account.sim.labels()) == 1


def test_a_rate_of_another_shipment_buys_nothing():
    account = Account()
    one, other = account.quote(a_shipment()), account.quote(a_shipment())

    answer = asked(account, "POST", f"/shipments/{one.shipment_id}/buy", {"rate": {"id": other.rates[0].id}})

    assert said(answer)["error"]["code"] == "SHIPMENT.MISSING_RATE"
    assert account.sim.books() == {}


def test_of_shipments_with_one_reference_the_first_is_found():
    account = Account()
    first = account.quote(a_shipment()).shipment_id
    account.quote(a_shipment())

    assert said(asked(account, "GET", "/shipments/HFULFILMENT1"))["id"] == first


def test_prices_are_the_same_in_every_run():
    assert Account().quote(a_shipment()) == Account().quote(a_shipment())


def test_the_books_tell_labels_by_our_reference():
    account = Account()
    kept = account.book(a_shipment(reference="HKEPT"))
    gone = account.book(a_shipment(reference="HGONE"))
    account.void(gone)

    labels = account.sim.labels()

    assert [(label.reference, label.cost, label.voided) for label in labels] == [
        ("HKEPT", usd("5.10"), False),
        ("HGONE", usd("5.10"), True),
    ]
    assert [label.tracking_number for label in labels] == [
        kept.parcels[0].tracking_number,
        gone.parcels[0].tracking_number,
    ]


def test_a_label_that_was_not_bought_cannot_be_refunded():
    account = Account()
    quote = account.quote(a_shipment())

    assert asked(account, "POST", f"/shipments/{quote.shipment_id}/refund").status_code == 422
    assert account.sim.books() == {}


def test_on_a_port_labels_lie_under_its_own_address():
    account = Account()
    connector = connected(account.sim.transport(account.clock), base_url="http://127.0.0.1:8123/v2", allow_private=True)

    account.connector = connector
    [parcel] = account.book(a_shipment()).parcels

    assert parcel.label.url.startswith("http://127.0.0.1:8123/files/postage_label/shp_")


def test_refunds_take_as_long_as_they_are_told_to():
    account = Account(refunds_after=timedelta(minutes=5))
    booking = account.book(a_shipment())
    account.void(booking)

    account.clock.advance(timedelta(minutes=5))

    assert account.read_void(booking).refund == usd("5.10")
