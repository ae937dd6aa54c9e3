from datetime import timedelta

import httpx
import pytest

from hub.core.failures import InDoubt, Misconfigured, Retryable
from hub.sdk.verdicts import asked_wait
from tests.sdk.remotes import NOON, a_client, a_clock, in_json, ok

REFUSED = httpx.ConnectError("refused")
SILENCE = httpx.ReadTimeout("silence")


def test_a_read_is_repeated_until_it_is_answered():
    clock = a_clock()
    http, script = a_client(SILENCE, in_json({}, 502), ok(), clock=clock)

    assert http.read("GET", "/orders").status == 200
    assert len(script.asked) == 3
    assert clock.now() == NOON + timedelta(seconds=1.2)


def test_a_read_gives_up_after_three_tries():
    http, script = a_client(SILENCE)

    with pytest.raises(Retryable):
        http.read("GET", "/orders")

    assert len(script.asked) == 3


@pytest.mark.parametrize(
    "turn", [SILENCE, httpx.ReadError("reset"), in_json({}, 500), in_json({}, 503), httpx.PoolTimeout("busy")]
)
def test_a_write_that_may_have_left_is_sent_once(turn):
    http, script = a_client(turn)

    with pytest.raises((InDoubt, Retryable)):
        http.write("POST", "/labels")

    assert len(script.asked) == 1


def test_a_write_that_surely_did_not_leave_is_repeated():
    http, script = a_client(REFUSED, REFUSED, ok())

    assert http.write("POST", "/labels").status == 200
    assert len(script.asked) == 3


@pytest.mark.parametrize("status", [400, 401, 404, 409, 422])
def test_a_clear_no_is_asked_for_once(status):
    http, script = a_client(in_json({}, status))

    with pytest.raises(Exception, match="http"):
        http.read("GET", "/orders")

    assert len(script.asked) == 1


def test_a_short_wait_that_is_asked_for_is_waited():
    clock = a_clock()
    http, _ = a_client(in_json({}, 429, **{"Retry-After": "3"}), ok(), clock=clock)

    assert http.read("GET", "/orders").status == 200
    assert clock.now() == NOON + timedelta(seconds=3)


@pytest.mark.parametrize("hint", ["6", "86400", "soon"])
def test_a_long_wait_or_none_is_left_to_the_hub(hint):
    clock = a_clock()
    http, script = a_client(in_json({}, 429, **{"Retry-After": hint}), clock=clock)

    with pytest.raises(Retryable) as limited:
        http.read("GET", "/orders")

    assert limited.value.after == (None if hint == "soon" else timedelta(seconds=int(hint)))
    assert (len(script.asked), clock.now()) == (1, NOON)


def test_a_write_that_was_turned_away_is_repeated_by_the_hub_only():
    http, script = a_client(in_json({}, 429, **{"Retry-After": "1"}))

    with pytest.raises(Retryable) as limited:
        http.write("POST", "/labels")

    assert limited.value.after == timedelta(seconds=1)
    assert len(script.asked) == 1


def test_no_pause_is_longer_than_the_deadline():
    http, script = a_client(SILENCE, deadline=timedelta(seconds=0.1))

    with pytest.raises(Retryable):
        http.read("GET", "/orders")

    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("hint", "wait"),
    [
        ("0", 0),
        ("120", 120),
        ("1.5", 1.5),
        (" 7 ", 7),
        ("-5", 0),
        ("99999999999999999999", 86_400),
        ("1e400", 86_400),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("Sun, 22 Nov 2026 13:00:30 +0100", 30),
        ("Fri, 22 Nov 2126 12:00:00 GMT", 86_400),
        ("NaN", None),
        ("Infinity", None),
        ("", None),
        ("soon", None),
        ("Sun, 99 Nov 2026 12:00:30 GMT", None),
        ("Sun, 22 Nov 99999 12:00:30 GMT", None),
        ("12:00", None),
    ],
)
def test_a_hint_is_seconds_or_a_date_and_nonsense_is_none(hint, wait):
    expected = None if wait is None else timedelta(seconds=wait)

    assert asked_wait({"retry-after": hint}, NOON) == expected


def test_other_names_of_the_hint_are_known():
    assert asked_wait({"x-retry-after": "4"}, NOON) == timedelta(seconds=4)


def test_a_login_comes_first_and_again_after_a_401():
    http, script = a_client(ok(), ok(), in_json({}, 401), ok(), ok())
    tickets = iter(("first", "second"))

    def login(plain):
        plain.read("POST", "/login")
        return {"Authorization": f"Bearer {next(tickets)}"}

    http = http.with_session(login)
    http.read("GET", "/a")
    reply = http.write("POST", "/b")

    assert reply.status == 200
    assert [(request.url.path, request.headers.get("authorization")) for request in script.asked] == [
        ("/api/login", None),
        ("/api/a", "Bearer first"),
        ("/api/b", "Bearer first"),
        ("/api/login", None),
        ("/api/b", "Bearer second"),
    ]


def test_a_login_is_renewed_once_only():
    http, script = a_client(ok(), in_json({}, 401), ok(), in_json({}, 401))

    def login(plain):
        plain.read("POST", "/login")
        return {"Authorization": "Bearer stale"}

    with pytest.raises(Misconfigured) as refused:
        http.with_session(login).read("GET", "/a")

    assert refused.value.code == "http.unauthorised"
    assert [request.url.path for request in script.asked] == ["/api/login", "/api/a", "/api/login", "/api/a"]


def test_a_refused_login_is_a_wrong_setting():
    http, script = a_client(in_json({"message": "no such key"}, 401))

    with pytest.raises(Misconfigured):
        http.with_session(lambda plain: plain.read("POST", "/login").headers).read("GET", "/a")

    assert len(script.asked) == 1
