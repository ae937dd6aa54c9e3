"""D3 to D6, D21 and D22: orders on their way into the hub."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select

from connectors.finance.tryton.sim import TrytonSim
from hub.actions import connections as connecting
from hub.actions.permission import OWNER
from hub.pipeline import crank, pulls
from hub.store import connections
from hub.store.tables import OrderLineRow, OrderRow
from tests.company import Company, a_basket, a_line, company, doubled
from tests.doorbell import alarmed, counted, hint, holds, outcomes, ring, sent, taken, work_off

HALF_HOUR = timedelta(minutes=30)


def test_d03_the_same_webhook_three_times_is_one_order(firm: Company):
    firm.stock("berlin", "MUG", 5)
    number = firm.buy(a_line("MUG", 1))
    [delivery] = firm.shop.deliveries()

    assert ring(firm, delivery, delivery, delivery) == [True, False, False]
    work_off(firm)

    assert [code for _, code in outcomes(firm, number)] == ["inbox.new_order"]
    assert len(firm.carrier.labels()) == 1


def test_d03_two_webhooks_of_one_change_are_one_change(firm: Company):
    number = firm.buy(a_line("MUG", 1))
    ring(firm, *(hint(number, f"evt_{again}", firm.now) for again in range(3)))
    work_off(firm)

    assert len(taken(firm, number)) == 3 + 1
    assert counted(firm, OrderRow) == [1]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_d04_created_paid_and_changed_in_any_order_end_alike(firm: Company, order: tuple[int, ...]):
    firm.stock("berlin", "MUG", 5)
    number = firm.shop.place(a_basket(a_line("MUG", 1)), firm.now, payment="unpaid")
    firm.shop.pay(number, firm.now)
    firm.shop.edit(number, a_basket(a_line("MUG", 2)), firm.now)
    deliveries = firm.shop.deliveries()

    ring(firm, *(deliveries[at] for at in order))
    work_off(firm)

    assert (firm.state(number), firm.order(number).total) == ("fulfilled", 1980)


def at_once(work: Callable[[], object], times: int = 4) -> None:
    """So many workers begin in the same instant."""
    instant = Barrier(times)

    def begin(_: int) -> None:
        instant.wait()
        work()

    with ThreadPoolExecutor(times) as pool:
        list(pool.map(begin, range(times)))


def imported_by_four(firm: Company) -> None:
    firm.stock("berlin", "MUG", 99)
    firm.shop.rings = False
    for _ in range(60):
        firm.buy(a_line("MUG", 1))
    with firm.hub.store.view(OWNER.tenant) as view:
        corner = connections.connection_named(view, "corner")

    at_once(lambda: pulls.pull(firm.hub, OWNER.tenant, corner))
    at_once(lambda: crank.turn_steps(firm.hub, OWNER.tenant))
    firm.settle()

    assert counted(firm, OrderRow, OrderLineRow) == [60, 60]
    assert firm.rows(select(func.sum(OrderLineRow.handed_over).label("sold")))[0]["sold"] == 60_000_000
    assert doubled(firm.carrier) == doubled(firm.ledger) == {}


def test_d05_four_imports_at_once_make_each_order_once(firm: Company):
    imported_by_four(firm)


@pytest.mark.slow
def test_d05_four_imports_at_once_make_each_order_once_on_postgresql(tmp_path: Path, postgres_url: str):
    with company(tmp_path, url=postgres_url) as firm:
        imported_by_four(firm)


def test_d06_one_unknown_article_holds_its_own_line_only(firm: Company):
    firm.stock("berlin", "MUG", 9)
    number = firm.buy(a_line("MUG", 1), a_line("GONE", 1))
    other = firm.buy(a_line("MUG", 1))
    firm.settle()

    assert holds(firm, number) == ["listing.unmapped"]
    assert (firm.state(number), firm.state(other)) == ("backordered", "fulfilled")
    assert len(firm.carrier.labels()) == 2

    firm.stock("berlin", "CUP", 9)
    connecting.map_listing(firm.hub, OWNER, "corner", "L-GONE", "CUP")
    firm.settle()

    assert (firm.state(number), holds(firm, number)) == ("fulfilled", [])


def test_d06_one_order_nobody_can_read_does_not_stop_the_others(firm: Company):
    firm.stock("berlin", "MUG", 9)
    firm.shop.rings = False
    good = [firm.buy(a_line("MUG", 1)) for _ in range(3)]
    firm.shop.spoil(good[1], '"currency":"EUR"', '"currency":"XXQ"')
    firm.settle()

    assert [firm.order(number) and firm.state(number) for number in good] == ["fulfilled", None, "fulfilled"]
    assert outcomes(firm, good[1]) == [("parked", "money.unknown_currency")]

    firm.shop.spoil(good[1], "", "")
    firm.settle()
    firm.world.clock.advance(timedelta(hours=1))
    firm.settle()

    assert firm.state(good[1]) == "fulfilled"


def test_d21_no_order_is_skipped_in_the_hour_that_comes_twice(tmp_path: Path):
    with company(tmp_path, start=datetime(2026, 10, 24, 22, 0, tzinfo=UTC)) as firm:
        firm.stock("berlin", "MUG", 99)
        firm.shop.rings = False
        placed = {}
        for _ in range(10):
            placed[firm.buy(a_line("MUG", 1))] = firm.now
            firm.world.turn()
            firm.world.clock.advance(HALF_HOUR)
        firm.settle()

        rows = firm.rows(select(OrderRow.external_id, OrderRow.placed_at, OrderRow.state))
        assert {row["external_id"]: row["placed_at"] for row in rows} == placed
        assert {row["state"] for row in rows} == {"fulfilled"}


def test_d21_a_clock_that_shows_an_hour_twice_is_asked_which(tmp_path: Path):
    with company(tmp_path, start=datetime(2026, 10, 25, 0, 45, tzinfo=UTC)) as firm:
        connecting.change(firm.hub, OWNER, "corner", settings={"zone": "Europe/Berlin"})
        first = firm.buy()
        firm.shop.clock(first, "2026-10-25T02:45:00")
        second = firm.buy()
        firm.shop.clock(second, "2026-10-25T02:45:00+01:00")
        firm.settle()

        assert outcomes(firm, first) == [("parked", "time.shown_twice")]
        assert firm.order(second).placed_at == datetime(2026, 10, 25, 1, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 10, 24, 21, 59, tzinfo=UTC), "2026-10-24"),
        (datetime(2026, 10, 24, 22, 1, tzinfo=UTC), "2026-10-25"),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), "2026-10-25"),
        (datetime(2026, 10, 25, 23, 1, tzinfo=UTC), "2026-10-26"),
    ],
)
def test_d21_an_invoice_bears_the_day_of_the_companys_clock(tmp_path: Path, at: datetime, day: str):
    with company(tmp_path, start=at) as firm:
        firm.stock("berlin", "MUG", 9)
        firm.buy()
        firm.world.turn()
        firm.settle()

        assert isinstance(firm.ledger, TrytonSim)
        assert [str(made.day("invoice_date")) for made in firm.ledger.invoices()] == [day]


def test_d22_what_we_write_back_comes_back_and_changes_nothing(firm: Company):
    firm.stock("berlin", "MUG", 9)
    number = firm.buy(a_line("MUG", 2))
    firm.settle()
    ring(firm, hint(number, "evt_echo", firm.now))
    firm.settle()
    story, books = firm.events(number), dict(firm.shop.books())

    ring(firm, hint(number, "evt_echo_of_the_echo", firm.now))
    firm.settle()

    assert "order.changed" not in story
    assert (firm.events(number), dict(firm.shop.books())) == (story, books)
    assert sent(firm, "dispatch") == ["confirmed"]
    assert alarmed(firm) == []
