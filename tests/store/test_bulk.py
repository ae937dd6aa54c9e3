"""What is written by the hundred comes back exactly, and a statement for many does what one for each would."""

from datetime import datetime, timedelta, timezone
from enum import StrEnum

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError

from hub.store.tables import (
    AlarmRow,
    BlobRow,
    CompanyRow,
    CounterRow,
    DataKeyRow,
    EventRow,
    StepRow,
)
from tests.store.builders import NOON, TENANT, a_company, companies


def an_event(number: int, **fields):
    return {
        "id": number,
        "subject": "order",
        "subject_id": number,
        "seq": 1,
        "name": "order.received",
        "actor": "test",
        "params": "{}",
        "at": NOON,
    } | fields


def an_alarm(number: int, **fields):
    return {
        "id": number,
        "code": "shop.silent",
        "subject": "berlin",
        "params": "{}",
        "raised_at": NOON,
        "closed_at": None,
    } | fields


def all_of(view, table, *columns):
    return [tuple(row) for row in view.all(select(*columns).order_by(table.id))]


class Colour(StrEnum):
    RED = "red"


def test_every_type_comes_back_as_it_went(store):
    shifted = NOON.astimezone(timezone(timedelta(hours=8))) + timedelta(microseconds=1)
    bodies = [b"", b"\x00\xff'\"\\x", bytes(range(256))]
    with store.work(TENANT, "test") as work:
        work.insert(DataKeyRow, [{"id": 1, "wrapped": None, "made_at": shifted, "dropped_at": None}])
        work.insert(
            BlobRow,
            [
                {
                    "id": number,
                    "key_id": 1,
                    "digest": "tab\t newline\n back\\slash \\N é 汉 😀",
                    "media": Colour.RED,
                    "size": 2**31 - 1,
                    "body": body,
                    "made_at": shifted,
                }
                for number, body in enumerate(bodies, start=1)
            ],
        )
        work.insert(CounterRow, [{"id": 99, "name": "widest", "value": 2**63 - 1}])

    with store.view(TENANT) as view:
        blobs = all_of(view, BlobRow, BlobRow.digest, BlobRow.media, BlobRow.size, BlobRow.body, BlobRow.made_at)
        assert blobs == [
            ("tab\t newline\n back\\slash \\N é 汉 😀", "red", 2**31 - 1, body, shifted) for body in bodies
        ]
        assert blobs[0][4].utcoffset() == timedelta(0)
        assert all_of(view, DataKeyRow, DataKeyRow.wrapped, DataKeyRow.dropped_at) == [(None, None)]
        assert view.scalars(select(CounterRow.value).where(CounterRow.id == 99)) == [2**63 - 1]


def test_new_rows_and_changes_carry_every_type_too(store):
    later = NOON + timedelta(days=1)
    key = {"id": 1, "wrapped": b"\x00\\x\xff", "made_at": NOON, "dropped_at": None}
    with store.work(TENANT, "test") as work:
        assert work.insert_new(DataKeyRow, [key], conflict=("tenant_id", "id")) == {1}
        columns = (DataKeyRow.wrapped, DataKeyRow.made_at, DataKeyRow.dropped_at)
        assert all_of(work, DataKeyRow, *columns) == [(b"\x00\\x\xff", NOON, None)]

        assert work.update(DataKeyRow, [{"id": 1, "wrapped": b"\xfe\x00", "dropped_at": later}]) == 1
        assert all_of(work, DataKeyRow, *columns) == [(b"\xfe\x00", NOON, later)]


@pytest.mark.parametrize("write", ["insert", "insert_new", "update"])
def test_a_time_without_zone_is_refused(store, write):
    event = an_event(1, at=datetime(2026, 11, 27, 12))  # noqa: DTZ001 - the flaw under test
    options = {"insert_new": {"conflict": ("tenant_id", "id")}}.get(write, {})

    with store.work(TENANT, "test") as work, pytest.raises(ValueError, match="needs a zone"):
        getattr(work, write)(EventRow, [event], **options)


def test_the_tenant_is_filled_in_unless_it_is_named(store):
    with store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1)])
        work.insert(CompanyRow, [a_company(1, tenant_id=2, name="Other")])

    assert companies(store, tenant=1) == {1: "Demo"}
    assert companies(store, tenant=2) == {1: "Other"}


def test_nothing_to_write_is_no_statement(store):
    with store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [])

        assert work.insert_new(CompanyRow, [], conflict=("tenant_id", "code")) == set()
        assert work.update(CompanyRow, []) == 0


@pytest.mark.parametrize("write", ["insert", "update"])
def test_rows_with_different_fields_are_refused(store, write):
    ragged = [{"id": 1, "name": "A"}, {"id": 2, "code": "b"}, {"id": 3}]

    for rows in (ragged[:2], ragged[::2]):
        with store.work(TENANT, "test") as work, pytest.raises((ValueError, KeyError)):
            getattr(work, write)(CompanyRow, rows)


@pytest.mark.parametrize("count", [1, 99, 100, 101, 250])
def test_only_what_is_not_there_yet_is_written(store, count):
    with store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(number, name="First") for number in range(1, count + 1, 2)])

        rows = [a_company(1000 + number, code=f"c{number}") for number in range(1, count + 1)]
        twice = [*rows, a_company(5000, code=f"c{count}")]
        new = work.insert_new(CompanyRow, twice, conflict=("tenant_id", "code"))

    odd_last = count % 2 == 1
    assert new == {1000 + number for number in range(2, count + 1, 2)}
    assert len(companies(store)) == count
    assert (count in companies(store)) is odd_last


def test_another_key_than_the_named_one_is_no_excuse(store):
    with pytest.raises(IntegrityError), store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1)])
        work.insert_new(CompanyRow, [a_company(1, code="other")], conflict=("tenant_id", "code"))

    assert companies(store) == {}


def test_the_key_may_be_one_of_open_rows_only(store):
    key = ("tenant_id", "code", "subject")
    with store.work(TENANT, "test") as work:
        assert work.insert_new(AlarmRow, [an_alarm(1, closed_at=NOON), an_alarm(2)], conflict=key) == {1, 2}
        assert work.insert_new(AlarmRow, [an_alarm(3), an_alarm(4, code="other")], conflict=key) == {4}


def test_a_change_meets_its_rows_and_no_others(store):
    with store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(number) for number in range(1, 6)])
        work.insert(CompanyRow, [a_company(2, tenant_id=2)])
        changes = [{"id": 2, "name": "Two"}, {"id": 4, "name": "Four"}, {"id": 77, "name": "Nobody"}]

        assert work.update(CompanyRow, changes) == 2

    assert companies(store) == {1: "Demo", 2: "Two", 3: "Demo", 4: "Four", 5: "Demo"}
    assert companies(store, tenant=2) == {2: "Demo"}


def test_a_change_may_add(store):
    with store.work(TENANT, "test") as work:
        work.insert(EventRow, [an_event(1, seq=10), an_event(2, seq=20)])
        changes = [{"id": 1, "seq": 5, "name": "order.changed"}, {"id": 2, "seq": -7, "name": "order.moved"}]

        assert work.update(EventRow, changes, add=("seq",)) == 2
        assert all_of(work, EventRow, EventRow.seq, EventRow.name) == [(15, "order.changed"), (13, "order.moved")]


def test_rows_are_found_by_other_fields_than_the_id(store):
    with store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1), a_company(2)])

        assert work.update(CompanyRow, [{"code": "c2", "name": "Two"}], match=("code",)) == 1

    assert companies(store) == {1: "Demo", 2: "Two"}


def test_a_table_without_tenant_is_changed_as_well(store):
    with store.work(TENANT, "test") as work:
        work.insert(StepRow, [{"id": 1, "name": "route", "stopped_at": NOON, "code": "x", "strikes": 8}])

        assert work.update(StepRow, [{"id": 1, "strikes": 0}]) == 1
        assert all_of(work, StepRow, StepRow.name, StepRow.strikes) == [("route", 0)]


def test_two_changes_of_one_row_are_refused(store):
    twice = [{"id": 1, "name": "A"}, {"id": 1, "name": "B"}]

    with store.work(TENANT, "test") as work, pytest.raises(ValueError, match="one row of companies"):
        work.update(CompanyRow, twice)


@pytest.mark.parametrize("write", ["insert", "insert_new"])
def test_a_guard_of_the_database_holds_for_many_rows(store, write):
    options = {"insert_new": {"conflict": ("tenant_id", "id")}}.get(write, {})
    orphan = an_event(2, inbox_id=404)
    rows = [an_event(1, inbox_id=None), orphan]

    with pytest.raises(IntegrityError), store.work(TENANT, "test") as work:
        getattr(work, write)(EventRow, rows, **options)

    with store.view(TENANT) as view:
        assert view.all(select(EventRow.id)) == []


@pytest.mark.parametrize("write", ["insert", "insert_new", "update"])
def test_text_with_nul_is_an_error_of_the_row(postgres_store, write):
    options = {"insert_new": {"conflict": ("tenant_id", "id")}}.get(write, {})
    with postgres_store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1)])

    with pytest.raises(DataError), postgres_store.work(TENANT, "test") as work:
        getattr(work, write)(CompanyRow, [a_company(1, name="a\x00b")], **options)
