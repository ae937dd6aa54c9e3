"""What a call to a remote looks like from outside, and what came back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from hub.core.failures import BadInput, Failure, InDoubt, Rejected, Retryable
from hub.core.json import JSON, loads
from hub.sdk.rows import Split, split

RESPONSE_LIMIT = 20_000_000


@dataclass(frozen=True, slots=True)
class Call:
    """One request on the wire; the query and the body are left out, they may hold secrets."""

    method: str
    host: str
    path: str
    write: bool
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended: a status, or the code of a failure on the way; its seconds, the bytes it brought."""

    status: int | None
    code: str | None
    seconds: float
    received: int


class Observer(Protocol):
    """Stands beside every request on the wire: budgets, metrics, crash tests. What it raises goes through."""

    def before(self, call: Call) -> None: ...
    def after(self, call: Call, outcome: Outcome) -> None: ...


class Unobserved:
    """Nobody looks on."""

    def before(self, call: Call) -> None: ...
    def after(self, call: Call, outcome: Outcome) -> None: ...


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """A clear answer of the remote; header names in lower case, the body unpacked."""

    call: Call
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> JSON:
        """The body, strictly read. One that cannot be read makes a write doubtful and a read repeatable."""
        try:
            return loads(self.body, limit=RESPONSE_LIMIT)
        except BadInput as error:
            raise self.unreadable(error.code, **error.params) from None

    def split(self, path: str) -> Split:
        """The elements of a list in the body, untouched, and what stands around it; fails as `json` does."""
        try:
            return split(self.body, path)
        except BadInput as error:
            raise self.unreadable(error.code, **error.params) from None

    def unreadable(self, reason: str, **params: str | int | bool | None) -> Failure:
        """The failure for an answer that says nothing clear; one that refuses stays a refusal."""
        if self.status >= 400:  # noqa: PLR2004
            return Rejected("http.refused", host=self.call.host, path=self.call.path, status=self.status, detail=reason)
        shown = {name: value for name, value in params.items() if name in {"line", "column", "field"}}
        return unclear(self.call, "http.unreadable", status=self.status, reason=reason, **shown)

    def __repr__(self) -> str:
        return f"<Reply {self.status} to {self.call.method} {self.call.path}, {len(self.body)} bytes>"


def unclear(call: Call, code: str, **params: str | int | bool | None) -> Failure:
    """A call without a clear answer: a read may be repeated, a write may have happened."""
    if call.write:
        return InDoubt(code, host=call.host, path=call.path, **params)
    return Retryable(code, after=None, host=call.host, path=call.path, **params)
