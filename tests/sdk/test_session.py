import threading

import pytest

from hub.core.failures import Misconfigured, Retryable
from hub.sdk.deadline import Deadline
from hub.sdk.session import Session
from tests.sdk.remotes import a_client, in_json, ok


def a_session(*tickets: str) -> tuple[Session[str], list[str]]:
    waiting, logins = iter(tickets), []

    def login(http: str) -> dict[str, str]:
        logins.append(http)
        return {"Authorization": next(waiting)}

    return Session(login, "client", None), logins


def test_one_login_serves_all_who_were_refused_alike():
    session, logins = a_session("first", "second")
    stale = session.headers(None, Deadline(5))

    fresh = [session.headers(stale, Deadline(5)) for _ in range(3)]

    assert fresh == [{"authorization": "second"}] * 3
    assert logins == ["client", "client"]


def test_nobody_waits_longer_for_a_login_than_the_deadline():
    begun, over = threading.Event(), threading.Event()

    def login(http: str) -> dict[str, str]:
        begun.set()
        over.wait(5)
        return {}

    session = Session(login, "client", None)
    slow = threading.Thread(target=session.headers, args=(None, Deadline(5)))
    slow.start()
    begun.wait(5)

    with pytest.raises(Retryable) as busy:
        session.headers(None, Deadline(0))
    over.set()
    slow.join()

    assert busy.value.code == "http.login_busy"


def test_a_login_that_fails_is_tried_again_by_the_next_call():
    http, script = a_client(in_json({}, 503), in_json({}, 503), in_json({}, 503), ok(), ok())
    http = http.with_session(lambda plain: dict(plain.read("POST", "/login").headers))

    with pytest.raises(Retryable):
        http.write("POST", "/a")
    http.write("POST", "/a")

    assert [request.url.path for request in script.asked] == ["/api/login"] * 4 + ["/api/a"]


def test_a_remote_may_end_a_session_in_its_own_words():
    http, script = a_client(in_json({"error": "expired"}), ok())
    http = http.with_session(lambda _: {}, ended=lambda reply: b"expired" in reply.body)

    assert http.write("POST", "/a").json() == {"ok": True}
    assert len(script.asked) == 2


def test_a_ticket_that_cannot_be_sent_is_a_wrong_setting():
    http, script = a_client(ok())

    with pytest.raises(Misconfigured):
        http.with_session(lambda _: {"Authorization": "two\nlines"}).read("GET", "/a")

    assert script.asked == []
