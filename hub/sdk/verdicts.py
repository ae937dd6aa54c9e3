"""What the status of an answer means, as a table."""

import email.utils
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from hub.core.failures import BadInput
from hub.core.json import JSON, loads

LONGEST_WAIT: Final = timedelta(days=1)
_WORDS = ("message", "detail", "error_description", "error", "title", "errors", "reason", "code")
_DEEPEST = 4


class Verdict(StrEnum):
    """What an answer means to the caller.

    `UNCLEAR` says that the outcome is open: a read is repeated, a write is in doubt.
    """

    REPLY = "reply"
    RETRY = "retry"
    UNCLEAR = "unclear"
    REJECTED = "rejected"
    MISCONFIGURED = "misconfigured"


CODES: Mapping[int, tuple[Verdict, str]] = {
    301: (Verdict.MISCONFIGURED, "http.redirect"),
    302: (Verdict.MISCONFIGURED, "http.redirect"),
    303: (Verdict.UNCLEAR, "http.redirect"),
    304: (Verdict.REPLY, ""),
    307: (Verdict.MISCONFIGURED, "http.redirect"),
    308: (Verdict.MISCONFIGURED, "http.redirect"),
    401: (Verdict.MISCONFIGURED, "http.unauthorised"),
    403: (Verdict.REJECTED, "http.forbidden"),
    404: (Verdict.REJECTED, "http.not_found"),
    407: (Verdict.MISCONFIGURED, "http.proxy"),
    408: (Verdict.UNCLEAR, "http.timed_out"),
    409: (Verdict.REJECTED, "http.conflict"),
    410: (Verdict.REJECTED, "http.not_found"),
    413: (Verdict.REJECTED, "http.request_too_large"),
    423: (Verdict.RETRY, "http.locked"),
    425: (Verdict.RETRY, "http.too_early"),
    429: (Verdict.RETRY, "http.rate_limited"),
}


def judge(status: int, *, write: bool) -> tuple[Verdict, str]:
    """The verdict and its code; a read that was redirected after success (303) is still a wrong address."""
    if 200 <= status < 300:  # noqa: PLR2004
        return Verdict.REPLY, ""
    if status == 303 and not write:  # noqa: PLR2004
        return Verdict.MISCONFIGURED, "http.redirect"
    if found := CODES.get(status):
        return found
    if 400 <= status < 500:  # noqa: PLR2004
        return Verdict.REJECTED, "http.refused"
    return Verdict.UNCLEAR, "http.server_error" if status >= 500 else "http.unreadable"  # noqa: PLR2004


def asked_wait(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The pause a remote asked for: seconds or an HTTP date; nonsense is no hint, a day is the longest."""
    for name in ("retry-after", "x-retry-after"):
        wait = _wait(headers.get(name, "").strip(), now)
        if wait is not None:
            return min(max(wait, timedelta(0)), LONGEST_WAIT)
    return None


def words(body: bytes) -> str:
    """The remote's own words about a refusal as they came; empty where it has none."""
    try:
        return _found(loads(body), _DEEPEST)
    except BadInput:
        return ""


def _wait(text: str, now: datetime) -> timedelta | None:
    try:
        seconds = Decimal(text)
    except InvalidOperation:
        return _until(text, now)
    if not seconds.is_finite():
        return None
    return timedelta(seconds=float(min(max(seconds, Decimal(0)), Decimal(LONGEST_WAIT.days * 86_400))))


def _until(text: str, now: datetime) -> timedelta | None:
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now


def _found(value: JSON, depth: int) -> str:
    if isinstance(value, str):
        return value
    if depth == 0:
        return ""
    if isinstance(value, list):
        return next(filter(None, (_found(one, depth - 1) for one in value)), "")
    if isinstance(value, dict):
        return next(filter(None, (_found(value[name], depth - 1) for name in _WORDS if name in value)), "")
    return ""
