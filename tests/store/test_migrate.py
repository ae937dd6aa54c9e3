"""An upgraded database has exactly the tables that the code means, on both databases, whoever upgrades it."""

import re
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from hub.store.databases import database, sequence_of
from hub.store.migrate import State, known, state, upgrade
from hub.store.migrations.draft import FIRST, draft
from hub.store.tables import Row
from tests.store.builders import ROOT, TENANT, a_store, founded

TABLES = sorted(Row.metadata.tables)


@pytest.fixture
def upgraded(fresh_url):
    upgrade(fresh_url)
    engine = database(fresh_url).doors().writing
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def meant(upgraded, tmp_path):
    """The same kind of database with tables made from the code instead of the revisions."""
    if upgraded.dialect.name == "postgresql":
        upgraded.execute(text("CREATE SCHEMA meant"))
        upgraded.execute(text("SET search_path TO meant"))
        Row.metadata.create_all(upgraded)
        yield inspect(upgraded)
        upgraded.rollback()
        return
    engine = create_engine(f"sqlite:///{tmp_path / 'meant.sqlite'}")
    Row.metadata.create_all(engine)
    yield inspect(engine)
    engine.dispose()


def shape(inspector, table, schema=None):
    """Everything a table promises: columns, keys, guards and indexes with their conditions."""
    options = {"table_name": table, "schema": schema}
    return {
        "columns": {
            column["name"]: (str(column["type"]), column["nullable"], column["default"])
            for column in inspector.get_columns(**options)
        },
        "options": inspector.get_table_options(**options),
        "primary key": inspector.get_pk_constraint(**options),
        "foreign keys": by_name(inspector.get_foreign_keys(**options), leave="referred_schema"),
        "unique": by_name(inspector.get_unique_constraints(**options)),
        "checks": by_name(inspector.get_check_constraints(**options)),
        "indexes": by_name(inspector.get_indexes(**options)),
    }


def by_name(found, *, leave=""):
    return {each["name"]: {key: said(value) for key, value in each.items() if key != leave} for each in found}


def said(value):
    """Conditions are objects of SQLAlchemy, equal to themselves only."""
    return {key: str(part) for key, part in value.items()} if isinstance(value, dict) else value


def test_the_live_tables_are_those_of_the_code(upgraded):
    context = MigrationContext.configure(upgraded, opts={"compare_type": True})

    assert compare_metadata(context, Row.metadata) == []


def test_every_guard_and_index_is_there_word_for_word(upgraded, meant):
    schema = "meant" if upgraded.dialect.name == "postgresql" else None
    live_schema = "public" if schema else None
    live = inspect(upgraded)

    assert {t: shape(live, t, live_schema) for t in TABLES} == {t: shape(meant, t, schema) for t in TABLES}


def test_names_follow_the_convention(upgraded):
    live = inspect(upgraded)
    names = {
        kind: [each["name"] for table in TABLES for each in find(table)]
        for kind, find in {
            "fk": live.get_foreign_keys,
            "uq": live.get_unique_constraints,
            "ck": live.get_check_constraints,
            "ix|uq": live.get_indexes,
            "pk": lambda table: [live.get_pk_constraint(table)],
        }.items()
    }
    odd = [name for kind, found in names.items() for name in found if not re.match(f"({kind})_", str(name))]

    assert odd == []
    assert {kind: len(found) > 0 for kind, found in names.items()} == dict.fromkeys(names, True)


def test_every_name_fits_into_both_databases(upgraded):
    """PostgreSQL cuts names after 63 characters, and then two may be one."""
    constraints = [str(each.name) for table in Row.metadata.tables.values() for each in table.constraints]
    indexes = [str(index.name) for table in Row.metadata.tables.values() for index in table.indexes]

    assert [name for name in (*constraints, *indexes) if len(name) > 63] == []


def test_each_table_has_its_numbers(postgres_url):
    founded(postgres_url)

    with a_store(postgres_url) as store, store.view(TENANT) as view:
        found = list(view.connection.execute(text("SELECT sequencename FROM pg_sequences")).scalars())

    assert sorted(found) == sorted(map(sequence_of, TABLES))


def test_a_database_is_empty_and_then_current(fresh_url, tmp_path):
    assert state(fresh_url) is State.EMPTY
    assert list(tmp_path.iterdir()) == []

    upgrade(fresh_url)
    upgrade(fresh_url)

    assert state(fresh_url) is State.CURRENT


def test_a_database_of_a_newer_release_is_newer(fresh_url):
    founded(fresh_url)
    with a_store(fresh_url) as store, store.work(TENANT, "test") as work:
        work.run(text("UPDATE alembic_version SET version_num = '9999'"))

    assert state(fresh_url) is State.NEWER


def test_two_upgrades_at_once_make_one_database(fresh_url):
    script = f"from hub.store.migrate import upgrade; upgrade({fresh_url!r})"
    command = [sys.executable, "-c", script]
    both = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60)[0] for process in both]

    assert said == ["", ""]
    assert state(fresh_url) is State.CURRENT


def test_sqlite_is_set_up_for_safety(sqlite_store):
    with sqlite_store.view(TENANT) as view:
        settings = {
            name: view.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "query_only", "secure_delete")
        }

    full, fast = 2, 2
    assert settings == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "query_only": 1,
        "secure_delete": fast,
    }


def test_revisions_are_numbered_without_a_gap():
    assert known() == [f"{number:04}" for number in range(1, len(known()) + 1)]


@pytest.mark.skipif(len(known()) > 1, reason="the first revision is released and stays as it is")
def test_the_first_revision_is_what_the_tables_say():
    drafted = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "-q", "-"],
        input=draft(),
        capture_output=True,
        text=True,
        check=True,
        cwd=FIRST.parent,
    ).stdout

    assert drafted == FIRST.read_text()
