from datetime import timedelta

import httpx
import pytest
from httpx import MockTransport

from hub.core.failures import InDoubt, Misconfigured, Rejected, Retryable
from hub.core.shipping import VoidRequest
from hub.sdk.capabilities import Raw, Wanted
from hub.sdk.http import Http
from tests.sdk.kiosk import Kiosk, KioskSettings
from tests.sdk.remotes import Turn, a_client, a_clock, in_json, ok

REQUEST = VoidRequest(reference="F-1-1", carrier="kiosk", shipment_id="s1")


def wanted(*tokens: str) -> list[Wanted[VoidRequest]]:
    return [Wanted(f"key-{token}", token, REQUEST) for token in tokens]


def a_kiosk(*turns: Turn, **options) -> Kiosk:
    http, script = a_client(*turns, **options)
    kiosk = Kiosk(KioskSettings(), http)
    vars(kiosk)["script"] = script
    return kiosk


def asked(kiosk: Kiosk) -> list[str]:
    return [request.url.path for request in vars(kiosk)["script"].asked]


def told(answers) -> list[object]:
    return [answer.body if isinstance(answer, Raw) else (type(answer), answer.code) for answer in answers]


def test_each_item_is_answered_for_itself_in_the_same_order():
    kiosk = a_kiosk(ok(), in_json({}, 422), httpx.ReadTimeout("silence"), in_json({}, 429), ok())

    answers = kiosk.send_void(wanted("a", "b", "c", "d", "e"))

    assert told(answers) == [
        b'{"ok":true}',
        (Rejected, "http.refused"),
        (InDoubt, "http.timed_out"),
        (Retryable, "http.rate_limited"),
        b'{"ok":true}',
    ]
    assert asked(kiosk) == [f"/api/voids/{token}" for token in "abcde"]


def test_nothing_wanted_is_nothing_answered():
    assert list(a_kiosk(ok()).send_void([])) == []


def test_wrong_credentials_end_the_list():
    kiosk = a_kiosk(ok(), in_json({}, 401))

    answers = kiosk.send_void(wanted("a", "b", "c", "d"))

    assert told(answers)[1:] == [(Misconfigured, "http.unauthorised")] * 3
    assert len(asked(kiosk)) == 2


def test_an_item_is_begun_only_within_the_deadline_of_the_list():
    seconds = iter(range(0, 10_000, 4))
    kiosk = a_kiosk(ok(), deadline=timedelta(seconds=30), stopwatch=lambda: next(seconds))

    answers = told(kiosk.send_void(wanted("a", "b", "c", "d")))

    begun = len(asked(kiosk))
    assert answers == [b'{"ok":true}'] * begun + [(Retryable, "http.not_begun")] * (4 - begun)
    assert begun == 2


def test_our_own_mistakes_are_not_hidden():
    def our_mistake(request: httpx.Request) -> httpx.Response:
        raise KeyError(request.url.path)

    kiosk = Kiosk(KioskSettings(), Http("https://shop.example", clock=a_clock(), transport=MockTransport(our_mistake)))

    with pytest.raises(KeyError):
        kiosk.send_void(wanted("a", "b"))
