"""Against sockets on the loop-back address that behave as badly as remotes do."""

import socket
import ssl
import threading
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hub.core.failures import InDoubt, Rejected, Retryable
from hub.sdk.addresses import PinnedTransport
from hub.sdk.http import Http
from hub.sdk.repeats import TRIES
from tests.sdk.remotes import NOON, a_clock, a_local_client, a_rude_server, dribbling

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
DROPS = [b" "] * 400
PAUSE = 0.02

pytestmark = pytest.mark.socket


def sized(count: int) -> bytes:
    return HEAD + b"content-length: %d\r\n\r\n" % count


@pytest.mark.parametrize(
    "play",
    [
        dribbling(sized(400), DROPS, PAUSE),
        dribbling(HEAD + b"x-drip: ", DROPS, PAUSE),
        dribbling(HEAD + b"transfer-encoding: chunked\r\n\r\n", [b"1\r\n \r\n"] * 400, PAUSE),
        dribbling(b"", [HEAD[at : at + 1] for at in range(len(HEAD))], PAUSE),
    ],
    ids=["body", "head", "chunks", "status line"],
)
def test_a_dribbling_answer_ends_at_the_deadline(play):
    with a_rude_server(play) as port:
        http = a_local_client(port, seconds=0.3)

        with pytest.raises(InDoubt) as doubtful:
            http.write("POST", "/labels", json={})
        with pytest.raises(Retryable) as failed:
            http.read("GET", "/orders")

    assert (doubtful.value.code, failed.value.code) == ("http.timed_out", "http.timed_out")


def test_silence_ends_at_the_deadline():
    silent = a_rude_server(lambda connection: connection.recv(1))
    with silent as port, pytest.raises(InDoubt) as doubtful:
        a_local_client(port, seconds=0.2).write("POST", "/labels")

    assert doubtful.value.code == "http.timed_out"


def write_often(http: Http) -> None:
    with http.together():
        for _ in range(20):
            http.write("POST", "/labels")


def test_all_calls_together_share_one_deadline():
    slow = dribbling(sized(2), [b"{", b"}"], 0.1)
    with a_rude_server(slow) as port:
        http = a_local_client(port, seconds=0.5)

        with pytest.raises((InDoubt, Retryable)):
            write_often(http)

        assert http.write("POST", "/labels").body == b"{}"


@pytest.mark.parametrize(
    "last_words",
    [
        b"",
        HEAD,
        sized(10) + b'{"id"',
        HEAD + b"transfer-encoding: chunked\r\n\r\n5\r\n{}",
        b"no http at all\r\n\r\n",
    ],
    ids=["nothing", "half a head", "half a body", "half a chunk", "noise"],
)
def test_a_connection_cut_off_leaves_a_write_in_doubt(last_words):
    with a_rude_server(lambda connection: connection.sendall(last_words)) as port:
        http = a_local_client(port)

        with pytest.raises(InDoubt) as doubtful:
            http.write("POST", "/labels")
        with pytest.raises(Retryable) as failed:
            http.read("GET", "/labels")

    assert (doubtful.value.code, failed.value.code) == ("http.broken_off", "http.broken_off")


def test_a_port_where_nobody_listens_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

    with pytest.raises(Retryable) as failed:
        a_local_client(port).write("POST", "/labels")

    assert failed.value.code == "http.unreachable"


def test_a_failed_tls_handshake_is_unreachable():
    with a_rude_server(lambda connection: connection.sendall(b"no tls here")) as port:
        http = Http(f"https://127.0.0.1:{port}", clock=a_clock(), allow_private=True)

        with pytest.raises(Retryable) as failed:
            http.write("POST", "/labels")

    assert failed.value.code == "http.unreachable"


def test_more_calls_than_connections_wait_for_each_other():
    with a_rude_server(dribbling(sized(2), [b"{}"], 0.05)) as port:
        http = a_local_client(port, seconds=5, calls_at_once=1)
        statuses: list[int] = []
        threads = [threading.Thread(target=lambda: statuses.append(http.read("GET", "/x").status)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert statuses == [200, 200, 200]


def test_no_proxy_of_the_environment_is_used(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with a_rude_server(lambda connection: connection.sendall(sized(2) + b"{}")) as port:
        assert a_local_client(port).read("GET", "/x").body == b"{}"


def test_a_large_answer_is_cut_off_while_it_comes():
    def flood(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"\r\n")
        while True:
            connection.sendall(b" " * 65_536)

    with a_rude_server(flood) as port:
        http = a_local_client(port)

        with pytest.raises(Rejected) as refused:
            http.read("GET", "/export")
        with pytest.raises(InDoubt):
            http.write("POST", "/export")

    assert refused.value.params["limit"] == 20_000_000


def test_tls_asks_for_the_name_and_trusts_no_stranger(tmp_path):
    names: list[str] = []
    context = a_tls_context(tmp_path, "shop.example")
    context.sni_callback = lambda connection, name, _: names.append(name)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        thread = threading.Thread(target=shake_hands, args=(listening, context, TRIES), daemon=True)
        thread.start()
        transport = PinnedTransport(allow_private=True, connections=1, resolve=lambda *_: ["127.0.0.1"])
        http = Http(f"https://shop.example:{port}", clock=a_clock(), transport=transport, allow_private=True)

        with pytest.raises(Retryable) as failed:
            http.write("POST", "/labels")
        thread.join(5)

    assert names == ["shop.example"] * TRIES
    assert failed.value.code == "http.unreachable"
    assert "CERTIFICATE_VERIFY_FAILED" in str(failed.value.params["cause"])


def shake_hands(listening: socket.socket, context: ssl.SSLContext, times: int) -> None:
    for _ in range(times):
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            context.wrap_socket(connection, server_side=True).close()


def a_tls_context(folder: Path, name: str) -> ssl.SSLContext:
    """A server's, with a certificate that nobody has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOON - timedelta(days=3650))
        .not_valid_after(NOON + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    own = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "server.pem"
    file.write_bytes(own + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
