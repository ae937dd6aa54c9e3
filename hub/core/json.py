"""JSON as it comes from strangers and as the hub writes it: nothing is lost, nothing doubtful is let in."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, TypeAlias, Union

import orjson

from hub.core.failures import BadInput
from hub.core.text import masked

JSON: TypeAlias = Union[bool, int, Decimal, str, "list[JSON]", "dict[str, JSON]", None]

LARGEST_BODY = 2_000_000
DEEPEST = 64
_WIDEST_INTEGER = 2**63 - 1
_WIDEST_EXPONENT = 40
_SAFE_DIGITS = 18
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_DOUBTFUL_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_DOUBTFUL_TEXT = re.compile("[\x00\ud800-\udfff]")
_MARKED_NUMBER = re.compile(rb'"\\u0000([^"\\]+)\\u0000"')


def loads(body: bytes, *, limit: int = LARGEST_BODY, depth: int = DEEPEST) -> JSON:
    """Decode a foreign body; a number with a fraction becomes a `Decimal` exactly as written.

    Integers are those of a database (63 bits: ids are large); amounts and quantities have their own,
    tighter bound. Raises BadInput for a body that is too large, torn, not UTF-8, marked with a BOM or
    nested too deep, and for duplicate keys, numbers that are none or too large, NUL and lone surrogates:
    these with the path of the value.
    """
    if len(body) > limit:
        raise BadInput("json.too_large", field="", size=len(body), limit=limit)
    reader = _Reader()
    tree = reader.read(_utf8(body), depth)
    if reader.doubtful or _DOUBTFUL_ESCAPE.search(body):
        _refuse(tree)
    if body.count(b"[") + body.count(b"{") > depth:
        _measure(tree, depth)
    return tree


def dumps(value: JSON) -> bytes:
    """The one canonical form: keys sorted, no blanks, UTF-8; a `Decimal` is the number it was written as."""
    text = orjson.dumps(value, default=_marked, option=orjson.OPT_SORT_KEYS)
    return _MARKED_NUMBER.sub(rb"\1", text) if b"\\u0000" in text else text


def digest(value: JSON, *, drop: Collection[str] = ()) -> str:
    """SHA-256 of the canonical form without the keys named in `drop`, however deep they stand."""
    return hashlib.sha256(dumps(_without(value, frozenset(drop)) if drop else value)).hexdigest()


class _Flaw(NamedTuple):
    """Stands in a decoded tree for what cannot be accepted, until its path is known."""

    code: str
    field: str
    shown: str


class _Reader:
    """One decoding; `doubtful` once a hook has met a flaw."""

    def __init__(self) -> None:
        self.doubtful = False

    def read(self, text: str, depth: int) -> JSON:
        decoder = json.JSONDecoder(
            parse_float=self._fraction,
            parse_int=self._integer,
            parse_constant=self._constant,
            object_pairs_hook=self._object,
        )
        try:
            tree: JSON = decoder.decode(text)
        except json.JSONDecodeError as error:
            raise BadInput("json.torn", field="", line=error.lineno, column=error.colno) from None
        except RecursionError:
            raise BadInput("json.too_deep", field="", limit=depth) from None
        return tree

    def _flaw(self, code: str, shown: str = "", field: str = "") -> _Flaw:
        self.doubtful = True
        return _Flaw(code, field, masked(shown))

    def _object(self, pairs: list[tuple[str, JSON]]) -> dict[str, JSON] | _Flaw:
        found = dict(pairs)
        return found if len(found) == len(pairs) else self._doubled(pairs)

    def _doubled(self, pairs: list[tuple[str, JSON]]) -> _Flaw:
        [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
        return self._flaw("json.duplicate_key", field=twice)

    def _integer(self, text: str) -> int | _Flaw:
        if len(text) <= _SAFE_DIGITS or (len(text) <= _SAFE_DIGITS + 2 and abs(int(text)) <= _WIDEST_INTEGER):
            return int(text)
        return self._flaw("json.number_too_large", text)

    def _fraction(self, text: str) -> Decimal | _Flaw:
        try:
            number = Decimal(text)
        except InvalidOperation:
            return self._flaw("json.number_too_large", text)
        if -_WIDEST_EXPONENT <= number.adjusted() <= _WIDEST_EXPONENT or not number:
            return number
        return self._flaw("json.number_too_large", text)

    def _constant(self, text: str) -> _Flaw:
        return self._flaw("json.not_a_number", text)


def _utf8(body: bytes) -> str:
    if body.startswith(_BOMS):
        raise BadInput("json.bom", field="")
    if b"\x00" in body:
        raise BadInput("json.nul", field="", position=body.index(b"\x00"))
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BadInput("json.not_utf8", field="", position=error.start) from None


def _refuse(tree: object) -> None:
    """Name the first flaw of a doubtful tree by its path."""
    for path, value in _leaves(tree):
        if type(value) is _Flaw:
            raise BadInput(value.code, field=_joined(path, value.field), value=value.shown)
        if isinstance(value, str) and (found := _DOUBTFUL_TEXT.search(value)):
            raise BadInput("json.nul" if found[0] == "\x00" else "json.surrogate", field=path)


def _leaves(tree: object) -> Iterator[tuple[str, object]]:
    waiting = [("", tree)]
    while waiting:
        path, node = waiting.pop()
        if type(node) is dict:
            waiting += [(_joined(path, key), child) for key, child in reversed(node.items())]
            yield from ((path, key) for key in node)
        elif type(node) is list:
            waiting += [(_joined(path, str(at)), child) for at, child in reversed(list(enumerate(node)))]
        else:
            yield path, node


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}".strip(".")


def _measure(tree: JSON, depth: int) -> None:
    level: list[Any] = [tree]
    for _ in range(depth):
        level = [
            child
            for node in level
            for child in (node.values() if type(node) is dict else node)
            if type(child) in _NESTING
        ]
        if not level:
            return
    raise BadInput("json.too_deep", field="", limit=depth)


_NESTING = frozenset({dict, list})


def _without(value: JSON, drop: frozenset[str]) -> JSON:
    if type(value) is dict:
        return {
            key: _without(child, drop) if type(child) in _NESTING else child
            for key, child in value.items()
            if key not in drop
        }
    return [_without(child, drop) for child in value] if type(value) is list else value


def _marked(value: object) -> object:
    """Carry a `Decimal` through the encoder as a text between two NULs, which no accepted text contains."""
    if isinstance(value, Decimal) and value.is_finite():
        return f"\0{value}\0"
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no canonical JSON form")
