from datetime import timedelta

import httpx
import pytest

from hub.core.failures import InDoubt, Misconfigured, Rejected, Retryable
from hub.sdk.http import Http, Verdict
from hub.sdk.sim import Fault, FaultKind
from tests.sdk.kiosk import KioskSim
from tests.sdk.remotes import NOON, a_clock

K = FaultKind


def a_kiosk(clock=None) -> tuple[KioskSim, Http]:
    sim = KioskSim()
    clock = clock or a_clock()
    settings = sim.settings()
    http = Http(str(settings["base_url"]), clock=clock, transport=sim.transport(clock))
    return sim, http.with_headers({"authorization": "Bearer s3cret"})


def sell(http: Http, reference: str = "A") -> object:
    return http.write("POST", "/sales", json={"reference": reference}).json()


def test_a_simulator_speaks_json_and_keeps_books():
    sim, http = a_kiosk()

    sell(http, "A")
    answer = sell(http, "B")

    assert str(answer) == "{'number': 2, 'price': Decimal('2.50')}"
    assert sim.books() == {"sale": ("A", "B")}
    assert http.read("GET", ("sales", "A")).json() == {"reference": "A", "paid": True}
    assert http.read("GET", ("receipts", "A")).status == 200


def test_what_was_done_twice_stands_twice_in_the_books():
    sim, http = a_kiosk()

    sell(http, "A")
    sell(http, "A")

    assert sim.books() == {"sale": ("A", "A")}


def test_paths_methods_and_credentials_are_checked():
    sim, http = a_kiosk()
    stranger = Http("https://simulator.test/v1", clock=a_clock(), transport=sim.transport(a_clock()))

    with pytest.raises(Rejected) as absent:
        http.read("GET", "/nowhere")
    with pytest.raises(Rejected):
        http.read("GET", "/sales")
    with pytest.raises(Rejected):
        http.read("GET", ("sales", "C"))
    with pytest.raises(Misconfigured):
        sell(stranger)

    assert absent.value.params["detail"] == "no such path: /v1/nowhere"
    assert sim.books() == {}


def test_forms_and_queries_are_read():
    _, http = a_kiosk()

    assert http.write("POST", "/token", form={"user": "a&b"}, params={"page": 2}).json() == {
        "user": "a&b",
        "page": "2",
    }


@pytest.mark.parametrize(
    ("kind", "failure", "code"),
    [
        (K.RATE_LIMITED, Retryable, "http.rate_limited"),
        (K.UNREACHABLE, Retryable, "http.unreachable"),
        (K.UNAVAILABLE, InDoubt, "http.server_error"),
        (K.ERROR, InDoubt, "http.server_error"),
        (K.ERROR_PAGE, InDoubt, "http.unreadable"),
        (K.RESET, InDoubt, "http.broken_off"),
        (K.TIMED_OUT, InDoubt, "http.timed_out"),
        (K.UNAUTHORISED, Misconfigured, "http.unauthorised"),
    ],
)
def test_a_fault_before_the_deed_leaves_the_books_empty(kind, failure, code):
    sim, http = a_kiosk()
    sim.fail(Fault(kind, times=None))

    with pytest.raises(failure) as failed:
        sell(http)

    assert failed.value.code == code
    assert sim.books() == {}


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (K.TIMED_OUT_AFTER, "http.timed_out"),
        (K.RESET_AFTER, "http.broken_off"),
        (K.ERROR_AFTER, "http.server_error"),
        (K.TORN, "http.unreadable"),
    ],
)
def test_a_fault_after_the_deed_leaves_it_done_and_in_doubt(kind, code):
    sim, http = a_kiosk()
    sim.fail(Fault(kind))

    with pytest.raises(InDoubt) as doubtful:
        sell(http)

    assert doubtful.value.code == code
    assert sim.books() == {"sale": ("A",)}
    assert http.read("GET", ("sales", "A"), means={404: Verdict.REPLY}).status == 200


def test_a_slow_answer_takes_time_of_the_clock():
    clock = a_clock()
    sim, http = a_kiosk(clock)
    sim.fail(Fault(K.SLOW, seconds=20))

    sell(http)

    assert clock.now() == NOON + timedelta(seconds=20)
    assert sim.books() == {"sale": ("A",)}


def test_a_refusal_may_say_when_to_come_again():
    sim, http = a_kiosk()
    sim.fail(Fault(K.RATE_LIMITED, seconds=90), Fault(K.RATE_LIMITED))

    with pytest.raises(Retryable) as with_hint:
        sell(http)
    with pytest.raises(Retryable) as without:
        sell(http)

    assert (with_hint.value.after, without.value.after) == (timedelta(seconds=90), None)
    assert sell(http)


def test_a_fault_strikes_where_it_is_meant_after_so_many_and_so_often():
    sim, http = a_kiosk()
    sim.fail(Fault(K.ERROR, where=r"POST .*/sales .*poison", skip=1, times=2))
    outcomes = []

    for reference in ("fine", "poison", "poison", "poison", "poison"):
        try:
            sell(http, reference)
            outcomes.append("sold")
        except InDoubt:
            outcomes.append("failed")

    assert outcomes == ["sold", "sold", "failed", "failed", "sold"]


def test_chance_is_the_same_for_the_same_seed():
    def outcomes() -> list[int]:
        sim, _ = a_kiosk()
        sim.fail(Fault(K.ERROR, times=None, probability=0.5))
        request = httpx.Request("GET", "https://simulator.test/v1/sales/A", headers={"authorization": "Bearer s3cret"})
        return [sim.respond(request, NOON).status_code for _ in range(20)]

    assert outcomes() == outcomes()
    assert set(outcomes()) == {404, 500}


def test_a_healed_remote_fails_no_more():
    sim, http = a_kiosk()
    sim.fail(Fault(K.ERROR, times=None))
    sim.heal()

    assert sell(http)


def test_webhooks_wait_in_the_outbox_until_they_are_taken():
    sim, http = a_kiosk()
    sell(http)

    assert [delivery.body for delivery in sim.deliveries()] == [b"A"]
    assert sim.deliveries() == []


def test_settings_lead_to_the_simulator_wherever_it_runs():
    sim = KioskSim()

    assert sim.settings() == {"base_url": "https://simulator.test/v1"}
    assert sim.settings("http://127.0.0.1:8001") == {
        "base_url": "http://127.0.0.1:8001/v1",
        "allow_private": True,
    }
