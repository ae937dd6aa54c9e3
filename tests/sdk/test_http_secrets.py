import base64
import traceback

import httpx
import pytest

from hub.core.failures import HubError, Misconfigured
from hub.sdk.redaction import Redactor
from tests.sdk.remotes import a_client, in_json, ok

CANARY = "canary-51c3d9/ü?"
ASCII_CANARY = "canary-51c3d9"


def everything_said(error: HubError) -> str:
    return " ".join((repr(error), str(error), *traceback.format_exception(error)))


@pytest.mark.parametrize(
    "echo",
    [
        ASCII_CANARY,
        f"Bearer {ASCII_CANARY}",
        base64.b64encode(ASCII_CANARY.encode()).decode(),
        f"https://x/?key={ASCII_CANARY}",
    ],
)
def test_a_remote_that_echoes_a_secret_is_not_quoted(echo):
    http, _ = a_client(in_json({"message": f"wrong {echo}"}, 422), secrets=[ASCII_CANARY])
    http = http.with_headers({"Authorization": f"Bearer {ASCII_CANARY}"})

    with pytest.raises(HubError) as refused:
        http.write("POST", f"/keys/{ASCII_CANARY}", params={"key": ASCII_CANARY})

    assert ASCII_CANARY not in everything_said(refused.value)
    assert echo not in everything_said(refused.value)
    assert "•••" in str(refused.value.params["detail"])
    assert refused.value.params["path"] == "/api/keys/•••"


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadError, httpx.ReadTimeout, httpx.LocalProtocolError])
def test_errors_of_the_network_hold_no_secret(error):
    http, _ = a_client(error(f"cannot send {ASCII_CANARY}"))
    http = http.with_headers({"X-Api-Key": ASCII_CANARY, "Cookie": f"session={ASCII_CANARY}"})

    with pytest.raises(HubError) as failed:
        http.write("POST", "/x", params={"key": ASCII_CANARY})

    assert ASCII_CANARY not in everything_said(failed.value)


def test_headers_of_a_login_are_secrets_too():
    http, _ = a_client(in_json({"message": f"no {ASCII_CANARY}"}, 400))
    http = http.with_session(lambda _: {"Authorization": f"Session {ASCII_CANARY}"})

    with pytest.raises(HubError) as refused:
        http.read("GET", "/x")

    assert refused.value.params["detail"] == "no •••"


def test_neither_client_nor_reply_shows_what_it_holds():
    http, _ = a_client(in_json({"token": ASCII_CANARY}))
    http = http.with_headers({"Authorization": f"Bearer {ASCII_CANARY}"})

    shown = f"{http!r} {http.read('GET', '/x')!r}"

    assert shown == "<Http https://shop.example> <Reply 200 to GET /api/x, 25 bytes>"


@pytest.mark.parametrize("value", ["two\nlines", "naïve", "tab\there"])
def test_a_header_that_cannot_be_sent_is_a_wrong_setting(value):
    http, script = a_client(ok())

    with pytest.raises(Misconfigured) as refused:
        http.with_headers({"Authorization": value})

    assert refused.value.params == {"name": "Authorization"}
    assert script.asked == []


def test_a_secret_is_found_in_every_form():
    hide = Redactor([CANARY, "abc"])
    forms = ("canary-51c3d9/ü?", "canary-51c3d9%2F%C3%BC%3F", base64.b64encode(CANARY.encode()).decode())

    assert [hide(f"<{form}>") for form in forms] == ["<•••>"] * 3
    assert hide("abc is too short to be a secret") == "abc is too short to be a secret"
    assert CANARY not in repr(hide)
