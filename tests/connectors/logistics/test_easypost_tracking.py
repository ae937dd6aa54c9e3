from datetime import timedelta

import pytest

from hub.core.failures import BadInput, Retryable, Untranslatable
from hub.core.json import dumps
from hub.core.times import Basis
from hub.core.tracking import TrackingReason as R
from hub.core.tracking import TrackingStatus as S
from hub.core.tracking import fold
from hub.sdk.capabilities import DocumentKind, RawDocument
from hub.sdk.sim import Fault, FaultKind
from tests.connectors.logistics.easypost_account import Account, a_shipment, scripted
from tests.connectors.logistics.easypost_samples import a_scan, a_tracker, an_event
from tests.sdk.remotes import in_json


def read(tracker):
    connector, _ = scripted(in_json({}))
    return connector.to_tracking(RawDocument(DocumentKind.TRACKING, "trk_1", dumps(tracker)))


def meaning(status, detail=None):
    [event] = read(a_tracker(a_scan("2026-11-22T08:00:00Z", status, detail))).events
    return event.status, event.reason


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("unknown", S.PENDING),
        ("pre_transit", S.INFO_RECEIVED),
        ("in_transit", S.IN_TRANSIT),
        ("out_for_delivery", S.OUT_FOR_DELIVERY),
        ("available_for_pickup", S.AVAILABLE_FOR_PICKUP),
        ("delivered", S.DELIVERED),
        ("return_to_sender", S.RETURNING),
        ("failure", S.EXCEPTION),
        ("error", S.EXCEPTION),
        ("cancelled", S.CANCELLED),
    ],
)
def test_each_status_has_its_meaning(word, status):
    assert meaning(word) == (status, None)


@pytest.mark.parametrize(
    ("word", "detail", "status", "reason"),
    [
        ("in_transit", "received_at_origin_facility", S.PICKED_UP, None),
        ("in_transit", "departed_facility", S.IN_TRANSIT, None),
        ("in_transit", "delayed", S.EXCEPTION, R.CARRIER_DELAY),
        ("in_transit", "weather_delay", S.EXCEPTION, R.WEATHER),
        ("in_transit", "missorted", S.EXCEPTION, R.MISSORTED),
        ("in_transit", "delivery_exception", S.ATTEMPTED, R.UNKNOWN),
        ("failure", "delivery_exception", S.ATTEMPTED, R.UNKNOWN),
        ("failure", "refused", S.EXCEPTION, R.RECIPIENT_REFUSED),
        ("failure", "damaged", S.EXCEPTION, R.DAMAGED),
        ("failure", "address_correction", S.EXCEPTION, R.ADDRESS_INVALID),
        ("failure", "lost", S.LOST, R.LOST),
        ("failure", "return", S.RETURNING, None),
        ("available_for_pickup", "expired", S.EXCEPTION, R.PICKUP_EXPIRED),
        ("return_to_sender", "refused", S.RETURNING, R.RECIPIENT_REFUSED),
        ("delivered", "lost", S.DELIVERED, None),
    ],
)
def test_a_detail_may_say_more_than_the_status(word, detail, status, reason):
    assert meaning(word, detail) == (status, reason)


def test_a_status_that_nobody_knows_is_unknown_and_kept_word_for_word():
    [event] = read(a_tracker(a_scan("2026-11-22T08:00:00Z", "teleported", "beamed"))).events

    assert event.status is S.UNKNOWN
    assert event.carrier_sub_code == "beamed"
    assert event.raw["status"] == "teleported"


def test_scans_keep_time_place_and_words():
    place = {"city": "COLUMBUS", "state": "OH", "country": "US", "zip": "43085"}

    report = read(a_tracker(a_scan("2026-11-22T08:00:00Z", "in_transit", "arrived_at_facility", **place)))

    [event] = report.events
    assert (report.tracking_number, report.tracking_id, report.carrier) == ("94001", "trk_1", "USPS")
    assert event.at.utc.isoformat() == "2026-11-22T08:00:00+00:00"
    assert event.at.basis is Basis.UTC
    assert event.description == "in_transit at 2026-11-22T08:00:00Z"
    assert (event.place.city, event.place.state, event.place.postal_code, event.place.country) == (
        "COLUMBUS",
        "OH",
        "43085",
        "US",
    )


@pytest.mark.parametrize("country", ["USA", "United States", "", None, 7])
def test_a_country_that_is_no_code_costs_no_scan(country):
    [event] = read(a_tracker(a_scan("2026-11-22T08:00:00Z", "delivered", country=country))).events

    assert event.status is S.DELIVERED
    assert event.place is None
    assert event.raw.get("country") == country


def test_a_scan_that_is_told_twice_is_one():
    scan = a_scan("2026-11-22T08:00:00Z", "in_transit", "arrived_at_facility")
    told_anew = scan | {"description": "more words", "carrier_code": None}

    one, other = read(a_tracker(scan)).events, read(a_tracker(told_anew)).events

    assert fold(one) == fold([*one, *other])


def test_an_estimate_is_the_carriers_own_day_or_hour():
    detail = {"est_delivery_date_local": "2026-11-24", "est_delivery_time_local": None}
    day = read(a_tracker(est_delivery_date="2026-11-24T00:00:00Z", carrier_detail=detail))
    hour = read(a_tracker(carrier_detail=detail | {"est_delivery_time_local": "17:30:00"}))
    instant = read(a_tracker(est_delivery_date="2026-11-24T16:00:00Z"))

    assert (day.estimated_delivery.at.basis, day.estimated_delivery.at.raw) == (Basis.DATE, "2026-11-24")
    assert hour.estimated_delivery.at.raw == "2026-11-24T17:30:00"
    assert hour.estimated_delivery.at.utc is None
    assert instant.estimated_delivery.at.utc.isoformat() == "2026-11-24T16:00:00+00:00"


@pytest.mark.parametrize("estimate", ["2026-11-20T08:00:00Z", "soon", None, "9999-12-31T00:00:00Z"])
def test_an_estimate_that_is_none_is_left_out(estimate):
    assert read(a_tracker(est_delivery_date=estimate)).estimated_delivery is None


def test_who_signed_is_told():
    assert read(a_tracker(signed_by="A. Lovelace")).signed_by == "A. Lovelace"


@pytest.mark.parametrize(
    ("tracker", "field"),
    [
        (a_tracker(tracking_code=None), "tracking_number"),
        (a_tracker(id=""), "tracking_id"),
        (a_tracker(a_scan("2026-11-22T08:00:00Z", "delivered"), a_scan("later", "delivered")), "events.1.at"),
        (an_event(None), "tracking_number"),
        ({}, "tracking_number"),
    ],
    ids=["no number", "no id", "no time", "an event without tracker", "nothing"],
)
def test_a_tracker_that_cannot_be_read_names_its_field(tracker, field):
    with pytest.raises(Untranslatable) as refused:
        read(tracker)

    assert refused.value.params["field"] == field


def test_a_torn_tracker_is_refused():
    connector, _ = scripted(in_json({}))

    with pytest.raises(BadInput, match=r"json\.torn"):
        connector.to_tracking(RawDocument(DocumentKind.TRACKING, "trk_1", dumps(a_tracker())[:-9]))


def test_a_tracker_is_fetched_by_its_id_or_by_its_number():
    account = Account()
    [parcel] = account.book(a_shipment()).parcels
    account.sim.scan(parcel.tracking_number, S.DELIVERED, account.clock.now())

    documents = account.connector.fetch_tracking([parcel.tracking_id, parcel.tracking_number])

    assert [document.external_id for document in documents] == [parcel.tracking_id] * 2
    for document in documents:
        assert fold(account.connector.to_tracking(document).events).status is S.DELIVERED


def test_of_a_number_that_was_used_again_the_youngest_parcel_is_meant():
    trackers = [
        a_tracker(id="trk_old", created_at="2026-01-02T00:00:00Z"),
        a_tracker(id="trk_new", created_at="2026-11-02T00:00:00Z"),
        a_tracker(id="trk_older", created_at="2025-01-02T00:00:00Z"),
    ]
    connector, script = scripted(in_json({"trackers": trackers, "has_more": False}))

    [document] = connector.fetch_tracking(["94001"])

    assert document.external_id == "trk_new"
    assert script.asked[0].content == b'{"tracking_codes":["94001"]}'


def test_what_is_gone_is_left_out_and_other_things_are_not_asked_for():
    connector, script = scripted(in_json({"error": {"code": "NOT_FOUND", "message": "gone"}}, 404))

    assert connector.fetch_tracking(["trk_9", "94009", "batch_1", "rfnd_1"]) == []
    assert [request.url.path for request in script.asked] == ["/v2/trackers/trk_9", "/v2/trackers/batch"]


def test_a_tracker_that_comes_torn_is_asked_for_again():
    account = Account(Fault(FaultKind.TORN, "GET /v2/trackers/", times=2))
    [parcel] = account.book(a_shipment()).parcels

    with pytest.raises(Retryable, match=r"http\.unreadable"):
        account.connector.fetch_tracking([parcel.tracking_id])


@pytest.mark.parametrize("status", [status for status in S if status is not S.RETURNED])
def test_each_status_goes_over_the_wire_and_comes_back(status):
    account = Account()
    [parcel] = account.book(a_shipment()).parcels

    account.sim.scan(parcel.tracking_number, status, account.clock.now())

    [document] = account.connector.fetch_tracking([parcel.tracking_id])
    assert [event.status for event in account.connector.to_tracking(document).events] == [status]


def test_easypost_does_not_say_that_a_parcel_is_back():
    account = Account()
    [parcel] = account.book(a_shipment()).parcels

    account.sim.scan(parcel.tracking_number, S.RETURNED, account.clock.now())

    [document] = account.connector.fetch_tracking([parcel.tracking_id])
    assert [event.status for event in account.connector.to_tracking(document).events] == [S.RETURNING]


def test_events_that_come_out_of_order_fold_to_where_the_parcel_is():
    account = Account()
    [parcel] = account.book(a_shipment()).parcels
    for status in (S.PICKED_UP, S.IN_TRANSIT, S.OUT_FOR_DELIVERY, S.DELIVERED):
        account.clock.advance(timedelta(hours=6))
        account.sim.scan(parcel.tracking_number, status, account.clock.now())
    last_first = list(reversed(account.sim.deliveries()))

    reports = [
        account.connector.to_tracking(RawDocument(DocumentKind.TRACKING, "trk", delivery.body))
        for delivery in last_first
    ]
    folded = fold(event for report in reports for event in report.events)

    assert [len(report.events) for report in reports] == [4, 3, 2, 1]
    assert (folded.status, folded.events) == (S.DELIVERED, 4)
    assert str(folded.delivered_at) == f"{account.clock.now().isoformat()} utc - 2026-11-23T12:00:00Z"
