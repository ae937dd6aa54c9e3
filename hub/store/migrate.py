"""Bring a database to the tables of this release, and say where it stands.

The revisions lie in `hub/store/migrations/versions`, named by number. Until the first release the first of
them is written anew after each change of the tables: `python -m hub.store.migrations.draft`.
"""

from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from hub.store.databases import Database, Sqlite, database
from hub.store.outages import told_by

MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 4_772_001
"""Upgrades of one PostgreSQL database queue at this number."""


class State(StrEnum):
    """How a database compares with this release."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"


def upgrade(url: str) -> None:
    """Run the revisions that are missing, all or none. Raises HouseDown where the database is not reached."""
    house = database(url)
    with told_by(house.where()), house.turn():
        engine = house.doors().writing
        try:
            with engine.connect() as connection:
                _upgrade(house, connection)
        finally:
            engine.dispose()


def state(url: str) -> State:
    """Where a database stands. A SQLite file that is not there is empty, and is not made."""
    house = database(url)
    engine = house.doors().reading
    try:
        with told_by(house.where()):
            return standing(house, engine)
    finally:
        engine.dispose()


def standing(house: Database, engine: Engine) -> State:
    """As `state`, over connections that are open already."""
    if isinstance(house, Sqlite) and not house.path.exists():
        return State.EMPTY
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return State.EMPTY
        return _compared(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def known() -> list[str]:
    """The revisions of this release, first to last."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _compared(revision: str) -> State:
    revisions = known()
    if revision not in revisions:
        return State.NEWER
    return State.CURRENT if revision == revisions[-1] else State.OLDER


def _upgrade(house: Database, connection: Connection) -> None:
    """Foreign keys rest meanwhile: SQLite changes a table by making it anew. They are checked at the end."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS))
    sqlite = isinstance(house, Sqlite)
    if sqlite:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.commit()
    with connection.begin():
        house.begin(connection, writes=True)
        if not sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
        command.upgrade(config, "head")
        if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError("an upgrade has left rows that refer to nothing")
