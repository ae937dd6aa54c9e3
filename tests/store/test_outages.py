"""An error of the house sends everything back; an error of a row sets this row aside."""

import errno
import sqlite3

import psycopg
import pytest
import sqlalchemy.exc
from psycopg import errors

from hub.core.failures import HouseDown, Rejected
from hub.store.engine import house_error
from hub.store.outages import house_code

THE_HOUSE = {
    "connection lost": (psycopg.OperationalError("server closed the connection unexpectedly"), "unreachable"),
    "connection closed": (psycopg.InterfaceError("the connection is closed"), "unreachable"),
    "server stopping": (errors.AdminShutdown(), "unreachable"),
    "server starting": (errors.CannotConnectNow(), "unreachable"),
    "too many connections": (errors.TooManyConnections(), "unreachable"),
    "idle too long": (errors.IdleInTransactionSessionTimeout(), "unreachable"),
    "wrong password": (errors.InvalidPassword(), "unreachable"),
    "no such database": (errors.InvalidCatalogName(), "unreachable"),
    "statement cancelled": (errors.QueryCanceled(), "unreachable"),
    "lock not given": (errors.LockNotAvailable(), "busy"),
    "deadlock": (errors.DeadlockDetected(), "busy"),
    "serialization": (errors.SerializationFailure(), "busy"),
    "disk full": (errors.DiskFull(), "disk_full"),
    "standby": (errors.ReadOnlySqlTransaction(), "read_only"),
    "disk broken": (errors.IoError(), "disk_error"),
    "index broken": (errors.IndexCorrupted(), "damaged"),
}
THE_ROW = {
    "unique": errors.UniqueViolation(),
    "foreign key": errors.ForeignKeyViolation(),
    "check": errors.CheckViolation(),
    "not null": errors.NotNullViolation(),
    "too long": errors.StringDataRightTruncation(),
    "too large": errors.NumericValueOutOfRange(),
    "NUL": errors.CharacterNotInRepertoire(),
    "unknown table": errors.UndefinedTable(),
    "driver refuses": psycopg.DataError("integer out of range"),
    "driver misused": psycopg.ProgrammingError("wrong"),
    "SQLite unique": sqlite3.IntegrityError("UNIQUE constraint failed"),
    "SQLite too large": OverflowError("Python int too large to convert to SQLite INTEGER"),
    "surrogate": UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    "our bug": KeyError("sku"),
    "remote": Rejected("carrier.unknown_address"),
    "no such file": FileNotFoundError(errno.ENOENT, "gone"),
}


def sqlite_error(code):
    error = sqlite3.OperationalError("told by SQLite")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize("name", THE_HOUSE)
def test_the_house_is_at_fault(name):
    error, code = THE_HOUSE[name]

    assert house_code(error) == f"database.{code}"
    assert house_code(sqlalchemy.exc.OperationalError("SELECT 1", None, error)) == f"database.{code}"


@pytest.mark.parametrize("name", THE_ROW)
def test_the_row_is_at_fault(name):
    error = THE_ROW[name]

    assert not house_error(error)
    assert not house_error(sqlalchemy.exc.DBAPIError("SELECT 1", None, error))


@pytest.mark.parametrize(
    ("code", "means"),
    [
        (sqlite3.SQLITE_BUSY, "database.busy"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "database.busy"),
        (sqlite3.SQLITE_BUSY_RECOVERY, "database.busy"),
        (sqlite3.SQLITE_FULL, "database.disk_full"),
        (sqlite3.SQLITE_IOERR_FSYNC, "database.disk_error"),
        (sqlite3.SQLITE_CORRUPT, "database.damaged"),
        (sqlite3.SQLITE_NOTADB, "database.damaged"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "database.read_only"),
        (sqlite3.SQLITE_CANTOPEN, "database.folder_not_writable"),
        (sqlite3.SQLITE_NOMEM, "house.out_of_memory"),
        (sqlite3.SQLITE_ERROR, None),
        (sqlite3.SQLITE_CONSTRAINT_CHECK, None),
    ],
)
def test_sqlite_says_it_by_number(code, means):
    assert house_code(sqlite_error(code)) == means


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (MemoryError(), "house.out_of_memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "database.disk_full"),
        (OSError(errno.EMFILE, "Too many open files"), "house.out_of_memory"),
        (sqlalchemy.exc.TimeoutError("QueuePool limit reached"), "database.unreachable"),
        (HouseDown("database.busy"), "database.busy"),
    ],
    ids=["memory", "disk", "files", "pool", "told already"],
)
def test_the_machine_is_part_of_the_house(error, means):
    assert house_code(error) == means
    assert house_error(error)
