"""Whose fault an error is: the house's, and everything waits, or a row's, and this row is set aside."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EDQUOT, EMFILE, ENFILE, ENOMEM, ENOSPC
from operator import attrgetter
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError, PendingRollbackError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from hub.core.failures import HouseDown


def house_error(error: BaseException) -> bool:
    """True when the house is at fault and not the row: connection, lock, deadlock, disk, memory."""
    return isinstance(error, HouseDown) or house_code(error) is not None


def house_code(error: BaseException) -> str | None:
    """The code of an error of the house; `None` for an error that belongs to a row, or to us."""
    told = error.orig if isinstance(error, DBAPIError) else error
    return next((code(told) for kind, code in _KINDS if isinstance(told, kind)), None)


@contextmanager
def told_by(where: str) -> Iterator[None]:
    """Errors of the house at this address, as HouseDown; those of a row pass."""
    try:
        yield
    except SQLAlchemyError as error:
        code = house_code(error)
        if code is None:
            raise
        raise HouseDown(code, where=where, detail=first_line(error)) from error


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
