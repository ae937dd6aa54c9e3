"""Numbers rise and are given once, lists of any length are one parameter, and what one locks another cannot."""

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from hub.store.tables import CompanyRow, ConnectionRow, OrderRow
from tests.store.builders import NOON, TENANT, a_company, companies


class Undone(Exception):
    """Ends a transaction."""


def test_numbers_rise_from_one_and_are_given_once(store):
    with store.work(TENANT, "test") as work:
        first, more, other = work.ids(OrderRow, 1), work.ids(OrderRow, 3), work.ids(ConnectionRow, 2)

    assert (list(first), list(more), list(other)) == ([1], [2, 3, 4], [1, 2])


def test_numbers_of_an_undone_work_are_not_used_by_a_stored_row(store):
    with pytest.raises(Undone), store.work(TENANT, "test") as work:
        [number] = work.ids(CompanyRow, 1)
        work.insert(CompanyRow, [a_company(number)])
        raise Undone

    with store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(number) for number in work.ids(CompanyRow, 2)])

    assert len(companies(store)) == 2


def test_two_works_at_once_never_get_the_same_number(postgres_store):
    with postgres_store.work(TENANT, "one") as one, postgres_store.work(TENANT, "two") as two:
        given = [number for work in (one, two, one) for number in work.ids(OrderRow, 2)]

    assert len(set(given)) == 6


def test_public_ids_sort_by_time(store):
    with store.work(TENANT, "test") as work:
        first, second = UUID(work.uid()), UUID(work.uid())

    assert first != second
    assert first.version == 7
    assert first.int >> 80 == second.int >> 80 == int(NOON.timestamp() * 1000)


@pytest.mark.parametrize("count", [0, 1, 40_000])
def test_rows_are_found_by_ever_so_many_ids(store, count):
    with store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1), a_company(2), a_company(39_999)])
        found = select(CompanyRow.id).where(work.by_ids(CompanyRow.id, range(1, count + 1)))

        assert work.scalars(found.order_by(CompanyRow.id)) == [n for n in (1, 2, 39_999) if n <= count]


def test_rows_are_found_by_texts_too(store):
    with store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1, code="a'b"), a_company(2, code="汉"), a_company(3, code="1")])
        found = select(CompanyRow.id).where(work.by_ids(CompanyRow.code, ["a'b", "汉", "x"]))

        assert work.scalars(found.order_by(CompanyRow.id)) == [1, 2]


def test_a_view_answers_rows_or_values(store):
    with store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1, name="One"), a_company(2, name="Two")])
    pair = select(CompanyRow.id, CompanyRow.name).order_by(CompanyRow.id)
    names = select(CompanyRow.name).order_by(CompanyRow.id)

    with store.view(TENANT) as view:
        assert [row.name for row in view.all(pair)] == ["One", "Two"]
        assert view.first(pair.where(CompanyRow.id == 2)) == (2, "Two")
        assert view.first(pair.where(CompanyRow.id == 3)) is None
        assert view.one(pair.where(CompanyRow.id == 1)) == (1, "One")
        assert view.scalar(names) == "One"
        assert view.scalar(names.where(CompanyRow.id == 3)) is None
        assert view.scalars(names) == ["One", "Two"]
        with pytest.raises(NoResultFound):
            view.one(pair.where(CompanyRow.id == 3))


def test_what_became_due_is_remembered_once(store):
    with store.work(TENANT, "test") as work:
        for _ in range(3):
            work.wake("step", "reserve")
        work.wake("deliver", "7")

    assert work.wakes == {("step", "reserve"), ("deliver", "7")}


def test_what_others_hold_is_skipped(postgres_store):
    every = select(CompanyRow.id).order_by(CompanyRow.id)
    with postgres_store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(number) for number in (1, 2, 3)])

    with postgres_store.work(TENANT, "one") as one, postgres_store.work(TENANT, "two") as two:
        assert [row.id for row in one.lock(every.limit(2), skip_locked=True)] == [1, 2]
        assert [row.id for row in two.lock(every, skip_locked=True)] == [3]


def test_a_locked_row_may_still_be_referred_to(postgres_store):
    with postgres_store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1)])

    with postgres_store.work(TENANT, "one") as one, postgres_store.work(TENANT, "two") as two:
        one.lock(select(CompanyRow.id))
        two.insert(ConnectionRow, [a_connection(1, company_id=1)])

    with postgres_store.view(TENANT) as view:
        assert view.scalars(select(ConnectionRow.id)) == [1]


def test_of_joined_rows_one_table_is_locked(postgres_store):
    with postgres_store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1)])
        work.insert(ConnectionRow, [a_connection(1, company_id=1)])
    joined = select(ConnectionRow.id).join(CompanyRow, ConnectionRow.company_id == CompanyRow.id)

    with postgres_store.work(TENANT, "one") as one, postgres_store.work(TENANT, "two") as two:
        assert [row.id for row in one.lock(joined, of=ConnectionRow)] == [1]
        assert two.lock(select(ConnectionRow.id), skip_locked=True) == []
        assert [row.id for row in two.lock(select(CompanyRow.id), skip_locked=True)] == [1]


def test_on_sqlite_a_lock_is_the_transaction_itself(sqlite_store):
    with sqlite_store.work(TENANT, "test") as work:
        work.insert(CompanyRow, [a_company(1)])

        assert [row.id for row in work.lock(select(CompanyRow.id), skip_locked=True)] == [1]


def a_connection(number: int, **fields):
    flows = dict.fromkeys(("orders_in", "stock_out", "status_out", "documents_out"), "on")
    return (
        {
            "id": number,
            "uid": f"u{number}",
            "name": f"shop {number}",
            "connector": "acme",
            "kind": "shop",
            "settings": b"sealed",
            "is_test": False,
            "cut_over_at": NOON,
            "made_at": NOON,
        }
        | flows
        | fields
    )
