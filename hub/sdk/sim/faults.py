"""Faults that a simulator plays by script: every way in which a remote lets its callers down."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import httpx

from hub.core.clock import Chance

BAD_GATEWAY: Final = b"<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>"


class FaultKind(StrEnum):
    """What goes wrong. Those in `COMMITTED` happen after the remote has done what was asked."""

    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    TIMED_OUT = "timed_out"
    ERROR = "error"
    ERROR_PAGE = "error_page"
    UNAUTHORISED = "unauthorised"
    SLOW = "slow"
    RESET_AFTER = "reset_after"
    TIMED_OUT_AFTER = "timed_out_after"
    ERROR_AFTER = "error_after"
    TORN = "torn"


COMMITTED: Final = frozenset(
    {
        FaultKind.SLOW,
        FaultKind.RESET_AFTER,
        FaultKind.TIMED_OUT_AFTER,
        FaultKind.ERROR_AFTER,
        FaultKind.TORN,
    }
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault for requests whose `METHOD /path body` matches the pattern `where`.

    It lets the first `skip` of them pass, then strikes `times` (`None`: for ever), each with the given
    probability. `seconds` is the Retry-After of a refusal (`None`: none is said) or how slow an answer is.
    """

    kind: FaultKind
    where: str = ""
    times: int | None = 1
    skip: int = 0
    probability: float = 1.0
    seconds: int | None = None


@dataclass(slots=True)
class Script:
    """The faults that are still to come, with their counts."""

    chance: Chance
    _counts: list[tuple[Fault, list[int]]] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        self._counts.append((fault, [fault.skip, -1 if fault.times is None else fault.times]))

    def clear(self) -> None:
        self._counts.clear()

    def next(self, request: httpx.Request) -> Fault | None:
        """The first fault that strikes this request."""
        line = f"{request.method} {request.url.path} {request.content.decode(errors='replace')}"
        return next((fault for fault, left in self._counts if self._strikes(fault, left, line)), None)

    def _strikes(self, fault: Fault, left: list[int], line: str) -> bool:
        if left[1] == 0 or re.search(fault.where, line) is None:
            return False
        if left[0] > 0:
            left[0] -= 1
            return False
        if fault.probability < 1 and self.chance.random() >= fault.probability:
            return False
        left[1] -= 1
        return True


def refusal(fault: Fault, request: httpx.Request) -> httpx.Response:
    """The answer of a remote that did nothing. Raises httpx errors for faults of the network."""
    after = {} if fault.seconds is None else {"retry-after": str(fault.seconds)}
    match fault.kind:
        case FaultKind.RATE_LIMITED:
            return httpx.Response(429, headers=after, json={"message": "Too many requests"})
        case FaultKind.UNAVAILABLE:
            return httpx.Response(503, headers=after, json={"message": "Try again later"})
        case FaultKind.ERROR:
            return httpx.Response(500, json={"message": "Internal error"})
        case FaultKind.ERROR_PAGE:
            return httpx.Response(200, headers={"content-type": "text/html"}, content=BAD_GATEWAY)
        case FaultKind.UNAUTHORISED:
            return httpx.Response(401, json={"message": "Session expired"})
        case FaultKind.UNREACHABLE:
            raise httpx.ConnectError("connection refused", request=request)
        case FaultKind.TIMED_OUT:
            raise httpx.ReadTimeout("timed out", request=request)
        case _:
            raise httpx.ReadError("connection reset", request=request)


def spoiled(fault: Fault, request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    """What arrives of an answer after the remote has done what was asked."""
    match fault.kind:
        case FaultKind.SLOW:
            answer.extensions["late"] = fault.seconds or 0
            return answer
        case FaultKind.TORN:
            return httpx.Response(answer.status_code, content=answer.content[: len(answer.content) // 2])
        case FaultKind.ERROR_AFTER:
            return httpx.Response(500, json={"message": "Internal error"})
        case FaultKind.TIMED_OUT_AFTER:
            raise httpx.ReadTimeout("timed out", request=request)
        case _:
            raise httpx.ReadError("connection reset", request=request)
