"""A list of foreign documents cut into its elements, byte for byte, before anything is decoded.

One poisonous document in a page must not hold up the others: each becomes a document of the inbox with
the bytes the remote sent, and is parked alone if it cannot be read.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, cast

from hub.core.failures import BadInput
from hub.core.json import JSON, loads
from hub.sdk.paths import compiled

_TOKEN: Final = re.compile(rb'("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[\[\]{},]', re.DOTALL)
_LONGEST_NUMBER: Final = 40


@dataclass(frozen=True, slots=True)
class RawRow:
    """One element of a list as it came."""

    body: bytes

    def peek(self, path: str) -> str | None:
        """A text or number inside, even of a document that the hub would not accept; `None` if unreadable."""
        found = compiled(path)(self._value(), None)
        return str(found) if isinstance(found, str | int | Decimal) and not isinstance(found, bool) else None

    def external_id(self, path: str) -> str:
        """The id of the document; where even that cannot be read, its digest stands in."""
        return self.peek(path) or f"unreadable-{hashlib.sha256(self.body).hexdigest()[:16]}"

    def _value(self) -> JSON:
        try:
            return cast("JSON", _LENIENT.decode(self.body.decode("utf-8-sig", errors="replace")))
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class Split:
    """A page: its rows, and what stands around them (totals, cursors) with the list left empty."""

    around: JSON
    rows: tuple[RawRow, ...]


def split(body: bytes, path: str) -> Split:
    """Cut out the list at a dotted path of object keys; an empty path is the body itself.

    Raises BadInput: what stands around the list is read strictly, and the list must be there (json.no_list).
    """
    keys = tuple(path.split(".")) if path else ()
    found = _Finder(body, keys).span()
    if found is None:
        around = loads(body, limit=len(body))
        raise BadInput("json.no_list", field=path, value=type(around).__name__)
    start, end, commas = found
    pieces = [body[one:two].strip(b" \t\r\n,") for one, two in pairwise([start, *commas, end])]
    around = loads(body[:start] + body[end:], limit=len(body))
    return Split(around, tuple(RawRow(piece) for piece in pieces if piece))


class _Finder:
    """Walks brackets and keys, nothing else, until the wanted list is closed."""

    def __init__(self, body: bytes, keys: tuple[str, ...]) -> None:
        self._body = body
        self._wanted = [None, *keys]
        self._open: list[str | None] = []
        self._key: str | None = None
        self._start: int | None = None
        self._depth = 0
        self._commas: list[int] = []

    def span(self) -> tuple[int, int, list[int]] | None:
        """Where the list's content begins and ends, and its commas."""
        for token in _TOKEN.finditer(self._body):
            mark = token[0][:1]
            if mark == b'"':
                self._key = token[1][1:-1].decode(errors="replace") if token[2] else self._key
            elif mark == b",":
                self._comma(token.start())
            elif mark in b"[{":
                self._opened(token.end(), is_list=mark == b"[")
            elif self._closed():
                return self._start or 0, token.start(), self._commas
        return None

    def _comma(self, at: int) -> None:
        self._key = None
        if self._start is not None and len(self._open) == self._depth:
            self._commas.append(at)

    def _opened(self, at: int, *, is_list: bool) -> None:
        self._open.append(self._key)
        self._key = None
        if is_list and self._start is None and self._open == self._wanted:
            self._start, self._depth = at, len(self._open)

    def _closed(self) -> bool:
        self._key = None
        ended = self._start is not None and len(self._open) == self._depth
        if self._open:
            self._open.pop()
        return ended


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else None


_LENIENT: Final = json.JSONDecoder(
    parse_float=Decimal, parse_int=_integer, parse_constant=lambda _: None, strict=False
)
