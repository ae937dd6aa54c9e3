"""The store: opens transactions, numbers rows, and tells errors of the house from errors of a row."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from errno import EDQUOT, EMFILE, ENFILE, ENOMEM, ENOSPC
from operator import attrgetter
from typing import Any

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, PendingRollbackError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from hub.core.clock import Chance, Clock
from hub.core.failures import HouseDown
from hub.store.databases import Doors, database
from hub.store.keyring import Keyring
from hub.store.work import View, Work

Observer = Callable[[str, str], None]
"""Told ("commit", "before") and ("commit", "after") around each commit of a Work."""


class Store:
    """The rows of one hub. Connects when first used, and anew in a forked child."""

    def __init__(
        self,
        url: str,
        *,
        keyring: Keyring,
        clock: Clock,
        chance: Chance,
        observer: Observer | None = None,
    ) -> None:
        self.keyring = keyring
        self.clock = clock
        self.chance = chance
        self._observer = observer or _nobody
        self._database = database(url)
        self.dialect = self._database.url.get_backend_name()
        self.bulk = self._database.bulk()
        self._doors: Doors | None = None
        self._owner = os.getpid()

    @contextmanager
    def work(self, tenant: int, actor: str) -> Iterator[Work]:
        """One writing transaction: kept when the block ends well, undone when it raises.

        Raises HouseDown for an error of the house, wherever in the block the database told of it.
        """
        with self._told(), self._database.turn(), self.doors().writing.connect() as connection:
            with connection.begin():
                self._database.begin(connection, writes=True)
                yield Work(self, connection, tenant, self.clock.now(), actor)
                self._observer("commit", "before")
            self._observer("commit", "after")

    @contextmanager
    def view(self, tenant: int) -> Iterator[View]:
        """One reading transaction: a still picture, which waits for no writer. Raises HouseDown as `work`."""
        with self._told(), self.doors().reading.connect() as connection, connection.begin():
            self._database.begin(connection, writes=False)
            yield View(self, connection, tenant, self.clock.now())

    def sole_runner(self) -> AbstractContextManager[None]:
        """Held by a process that turns the crank. Raises Refused for a second one on a SQLite file."""
        return self._database.sole_runner()

    def numbers(self, connection: Connection, table: str, count: int) -> Sequence[int]:
        """The next ids of a table."""
        return self._database.numbers(connection, table, count)

    def doors(self) -> Doors:
        """The connections of this process; those of a parent process are left alone."""
        if self._doors is None or self._owner != os.getpid():
            self._forget(close=self._owner == os.getpid())
            self._doors, self._owner = self._database.doors(), os.getpid()
        return self._doors

    def dispose(self) -> None:
        """Close all connections; the next transaction opens new ones."""
        self._forget(close=self._owner == os.getpid())

    def _forget(self, *, close: bool) -> None:
        doors, self._doors = self._doors, None
        for door in doors or ():
            door.dispose(close=close)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            code = house_code(error)
            if code is None:
                raise
            raise HouseDown(code, where=self._database.where(), detail=first_line(error)) from error


def house_error(error: BaseException) -> bool:
    """True when the house is at fault and not the row: connection, lock, deadlock, disk, memory."""
    return isinstance(error, HouseDown) or house_code(error) is not None


def house_code(error: BaseException) -> str | None:
    """The code of an error of the house; `None` for an error that belongs to a row, or to us."""
    told = error.orig if isinstance(error, DBAPIError) else error
    return next((code(told) for kind, code in _KINDS if isinstance(told, kind)), None)


def first_line(error: BaseException) -> str:
    """What the driver said, without the statement and its values."""
    driver = error.orig if isinstance(error, DBAPIError) else None
    return str(driver or error).partition("\n")[0]


def _postgres_code(error: psycopg.Error) -> str | None:
    state = error.sqlstate
    if state is not None:
        return _STATES.get(state) or _STATES.get(state[:2])
    lost = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return "database.unreachable" if lost else None


def _sqlite_code(error: sqlite3.Error) -> str | None:
    return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)


def _nobody(_point: str, _when: str) -> None:
    """Nobody watches."""


_SQLITE = {
    sqlite3.SQLITE_BUSY: "database.busy",
    sqlite3.SQLITE_LOCKED: "database.busy",
    sqlite3.SQLITE_PROTOCOL: "database.busy",
    sqlite3.SQLITE_NOMEM: "house.out_of_memory",
    sqlite3.SQLITE_READONLY: "database.read_only",
    sqlite3.SQLITE_IOERR: "database.disk_error",
    sqlite3.SQLITE_CORRUPT: "database.damaged",
    sqlite3.SQLITE_NOTADB: "database.damaged",
    sqlite3.SQLITE_FULL: "database.disk_full",
    sqlite3.SQLITE_CANTOPEN: "database.folder_not_writable",
}
"""By primary result code (sqlite.org/rescode.html)."""

_STATES = {
    "08": "database.unreachable",
    "25006": "database.read_only",
    "25P03": "database.unreachable",
    "3D000": "database.unreachable",
    "28": "database.unreachable",
    "40001": "database.busy",
    "40P01": "database.busy",
    "53100": "database.disk_full",
    "53200": "house.out_of_memory",
    "53": "database.unreachable",
    "55P03": "database.busy",
    "57": "database.unreachable",
    "58": "database.disk_error",
    "XX001": "database.damaged",
    "XX002": "database.damaged",
}
"""By SQLSTATE or its class (PostgreSQL manual, appendix A)."""

_SYSTEM = {
    ENOSPC: "database.disk_full",
    EDQUOT: "database.disk_full",
    ENOMEM: "house.out_of_memory",
    EMFILE: "house.out_of_memory",
    ENFILE: "house.out_of_memory",
}

_KINDS: tuple[tuple[type[BaseException], Callable[[Any], str | None]], ...] = (
    (HouseDown, attrgetter("code")),
    (MemoryError, lambda _: "house.out_of_memory"),
    (NoConnectionFree, lambda _: "database.unreachable"),
    (PendingRollbackError, lambda _: "database.unreachable"),
    (sqlite3.Error, _sqlite_code),
    (psycopg.Error, _postgres_code),
    (OSError, lambda error: _SYSTEM.get(error.errno)),
)
