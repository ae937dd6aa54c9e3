"""The two databases the hub runs on, and what differs between them: connecting, beginning, numbering.

On SQLite writers pass the turnstile and begin at once with the write lock; readers see the last commit and
wait for nobody. On PostgreSQL waiting has an end, and an idle transaction is cut off by the server.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import NamedTuple, Protocol

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from hub.core.failures import BadInput
from hub.store.bulk import Bulk, PostgresBulk, SqliteBulk
from hub.store.turnstile import Turnstile, sole_runner

LOCK_SECONDS = 5
"""How long a transaction waits for a lock of another one (PostgreSQL)."""

IDLE_SECONDS = 30
"""How long a transaction may do nothing before the server ends it (PostgreSQL)."""

PATIENCE_SECONDS = 10
"""How long to wait for a connection, or for a tool that holds the file without passing the turnstile."""

# secure_delete: what is deleted, a dropped data key above all, is overwritten with zeros.
_PRAGMAS = (
    f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = FAST",
    "PRAGMA cache_size = -16000",
    "PRAGMA temp_store = MEMORY",
)
_NUMBERS = """
    INSERT INTO counters (id, name, value) VALUES ((SELECT coalesce(max(id), 0) + 1 FROM counters), ?, ?)
    ON CONFLICT (name) DO UPDATE SET value = value + excluded.value RETURNING value
"""


class Doors(NamedTuple):
    """Connections that may write, and connections that may not."""

    writing: Engine
    reading: Engine

    def close(self) -> None:
        """Close every connection that nobody uses just now."""
        self.writing.dispose()
        self.reading.dispose()


class Database(Protocol):
    """What the store needs to know about its database."""

    url: URL

    def doors(self) -> Doors:
        """Connects when first used."""

    def bulk(self) -> Bulk: ...

    def turn(self) -> AbstractContextManager[None]:
        """Held around a writing transaction."""

    def sole_runner(self) -> AbstractContextManager[None]:
        """Held by a process that turns the crank. Raises Refused where there may be only one."""

    def begin(self, connection: Connection, *, writes: bool) -> None: ...

    def numbers(self, connection: Connection, table: str, count: int) -> Sequence[int]: ...

    def where(self) -> str:
        """The address as it may be shown."""


class Sqlite:
    """A file with one writer at a time.

    `?lasting=no` lets a power cut take the last commits: for databases of tests and demonstrations.
    """

    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:":
            raise BadInput("database.no_file", field="database", value=str(url))
        self.url = url.set(query={})
        self.path = Path(url.database).resolve()
        self._lasting = url.query.get("lasting") != "no"
        self._turnstile = Turnstile(self.path)

    def doors(self) -> Doors:
        writing = create_engine(self.url, pool_size=2, max_overflow=-1, connect_args=_SHARED)
        reading = create_engine(self.url, pool_size=8, max_overflow=-1, connect_args=_SHARED)
        event.listen(writing, "connect", _prepare_writer if self._lasting else _prepare_passing)
        event.listen(reading, "connect", _prepare_reader)
        return Doors(writing, reading)

    def bulk(self) -> Bulk:
        return SqliteBulk(self.url.get_dialect()())

    def turn(self) -> AbstractContextManager[None]:
        return self._turnstile.turn()

    def sole_runner(self) -> AbstractContextManager[None]:
        return sole_runner(self.path)

    def begin(self, connection: Connection, *, writes: bool) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    def numbers(self, connection: Connection, table: str, count: int) -> Sequence[int]:
        last: int = connection.exec_driver_sql(_NUMBERS, (table, count)).scalar_one()
        return range(last - count + 1, last + 1)

    def where(self) -> str:
        return str(self.path)


class Postgres:
    """A server with many writers."""

    def __init__(self, url: URL) -> None:
        self.url = url

    def doors(self) -> Doors:
        writing = create_engine(self.url, connect_args=self._settings(), **_POOL)
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return Doors(writing, writing.execution_options(**options))

    def _settings(self) -> dict[str, object]:
        settings = {
            "lock_timeout": f"{LOCK_SECONDS}s",
            "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
            "timezone": "UTC",
        }
        given = self.url.query.get("options", "")
        ours = " ".join(f"-c {name}={value}" for name, value in settings.items())
        return {"options": f"{ours} {given}".strip(), "connect_timeout": PATIENCE_SECONDS}

    def bulk(self) -> Bulk:
        return PostgresBulk(self.url.get_dialect()())

    def turn(self) -> AbstractContextManager[None]:
        return nullcontext()

    def sole_runner(self) -> AbstractContextManager[None]:
        return nullcontext()

    def begin(self, connection: Connection, *, writes: bool) -> None:
        """The driver begins with the first statement."""

    def numbers(self, connection: Connection, table: str, count: int) -> Sequence[int]:
        text = "SELECT nextval(%s::regclass) FROM generate_series(1, %s::int)"
        return list(connection.exec_driver_sql(text, (sequence_of(table), count)).scalars())

    def where(self) -> str:
        return f"{self.url.host or 'localhost'}:{self.url.port or 5432}/{self.url.database or ''}"


def database(url: str) -> Database:
    """Raises BadInput for an address that is none, or of neither kind."""
    kind = url.partition(":")[0].partition("+")[0]
    if kind not in _KINDS or "://" not in url:
        raise BadInput("database.unknown_kind", field="database", value=kind)
    driver, made = _KINDS[kind]
    try:
        return made(make_url(url).set(drivername=driver))
    except (ArgumentError, ValueError):
        raise BadInput("database.bad_address", field="database", value=kind) from None


def sequence_of(table: str) -> str:
    """The source of ids of a table on PostgreSQL."""
    return f"{table}_ids"


_POOL: dict[str, int] = {"pool_size": 8, "max_overflow": 24, "pool_timeout": PATIENCE_SECONDS}
_SHARED = {"check_same_thread": False, "cached_statements": 256}


def _prepare_writer(driver: sqlite3.Connection, _record: object) -> None:
    """Transactions begin where the store says so, not where the driver guesses."""
    driver.isolation_level = None
    for pragma in _PRAGMAS:
        driver.execute(pragma)


def _prepare_passing(driver: sqlite3.Connection, record: object) -> None:
    _prepare_writer(driver, record)
    driver.execute("PRAGMA synchronous = OFF")


def _prepare_reader(driver: sqlite3.Connection, record: object) -> None:
    _prepare_writer(driver, record)
    driver.execute("PRAGMA query_only = ON")


_KINDS: dict[str, tuple[str, Callable[[URL], Database]]] = {
    "sqlite": ("sqlite+pysqlite", Sqlite),
    "postgres": ("postgresql+psycopg", Postgres),
    "postgresql": ("postgresql+psycopg", Postgres),
}
