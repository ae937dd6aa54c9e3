from datetime import timedelta

import pytest

from connectors.logistics.easypost.connector import Easypost
from hub.core.failures import InDoubt, Rejected
from hub.core.json import dumps
from hub.core.shipping import Voided, VoidState
from hub.core.tracking import TrackingStatus
from hub.sdk.capabilities import Pending, Raw
from hub.sdk.guarantees import Findable
from hub.sdk.sim import Fault, FaultKind
from tests.connectors.logistics.easypost_account import (
    Account,
    a_parcel,
    a_shipment,
    a_void,
    cheapest,
    scripted,
    the_rate,
    usd,
)
from tests.connectors.logistics.easypost_samples import a_bought_answer, an_order_answer
from tests.sdk.remotes import in_json

REFUND = r"POST /v2/shipments/\S+/refund"
LOOK = r"GET /v2/(shipments|orders)/"
WAITING = Pending(after=timedelta(hours=2))
PASSING = [kind for kind in FaultKind if kind not in {FaultKind.UNAUTHORISED, FaultKind.SLOW}]


def read(answer):
    connector, _ = scripted(in_json({}))
    return connector.read_void(a_void_request(), Raw(dumps(answer)))


def an_order(account):
    two = a_shipment(parcels=(a_parcel("1", "500"), a_parcel("2", "700")))
    return account.book(two, cheapest(account.quote(two)))


def a_void_request():
    return a_void(Account().book(a_shipment())).request


def test_a_refund_is_asked_for_and_granted_later():
    account = Account(refunds_after=timedelta(days=15))
    booking = account.book(a_shipment())

    asked = account.void(booking)
    account.clock.advance(timedelta(days=14))
    before = account.read_void(booking)
    account.clock.advance(timedelta(days=1))
    after = account.read_void(booking)

    assert (asked, before) == (WAITING, WAITING)
    assert after == Voided(state=VoidState.VOIDED, refund=usd("5.10"))
    assert account.sim.books()["void"] == ("HFULFILMENT1",)
    assert [label.voided for label in account.sim.labels()] == [True]


def test_a_parcel_that_moves_is_not_refunded():
    account = Account()
    booking = account.book(a_shipment())
    account.void(booking)

    account.sim.scan(booking.parcels[0].tracking_number, TrackingStatus.PICKED_UP, account.clock.now())
    account.clock.advance(timedelta(hours=1))

    assert account.read_void(booking) == Voided(state=VoidState.REJECTED, message="rejected")


def test_a_carrier_that_bills_only_what_it_scans_has_nothing_to_refund():
    account = Account()
    booking = account.book(a_shipment(), the_rate(account.quote(a_shipment()), "DHLExpress", "Express"))

    assert account.void(booking) == Voided(state=VoidState.REJECTED, message="not_applicable")


def test_a_refund_that_was_rejected_may_be_asked_for_again():
    account = Account()
    booking = account.book(a_shipment())
    account.void(booking)
    account.sim.decide_refund(booking.parcels[0].tracking_number, "rejected")

    rejected = account.read_void(booking)
    again = account.void(booking)

    assert rejected == Voided(state=VoidState.REJECTED, message="rejected")
    assert again == WAITING
    assert account.sim.books()["void"] == ("HFULFILMENT1", "HFULFILMENT1")


@pytest.mark.parametrize("kind", PASSING)
def test_a_refund_is_asked_for_once_whatever_becomes_of_the_request(kind):
    account = Account()
    booking = account.book(a_shipment())
    account.sim.fail(Fault(kind, REFUND))

    assert account.void(booking) == WAITING
    assert account.sim.books()["void"] == ("HFULFILMENT1",)


@pytest.mark.parametrize("where", [REFUND, LOOK], ids=["refund", "look"])
@pytest.mark.parametrize("kind", PASSING)
def test_each_parcel_of_an_order_is_refunded_once(kind, where):
    account = Account()
    booking = an_order(account)
    account.sim.fail(Fault(kind, where, skip=1))

    asked = account.void(booking)
    account.clock.advance(timedelta(hours=1))

    assert asked == WAITING
    assert account.read_void(booking) == Voided(state=VoidState.VOIDED, refund=usd("11.90"))
    assert account.sim.books()["void"] == ("HFULFILMENT1", "HFULFILMENT1")


@pytest.mark.parametrize(
    ("states", "outcome"),
    [
        (("refunded", "refunded"), Voided(state=VoidState.VOIDED, refund=usd("16.74"))),
        (("refunded", "submitted"), WAITING),
        (("refunded", "rejected"), Voided(state=VoidState.REJECTED, message="rejected")),
        (("not_applicable", "rejected"), Voided(state=VoidState.REJECTED, message="not_applicable, rejected")),
        (("refunded", "something_new"), Voided(state=VoidState.REJECTED, message="something_new")),
        (("refunded", None), WAITING),
    ],
)
def test_one_parcel_that_is_not_refunded_decides_for_the_order(states, outcome):
    assert read(an_order_answer(*(a_bought_answer(refund_status=state) for state in states))) == outcome


def test_nothing_is_found_before_a_refund_was_asked_for():
    account = Account()
    booking = account.book(a_shipment())

    assert Easypost.void_once == Findable(by="its refund_status", settles=timedelta(minutes=1))
    assert account.connector.find_void(a_void(booking)) is None


def test_an_unknown_shipment_cannot_be_refunded():
    booking = Account().book(a_shipment())
    account = Account()

    assert account.connector.find_void(a_void(booking)) is None
    assert isinstance(account.void(booking), Rejected)
    assert account.sim.books() == {}


def test_an_unknown_order_cannot_be_refunded():
    booking = an_order(Account())

    answer = Account().void(booking)

    assert isinstance(answer, Rejected)
    assert answer.code == "carrier.unknown_shipment"


def test_an_answer_that_says_nothing_of_a_refund_leaves_it_in_doubt():
    connector, _ = scripted(in_json(a_bought_answer()))

    [sent] = connector.send_void([a_void(Account().book(a_shipment()))])

    assert isinstance(sent, InDoubt)
    assert sent.code == "carrier.no_refund_status"
