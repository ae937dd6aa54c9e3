import gzip

import httpx
import pytest

from hub.core.failures import InDoubt, Rejected, Retryable
from tests.sdk.remotes import a_client, in_json


def packed(body: bytes) -> httpx.Response:
    return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Stream([body]))


class Stream(httpx.SyncByteStream):
    """A body in pieces, which time may pass between."""

    def __init__(self, pieces):
        self.pieces = pieces
        self.closed = False

    def __iter__(self):
        yield from self.pieces

    def close(self):
        self.closed = True


def test_a_body_within_the_limit_passes_and_one_byte_more_does_not():
    http, _ = a_client(
        httpx.Response(200, content=b"x" * 10), httpx.Response(200, content=b"x" * 11), response_limit=10
    )

    assert http.read("GET", "/x").body == b"x" * 10
    with pytest.raises(Rejected) as refused:
        http.read("GET", "/x")
    assert refused.value.code == "http.response_too_large"


def test_the_limit_is_twenty_megabytes():
    http, _ = a_client(httpx.Response(200, stream=Stream([b"x" * 1_000_000] * 21)))

    with pytest.raises(InDoubt) as doubtful:
        http.write("POST", "/x")

    assert doubtful.value.params["limit"] == 20_000_000


def test_a_body_is_closed_when_it_is_given_up():
    stream = Stream([b"x" * 100])
    http, _ = a_client(httpx.Response(200, stream=stream), response_limit=10)

    with pytest.raises(Rejected):
        http.read("GET", "/x")

    assert stream.closed


def test_packed_answers_are_unpacked():
    http, _ = a_client(packed(gzip.compress(b'{"a": 1}')))

    assert http.read("GET", "/x").json() == {"a": 1}


def test_a_small_packed_body_that_grows_beyond_the_limit_is_stopped():
    http, _ = a_client(packed(gzip.compress(b" " * 30_000_000)))

    with pytest.raises(Rejected) as refused:
        http.read("GET", "/x")

    assert refused.value.code == "http.response_too_large"


def test_plain_bytes_under_the_name_of_gzip_are_taken_as_they_are():
    http, _ = a_client(packed(b'{"a": 1}'))

    assert http.read("GET", "/x").json() == {"a": 1}


@pytest.mark.parametrize(
    "body",
    [gzip.compress(b'{"a": 1}')[:-4], gzip.compress(b'{"a": 1}')[:12] + b"\x00" * 20, b"\x1f\x8bnonsense"],
    ids=["cut off", "broken", "nonsense"],
)
def test_a_torn_packed_body_is_no_answer(body):
    http, _ = a_client(packed(body))

    with pytest.raises(InDoubt) as doubtful:
        http.write("POST", "/x")
    with pytest.raises(Retryable):
        http.read("GET", "/x")

    assert doubtful.value.code == "http.unreadable"


def test_an_empty_body_may_be_called_gzip():
    http, _ = a_client(packed(b""))

    assert http.write("DELETE", "/x").body == b""


def test_a_body_slower_than_the_deadline_is_given_up_between_two_pieces():
    seconds = iter([0.0, 0.0, 0.0, 1.0, 31.0, 31.0, 31.0])
    http, _ = a_client(httpx.Response(200, stream=Stream([b"{", b"}"])), stopwatch=lambda: next(seconds))

    with pytest.raises(InDoubt) as doubtful:
        http.write("POST", "/x")

    assert doubtful.value.code == "http.timed_out"


def test_a_page_gives_its_rows_untouched():
    body = b'{"orders": [{"id": 1, "x": 1e999}, {"id": 2}], "next": null}'
    http, _ = a_client(httpx.Response(200, content=body))

    page = http.read("GET", "/orders").split("orders")

    assert page.around == {"orders": [], "next": None}
    assert [row.body for row in page.rows] == [b'{"id": 1, "x": 1e999}', b'{"id": 2}']


@pytest.mark.parametrize("body", [b'{"orders": [{"id": 1}', b'{"errors": []}', b"<html>"])
def test_a_page_without_its_list_is_a_failed_read(body):
    http, _ = a_client(httpx.Response(200, content=body))

    with pytest.raises(Retryable) as failed:
        http.read("GET", "/orders").split("orders")

    assert failed.value.code == "http.unreadable"


def test_json_goes_out_in_the_canonical_form():
    http, script = a_client(in_json({}))

    http.write("POST", "/x", json={"b": 1, "a": "ü"})

    assert script.asked[0].content == '{"a":"ü","b":1}'.encode()
    assert script.asked[0].headers["content-type"] == "application/json"
