"""Where a connection may reach: its URL is checked once, its address at every connect.

A name is resolved, every address it has is checked, and the connection goes to a checked address, so
that a name cannot point somewhere else between the check and the connect. TLS and the Host header keep
the name.
"""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TypeAlias

import httpcore
import httpx

from hub.core.failures import BadInput, Misconfigured
from hub.sdk.deadline import current

CONNECT_SECONDS = 5.0
_SLICE = 65_536
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve: TypeAlias = Callable[[str, int, float], Sequence[str]]
Lookup: TypeAlias = Callable[[str, int], Sequence[tuple[int, int, int, str, tuple[str | int, ...]]]]

_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_CLOSED = ("64:ff9b:1::/48", "fec0::/10", "::/96", "100::/64", "5f00::/16")
_NOT_PUBLIC = tuple(map(ipaddress.IPv6Network, _CLOSED))


def checked_url(text: str, *, allow_private: bool = False, field: str = "base_url") -> httpx.URL:
    """The URL of a connection: https (http only where private addresses are allowed), a host, nothing secret.

    Raises BadInput.
    """
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError):
        raise BadInput("url.broken", field=field) from None
    if url.userinfo:
        raise BadInput("url.credentials", field=field, value=url.host)
    if not url.host:
        raise BadInput("url.broken", field=field)
    if url.scheme not in {"https", "http"} or (url.scheme == "http" and not allow_private):
        raise BadInput("url.scheme", field=field, value=url.scheme)
    if url.query or url.fragment:
        raise BadInput("url.query", field=field, value=url.host)
    if not allow_private and _names_private(url.host):
        raise BadInput("url.private", field=field, value=url.host)
    return url


def is_public(text: str) -> bool:
    """Whether an address belongs to the open internet, seen through all forms that embed an IPv4 address."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if (inner := _embedded(address)) is not None:
            return is_public(str(inner))
        if any(address in network for network in _NOT_PUBLIC):
            return False
    return address.is_global and not address.is_multicast


def resolve(host: str, port: int, seconds: float, *, lookup: Lookup | None = None) -> Sequence[str]:
    """All addresses of a name. Raises httpcore.ConnectError, httpcore.ConnectTimeout."""
    answer: list[list[str] | OSError | UnicodeError] = []

    def ask() -> None:
        try:
            found = (lookup or socket.getaddrinfo)(host, port)
            answer.append([str(entry[4][0]) for entry in found])
        except (OSError, UnicodeError) as error:
            answer.append(error)

    # getaddrinfo knows no time limit of its own
    asking = threading.Thread(target=ask, name=f"resolve {host}", daemon=True)
    asking.start()
    asking.join(seconds)
    if not answer:
        raise httpcore.ConnectTimeout("the name was not resolved in time")
    if isinstance(answer[0], OSError | UnicodeError):
        raise httpcore.ConnectError("the name cannot be resolved")
    return answer[0]


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to checked addresses only and ends every wait at the deadline of the call."""

    def __init__(self, *, allow_private: bool, resolve: Resolve = resolve) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failed: Exception = httpcore.ConnectError("the name has no address")
        for address in dict.fromkeys(self._addresses(host, port, timeout)):
            seconds = _left(timeout, httpcore.ConnectTimeout, most=CONNECT_SECONDS)
            try:
                stream = self._sockets.connect_tcp(address, port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _TimedStream(stream)
        raise failed

    def _addresses(self, host: str, port: int, timeout: float | None) -> Sequence[str]:
        addresses = self._resolve(host, port, _left(timeout, httpcore.ConnectTimeout))
        if not self._allow_private and not all(map(is_public, addresses)):
            raise Misconfigured("http.private_address", host=host)
        return addresses


class PinnedTransport(httpx.HTTPTransport):
    """httpx's own transport over a pool that reaches checked addresses only."""

    def __init__(self, *, allow_private: bool, connections: int, resolve: Resolve = resolve) -> None:
        # httpx offers no argument for the network backend: the pool it made is replaced before its first use
        super().__init__(verify=_tls(), trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(),
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=5.0,
            network_backend=PinnedBackend(allow_private=allow_private, resolve=resolve),
        )


class _TimedStream(httpcore.NetworkStream):
    """A socket whose reads and writes end with the call; httpx's own limits begin anew with each of them."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _SLICE):
            self._inner.write(buffer[start : start + _SLICE], _left(timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        seconds = _left(timeout, httpcore.ConnectTimeout)
        return _TimedStream(self._inner.start_tls(ssl_context, server_hostname, seconds))

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


def _left(timeout: float | None, late: type[Exception], *, most: float | None = None) -> float:
    deadline = current()
    bounds = [timeout, most, deadline.left() if deadline else None]
    seconds = min((bound for bound in bounds if bound is not None), default=CONNECT_SECONDS)
    if seconds <= 0:
        raise late("the time of the call is over")
    return seconds


def _names_private(host: str) -> bool:
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not is_public(name)
    except ValueError:
        return False


def _embedded(address: ipaddress.IPv6Address) -> Address | None:
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
