import httpx
import pytest

from connectors.logistics.easypost.sim import API_KEY
from hub.core.failures import Failure, InDoubt, Misconfigured, Rejected, Retryable
from hub.sdk.capabilities import Wanted
from hub.sdk.sim import Fault, FaultKind
from tests.connectors.logistics.easypost_account import (
    Account,
    a_booking,
    a_shipment,
    cheapest,
    connected,
    scripted,
)
from tests.connectors.logistics.easypost_samples import ADDRESS_REFUSED, a_tracker
from tests.sdk.remotes import in_json


def quoted(answer, status=422) -> Failure:
    connector, _ = scripted(in_json(answer, status))
    [sent] = connector.send_quote([Wanted("k", "t", a_shipment())])
    assert isinstance(sent, Failure)
    return sent


def bought(answer, status=422) -> Failure:
    connector, _ = scripted(in_json(answer, status))
    [sent] = connector.send_booking([a_booking(a_shipment(), cheapest(Account().quote(a_shipment())))])
    assert isinstance(sent, Failure)
    return sent


def error(code="X", message="no", errors=()):
    return {"error": {"code": code, "message": message, "errors": list(errors)}}


def test_a_refusal_tells_the_carriers_words_without_people():
    refusal = quoted(ADDRESS_REFUSED)

    assert isinstance(refusal, Rejected)
    assert refusal.code == "http.refused"
    assert refusal.params["status"] == 422
    assert refusal.params["detail"] == (
        "ADDRESS.VERIFY.FAILURE; Unable to verify … for …; street1: No such street; Call … or …"
    )


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (error("PARAMETER.REQUIRED", "Missing required parameter."), "PARAMETER.REQUIRED; Missing required parameter."),
        (error(errors=["plain words"]), "X; no; plain words"),
        (error(errors=[{"field": "zip", "message": "invalid"}, {"message": "odd"}]), "X; no; zip: invalid; odd"),
        (error(errors=[str(n) for n in range(9)]), "X; no; 0; 1; 2; 3; 4"),
        ({"error": "only words"}, "only words"),
        (error(message="x" * 60), "X; " + "x" * 39 + "…"),
    ],
    ids=["empty list", "texts", "objects", "many", "no object", "long"],
)
def test_errors_come_as_objects_or_texts(answer, detail):
    assert quoted(answer).params["detail"] == detail


@pytest.mark.parametrize("body", [b"<h1>No</h1>", b"", b'{"message": "no"}', b'{"error": {}}'])
def test_a_refusal_in_other_words_stays_one(body):
    connector, _ = scripted(httpx.Response(422, content=body))

    [sent] = connector.send_quote([Wanted("k", "t", a_shipment())])

    assert isinstance(sent, Rejected)
    assert sent.code == "http.refused"


def test_an_unpaid_account_pauses_the_connection():
    failure = bought(error("PAYMENT_REQUIRED", "Add a payment method."), 402)

    assert isinstance(failure, Misconfigured)
    assert failure.code == "carrier.billing"
    assert failure.params["detail"] == "PAYMENT_REQUIRED; Add a payment method."


@pytest.mark.parametrize(
    "code",
    [
        "SHIPMENT.POSTAGE.EXISTS",
        "SHIPMENT.POSTAGE.TIMED_OUT",
        "SHIPMENT.POSTAGE.NO_RESPONSE",
        "SHIPMENT.PURCHASE.IN_PROGRESS",
        "ORDER.POSTAGE.EXISTS",
    ],
)
def test_a_purchase_whose_refusal_leaves_it_open_is_in_doubt(code):
    failure = bought(error(code))

    assert isinstance(failure, InDoubt)
    assert failure.code == "carrier.outcome_unknown"


def test_the_same_words_where_nothing_is_bought_are_a_refusal():
    assert isinstance(quoted(error("SHIPMENT.POSTAGE.EXISTS")), Rejected)


@pytest.mark.parametrize("code", ["SHIPMENT.POSTAGE.FAILURE", "SHIPMENT.MISSING_RATE", "SHIPMENT.RATE.EXPIRED"])
def test_a_purchase_that_surely_failed_is_a_refusal(code):
    assert isinstance(bought(error(code)), Rejected)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Rejected), (401, Misconfigured), (403, Rejected), (429, Retryable), (500, InDoubt), (503, InDoubt)],
)
def test_statuses_have_their_remedy(status, kind):
    assert isinstance(bought(error(), status), kind)


def test_the_check_reads_one_tracker():
    connector, script = scripted(in_json({"trackers": [a_tracker()], "has_more": True}))

    connector.check()

    [asked] = script.asked
    assert (asked.method, str(asked.url)) == ("GET", "https://simulator.test/v2/trackers?page_size=1")
    assert asked.headers["authorization"] == f"Bearer {API_KEY}"


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_not_accepted_is_misconfigured(status):
    connector, _ = scripted(in_json(error(), status))

    with pytest.raises(Misconfigured):
        connector.check()


def test_a_live_key_where_a_test_one_was_named_is_misconfigured():
    connector, _ = scripted(in_json({"trackers": [a_tracker(mode="production")]}))

    with pytest.raises(Misconfigured, match=r"carrier\.wrong_mode"):
        connector.check()


def test_a_new_account_passes_the_check():
    account = Account()

    account.connector.check()

    assert account.sim.books() == {}


@pytest.mark.parametrize("kind", list(FaultKind))
def test_no_failure_shows_the_key(kind):
    account = Account()
    account.sim.fail(Fault(kind, times=None))
    echo = connected(account.sim.transport(account.clock), account.clock, webhook_secret="hush hush")

    [sent] = echo.send_quote([Wanted("k", "t", a_shipment())])

    assert API_KEY not in f"{sent!r} {echo.http!r} {echo.config!r}"
    assert "hush hush" not in f"{sent!r} {echo.http!r} {echo.config!r}"


def test_a_remote_that_repeats_the_key_is_not_repeated():
    connector, _ = scripted(httpx.Response(401, json={"message": f"Bearer {API_KEY} is unknown"}))

    with pytest.raises(Misconfigured) as refused:
        connector.check()

    assert API_KEY not in str(refused.value)


def test_a_refusal_that_repeats_the_key_is_not_repeated():
    assert API_KEY not in str(quoted(error(message=f"{API_KEY} may not do this")))
