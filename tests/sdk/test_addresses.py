import socket
import threading

import httpcore
import pytest

from hub.core.failures import BadInput, Misconfigured, Retryable
from hub.sdk.addresses import PinnedBackend, PinnedTransport, checked_url, is_public, resolve
from hub.sdk.http import Http
from tests.sdk.remotes import a_clock, a_rude_server

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://user:pass@shop.example", "url.credentials"),
        ("https://token@shop.example", "url.credentials"),
        ("http://shop.example", "url.scheme"),
        ("ftp://shop.example", "url.scheme"),
        ("shop.example", "url.broken"),
        ("https://", "url.broken"),
        ("", "url.broken"),
        ("https://[::1", "url.broken"),
        ("https://shop.example/?key=1", "url.query"),
        ("https://shop.example/#x", "url.query"),
        ("https://localhost", "url.private"),
        ("https://shop.localhost", "url.private"),
        ("https://printer.local", "url.private"),
        ("https://127.0.0.1:8000", "url.private"),
        ("https://10.1.2.3", "url.private"),
        ("https://169.254.169.254/latest", "url.private"),
        ("https://[::1]", "url.private"),
        ("https://[::ffff:10.0.0.1]", "url.private"),
    ],
)
def test_an_unsound_url_is_refused_by_its_flaw(url, code):
    with pytest.raises(BadInput) as refused:
        checked_url(url)

    assert (refused.value.code, refused.value.field) == (code, "base_url")
    assert "pass" not in str(refused.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/api", "https://10.1.2.3", "http://localhost"])
def test_private_addresses_and_plain_http_can_be_allowed(url):
    assert str(checked_url(url, allow_private=True)) == url


def test_a_sound_url_passes():
    assert str(checked_url("https://shop.example:8443/api/")) == "https://shop.example:8443/api/"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1",
        "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::a00:1",
        "64:ff9b:1::1", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    ],
)  # fmt: skip
def test_an_address_of_the_house_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_an_address_of_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:192.168.0.1"], ["169.254.169.254"]]
)
def test_a_name_with_one_private_address_is_not_connected_to(addresses):
    backend = PinnedBackend(allow_private=False, resolve=lambda host, port, seconds: addresses)

    with pytest.raises(Misconfigured) as refused:
        backend.connect_tcp("shop.example", 443, 5)

    assert refused.value.params == {"host": "shop.example"}


def test_the_refusal_reaches_the_caller_of_the_client():
    transport = PinnedTransport(allow_private=False, connections=1, resolve=lambda *_: ["10.0.0.1"])
    http = Http("https://shop.example", clock=a_clock(), transport=transport)

    with pytest.raises(Misconfigured) as refused:
        http.write("POST", "/orders")

    assert refused.value.code == "http.private_address"


def test_a_name_without_address_is_unreachable():
    transport = PinnedTransport(allow_private=False, connections=1, resolve=lambda *_: [])
    http = Http("https://shop.example", clock=a_clock(), transport=transport)

    with pytest.raises(Retryable) as failed:
        http.write("POST", "/orders")

    assert failed.value.code == "http.unreachable"


@pytest.mark.parametrize("error", [socket.gaierror("no such name"), UnicodeError("label too long")])
def test_a_name_that_cannot_be_resolved_is_a_connect_error(error):
    def unknown(host, port):
        raise error

    with pytest.raises(httpcore.ConnectError):
        resolve("shop.example", 443, 5, lookup=unknown)


def test_every_address_of_a_name_is_known():
    found = [(0, 0, 0, "", ("1.1.1.1", 443)), (0, 0, 0, "", ("2606:4700::1111", 443, 0, 0))]

    assert resolve("shop.example", 443, 5, lookup=lambda host, port: found) == ["1.1.1.1", "2606:4700::1111"]


def test_a_resolver_that_hangs_is_left_behind():
    awake = threading.Event()

    def sleepy(host, port):
        awake.wait(30)
        return []

    with pytest.raises(httpcore.ConnectTimeout):
        resolve("shop.example", 443, 0.01, lookup=sleepy)

    awake.set()


@pytest.mark.socket
def test_the_checked_address_is_the_one_connected_to_and_the_name_is_kept():
    asked = []

    def once(host, port, seconds):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else pytest.fail("resolved twice")

    heard: list[bytes] = []

    def play(connection):
        connection.sendall(ANSWER)

    with a_rude_server(play, heard=heard) as port:
        transport = PinnedTransport(allow_private=True, connections=1, resolve=once)
        http = Http(f"http://shop.example:{port}", clock=a_clock(), transport=transport, allow_private=True)
        reply = http.read("GET", "/orders")

    assert reply.body == b"{}"
    assert asked == ["shop.example"]
    assert f"host: shop.example:{port}".encode() in heard[0].lower()


@pytest.mark.socket
def test_the_next_address_is_tried_where_one_does_not_answer():
    with a_rude_server(lambda connection: connection.sendall(ANSWER)) as port:
        transport = PinnedTransport(allow_private=True, connections=1, resolve=lambda *_: ["::1", "127.0.0.1"])
        http = Http(f"http://shop.example:{port}", clock=a_clock(), transport=transport, allow_private=True)

        assert http.read("GET", "/orders").status == 200


@pytest.mark.socket
def test_a_rebound_name_does_not_reach_the_house():
    answers = [["127.0.0.1"], ["127.0.0.1", "93.184.216.34"]]
    with a_rude_server(lambda connection: connection.sendall(ANSWER)) as port:
        transport = PinnedTransport(allow_private=False, connections=1, resolve=lambda *_: answers.pop())
        http = Http(f"https://shop.example:{port}", clock=a_clock(), transport=transport)

        with pytest.raises(Misconfigured):
            http.read("GET", "/orders")
