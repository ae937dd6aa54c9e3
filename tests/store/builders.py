"""Stores on fresh databases, and the few rows that tests of the store need."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from hub.core.clock import ManualClock, seeded_chance
from hub.store.engine import Store
from hub.store.founding import found
from hub.store.keyring import Keyring
from hub.store.migrate import upgrade
from hub.store.tables import CompanyRow

KEY = bytes(range(32))
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
TENANT = 1
ROOT = Path(__file__).parents[2]


@contextmanager
def a_store(url: str, *, key: bytes = KEY, observer=None) -> Iterator[Store]:
    """The store of a hub at noon on Black Friday."""
    store = Store(url, keyring=Keyring(key), clock=ManualClock(NOON), chance=seeded_chance(7), observer=observer)
    try:
        yield store
    finally:
        store.dispose()


def founded(url: str) -> None:
    """Tables, and the first rows of a hub."""
    if url.startswith("sqlite:"):
        Path(url.removeprefix("sqlite:///")).write_bytes(founded_file())
    else:
        found_at(url)


@cache
def founded_file() -> bytes:
    """A founded SQLite database, made once and copied."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "hub.sqlite")
        found_at(f"sqlite:///{file}")
        return file.read_bytes()


def found_at(url: str) -> None:
    upgrade(url)
    with a_store(url) as store, store.work(TENANT, "test") as work:
        found(work, tenant="Demo")


def a_company(number: int = 1, **fields):
    return {
        "id": number,
        "code": f"c{number}",
        "name": "Demo",
        "currency": "EUR",
        "country": "DE",
        "zone": "Europe/Berlin",
    } | fields


def companies(store: Store, *, tenant: int = TENANT) -> dict[int, str]:
    """Names of the companies that are stored, by id."""
    stored = select(CompanyRow.id, CompanyRow.name).where(CompanyRow.tenant_id == tenant)
    with store.view(tenant) as view:
        return {row.id: row.name for row in view.all(stored.order_by(CompanyRow.id))}


def run_beside(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the tests in a process of its own, to its end."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
