import httpx
import pytest

from hub.core.failures import InDoubt
from hub.sdk.http import Call, Outcome
from tests.sdk.remotes import a_client, in_json, ok


class Notebook:
    """Writes down every request on the wire."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.outcomes: list[Outcome] = []

    def before(self, call: Call) -> None:
        self.calls.append(call)

    def after(self, call: Call, outcome: Outcome) -> None:
        self.outcomes.append(outcome)


class Crash(BaseException):
    """The process dies here."""


class CrashAfter(Notebook):
    def after(self, call: Call, outcome: Outcome) -> None:
        raise Crash


def test_every_request_on_the_wire_is_seen():
    notes = Notebook()
    http, _ = a_client(
        httpx.ConnectError("refused"),
        in_json({"ok": True}, 201),
        observer=notes,
        stopwatch=iter(range(99)).__next__,
    )

    http.write("POST", "/labels", params={"token": "secret"}, json={"a": 1})

    assert notes.calls == [
        Call("POST", "shop.example", "/api/labels", write=True, attempt=1),
        Call("POST", "shop.example", "/api/labels", write=True, attempt=2),
    ]
    assert [(outcome.status, outcome.code, outcome.received) for outcome in notes.outcomes] == [
        (None, "http.unreachable", 0),
        (201, None, 11),
    ]


def test_a_failure_on_the_way_is_seen_too():
    notes = Notebook()
    http, _ = a_client(httpx.ReadTimeout("silence"), observer=notes)

    with pytest.raises(InDoubt):
        http.write("POST", "/labels")

    assert [outcome.code for outcome in notes.outcomes] == ["http.timed_out"]


def test_a_crash_of_the_observer_goes_through():
    http, script = a_client(ok(), observer=CrashAfter())

    with pytest.raises(Crash):
        http.write("POST", "/labels")

    assert len(script.asked) == 1
