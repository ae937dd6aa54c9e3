"""SQLite has one writer at a time; everybody comes to it, nobody is told to try again, and no death blocks it."""

import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
from sqlalchemy import select, update

from hub.core.failures import Refused
from hub.store.tables import CompanyRow, TenantRow
from hub.store.turnstile import Turnstile
from tests.store import beside
from tests.store.builders import ROOT, TENANT, a_company, a_store, companies

PROCESSES = 4


@contextmanager
def a_process(what, url):
    """Another process that does something to the database; killed at the end, if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.store.beside", what, url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_second_turn_waits_for_the_first(tmp_path):
    turnstile, seen = Turnstile(tmp_path / "hub.sqlite"), []

    def second():
        with turnstile.turn():
            seen.append("second")

    thread = threading.Thread(target=second)
    with turnstile.turn():
        thread.start()
        thread.join(0.05)
        seen.append("first")
    thread.join()

    assert seen == ["first", "second"]


def test_a_turn_is_free_again_after_an_error(tmp_path):
    turnstile = Turnstile(tmp_path / "hub.sqlite")
    with pytest.raises(KeyError), turnstile.turn():
        raise KeyError

    with turnstile.turn():
        pass


def test_a_work_inside_a_work_is_refused_instead_of_waiting_for_ever(sqlite_store, sqlite_url):
    with sqlite_store.work(TENANT, "outer") as outer, a_store(sqlite_url) as other:
        outer.insert(CompanyRow, [a_company(1)])
        for store in (sqlite_store, other):
            with pytest.raises(RuntimeError, match="inside a work"), store.work(TENANT, "inner"):
                pass

    assert companies(sqlite_store) == {1: "Demo"}


def test_a_killed_writer_blocks_nobody_and_leaves_nothing(sqlite_store, sqlite_url):
    with a_process("hold", sqlite_url) as process:
        assert process.stdout.readline() == "held\n"
        process.kill()

        with sqlite_store.work(TENANT, "test") as work:
            assert work.all(select(CompanyRow.id)) == []
            work.insert(CompanyRow, [a_company(2)])

    assert companies(sqlite_store) == {2: "Demo"}


@pytest.mark.slow
def test_many_writers_and_readers_never_hear_that_the_database_is_locked(sqlite_store, sqlite_url):
    with sqlite_store.work(TENANT, "test") as work:
        work.run(update(TenantRow).values(name="0"))

    command = [sys.executable, "-m", "tests.store.beside", "count", sqlite_url]
    processes = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    said = [process.communicate(timeout=100) for process in processes]

    assert said == [("done\n", "")] * PROCESSES
    works = PROCESSES * beside.THREADS * beside.WORKS
    with sqlite_store.view(TENANT) as view:
        assert view.scalar(select(TenantRow.name)) == str(works)
    assert list(companies(sqlite_store)) == list(range(1, works + 1))


def test_one_runner_per_file_and_others_may_work_beside(sqlite_store, sqlite_url):
    with a_process("run", sqlite_url) as process:
        assert process.stdout.readline() == "running\n"

        with pytest.raises(Refused) as refused, sqlite_store.sole_runner():
            pass
        with sqlite_store.work(TENANT, "test") as work:
            work.insert(CompanyRow, [a_company(1)])

        assert refused.value.code == "hub.already_running"
        assert refused.value.params["pid"] == str(process.pid)
        assert companies(sqlite_store) == {1: "Demo"}

        process.kill()
        process.wait()
        with sqlite_store.sole_runner():
            pass


def test_a_runner_that_ends_makes_room_for_the_next(sqlite_store):
    for _ in range(2):
        with sqlite_store.sole_runner():
            pass


def test_on_postgresql_any_number_may_run(postgres_store):
    with postgres_store.sole_runner(), postgres_store.sole_runner():
        pass
