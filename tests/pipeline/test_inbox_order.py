"""Documents in whatever order they come: the latest word of the channel is what counts."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from corner_shop.sim import CornerShopSim
from sqlalchemy import func, select

from hub.actions.permission import OWNER
from hub.pipeline import crank, pulls
from hub.sim.world import world
from hub.store import connections
from hub.store.tables import OrderRow
from tests.company import Company, a_basket, a_line, doubled, registry
from tests.doorbell import lines, outcomes, ring, sent, taken, work_off


class BusyShop(CornerShopSim):
    """Things happen in it between the moment it looks something up and the moment its answer arrives."""

    def __init__(self, chance=None) -> None:
        super().__init__(chance)
        self.meanwhile: Callable[[httpx.Request], None] = lambda _: None

    def respond(self, request: httpx.Request, now: datetime) -> httpx.Response:
        answer = super().respond(request, now)
        self.meanwhile(request)
        return answer


class BusyCompany(Company):
    """A company with a busy shop."""

    shop: BusyShop


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[BusyCompany]:
    """A company whose shop is busy."""
    with world(tmp_path, registry=registry()) as made:
        made.join("corner", "corner_shop", BusyShop())
        made.join("post", "easypost")
        made.join("books", "tryton")
        made.locate("berlin", "DE", "post")
        yield BusyCompany(made)


def pull(firm: Company) -> int:
    """Read the shop now."""
    with firm.hub.store.view(OWNER.tenant) as view:
        corner = connections.connection_named(view, "corner")
    return pulls.pull(firm.hub, OWNER.tenant, corner)


def change(firm: Company, number: str, quantity: int) -> None:
    """The merchant changes how many mugs are wanted; nobody is told."""
    firm.shop.rings = False
    firm.world.clock.advance(timedelta(seconds=1))
    firm.shop.edit(number, a_basket(a_line("MUG", quantity)), firm.now)


NEW, CHANGED = ("applied", "inbox.new_order"), ("applied", "inbox.changed")


def test_a_b_a_is_three_changes(firm: Company):
    number = firm.buy(a_line("MUG", 1))
    for quantity in (2, 1):
        pull(firm)
        work_off(firm)
        change(firm, number, quantity)
    pull(firm)
    work_off(firm)

    assert outcomes(firm, number) == [NEW, CHANGED, CHANGED]
    assert firm.events(number).count("order.changed") == 2
    assert lines(firm, number) == [{"ordered": 2, "cancelled": 1}]
    assert firm.order(number).total == 990


def test_a_document_that_says_the_same_is_not_even_stored(firm: Company):
    number = firm.buy()
    assert pull(firm) == 1
    work_off(firm)

    firm.shop.edit(number, a_basket(a_line()), firm.now)

    assert pull(firm) == 0
    assert outcomes(firm, number) == [NEW]


def test_a_whole_document_that_says_the_same_is_dropped(firm: Company):
    firm.shop.tells_all = True
    number = firm.buy()
    firm.shop.edit(number, a_basket(a_line()), firm.now)

    ring(firm, *firm.shop.deliveries())
    work_off(firm)

    assert outcomes(firm, number) == [NEW, ("dropped", "inbox.unchanged")]


def test_of_two_answers_the_one_asked_for_later_wins(busy: BusyCompany):
    number = busy.buy(a_line("MUG", 1))
    busy.shop.deliveries()

    def overtaken(_: httpx.Request) -> None:
        busy.shop.meanwhile = lambda _: None
        busy.world.clock.advance(timedelta(seconds=1))
        busy.shop.edit(number, a_basket(a_line("MUG", 2)), busy.now)
        ring(busy, *busy.shop.deliveries())
        work_off(busy)

    busy.shop.meanwhile = overtaken
    pull(busy)
    work_off(busy)

    assert [(topic, *how) for topic, *how in taken(busy, number)[1:]] == [
        ("fetch", *NEW),
        ("pull", "dropped", "inbox.asked_earlier"),
    ]
    assert lines(busy, number) == [{"ordered": 2}]

    change(busy, number, 1)
    pull(busy)
    work_off(busy)

    assert outcomes(busy, number)[-1] == CHANGED
    assert lines(busy, number) == [{"ordered": 2, "cancelled": 1}]


def test_a_hint_while_the_answer_is_on_its_way_asks_once_more(busy: BusyCompany):
    number = busy.buy(a_line("MUG", 1))

    def hinted(request: httpx.Request) -> None:
        busy.shop.meanwhile = lambda _: None
        busy.world.clock.advance(timedelta(seconds=1))
        busy.shop.edit(number, a_basket(a_line("MUG", 2)), busy.now)
        ring(busy, *busy.shop.deliveries())
        crank.turn_steps(busy.hub, OWNER.tenant)

    busy.shop.meanwhile = hinted
    ring(busy, *busy.shop.deliveries())
    work_off(busy)

    assert outcomes(busy, number) == [NEW, CHANGED]
    assert lines(busy, number) == [{"ordered": 2}]


def test_pages_that_shift_while_they_are_read_lose_nothing_and_double_nothing(busy: BusyCompany):
    numbers = [busy.buy(a_line("MUG", 1)) for _ in range(120)]
    busy.shop.deliveries()
    busy.shop.rings = False
    edited = [numbers[0], numbers[49], numbers[50], numbers[119]]

    def shifting(_: httpx.Request) -> None:
        if edited:
            busy.shop.edit(edited.pop(), a_basket(a_line("MUG", 2)), busy.now)

    busy.shop.meanwhile = shifting
    while pull(busy):
        work_off(busy)

    totals = {row["external_id"]: row["total"] for row in busy.rows(select(OrderRow.external_id, OrderRow.total))}
    changed = {numbers[0], numbers[49], numbers[50], numbers[119]}
    assert totals == {number: 1980 if number in changed else 990 for number in numbers}
    assert busy.rows(select(func.count().label("rows")).select_from(OrderRow))[0]["rows"] == 120


def test_an_echo_of_what_we_told_the_channel_changes_nothing_and_goes_round_no_loop(firm: Company):
    firm.stock("berlin", "MUG", 5)
    number = firm.buy(a_line("MUG", 2))
    firm.settle()
    firm.shop.edit(number, a_basket(a_line("MUG", 2)), firm.now)
    firm.settle()
    story, told = firm.events(number), dict(firm.shop.books())

    firm.settle()

    assert outcomes(firm, number) == [NEW, ("applied", "inbox.no_consequence")]
    assert "order.changed" not in story
    assert (firm.events(number), dict(firm.shop.books())) == (story, told)
    assert sent(firm, "dispatch") == ["confirmed"]
    assert doubled(firm.shop) == {}
