"""Headers that prove who calls: checked before they are sent, and got by a login where the remote wants one."""

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Generic, TypeAlias, TypeVar

from hub.core.failures import Misconfigured, Retryable
from hub.sdk.deadline import Deadline
from hub.sdk.redaction import header_secrets
from hub.sdk.replies import Reply

H = TypeVar("H")

Ended: TypeAlias = Callable[[Reply], bool]


class Session(Generic[H]):
    """Headers got by a login, shared by all threads of a connection."""

    def __init__(self, login: Callable[[H], Mapping[str, str]], http: H, ended: Ended | None) -> None:
        self._login = login
        self._ended = ended
        self._http = http
        self._lock = Lock()
        self._headers: Mapping[str, str] | None = None

    def headers(self, stale: Mapping[str, str] | None, deadline: Deadline) -> Mapping[str, str]:
        """The headers now; those that were refused (`stale`) are replaced by one thread for all."""
        if not self._lock.acquire(timeout=max(deadline.left(), 0)):
            raise Retryable("http.login_busy")
        try:
            if self._headers is None or self._headers is stale:
                self._headers = plain_headers(self._login(self._http))
            return self._headers
        finally:
            self._lock.release()

    def is_over(self, reply: Reply) -> bool:
        """Whether the remote did nothing because it no longer knows the session."""
        return reply.status == 401 or (self._ended is not None and self._ended(reply))  # noqa: PLR2004

    def secrets(self) -> Sequence[str]:
        """What no message may show."""
        return list(header_secrets(self._headers or {}))


def plain_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Header names in lower case. A value that no header can carry is a mistyped secret."""
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable()):
            raise Misconfigured("http.header", name=name)
    return {name.lower(): value for name, value in headers.items()}
