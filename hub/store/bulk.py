"""Rows by the hundred: one statement for a whole batch.

PostgreSQL takes new rows by binary COPY and everything else as one JSON document; SQLite takes rows one by
one inside the driver. Texts and converters are made once per table and set of fields.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import repeat
from operator import itemgetter
from typing import Any, NamedTuple

import orjson
import psycopg
from sqlalchemy import Connection, Dialect, LargeBinary, Table
from sqlalchemy.exc import DBAPIError

Fields = Mapping[str, object]
Names = tuple[str, ...]
Convert = Callable[[Any], Any]

_VALUES = 30_000
"""Values that one statement of SQLite may carry (its limit is 32,766)."""

_ROWS = 100
"""Rows per statement of SQLite, so that few different texts are prepared."""


class Grid(NamedTuple):
    """Rows without their field names, which are said once."""

    names: Names
    lines: list[tuple[object, ...]]


class Bulk(ABC):
    """Set-based writing in one dialect. `fixed` are fields that all rows share."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.insert_text = cache(self._insert_text)
        self.insert_new_text = cache(self._insert_new_text)
        self.update_text = cache(self._update_text)
        self._converters = cache(self._find_converters)

    @abstractmethod
    def insert(self, on: Connection, table: Table, rows: Sequence[Fields], fixed: Fields) -> None: ...

    @abstractmethod
    def insert_new(
        self, on: Connection, table: Table, rows: Sequence[Fields], fixed: Fields, conflict: Names
    ) -> set[int]: ...

    @abstractmethod
    def update(
        self, on: Connection, table: Table, rows: Sequence[Fields], fixed: Fields, match: Names, add: Names
    ) -> int: ...

    @abstractmethod
    def _insert_text(self, table: Table, names: Names) -> str: ...

    @abstractmethod
    def _insert_new_text(self, table: Table, names: Names, conflict: Names, rows: int) -> str: ...

    @abstractmethod
    def _update_text(self, table: Table, names: Names, match: Names, add: Names) -> str: ...

    def grid(self, table: Table, rows: Sequence[Fields], fixed: Fields) -> Grid:
        """The rows as the driver takes them. Raises ValueError unless all have the same fields."""
        names = tuple(rows[0])
        columns: dict[str, Iterable[object]] = {name: (value,) * len(rows) for name, value in fixed.items()}
        columns |= zip(names, zip(*_lines(rows, names), strict=True), strict=True)
        for name, convert in self._converters(table, tuple(columns)):
            columns[name] = _converted(tuple(columns[name]), convert)
        return Grid(tuple(columns), list(zip(*columns.values(), strict=True)))

    def quoted(self, names: Sequence[str], form: str = "{}", between: str = ", ") -> str:
        """Each name, quoted where it must be, in a form: `"a = x.a, b = x.b"`."""
        return between.join(form.format(self.dialect.identifier_preparer.quote(name)) for name in names)

    def _find_converters(self, table: Table, names: Names) -> list[tuple[str, Convert]]:
        found = ((name, self.converter(table, name)) for name in names)
        return [(name, convert) for name, convert in found if convert is not None]

    def converter(self, table: Table, name: str) -> Convert | None:
        """What the type of a column does to a value on its way to the driver."""
        return table.c[name].type.dialect_impl(self.dialect).bind_processor(self.dialect)

    def _set(self, names: Names, add: Names, form: str, table: str) -> str:
        plain = self.quoted([name for name in names if name not in add], f"{{0}} = {form}")
        more = self.quoted(add, f"{{0}} = {table}.{{0}} + {form}")
        return ", ".join(part for part in (plain, more) if part)

    def _on_conflict(self, table: Table, conflict: Names) -> str:
        """The clause that names a unique key, with its condition where the key is a partial index."""
        wheres = (
            index.dialect_options[self.dialect.name]["where"]
            for index in table.indexes
            if index.unique and tuple(index.columns.keys()) == conflict
        )
        where = next(wheres, None)
        condition = "" if where is None else f" WHERE {where}"
        return f"ON CONFLICT ({self.quoted(conflict)}){condition} DO NOTHING"


class SqliteBulk(Bulk):
    """The driver repeats a prepared statement: faster than any clever statement."""

    def insert(self, on: Connection, table: Table, rows: Sequence[Fields], fixed: Fields) -> None:
        names, lines = self.grid(table, rows, fixed)
        on.exec_driver_sql(self.insert_text(table, names), lines)

    def insert_new(
        self, on: Connection, table: Table, rows: Sequence[Fields], fixed: Fields, conflict: Names
    ) -> set[int]:
        names, lines = self.grid(table, rows, fixed)
        size = min(_ROWS, _VALUES // len(names))
        parts = [lines[start : start + size] for start in range(0, len(lines), size)]
        return {new for part in parts for new in self._new(on, table, Grid(names, part), conflict)}

    def _new(self, on: Connection, table: Table, grid: Grid, conflict: Names) -> list[int]:
        text = self.insert_new_text(table, grid.names, conflict, len(grid.lines))
        values = tuple(value for line in grid.lines for value in line)
        return list(on.exec_driver_sql(text, values).scalars())

    def update(
        self, on: Connection, table: Table, rows: Sequence[Fields], fixed: Fields, match: Names, add: Names
    ) -> int:
        names, lines = self.grid(table, rows, fixed)
        text = self.update_text(table, names, match, add)
        order = [*(name for name in names if name not in (*match, *add)), *add, *match]
        pick = itemgetter(*(names.index(name) for name in order))
        return on.exec_driver_sql(text, list(map(pick, lines))).rowcount

    def _insert_text(self, table: Table, names: Names) -> str:
        return f"INSERT INTO {table.name} ({self.quoted(names)}) VALUES ({', '.join('?' * len(names))})"

    def _insert_new_text(self, table: Table, names: Names, conflict: Names, rows: int) -> str:
        more = f", ({', '.join('?' * len(names))})" * (rows - 1)
        return f"{self.insert_text(table, names)}{more} {self._on_conflict(table, conflict)} RETURNING id"

    def _update_text(self, table: Table, names: Names, match: Names, add: Names) -> str:
        changed = tuple(name for name in names if name not in match)
        where = self.quoted(match, "{} = ?", " AND ")
        return f"UPDATE {table.name} SET {self._set(changed, add, '?', table.name)} WHERE {where}"


class PostgresBulk(Bulk):
    """Binary COPY for new rows; one JSON document, unfolded by the server, for what needs an answer."""

    def insert(self, on: Connection, table: Table, rows: Sequence[Fields], fixed: Fields) -> None:
        names, lines = self.grid(table, rows, fixed)
        text = self.insert_text(table, names)
        with self._told(on, text) as cursor, cursor.copy(text) as copy:
            copy.set_types([_copied(self._type(table, name)) for name in names])
            for line in lines:
                copy.write_row(line)

    def insert_new(
        self, on: Connection, table: Table, rows: Sequence[Fields], fixed: Fields, conflict: Names
    ) -> set[int]:
        names, lines = self.grid(table, rows, fixed)
        text = self.insert_new_text(table, names, conflict, 0)
        return set(on.exec_driver_sql(text, (_document(names, lines),)).scalars())

    def update(
        self, on: Connection, table: Table, rows: Sequence[Fields], fixed: Fields, match: Names, add: Names
    ) -> int:
        names, lines = self.grid(table, rows, fixed)
        text = self.update_text(table, names, match, add)
        return on.exec_driver_sql(text, (_document(names, lines),)).rowcount

    def converter(self, table: Table, name: str) -> Convert | None:
        """Bytes travel as they are."""
        plain = isinstance(table.c[name].type, LargeBinary)
        return None if plain else super().converter(table, name)

    @contextmanager
    def _told(self, on: Connection, text: str) -> Iterator[psycopg.Cursor[Any]]:
        """A cursor of the driver, whose errors are told as SQLAlchemy tells them."""
        driver: psycopg.Connection[Any] = on.connection.driver_connection  # type: ignore[assignment]  # by dialect
        try:
            with driver.cursor() as cursor:
                yield cursor
        except psycopg.Error as error:
            if driver.closed:
                on.invalidate(error)
            raise DBAPIError.instance(text, None, error, psycopg.Error, dialect=self.dialect) from error

    def _type(self, table: Table, name: str) -> str:
        return table.c[name].type.compile(self.dialect)

    def _insert_text(self, table: Table, names: Names) -> str:
        return f"COPY {table.name} ({self.quoted(names)}) FROM STDIN (FORMAT BINARY)"

    def _insert_new_text(self, table: Table, names: Names, conflict: Names, rows: int) -> str:
        del rows
        source = f"SELECT {self.quoted(names, 'x.{}')} FROM {self._unfolded(table, names)}"
        answer = f"{self._on_conflict(table, conflict)} RETURNING id"
        return f"INSERT INTO {table.name} ({self.quoted(names)}) {source} {answer}"

    def _update_text(self, table: Table, names: Names, match: Names, add: Names) -> str:
        changed = tuple(name for name in names if name not in match)
        where = self.quoted(match, f"{table.name}.{{0}} = x.{{0}}", " AND ")
        values = self._set(changed, add, "x.{0}", table.name)
        return f"UPDATE {table.name} SET {values} FROM {self._unfolded(table, names)} WHERE {where}"

    def _unfolded(self, table: Table, names: Names) -> str:
        columns = ", ".join(f"{self.quoted([name])} {self._type(table, name)}" for name in names)
        return f"json_to_recordset(%s::json) AS x({columns})"


def _lines(rows: Sequence[Fields], names: Names) -> list[tuple[object, ...]]:
    if any(len(row) != len(names) for row in rows):
        raise ValueError(f"rows with different fields in one statement: {names}")
    if len(names) == 1:
        return [(row[names[0]],) for row in rows]
    return list(map(itemgetter(*names), rows))


def _converted(column: tuple[object, ...], convert: Convert) -> Iterable[object]:
    """Most columns of times say the same time in every row."""
    first = column[0]
    return repeat(convert(first), len(column)) if column.count(first) == len(column) else map(convert, column)


def _copied(sql_type: str) -> str:
    """The name under which the driver knows a type: VARCHAR(64) -> varchar."""
    return sql_type.lower().partition("(")[0]


def _document(names: Names, lines: list[tuple[object, ...]]) -> str:
    rows = [dict(zip(names, line, strict=True)) for line in lines]
    return orjson.dumps(rows, default=_hexadecimal).decode()


def _hexadecimal(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return "\\x" + bytes(value).hex()
    raise TypeError(f"{type(value).__name__} is no stored value")
