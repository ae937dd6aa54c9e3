import httpx
import pytest

from hub.core.failures import InDoubt, Misconfigured, Rejected, Retryable
from hub.sdk.http import Verdict
from tests.sdk.remotes import a_client, in_json, ok

TIMED_OUT = httpx.ReadTimeout("timed out")
RESET = httpx.ReadError("connection reset")


@pytest.mark.parametrize(
    ("status", "read", "write", "code"),
    [
        (301, Misconfigured, Misconfigured, "http.redirect"),
        (302, Misconfigured, Misconfigured, "http.redirect"),
        (303, Misconfigured, InDoubt, "http.redirect"),
        (307, Misconfigured, Misconfigured, "http.redirect"),
        (308, Misconfigured, Misconfigured, "http.redirect"),
        (400, Rejected, Rejected, "http.refused"),
        (401, Misconfigured, Misconfigured, "http.unauthorised"),
        (402, Rejected, Rejected, "http.refused"),
        (403, Rejected, Rejected, "http.forbidden"),
        (404, Rejected, Rejected, "http.not_found"),
        (408, Retryable, InDoubt, "http.timed_out"),
        (409, Rejected, Rejected, "http.conflict"),
        (410, Rejected, Rejected, "http.not_found"),
        (413, Rejected, Rejected, "http.request_too_large"),
        (422, Rejected, Rejected, "http.refused"),
        (423, Retryable, Retryable, "http.locked"),
        (425, Retryable, Retryable, "http.too_early"),
        (429, Retryable, Retryable, "http.rate_limited"),
        (500, Retryable, InDoubt, "http.server_error"),
        (502, Retryable, InDoubt, "http.server_error"),
        (503, Retryable, InDoubt, "http.server_error"),
        (504, Retryable, InDoubt, "http.server_error"),
        (300, Retryable, InDoubt, "http.unreadable"),
        (599, Retryable, InDoubt, "http.server_error"),
    ],
)
def test_a_status_means_the_same_remedy_everywhere(status, read, write, code):
    http, _ = a_client(in_json({}, status))

    with pytest.raises(read) as of_read:
        http.read("GET", "/orders")
    with pytest.raises(write) as of_write:
        http.write("POST", "/orders")

    assert (type(of_read.value), of_read.value.code) == (read, code)
    assert (type(of_write.value), of_write.value.code) == (write, code)


@pytest.mark.parametrize(
    ("error", "read", "write", "code"),
    [
        (httpx.ConnectError("refused"), Retryable, Retryable, "http.unreachable"),
        (httpx.ConnectTimeout("too slow"), Retryable, Retryable, "http.unreachable"),
        (httpx.PoolTimeout("all in use"), Retryable, Retryable, "http.busy"),
        (httpx.ReadTimeout("silence"), Retryable, InDoubt, "http.timed_out"),
        (httpx.WriteTimeout("silence"), Retryable, InDoubt, "http.timed_out"),
        (httpx.ReadError("reset"), Retryable, InDoubt, "http.broken_off"),
        (httpx.WriteError("broken pipe"), Retryable, InDoubt, "http.broken_off"),
        (httpx.RemoteProtocolError("no answer"), Retryable, InDoubt, "http.broken_off"),
        (httpx.LocalProtocolError("bad header"), Misconfigured, Misconfigured, "http.header"),
    ],
)
def test_a_broken_network_tells_what_left_the_house(error, read, write, code):
    http, _ = a_client(error)

    with pytest.raises(read) as of_read:
        http.read("GET", "/orders")
    with pytest.raises(write) as of_write:
        http.write("POST", "/orders")

    assert (of_read.value.code, of_write.value.code) == (code, code)


def test_a_clear_answer_comes_back_whole():
    http, _ = a_client(in_json({"id": 7, "price": 1.10}, 201, ETag='"abc"'))

    reply = http.write("POST", "/orders", json={"sku": "MUG"})

    assert reply.status == 201
    assert reply.headers["etag"] == '"abc"'
    assert str(reply.json()) == "{'id': 7, 'price': Decimal('1.1')}"


def test_an_unchanged_document_is_a_clear_answer():
    http, _ = a_client(httpx.Response(304))

    assert http.read("GET", "/orders", headers={"If-None-Match": '"abc"'}).status == 304


@pytest.mark.parametrize("body", [b'{"id": 7', b"<!doctype html>", b"", b'{"n": NaN}', b'{"a":1,"a":2}'])
def test_an_answer_that_cannot_be_read_leaves_a_write_in_doubt(body):
    http, _ = a_client(httpx.Response(200, content=body))

    with pytest.raises(Retryable) as of_read:
        http.read("GET", "/orders").json()
    with pytest.raises(InDoubt) as of_write:
        http.write("POST", "/orders").json()

    assert (of_read.value.code, of_write.value.code) == ("http.unreadable", "http.unreadable")


def test_an_unreadable_refusal_is_still_a_refusal():
    http, _ = a_client(httpx.Response(422, content=b"<h1>no</h1>"))
    reply = http.write("POST", "/orders", means={422: Verdict.REPLY})

    with pytest.raises(Rejected):
        reply.json()


def test_the_caller_may_know_better_what_a_status_means():
    http, _ = a_client(in_json({}, 404), in_json({}, 403), in_json({}, 503), in_json({}, 200))

    assert http.read("GET", "/orders/7", means={404: Verdict.REPLY}).status == 404
    with pytest.raises(Misconfigured):
        http.read("GET", "/me", means={403: Verdict.MISCONFIGURED})
    with pytest.raises(Retryable):
        http.write("POST", "/orders", means={503: Verdict.RETRY})
    with pytest.raises(InDoubt):
        http.write("POST", "/orders", means={200: Verdict.UNCLEAR})


def test_a_refusal_repeats_the_remote_s_own_words():
    http, _ = a_client(in_json({"error": {"code": "x", "message": "Address not found"}}, 422))

    with pytest.raises(Rejected) as refused:
        http.write("POST", "/labels")

    assert refused.value.params == {
        "host": "shop.example",
        "path": "/api/labels",
        "status": 422,
        "detail": "Address not found",
    }


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b'{"message": "no"}', "no"),
        (b'{"errors": [{"detail": "no"}]}', "no"),
        (b'{"error": ["UserError", "no"]}', "UserError"),
        (b'["", {"title": "no"}]', "no"),
        (b'{"message": ""}', ""),
        (b'{"other": "no"}', ""),
        (b"<h1>no</h1>", ""),
        (b'{"error":{"error":{"error":{"error":{"error":"deep"}}}}}', ""),
    ],
)
def test_words_are_found_where_platforms_put_them(body, detail):
    http, _ = a_client(httpx.Response(400, content=body))

    with pytest.raises(Rejected) as refused:
        http.read("GET", "/x")

    assert refused.value.params["detail"] == detail


def test_a_connector_explains_refusals_in_its_own_codes():
    http, _ = a_client(in_json({"code": "ADDRESS.NOT_FOUND"}, 422), in_json({}, 400))
    http = http.with_refusals(lambda reply: Rejected("address.unknown") if b"ADDRESS" in reply.body else None)

    with pytest.raises(Rejected) as explained:
        http.write("POST", "/labels")
    with pytest.raises(Rejected) as plain:
        http.write("POST", "/labels")

    assert (explained.value.code, plain.value.code) == ("address.unknown", "http.refused")


def test_a_redirect_names_its_target_and_is_not_followed():
    http, script = a_client(httpx.Response(301, headers={"location": "https://www.shop.example/api/orders"}))

    with pytest.raises(Misconfigured) as redirected:
        http.read("GET", "/orders")

    assert redirected.value.params == {"host": "shop.example", "target": "www.shop.example"}
    assert len(script.asked) == 1


@pytest.mark.parametrize("location", ["/login", "", "http://[broken"])
def test_a_redirect_to_nowhere_is_still_named(location):
    http, _ = a_client(httpx.Response(302, headers={"location": location}))

    with pytest.raises(Misconfigured) as redirected:
        http.read("GET", "/orders")

    assert redirected.value.code == "http.redirect"


def test_requests_are_built_below_the_base_url():
    http, script = a_client(ok())

    http.read("GET", "orders", params={"page": 2, "state": ["open", "paid"]})
    http.read("GET", ("orders", "a/b ü"))
    http.write("POST", "/token", form={"grant": "code & more"})
    http.write("PUT", "https://shop.example/api/next?cursor=x", content=b"\x00", headers={"X-Mark": "1"})
    http.read("GET", "")

    assert [str(request.url) for request in script.asked] == [
        "https://shop.example/api/orders?page=2&state=open&state=paid",
        "https://shop.example/api/orders/a%2Fb%20%C3%BC",
        "https://shop.example/api/token",
        "https://shop.example/api/next?cursor=x",
        "https://shop.example/api",
    ]
    assert script.asked[2].content == b"grant=code+%26+more"
    assert script.asked[3].headers["x-mark"] == "1"
    assert {request.headers["accept-encoding"] for request in script.asked} == {"gzip"}


@pytest.mark.parametrize("part", ["", ".", ".."])
def test_an_id_cannot_climb_out_of_its_path(part):
    http, script = a_client(ok())

    with pytest.raises(Rejected):
        http.read("GET", ("orders", part))

    assert script.asked == []


@pytest.mark.parametrize(
    "link",
    ["https://evil.example/api/next", "http://shop.example/next", "https://shop.example:444/x"],
)
def test_a_link_to_another_host_is_not_followed(link):
    http, script = a_client(ok())

    with pytest.raises(Misconfigured) as foreign:
        http.read("GET", link)

    assert foreign.value.code == "http.foreign_link"
    assert script.asked == []
