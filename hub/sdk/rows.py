"""A list of foreign documents cut into its elements, byte for byte, before anything is decoded.

One poisonous document in a page must not hold up the others: each becomes a document of the inbox with
the bytes the remote sent, and is parked alone if it cannot be read.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, cast

from hub.core.failures import BadInput
from hub.core.json import JSON, loads
from hub.sdk.paths import compiled

_TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TOKEN: Final = re.compile(rb"(%s)(\s*:)?|[\[\]{},]" % _TEXT, re.DOTALL)
_BETWEEN: Final = re.compile(rb"[\s,]*")
_SCALAR: Final = re.compile(rb'%s|[^\s,"\[\]{}]+' % _TEXT, re.DOTALL)
_TO_BRACKET: Final = re.compile(rb'(?:[^"\[\]{}]++|%s)*+([\[\]{}])' % _TEXT, re.DOTALL)
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
    start = _start(body, path.split(".") if path else [])
    if start is None:
        around = loads(body, limit=len(body))
        raise BadInput("json.no_list", field=path, value=type(around).__name__)
    rows, end = _elements(body, start)
    return Split(loads(body[:start] + body[end:], limit=len(body)), rows)


def _start(body: bytes, keys: list[str]) -> int | None:
    """Behind the bracket that opens the wanted list. Walks brackets and keys, nothing else."""
    nested: list[str | None] = []
    key: str | None = None
    for token in _TOKEN.finditer(body):
        mark = token[0]
        if mark.startswith(b'"'):
            key = token[1][1:-1].decode(errors="replace") if token[2] else key
        elif mark in {b"[", b"{"}:
            nested.append(key)
            key = None
            if mark == b"[" and nested == [None, *keys]:
                return token.end()
        else:
            key = None
            del nested[len(nested) - (mark != b",") :]
    return None


def _elements(body: bytes, at: int) -> tuple[tuple[RawRow, ...], int]:
    """The elements up to the closing bracket; of a torn list, as far as they are whole."""
    rows: list[RawRow] = []
    while True:
        if between := _BETWEEN.match(body, at):
            at = between.end()
        end = _element_end(body, at)
        if end is None:
            return tuple(rows), at
        rows.append(RawRow(body[at:end]))
        at = end


def _element_end(body: bytes, at: int) -> int | None:
    if body[at : at + 1] not in {b"[", b"{"}:
        scalar = _SCALAR.match(body, at)
        return scalar and scalar.end()
    depth = 0
    while bracket := _TO_BRACKET.match(body, at):
        at = bracket.end()
        depth += 1 if bracket[1] in {b"[", b"{"} else -1
        if depth == 0:
            return at
    return None


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else None


_LENIENT: Final = json.JSONDecoder(parse_float=Decimal, parse_int=_integer, parse_constant=lambda _: None, strict=False)
