"""The first minutes of a connection, and what its orders wait for."""

from datetime import timedelta
from decimal import Decimal

from corner_shop.sim import CornerShopSim
from sqlalchemy import func, select

from hub.actions import connections as connecting
from hub.actions import orders as ordering
from hub.actions.permission import OWNER
from hub.store.connections import Flow, Switch
from hub.store.tables import OrderRow
from tests.company import Company, a_basket, a_line
from tests.doorbell import alarmed, held_for, holds, lines, sent

WATCHING = dict.fromkeys(Flow, Switch.WATCH)


def switch(firm: Company, name: str, to: Switch, *flows: Flow) -> None:
    connecting.switch(firm.hub, OWNER, name, dict.fromkeys(flows or Flow, to))


def writes(firm: Company, name: str = "corner") -> dict[str, int]:
    """How often each thing was done at a remote."""
    return {capability: len(done) for capability, done in firm.world.sims[name].books().items() if done}


def second(firm: Company) -> CornerShopSim:
    """One more corner shop, whose flows only watch."""
    shop = firm.world.join("second", "corner_shop", flows=WATCHING)
    assert isinstance(shop, CornerShopSim)
    return shop


def states(firm: Company) -> dict[str, int]:
    counted = select(OrderRow.state, func.count().label("orders")).group_by(OrderRow.state)
    return {row["state"]: row["orders"] for row in firm.rows(counted)}


def test_a_new_connection_with_a_thousand_old_orders_and_no_stock_sends_nothing(firm: Company):
    shop = second(firm)
    shop.rings = False
    for number in range(1000):
        shop.place(a_basket(a_line(f"OLD-{number % 50}")), firm.now - timedelta(days=30))
    firm.item(*(f"OLD-{number}" for number in range(50)))
    firm.settle()
    fresh = shop.place(a_basket(a_line("OLD-1")), firm.now)
    firm.settle()

    assert states(firm) == {"received": 1001}
    assert {name: writes(firm, name) for name in firm.world.sims} == {name: {} for name in firm.world.sims}

    switch(firm, "second", Switch.ON, Flow.ORDERS_IN, Flow.STATUS_OUT)
    firm.settle()

    assert states(firm) == {"archived": 1000, "backordered": 1}
    assert firm.state(fresh) == "backordered"
    assert {name: writes(firm, name) for name in firm.world.sims} == {name: {} for name in firm.world.sims}


def test_an_empty_stock_does_not_empty_a_channel_that_shows_some(firm: Company):
    shop = second(firm)
    firm.item(*(f"OLD-{number}" for number in range(50)))
    shop.place(a_basket(*(a_line(f"OLD-{number}") for number in range(50))), firm.now)
    firm.settle()

    switch(firm, "second", Switch.ON)
    firm.settle()

    assert shop.stock_shown("L-OLD-1") is None
    assert alarmed(firm) == [("stock.brake", "second")]

    switch(firm, "second", Switch.ON, Flow.STOCK_OUT)
    firm.settle()

    assert shop.stock_shown("L-OLD-1") == 0
    assert alarmed(firm) == []


def test_what_was_only_watched_goes_on_when_the_flow_is_turned_on(firm: Company):
    firm.stock("berlin", "MUG", 5)
    for name in firm.world.sims:
        switch(firm, name, Switch.WATCH)
    number = firm.buy(a_line("MUG", 2))
    firm.settle()
    firm.shop.edit(number, a_basket(a_line("MUG", 3)), firm.now)
    firm.settle()

    assert firm.state(number) == "received"
    assert {name: writes(firm, name) for name in firm.world.sims} == {name: {} for name in firm.world.sims}

    for name in firm.world.sims:
        switch(firm, name, Switch.ON)
    firm.settle()

    assert firm.state(number) == "fulfilled"
    assert lines(firm, number) == [{"ordered": 3, "handed_over": 3}]


def test_a_payment_does_not_wake_what_is_only_watched(firm: Company):
    firm.stock("berlin", "MUG", 5)
    switch(firm, "corner", Switch.WATCH, Flow.ORDERS_IN)
    number = firm.shop.place(a_basket(a_line("MUG", 2)), firm.now, payment="unpaid")
    firm.settle()

    firm.shop.pay(number, firm.now)
    firm.settle()

    assert firm.state(number) == "received"


def test_a_cancel_of_what_is_only_watched_stays_in_the_house(firm: Company):
    firm.stock("berlin", "MUG", 5)
    switch(firm, "corner", Switch.WATCH)
    number = firm.buy(a_line("MUG", 2))
    firm.settle()

    firm.shop.cancel(number, firm.now)
    firm.settle()

    assert firm.state(number) == "cancelled"
    assert writes(firm) == {}


def test_one_mapping_heals_all_orders_that_wait_for_the_article(firm: Company):
    firm.stock("berlin", "MUG", 9)
    firm.stock("berlin", "CUP", 9)
    numbers = [firm.buy(a_line("MUG", 1), a_line("TASSE", 2)) for _ in range(3)]
    firm.settle()

    assert [holds(firm, number) for number in numbers] == [["listing.unmapped"]] * 3
    assert [lines(firm, number)[0] for number in numbers] == [{"ordered": 1, "handed_over": 1}] * 3

    assert connecting.map_listing(firm.hub, OWNER, "corner", "L-TASSE", "CUP") == 3
    firm.settle()

    assert [firm.state(number) for number in numbers] == ["fulfilled"] * 3
    assert [lines(firm, number)[1] for number in numbers] == [{"ordered": 2, "handed_over": 2}] * 3
    assert [holds(firm, number) for number in numbers] == [[]] * 3


def test_a_new_item_heals_what_waited_for_its_sku(firm: Company):
    numbers = [firm.buy(a_line("NEW", 1)) for _ in range(3)]
    firm.settle()
    assert [holds(firm, number) for number in numbers] == [["listing.unmapped"]] * 3

    firm.stock("berlin", "NEW", 9)
    firm.settle()

    assert [firm.state(number) for number in numbers] == ["fulfilled"] * 3


def test_an_unpaid_order_is_held_until_it_is_paid(firm: Company):
    firm.stock("berlin", "MUG", 5)
    number = firm.shop.place(a_basket(a_line("MUG", 2)), firm.now, payment="unpaid")
    firm.settle()
    assert (firm.state(number), holds(firm, number)) == ("received", ["order.unpaid"])

    firm.shop.pay(number, firm.now)
    firm.settle()

    assert (firm.state(number), holds(firm, number)) == ("fulfilled", [])


def test_a_test_order_is_shipped_and_reaches_no_ledger(firm: Company):
    firm.stock("berlin", "MUG", 5)
    number = firm.shop.place(a_basket(a_line("MUG", 2)), firm.now, test=True)
    firm.settle()
    firm.deliver()

    assert firm.state(number) == "completed"
    assert firm.ledger.postings() == []
    assert sent(firm, "receivable") == []


def test_a_total_that_differs_holds_the_order_with_the_difference(firm: Company):
    firm.stock("berlin", "MUG", 5)
    firm.shop.surcharge = Decimal("1.50")
    number = firm.buy(a_line("MUG", 2))
    firm.settle()

    assert holds(firm, number) == ["total.differs"]
    assert held_for(firm, number) == [{"difference": "1.50 EUR", "total": "21.30 EUR"}]

    ordering.release_hold(firm.hub, OWNER, firm.order(number).id, "total.differs")
    firm.settle()

    assert firm.state(number) == "fulfilled"
