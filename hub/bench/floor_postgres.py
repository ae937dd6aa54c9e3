"""The floor on PostgreSQL: psycopg, binary COPY, five statements beside it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import psycopg
from sqlalchemy import make_url

from hub.bench import floor
from hub.bench.floor import BATCH, COLUMNS, TENANT, Arrived, Channel, Listed, Rows, Shelf, Writing, numbers_needed
from hub.core.clock import Chance, Clock
from hub.sdk.capabilities import RawDocument
from hub.store.keyring import Keyring
from hub.store.tables.row import Row

DUE = """
    SELECT i.id, i.external_id, i.digest, i.lane, i.asked_at, i.received_at, i.key_id, i.blob_id, b.body, k.wrapped
    FROM inbox i
    JOIN blobs b ON b.tenant_id = i.tenant_id AND b.id = i.blob_id
    JOIN data_keys k ON k.tenant_id = i.tenant_id AND k.id = i.key_id
    WHERE i.tenant_id = %s AND i.connection_id = %s AND i.due_at IS NOT NULL AND i.due_at <= %s
    ORDER BY i.lane, i.id LIMIT %s FOR UPDATE OF i SKIP LOCKED
"""
KNOWN = "SELECT 1 FROM orders WHERE tenant_id = %s AND connection_id = %s AND external_id = ANY(%s) LIMIT 1"
SHELVES = """
    SELECT id, item_id, location_id, on_hand - reserved FROM positions WHERE tenant_id = %s AND kind = 'shelf'
    AND item_id = ANY(%s) ORDER BY location_id, item_id, lot FOR NO KEY UPDATE
"""
LISTED = "SELECT external_id, id, item_id FROM listings WHERE tenant_id = %s AND connection_id = %s"
PROMISE = """
    UPDATE positions SET reserved = reserved + x.more FROM unnest(%s::int8[], %s::int8[]) AS x(id, more)
    WHERE tenant_id = %s AND positions.id = x.id
"""
SETTLE = """
    UPDATE inbox SET state = 'applied', due_at = NULL, settled_at = %s, code = 'inbox.new_order', params = '{}',
    order_id = x.order_id FROM unnest(%s::int8[], %s::int8[]) AS x(order_id, id)
    WHERE tenant_id = %s AND inbox.id = x.id
"""


class PostgresFloor:
    """One connection, one process."""

    def __init__(self, url: str, keyring: Keyring, clock: Clock, chance: Chance, channel: Channel) -> None:
        self.keyring, self.clock, self.chance, self.channel = keyring, clock, chance, channel
        self.driver = psycopg.connect(url, autocommit=False)

    def arrive(self, documents: Sequence[RawDocument]) -> None:
        for start in range(0, len(documents), BATCH):
            page = documents[start : start + BATCH]
            with self.driver.transaction():
                writing = self._writing()
                writing.store(page, self._ids(dict.fromkeys(("data_keys", "blobs", "inbox"), len(page))))
                self._write(writing.rows)

    def batch(self) -> int:
        with self.driver.transaction():
            writing = self._writing()
            due = self.driver.execute(
                DUE, (TENANT, self.channel.connection_id, writing.stamp, BATCH), binary=True
            ).fetchall()
            if not due:
                return 0
            arrived = [Arrived(*row) for row in due]
            known = (TENANT, self.channel.connection_id, [row.external_id for row in arrived])
            if self.driver.execute(KNOWN, known).fetchone():
                raise LookupError("an order twice")
            listed = self._listed()
            items = [each.item_id for each in listed.values()]
            shelves = [Shelf(*row) for row in self.driver.execute(SHELVES, (TENANT, items)).fetchall()]
            writing.take_in(arrived, listed, shelves, self._ids(numbers_needed(len(arrived), 3)))
            self._write(writing.rows)
            self.driver.execute(PROMISE, (list(writing.promised), list(writing.promised.values()), TENANT))
            orders, rows = zip(*writing.settled, strict=True)
            self.driver.execute(SETTLE, (writing.stamp, list(orders), list(rows), TENANT))
            return len(arrived)

    def close(self) -> None:
        self.driver.close()

    def _writing(self) -> Writing:
        now = self.clock.now()
        return Writing(self.keyring, self.chance, self.channel, now, now)

    def _listed(self) -> dict[str, Listed]:
        rows = self.driver.execute(LISTED, (TENANT, self.channel.connection_id)).fetchall()
        return {external_id: Listed(listing, item) for external_id, listing, item in rows}

    def _ids(self, counts: Mapping[str, int]) -> dict[str, Iterator[int]]:
        """All numbers of a transaction in one question."""
        parts = (
            f"(SELECT array_agg(nextval('{table}_ids')) FROM generate_series(1, {count}))"
            for table, count in counts.items()
        )
        row = self.driver.execute(f"SELECT {', '.join(parts)}".encode()).fetchone() or ()
        return {table: iter(found) for table, found in zip(counts, row, strict=True)}

    def _write(self, rows: Rows) -> None:
        with self.driver.cursor() as cursor:
            for table in floor.COLUMNS:
                if table not in rows:
                    continue
                text = f"COPY {table} ({', '.join(_quoted(table))}) FROM STDIN (FORMAT BINARY)"
                with cursor.copy(text.encode()) as copy:
                    copy.set_types(_types(table))
                    for row in rows[table]:
                        copy.write_row(row)


def _quoted(table: str) -> list[str]:
    return [f'"{name}"' for name in COLUMNS[table]]


@cache
def _types(table: str) -> list[str]:
    """The driver's names of the columns' types: VARCHAR(64) -> varchar."""
    columns = Row.metadata.tables[table].c
    dialect = make_url("postgresql+psycopg://").get_dialect()()
    return [columns[name].type.compile(dialect).lower().partition("(")[0] for name in COLUMNS[table]]
