"""The naive way: three Celery tasks per order, each its own transaction of a statement per row.

The worker is a process of its own; database, key and queue come to it by environment.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Any

import psycopg
from celery import Celery
from kombu import Connection, Exchange, Queue

from hub.bench.floor import COLUMNS, MICRO, WHY, Arrived, Channel, Listed, Shelf, Writing, numbers_needed
from hub.core.clock import SystemClock, system_chance
from hub.store.keyring import Keyring

BROKER = "amqp://guest:guest@127.0.0.1:5672//"
PATIENCE_SECONDS = 3

app = Celery("bench", broker=os.environ.get("HUB_BENCH_BROKER", BROKER), set_as_current=False)
app.conf.update(task_acks_late=True, task_ignore_result=True, broker_connection_retry_on_startup=True)
app.conf.task_default_queue = os.environ.get("HUB_BENCH_QUEUE", "celery")

ONE = """
    SELECT i.id, i.external_id, i.digest, i.lane, i.asked_at, i.received_at, i.key_id, i.blob_id, b.body, k.wrapped
    FROM inbox i JOIN blobs b ON b.tenant_id = i.tenant_id AND b.id = i.blob_id
    JOIN data_keys k ON k.tenant_id = i.tenant_id AND k.id = i.key_id
    WHERE i.tenant_id = 1 AND i.id = %s AND i.due_at IS NOT NULL FOR UPDATE OF i
"""


@cache
def _database() -> psycopg.Connection[Any]:
    return psycopg.connect(os.environ["HUB_BENCH_POSTGRES"], autocommit=True)


@cache
def _keyring() -> Keyring:
    return Keyring.load(Path(os.environ["HUB_BENCH_FOLDER"]), {})


def _number(table: str) -> int:
    row = _database().execute("SELECT nextval(%s::regclass)", (f"{table}_ids",)).fetchone()
    return int(row[0]) if row else 0


def _event(order: int, seq: int, name: str, inbox: int | None = None) -> None:
    _database().execute(
        "INSERT INTO events (tenant_id, id, subject, subject_id, seq, name, actor, params, inbox_id, at)"
        " VALUES (1, %s, 'order', %s, %s, %s, 'naive', '{}', %s, %s)",
        (_number("events"), order, seq, name, inbox, SystemClock().now()),
    )


@app.task(name="bench.take_in")
def take_in(inbox: int, connection: int, company: int) -> None:
    """A document becomes an order with its lines and people."""
    database, now = _database(), SystemClock().now()
    with database.transaction():
        row = database.execute(ONE, (inbox,), binary=True).fetchone()
        if row is None:
            return
        writing = Writing(_keyring(), system_chance(), Channel(connection, company), now, now)
        listed = database.execute("SELECT external_id, id, item_id FROM listings WHERE tenant_id = 1").fetchall()
        known = {name: Listed(listing, item) for name, listing, item in listed}
        shelves = [Shelf(0, item, 0, MICRO * MICRO) for _, _, item in listed]
        ids = {table: map(_number, repeat(table)) for table in numbers_needed(1, 3)}
        writing.take_in([Arrived(*row)], known, shelves, ids)
        [(order, _)] = writing.settled
        for table in ("parties", "orders", "order_lines"):
            for values in writing.rows[table]:
                names = ", ".join(f'"{name}"' for name in COLUMNS[table])
                marks = ", ".join(repeat("%s", len(values)))
                text = f"INSERT INTO {table} ({names}) VALUES ({marks})".encode()
                database.execute(text, values)
        database.execute("UPDATE orders SET state = 'accepted', seq = 2 WHERE tenant_id = 1 AND id = %s", (order,))
        database.execute("UPDATE order_lines SET planned = 0 WHERE tenant_id = 1 AND order_id = %s", (order,))
        _event(order, 1, "order.received", inbox)
        _event(order, 2, "order.accepted")
        database.execute(
            "UPDATE inbox SET state = 'applied', due_at = NULL, settled_at = %s, code = 'inbox.new_order',"
            " params = '{}', order_id = %s WHERE tenant_id = 1 AND id = %s",
            (now, order, inbox),
        )
    reserve.delay(order)


@app.task(name="bench.reserve")
def reserve(order: int) -> None:
    """Each line takes its goods from the first shelf that has them."""
    database, now = _database(), SystemClock().now()
    with database.transaction():
        database.execute("SELECT 1 FROM orders WHERE tenant_id = 1 AND id = %s FOR UPDATE", (order,))
        lines = "SELECT id, item_id, ordered FROM order_lines WHERE tenant_id = 1 AND order_id = %s ORDER BY item_id"
        for line, item, quantity in database.execute(lines, (order,)).fetchall():
            shelf = database.execute(
                "SELECT id FROM positions WHERE tenant_id = 1 AND item_id = %s AND on_hand - reserved >= %s"
                " ORDER BY location_id LIMIT 1 FOR UPDATE",
                (item, quantity),
            ).fetchone()
            if shelf is None:
                raise LookupError("the floor has run out")
            database.execute(
                "UPDATE positions SET reserved = reserved + %s WHERE tenant_id = 1 AND id = %s", (quantity, shelf[0])
            )
            database.execute(
                "INSERT INTO reservations (tenant_id, id, order_line_id, position_id, quantity, state, made_at)"
                " VALUES (1, %s, %s, %s, %s, 'open', %s)",
                (_number("reservations"), line, shelf[0], quantity, now),
            )
            database.execute("UPDATE order_lines SET reserved = %s WHERE tenant_id = 1 AND id = %s", (quantity, line))
        database.execute("UPDATE orders SET state = 'reserved', seq = 3 WHERE tenant_id = 1 AND id = %s", (order,))
        _event(order, 3, "order.reserved")
    route.delay(order)


@app.task(name="bench.route")
def route(order: int) -> None:
    """What is reserved becomes a fulfilment."""
    database, now, fulfilment = _database(), SystemClock().now(), _number("fulfilments")
    with database.transaction():
        database.execute("SELECT 1 FROM orders WHERE tenant_id = 1 AND id = %s FOR UPDATE", (order,))
        rows = database.execute(
            "SELECT r.id, l.id, r.quantity, p.location_id FROM order_lines l"
            " JOIN reservations r ON r.tenant_id = l.tenant_id AND r.order_line_id = l.id"
            " JOIN positions p ON p.tenant_id = r.tenant_id AND p.id = r.position_id"
            " WHERE l.tenant_id = 1 AND l.order_id = %s ORDER BY l.id",
            (order,),
        ).fetchall()
        database.execute(
            "INSERT INTO fulfilments (tenant_id, id, uid, company_id, location_id, connection_id, party_id, key_id,"
            " carrier_id, state, lane, due_at, seq, generation, why, made_at) SELECT 1, %s, %s, company_id, %s,"
            " connection_id, party_id, key_id, connection_id, 'planned', lane, %s, 0, 1, %s, %s FROM orders"
            " WHERE tenant_id = 1 AND id = %s",
            (fulfilment, f"naive-{fulfilment}", rows[0][3], now, WHY, now, order),
        )
        for reservation, line, quantity, _ in rows:
            leaving = _number("fulfilment_lines")
            database.execute(
                "INSERT INTO fulfilment_lines (tenant_id, id, fulfilment_id, order_line_id, quantity)"
                " VALUES (1, %s, %s, %s, %s)",
                (leaving, fulfilment, line, quantity),
            )
            database.execute(
                "UPDATE reservations SET fulfilment_line_id = %s WHERE tenant_id = 1 AND id = %s",
                (leaving, reservation),
            )
            database.execute(
                "UPDATE order_lines SET reserved = 0, planned = %s WHERE tenant_id = 1 AND id = %s", (quantity, line)
            )
        database.execute("UPDATE orders SET state = 'routed', seq = 4 WHERE tenant_id = 1 AND id = %s", (order,))
        _event(order, 4, "order.routed")


@contextmanager
def worker(url: str, folder: Path, queue: str) -> Iterator[Celery]:
    """Two processes that work on a queue, until the block ends."""
    broker = os.environ.get("HUB_BENCH_BROKER", BROKER)
    Connection(broker, connect_timeout=PATIENCE_SECONDS).ensure_connection(max_retries=1, timeout=PATIENCE_SECONDS)
    told = {"HUB_BENCH_POSTGRES": url, "HUB_BENCH_FOLDER": str(folder), "HUB_BENCH_QUEUE": queue}
    command = [sys.executable, "-m", "celery", "-A", "hub.bench.naive_celery:app", "worker", "--concurrency", "2"]
    command += ["--queues", queue, "--loglevel", "ERROR", "--without-gossip", "--without-mingle"]
    env, nowhere = {**os.environ, **told}, subprocess.DEVNULL
    running = subprocess.Popen(command, env=env, stdout=nowhere, stderr=nowhere)  # noqa: S603  our own command
    try:
        yield app
    finally:
        running.terminate()
        running.wait()
        with app.connection() as connection:
            Queue(queue, channel=connection.default_channel).delete()
            Exchange(queue, channel=connection.default_channel).delete()
