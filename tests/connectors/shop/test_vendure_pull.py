"""No order is lost between two pulls, whatever clocks, pages and sessions do."""

from datetime import timedelta

import pytest

from connectors.shop.vendure import pulling
from connectors.shop.vendure.pulling import Bookmark
from connectors.shop.vendure.sim import VendureSim
from hub.core.failures import Misconfigured, Retryable
from hub.core.json import JSON
from hub.sdk.sim import Fault, FaultKind
from tests.connectors.shop.vendure import NOON, World, a_cancel, a_push, a_remote, a_world, basket, line


@pytest.fixture
def world() -> World:
    return a_world()


def test_all_there_are_then_what_is_new(world):
    first = world.buy()
    assert world.pull() == [first]

    world.wait(hours=1)
    second = world.buy()

    assert world.pull() == [second]


def test_a_quiet_shop_is_left_alone(world):
    orders = [world.buy() for _ in range(3)]
    world.pull()

    world.wait(minutes=1)

    assert world.pull() == []
    assert sorted(Bookmark.read(world.cursor).traces) == orders


def test_baskets_and_drafts_are_no_orders(world):
    world.sim.leave_at_the_till(basket(), world.clock.now())

    assert world.pull() == []
    assert Bookmark.read(world.cursor) == Bookmark()


def test_who_pays_late_is_not_lost(world):
    late = world.sim.leave_at_the_till(basket(), world.clock.now())
    world.wait(minutes=30)
    soon = world.buy()
    assert world.pull() == [soon]

    world.wait(hours=2)
    world.sim.pay(late, world.clock.now())

    order = world.order(late)
    assert order.native_updated_at.utc < order.placed_at.utc - timedelta(hours=2)
    assert world.pull() == [late]


def test_an_order_that_another_transaction_overtook_is_found_in_the_overlap(world):
    overtaken = world.sim.leave_at_the_till(basket(), world.clock.now())
    world.wait(minutes=2)
    first = world.buy()
    assert world.pull() == [first]

    world.sim.pay(overtaken, world.clock.now() - timedelta(minutes=1))

    assert world.pull() == [overtaken]


@pytest.mark.parametrize("whole_seconds", [False, True])
def test_orders_of_one_second_are_cut_by_pages_and_none_is_lost(monkeypatch, whole_seconds):
    monkeypatch.setattr(pulling, "PAGE", 3)
    world = a_world(VendureSim(whole_seconds=whole_seconds))
    orders = []
    for pause in (0, 0, 0.1, 0.3, 0, 0.9, 0, 0, 0, 0, 0, 0, 0, 2, 0.5, 0.4):
        world.wait(seconds=pause)
        orders.append(world.buy())

    assert sorted(world.pull(), key=int) == orders


def test_a_day_of_orders_imported_with_one_time_is_read_completely(monkeypatch):
    monkeypatch.setattr(pulling, "PAGE", 10)
    world = a_world()
    orders = [world.buy() for _ in range(45)]

    found = world.pull()

    assert sorted(found, key=int) == orders


def test_orders_placed_while_pages_are_read_come_with_them(monkeypatch, world):
    monkeypatch.setattr(pulling, "PAGE", 2)
    first = [world.buy() for _ in range(3)]
    pages = world.shop.pull_orders(None, world.clock.now())
    found = world.keep([next(pages)])

    world.wait(seconds=1)
    found += world.keep([next(pages)])
    late = world.buy()
    found += world.keep(pages)

    found += world.pull()
    assert sorted(found, key=int) == [*first, late]


def test_only_the_last_page_is_complete(monkeypatch, world):
    monkeypatch.setattr(pulling, "PAGE", 2)
    for _ in range(5):
        world.buy()

    pages = list(world.shop.pull_orders(None, world.clock.now()))

    assert [page.complete for page in pages] == [False] * (len(pages) - 1) + [True]
    assert pages[-1].documents == ()


def test_a_pull_that_breaks_off_goes_on_where_it_was(monkeypatch, world):
    monkeypatch.setattr(pulling, "PAGE", 2)
    orders = []
    for _ in range(6):
        orders.append(world.buy())
        world.wait(minutes=10)
    world.sim.fail(Fault(FaultKind.UNAVAILABLE, where="query Orders", skip=2, times=None, seconds=600))
    found: list[str] = []
    with pytest.raises(Retryable, match=r"http\.server_error"):
        for page in world.shop.pull_orders(None, world.clock.now()):
            found += world.keep([page])
            assert not page.complete

    world.sim.heal()
    again = world.pull()

    assert found == orders[:4]
    assert again == orders[3:] + orders[:3]


def test_an_order_from_the_future_does_not_hide_the_present(world):
    world.sim.place(basket(), NOON + timedelta(days=800))
    world.pull()

    world.wait(minutes=1)
    now = world.buy()

    assert now in world.pull()


@pytest.mark.parametrize(
    "change",
    [
        lambda world, order: world.sim.edit(order, basket(line("MUG-BLUE", 2)), world.clock.now()),
        lambda world, order: world.sim.cancel(order, world.clock.now()),
        lambda world, order: world.shop.send_dispatch([a_push(order, (world.lines(order)[0], 1))]),
        lambda world, order: world.shop.send_cancel([a_cancel(order)]),
    ],
    ids=["edited", "cancelled by staff", "shipped", "cancelled by the hub"],
)
def test_an_order_that_was_open_and_changed_is_read_again_once(world, change):
    order = world.buy()
    world.pull()
    world.wait(hours=5)
    other = world.buy()
    assert world.pull() == [other]

    change(world, order)
    world.wait(hours=1)

    assert order in world.pull()
    world.wait(hours=1)
    world.pull()
    assert order not in world.pull()


def test_money_that_is_settled_later_is_seen_although_the_order_keeps_its_time(world):
    order = world.sim.leave_at_the_till(basket(), world.clock.now())
    world.sim.pay(order, world.clock.now(), state="Authorized")
    world.pull()
    before = world.order(order)
    world.wait(days=3)

    world.sim.shop.orders[order].payments[0].state = "Settled"
    world.sim.shop.orders[order].state = "PaymentSettled"

    assert world.pull() == [order]
    after = world.order(order)
    assert before.native_updated_at == after.native_updated_at
    assert (before.payment_state, after.payment_state) == ("authorized", "paid")


def test_a_shipped_order_that_is_cancelled_is_seen_by_its_time_of_change(world):
    order = world.buy()
    world.shop.send_dispatch([a_push(order, (world.lines(order)[0], 1))])
    world.wait(hours=1)
    world.buy()
    world.pull()

    world.sim.cancel(order, world.clock.now())

    assert order in world.pull()


def test_a_change_during_the_walk_is_caught_by_the_next(world):
    order = world.buy()
    pages = world.shop.pull_orders(None, world.clock.now())
    world.keep([next(pages)])
    world.sim.edit(order, basket(line("MUG-BLUE", 5)), world.clock.now())
    world.keep(pages)
    world.wait(hours=1)

    assert order in world.pull()


def test_settled_states_are_a_setting():
    world = a_world(settled_states=["Delivered", "Cancelled"])
    order = world.buy()
    world.shop.send_dispatch([a_push(order, (world.lines(order)[0], 1))])

    world.pull()

    assert order in Bookmark.read(world.cursor).traces


def test_a_session_that_ends_between_pages_is_renewed(monkeypatch, world):
    monkeypatch.setattr(pulling, "PAGE", 2)
    orders = [world.buy() for _ in range(5)]
    found = []
    for page in world.shop.pull_orders(None, world.clock.now()):
        found += world.keep([page])
        world.sim.sign_everybody_out()

    assert sorted(found, key=int) == orders


def test_reconciliation_rereads_all_that_were_placed_since(world):
    world.buy()
    world.wait(hours=1)
    since = world.clock.now()
    orders = [world.buy(), world.buy()]

    pages = list(world.shop.reread_orders(since, world.clock.now()))

    assert sorted(document.external_id for page in pages for document in page.documents) == orders
    assert [page.complete for page in pages] == [False, True]


def test_fetching_leaves_out_what_is_gone_and_what_was_never_placed(world):
    order = world.buy()
    unpaid = world.sim.leave_at_the_till(basket(), world.clock.now())

    found = world.shop.fetch_orders([order, unpaid, "4711"])

    assert [document.external_id for document in found] == [order]


def test_an_order_is_found_by_the_number_on_the_invoice(world):
    order = world.buy()
    number = world.sim.orders()[0].number

    by_code, by_word, by_id = (world.shop.find_order(word) for word in (number, f" {number.lower()} ", order))

    assert {found and found.external_id for found in (by_code, by_word, by_id)} == {order}
    assert world.shop.find_order("NOBODY") is None


def test_a_list_that_does_not_move_is_not_read_for_ever(world):
    order: JSON = {"id": "1", "orderPlacedAt": "2026-11-22T12:00:00.000Z"}
    listing: JSON = {"data": {"orders": {"totalItems": 5, "items": [order]}}}

    with pytest.raises(Retryable, match=r"paging\.repeated"):
        list(a_remote(listing).pull_orders(None, NOON))


def test_without_rights_the_connection_pauses(world):
    world.sim.fail(Fault(FaultKind.UNAUTHORISED, times=None))

    with pytest.raises(Misconfigured, match=r"http\.unauthorised"):
        world.pull()
