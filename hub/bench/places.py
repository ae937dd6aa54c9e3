"""Where the bench runs: an empty database of its own on each server, gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from hub.bench.company import Company, company
from hub.bench.floor import Channel, Floor
from hub.bench.floor_postgres import PostgresFloor
from hub.bench.floor_sqlite import SqliteFloor
from hub.core.clock import system_chance
from hub.core.failures import HouseDown

POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
PATIENCE_SECONDS = 3


class Stand:
    """The company and the floor on one database."""

    def __init__(self, database: str, url: str, folder: Path, company: Company, floor: Floor) -> None:
        self.database = database
        self.url = url
        self.folder = folder
        self.company = company
        self.floor = floor

    def warm(self, orders: int) -> None:
        """Both work once unmeasured, then the server counts its rows: without that it guesses its plans."""
        self.company.arrive(self.company.documents(orders))
        self.company.bring_in()
        self.floor.arrive(self.company.documents(orders))
        drain(self.floor)
        self.analyze()

    def analyze(self) -> None:
        if self.database == "postgresql":
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute("ANALYZE")


def drain(floor: Floor) -> int:
    """Batches of the floor until the inbox is empty; how many orders."""
    done = 0
    while batch := floor.batch():
        done += batch
    return done


@contextmanager
def sqlite(folder: Path) -> Iterator[Stand]:
    """A stand on a new SQLite file."""
    path = folder / "bench.sqlite"
    with company(folder, f"sqlite:///{path}") as made:
        store = made.hub.store
        floor = SqliteFloor(str(path), store.keyring, store.clock, store.chance, _channel(made))
        try:
            yield Stand("sqlite", f"sqlite:///{path}", folder, made, floor)
        finally:
            floor.close()


@contextmanager
def postgres(folder: Path, server: str) -> Iterator[Stand]:
    """A stand on a new PostgreSQL database. Raises HouseDown where the server does not answer."""
    with _database(server) as url, company(folder, url) as made:
        store = made.hub.store
        floor = PostgresFloor(url, store.keyring, store.clock, store.chance, _channel(made))
        try:
            yield Stand("postgresql", url, folder, made, floor)
        finally:
            floor.close()


@contextmanager
def _database(server: str) -> Iterator[str]:
    name = f"hub_bench_{system_chance().getrandbits(48):x}"
    try:
        admin = psycopg.connect(server, autocommit=True, connect_timeout=PATIENCE_SECONDS)
    except psycopg.OperationalError as error:
        detail = str(error).partition("\n")[0]
        raise HouseDown("database.unreachable", where="postgresql", detail=detail) from error
    with admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _channel(made: Company) -> Channel:
    return Channel(made.channel.id, made.channel.company_id)
