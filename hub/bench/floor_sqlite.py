"""The floor on SQLite: the driver of the standard library, `executemany` per table."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from hub.bench.floor import BATCH, COLUMNS, TENANT, Arrived, Channel, Listed, Rows, Shelf, Writing, numbers_needed
from hub.core.clock import Chance, Clock
from hub.sdk.capabilities import RawDocument
from hub.store.keyring import Keyring
from hub.store.turnstile import Turnstile
from hub.store.types import utc_text

PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = FAST",
           "cache_size = -16000", "temp_store = MEMORY", "busy_timeout = 10000")  # fmt: skip
DUE = """
    SELECT i.id, i.external_id, i.digest, i.lane, i.asked_at, i.received_at, i.key_id, i.blob_id, b.body, k.wrapped
    FROM inbox i
    JOIN blobs b ON b.tenant_id = i.tenant_id AND b.id = i.blob_id
    JOIN data_keys k ON k.tenant_id = i.tenant_id AND k.id = i.key_id
    WHERE i.tenant_id = ? AND i.connection_id = ? AND i.due_at IS NOT NULL AND i.due_at <= ?
    ORDER BY i.lane, i.id LIMIT ?
"""
WAITING = "SELECT 1 FROM inbox WHERE tenant_id = ? AND connection_id = ? AND due_at IS NOT NULL LIMIT 1"
KNOWN = """
    SELECT 1 FROM orders WHERE tenant_id = ? AND connection_id = ?
    AND external_id IN (SELECT value FROM json_each(?)) LIMIT 1
"""
SHELVES = "SELECT id, item_id, location_id, on_hand - reserved FROM positions WHERE tenant_id = ? AND kind = 'shelf'"
LISTED = "SELECT external_id, id, item_id FROM listings WHERE tenant_id = ? AND connection_id = ?"
NUMBERS = "UPDATE counters SET value = value + ? WHERE name = ? RETURNING value"
PROMISE = "UPDATE positions SET reserved = reserved + ? WHERE tenant_id = ? AND id = ?"
SETTLE = """
    UPDATE inbox SET state = 'applied', due_at = NULL, settled_at = ?, code = 'inbox.new_order', params = '{}',
    order_id = ? WHERE tenant_id = ? AND id = ?
"""


class SqliteFloor:
    """One connection, one process. Every counter it uses exists: the hub was there before."""

    def __init__(self, path: str, keyring: Keyring, clock: Clock, chance: Chance, channel: Channel) -> None:
        self.keyring, self.clock, self.chance, self.channel = keyring, clock, chance, channel
        self.driver = sqlite3.connect(path, isolation_level=None, cached_statements=64)
        self.turnstile = Turnstile(Path(path))
        for pragma in PRAGMAS:
            self.driver.execute(f"PRAGMA {pragma}")

    def arrive(self, documents: Sequence[RawDocument]) -> None:
        for start in range(0, len(documents), BATCH):
            page = documents[start : start + BATCH]
            with self._transaction():
                writing = self._writing()
                writing.store(page, self._ids(dict.fromkeys(("data_keys", "blobs", "inbox"), len(page))))
                self._write(writing.rows)

    def batch(self) -> int:
        mine = (TENANT, self.channel.connection_id)
        if self.driver.execute(WAITING, mine).fetchone() is None:
            return 0
        with self._transaction():
            writing = self._writing()
            arrived = [Arrived(*row) for row in self.driver.execute(DUE, (*mine, writing.stamp, BATCH))]
            externals = "[" + ",".join(f'"{row.external_id}"' for row in arrived) + "]"
            if self.driver.execute(KNOWN, (*mine, externals)).fetchone():
                raise LookupError("an order twice")
            listed = {name: Listed(listing, item) for name, listing, item in self.driver.execute(LISTED, mine)}
            shelves = [Shelf(*row) for row in self.driver.execute(SHELVES, (TENANT,))]
            writing.take_in(arrived, listed, shelves, self._ids(numbers_needed(len(arrived), 3)))
            self._write(writing.rows)
            self.driver.executemany(PROMISE, [(more, TENANT, key) for key, more in writing.promised.items()])
            self.driver.executemany(SETTLE, [(writing.stamp, order, TENANT, row) for order, row in writing.settled])
            return len(arrived)

    def close(self) -> None:
        self.driver.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """In turn with the other writers of the file."""
        with self.turnstile.turn(), self.driver:
            self.driver.execute("BEGIN IMMEDIATE")
            yield

    def _writing(self) -> Writing:
        now = self.clock.now()
        return Writing(self.keyring, self.chance, self.channel, now, utc_text(now))

    def _ids(self, counts: Mapping[str, int]) -> dict[str, Iterator[int]]:
        found = {}
        for table, count in counts.items():
            [last] = self.driver.execute(NUMBERS, (count, table)).fetchone()
            found[table] = iter(range(last - count + 1, last + 1))
        return found

    def _write(self, rows: Rows) -> None:
        for table, names in COLUMNS.items():
            if table in rows:
                quoted = ", ".join(f'"{name}"' for name in names)
                marks = ", ".join("?" * len(names))
                self.driver.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", rows[table])
