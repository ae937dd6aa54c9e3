"""Reads mapping files: rows with the line they stand on, and every flaw at once."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias, cast

from hub.core.failures import BadInput
from hub.core.json import JSON

Scalar: TypeAlias = str | int | bool

KEYS: Final = frozenset({"from", "as", "currency", "default", "lookup", "each", "required"})
HEADER: Final = "mapping"
HEADER_KEYS: Final = frozenset({"into", "by_code"})
_LINE: Final = re.compile(r"\(at line (\d+)")
_TABLE: Final = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+\s*(?:#.*)?$")
_KEY: Final = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_PART: Final = re.compile(r""""([^"]*)"|'([^']*)'|([\w-]+)""")


@dataclass(frozen=True, slots=True)
class Problem:
    """A flaw of a mapping file: what, where, and the nearest name that would have been right."""

    code: str
    file: str
    line: int
    field: str
    value: str = ""
    near: str = ""

    def refusal(self) -> BadInput:
        """As an error of the operator who wrote the file."""
        return BadInput(self.code, field=self.field, value=self.value, file=self.file, line=self.line, near=self.near)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the target it fills and where its value comes from. `each` holds the rows of list elements."""

    target: str
    file: str
    line: int
    source: str | None = None
    convert: str | None = None
    currency: str | None = None
    default: Scalar | None = None
    lookup: Mapping[str, Scalar] | None = None
    each: tuple["Row", ...] | None = None
    required: bool = False


@dataclass(slots=True)
class Sheet:
    """A mapping file as written. `into` names the document it fills, `by_code` what `translate.py` fills."""

    file: str
    into: str | None = None
    by_code: tuple[str, ...] = ()
    header_line: int = 1
    rows: tuple[Row, ...] = ()
    problems: list[Problem] = field(default_factory=list)


def read_sheet(text: str, file: str) -> Sheet:
    """Parse a file; what is wrong with it stands in `problems`."""
    try:
        tables = cast("dict[str, JSON]", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        flaw = Problem("mapping.syntax", file, int(line[1]) if line else 0, "", str(error).partition(" (at")[0])
        return Sheet(file, problems=[flaw])
    return _Reader(file, lines_of(text)).sheet(tables)


def read_rows(tables: Mapping[str, Any], file: str, lines: Mapping[str, int]) -> Sheet:
    """Rows that stand somewhere else than in a file of their own: an overlay."""
    return _Reader(file, lines).sheet(dict(tables))


def lines_of(text: str) -> Mapping[str, int]:
    """The line on which each dotted key begins."""
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLE.match(line):
            table = _dotted(header[1])
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault(_below(table, _dotted(key[1])), number)
    return found


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that looks most like this one, empty if none does."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1)), "")


class _Reader:
    def __init__(self, file: str, lines: Mapping[str, int]) -> None:
        self._file = file
        self._lines = lines
        self._problems: list[Problem] = []

    def sheet(self, tables: dict[str, JSON]) -> Sheet:
        header = tables.pop(HEADER, {})
        into, by_code = self._header(header if isinstance(header, dict) else {})
        rows = tuple(self._rows(tables, ""))
        return Sheet(self._file, into, by_code, self._line(HEADER) or 1, rows, self._problems)

    def _header(self, header: dict[str, JSON]) -> tuple[str | None, tuple[str, ...]]:
        self._unknown(HEADER, header, HEADER_KEYS)
        into, by_code = header.get("into"), header.get("by_code", [])
        if not isinstance(by_code, list) or not all(isinstance(name, str) for name in by_code):
            self._flaw("mapping.wrong_type", HEADER, "by_code")
            by_code = []
        return (into if isinstance(into, str) else None), tuple(str(name) for name in by_code)

    def _rows(self, tables: Mapping[str, JSON], above: str) -> Iterator[Row]:
        """A table that holds keys of a row is a row; one that holds tables only groups dotted targets."""
        for target, table in tables.items():
            place = _below(above, target)
            if not isinstance(table, dict):
                self._flaw("mapping.not_a_row", place)
            elif KEYS & table.keys() or not all(isinstance(cell, dict) for cell in table.values()):
                yield self._row(target, table, place)
            else:
                for row in self._rows(table, place):
                    yield replace(row, target=_below(target, row.target))

    def _row(self, target: str, table: dict[str, JSON], place: str) -> Row:
        self._unknown(place, table, KEYS)
        if not table.keys() & {"from", "default"} and table.keys() <= KEYS:
            self._flaw("mapping.no_source", place)
        return Row(
            target=target,
            file=self._file,
            line=self._line(place),
            source=self._word(table, "from", place),
            convert=self._word(table, "as", place),
            currency=self._word(table, "currency", place),
            default=self._scalar(table.get("default"), place, "default"),
            lookup=self._lookup(table.get("lookup"), place),
            each=self._each(table.get("each"), place),
            required=self._yes(table.get("required", False), place, "required"),
        )

    def _each(self, table: JSON, place: str) -> tuple[Row, ...] | None:
        if table is None:
            return None
        if isinstance(table, dict):
            return tuple(self._rows(table, _below(place, "each")))
        self._flaw("mapping.wrong_type", place, "each")
        return None

    def _yes(self, value: JSON, place: str, key: str) -> bool:
        if not isinstance(value, bool):
            self._flaw("mapping.wrong_type", place, key)
        return value is True

    def _word(self, table: dict[str, JSON], key: str, place: str) -> str | None:
        word = table.get(key)
        if word is None or isinstance(word, str):
            return word
        self._flaw("mapping.wrong_type", place, key)
        return None

    def _scalar(self, value: object, place: str, key: str) -> Scalar | None:
        if value is None or isinstance(value, str | int):
            return value
        self._flaw("mapping.wrong_type", place, key)
        return None

    def _lookup(self, table: JSON, place: str) -> Mapping[str, Scalar] | None:
        if table is None:
            return None
        if not isinstance(table, dict):
            self._flaw("mapping.wrong_type", place, "lookup")
            return None
        cells = {key: self._scalar(value, place, f"lookup.{key}") for key, value in table.items()}
        return {key: value for key, value in cells.items() if value is not None}

    def _unknown(self, place: str, table: Mapping[str, JSON], known: frozenset[str]) -> None:
        for key in table.keys() - known:
            self._flaw("mapping.unknown_key", place, key, nearest(key, known))

    def _flaw(self, code: str, place: str, value: str = "", near: str = "") -> None:
        line = self._lines.get(_below(place, value)) or self._line(place)
        self._problems.append(Problem(code, self._file, line, place, value, near))

    def _line(self, place: str) -> int:
        while place and place not in self._lines:
            place = place.rpartition(".")[0]
        return self._lines.get(place, 0)


def _dotted(key: str) -> str:
    return ".".join(part[1] or part[2] or part[3] or "" for part in _PART.finditer(key))


def _below(above: str, name: str) -> str:
    return f"{above}.{name}" if above and name else above or name
