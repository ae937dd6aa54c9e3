"""A Work is kept or undone as a whole, a View is a still picture, and a house that is down says so at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from hub.core.failures import BadInput, HouseDown
from hub.store.engine import house_error
from hub.store.migrate import upgrade
from hub.store.tables import CompanyRow
from tests.store.builders import KEY, TENANT, a_company, a_store, companies, founded, run_beside


class Crash(Exception):
    """What a test does to a transaction."""


def crash_at(point):
    def observer(*seen):
        if seen == point:
            raise Crash

    return observer


def test_a_work_is_kept_when_its_block_ends(store):
    with store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1), a_company(2)])

    assert companies(store) == {1: "Demo", 2: "Demo"}


def test_a_work_that_fails_leaves_nothing(store):
    with pytest.raises(Crash), store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1)])
        raise Crash

    assert companies(store) == {}


@pytest.mark.parametrize(("point", "kept"), [(("commit", "before"), {}), (("commit", "after"), {1: "Demo"})])
def test_a_crash_around_the_commit_falls_to_one_side(fresh_url, point, kept):
    founded(fresh_url)

    with a_store(fresh_url, observer=crash_at(point)) as store:
        with pytest.raises(Crash), store.work(TENANT, "test") as work:
            work.insert(CompanyRow, [a_company(1)])

        assert companies(store) == kept


def test_the_time_of_a_work_stands_still(store):
    with store.work(TENANT, "test") as work:
        opened = work.now
        store.clock.advance(timedelta(hours=1))

        assert work.now == opened


def test_a_view_waits_for_no_writer_and_sees_only_what_is_committed(store):
    with store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1)])

        assert companies(store) == {}


def test_a_view_is_a_still_picture(store):
    count = select(CompanyRow.id)
    with store.view(TENANT) as view:
        before = view.scalars(count)
        with store.work(TENANT, "test") as work:
            work.insert(CompanyRow, [a_company(1)])

        assert view.scalars(count) == before == []

    assert companies(store) == {1: "Demo"}


def test_a_view_cannot_write(store):
    with pytest.raises(HouseDown) as refused, store.view(TENANT) as view:
        view.connection.execute(text("DELETE FROM tenants"))

    assert refused.value.code == "database.read_only"
    with store.view(TENANT) as view:
        assert view.scalar(text("SELECT count(*) FROM tenants")) == 1


def test_an_error_of_a_row_keeps_its_own_name(store):
    with pytest.raises(IntegrityError) as error, store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1), a_company(2, code="c1")])

    assert not house_error(error.value)
    assert companies(store) == {}


def test_a_forked_child_opens_connections_of_its_own(fresh_url):
    founded(fresh_url)

    done = run_beside("tests.store.forking", fresh_url)

    assert (done.returncode, done.stdout, done.stderr) == (0, "child [1]\nparent [1, 2]\n", "")


@pytest.mark.socket
def test_a_server_that_does_not_answer_is_said_at_once():
    url = "postgresql://hub:s3cret@127.0.0.1:9/hub"

    with a_store(url) as store, pytest.raises(HouseDown) as down, store.work(TENANT, "test"):
        pass

    assert down.value.code == "database.unreachable"
    assert down.value.params["where"] == "127.0.0.1:9/hub"
    assert "s3cret" not in str(down.value)


def test_a_folder_that_cannot_be_written_is_said_at_once(tmp_path):
    (tmp_path / "file").touch()
    url = f"sqlite:///{tmp_path / 'file' / 'hub.sqlite'}"

    with pytest.raises(HouseDown) as down:
        upgrade(url)

    assert (down.value.code, down.value.params) == (
        "database.folder_not_writable",
        {"where": str(tmp_path / "file")},
    )


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("mysql://root@localhost/hub", "database.unknown_kind"),
        ("/tmp/hub.sqlite", "database.unknown_kind"),
        ("postgresql:hub", "database.unknown_kind"),
        ("postgresql://hub:s3cret@localhost:port/hub", "database.bad_address"),
        ("sqlite://", "database.no_file"),
        ("sqlite:///:memory:", "database.no_file"),
    ],
)
def test_an_address_that_is_none_is_refused(url, code):
    with pytest.raises(BadInput) as refused, a_store(url):
        pass

    assert refused.value.code == code
    assert "s3cret" not in str(refused.value)


def test_a_database_without_tables_is_refused(fresh_url):
    with a_store(fresh_url) as store, pytest.raises(HouseDown) as down:
        store.check()

    assert down.value.code == "database.empty"


def test_a_database_of_a_newer_release_is_refused(fresh_url):
    founded(fresh_url)
    with a_store(fresh_url) as store, store.work(TENANT, "test") as work:
        work.run(text("UPDATE alembic_version SET version_num = '9999'"))

    with a_store(fresh_url) as store, pytest.raises(HouseDown) as down:
        store.check()

    assert down.value.code == "database.newer"


def test_another_key_is_refused_before_anything_is_read(fresh_url):
    founded(fresh_url)

    with a_store(fresh_url, key=bytes(32)) as store, pytest.raises(HouseDown) as down, store.work(TENANT, "x"):
        pass

    assert down.value.code == "key.wrong"
    with a_store(fresh_url, key=KEY) as store:
        store.check()


def test_a_full_disk_undoes_the_work_and_is_no_fault_of_a_row(sqlite_store):
    with pytest.raises(HouseDown) as down, sqlite_store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1)])
        pages = work.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        work.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")
        work.insert(CompanyRow, [a_company(number, name="x" * 4000) for number in range(2, 50)])

    assert down.value.code == "database.disk_full"
    assert house_error(down.value)
    assert companies(sqlite_store) == {}


def test_a_file_that_is_no_database_is_said(tmp_path):
    file = tmp_path / "hub.sqlite"
    file.write_bytes(b"orders of Monday\n" * 1000)

    with pytest.raises(HouseDown) as down:
        upgrade(f"sqlite:///{file}")

    assert down.value.code == "database.damaged"


def test_a_lock_is_waited_for_with_an_end(postgres_store):
    with postgres_store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1)])
    mine = select(CompanyRow.id).where(CompanyRow.id == 1)

    with postgres_store.work(TENANT, "first") as first:
        first.lock(mine)
        with pytest.raises(HouseDown) as down, postgres_store.work(TENANT, "second") as second:
            second.run(text("SET LOCAL lock_timeout = '20ms'"))
            second.lock(mine)

    assert down.value.code == "database.busy"


def test_locks_and_idle_transactions_have_their_limits(postgres_store):
    with postgres_store.view(TENANT) as view:
        limits = [
            view.scalar(text(f"SHOW {name}"))
            for name in ("lock_timeout", "idle_in_transaction_session_timeout", "timezone")
        ]

    assert limits == ["5s", "30s", "UTC"]


@pytest.mark.parametrize("by_copy", [True, False], ids=["copy", "statement"])
def test_a_lost_connection_is_the_houses_and_the_next_work_runs(postgres_store, by_copy):
    with pytest.raises(HouseDown) as down, postgres_store.work(TENANT, "test") as work:
        own = work.scalar(text("SELECT pg_backend_pid()"))
        with postgres_store.work(TENANT, "operator") as other:
            other.scalar(text(f"SELECT pg_terminate_backend({own})"))
        if by_copy:
            work.insert(CompanyRow, [a_company(1)])
        else:
            work.update(CompanyRow, [{"id": 1, "name": "New"}])

    assert down.value.code == "database.unreachable"
    with postgres_store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1)])
    assert companies(postgres_store) == {1: "Demo"}


def test_a_store_is_made_without_touching_the_database(tmp_path):
    with a_store(f"sqlite:///{tmp_path / 'hub.sqlite'}"):
        assert list(tmp_path.iterdir()) == []
