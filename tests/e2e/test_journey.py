"""The whole way of an order between servers that others wrote, over a sound network and one that loses."""

from collections.abc import Iterator
from decimal import Decimal
from time import sleep

import pytest

from hub.core.tracking import TrackingStatus
from tests.e2e.losing import Lost
from tests.e2e.trade import Trade, total
from tests.e2e.trade import trade as opened
from tests.e2e.vendure.shop import Stock

ODD_CENT = {"TEA-GREEN-100": 3, "TEA-BLACK-100": 2, "MUG-BLUE": 1}
"""Tax on each line, as the shop reckons, and on the sum of a rate, as the ledger does, differ by a cent."""

WRITES = {
    "AddFulfilment",
    "Cancel",
    "MoveFulfilment",
    "SetStock",
    "POST account.invoice",
    "PUT account.invoice",
    "POST account.invoice/post",
    "POST party.party",
}


@pytest.fixture(scope="module", params=["sound", "losing"])
def trade(request, tmp_path_factory: pytest.TempPathFactory, vendure, tryton) -> Iterator[Trade]:
    """A hub that was just connected."""
    with opened(tmp_path_factory.mktemp("hub"), vendure, tryton, losing=request.param == "losing") as found:
        yield found


@pytest.fixture(autouse=True)
def sound_books(trade: Trade) -> Iterator[None]:
    """Whatever a journey does, the hub's own books agree, and nothing is left half done."""
    yield
    assert (trade.flaws(), trade.undone()) == ([], [])


def test_an_order_goes_from_the_shop_to_a_posted_invoice(trade: Trade):
    code = trade.buy({"TEA-GREEN-100": 2, "MUG-BLUE": 1})
    (number,) = trade.tracking(code)

    assert trade.story(code).header.state == "fulfilling"
    assert (trade.sent(code), trade.posted(code)) == ([], [])

    trade.scan(code, TrackingStatus.PICKED_UP)

    assert trade.shop.order(code)["state"] == "Shipped"
    assert trade.sent(code) == [("Shipped", number)]
    assert trade.posted(code) == [("posted", total(trade.shop.order(code)))]

    trade.scan(code, TrackingStatus.DELIVERED)

    assert trade.shop.order(code)["state"] == "Delivered"
    assert trade.sent(code) == [("Delivered", number)]
    assert trade.posted(code) == [("posted", total(trade.shop.order(code)))]


def test_who_pays_late_is_served_although_others_were_read_meanwhile(trade: Trade):
    late = trade.place({"MUG-BLUE": 2}, paid=False)
    sleep(1.1)
    trade.buy({"MUG-BLUE": 1})
    trade.shop.pay_late(late)
    trade.settle()
    order = trade.shop.order(late)
    assert order["updatedAt"] < order["orderPlacedAt"]

    trade.ship(late)

    assert trade.shop.order(late)["state"] == "Shipped"
    assert trade.posted(late) == [("posted", total(order))]


def test_a_cent_that_the_ledger_computes_otherwise_is_evened_out(trade: Trade):
    code = trade.buy(ODD_CENT)

    trade.ship(code)

    (invoice,) = trade.invoices(code)
    lines = {line["description"]: (line["quantity"], line["amount"]) for line in invoice["lines"]}
    assert (invoice["state"], invoice["total_amount"]) == ("posted", Decimal("59.08"))
    assert lines == {
        "Green tea 100 g": (3, Decimal("22.50")),
        "Black tea 100 g": (2, Decimal("13.80")),
        "Mug, blue": (1, Decimal("12.00")),
        "Standard parcel": (1, Decimal("5.00")),
        "Rounding": (1, Decimal("0.01")),
    }


def test_an_unknown_article_follows_once_it_is_mapped(trade: Trade):
    code = trade.buy({"GIFT-WRAP-Ü": 3, "MUG-BLUE": 1})
    trade.ship(code)
    assert trade.shop.order(code)["state"] == "PartiallyShipped"

    trade.count("WRAPPING", 30)
    trade.map("GIFT-WRAP-Ü", "WRAPPING")
    trade.settle()
    trade.ship(code)

    order = trade.shop.order(code)
    assert order["state"] == "Shipped"
    assert trade.sent(code) == [("Shipped", number) for number in trade.tracking(code)]
    assert [state for state, _ in trade.posted(code)] == ["posted", "posted"]
    assert sum(amount for _, amount in trade.posted(code)) == total(order)
    assert trade.shop.stock("GIFT-WRAP-Ü").on_hand == trade.on_hand("WRAPPING") == 27


def test_what_the_shop_cancels_in_time_costs_nothing(trade: Trade):
    before = trade.on_hand("MUG-BLUE")
    code = trade.buy({"MUG-BLUE": 1})
    (number,) = trade.tracking(code)

    trade.shop.cancel(code)
    trade.settle()

    assert trade.story(code).header.state == "cancelled"
    assert [label.voided for label in trade.carrier.labels() if label.tracking_number == number] == [True]
    assert (trade.sent(code), trade.invoices(code)) == ([], [])
    assert trade.on_hand("MUG-BLUE") == trade.shop.stock("MUG-BLUE").on_hand == before


def test_the_shop_shows_what_lies_on_the_shelf(trade: Trade):
    trade.count("MUG-RED", 6)
    trade.settle()
    code = trade.buy({"MUG-RED": 2})
    assert trade.shop.stock("MUG-RED") == Stock(on_hand=6, allocated=2)

    trade.ship(code)

    assert trade.on_hand("MUG-RED") == 4
    assert trade.shop.stock("MUG-RED") == Stock(on_hand=4, allocated=0)


def test_what_the_operator_cancels_is_cancelled_in_the_shop(trade: Trade):
    code = trade.buy({"TEA-GREEN-100": 1})

    trade.cancel(code)

    assert trade.shop.order(code)["state"] == "Cancelled"
    assert [label.voided for label in trade.carrier.labels()][-1] is True
    assert (trade.sent(code), trade.invoices(code)) == ([], [])


def test_reading_everything_again_changes_nothing(trade: Trade):
    trade.ship(trade.buy({"TEA-BLACK-100": 1}))
    before = trade.outside()

    trade.reconcile()
    trade.forget_the_cursor()

    assert trade.outside() == before


def test_of_each_kind_of_write_request_and_answer_were_lost(trade: Trade, request):
    cancelled = trade.place({"MUG-BLUE": 1})
    trade.ship(trade.buy(ODD_CENT))
    trade.cancel(cancelled)

    losing = request.node.callspec.params["trade"] == "losing"
    assert trade.lost(Lost.REQUEST) == trade.lost(Lost.ANSWER) == (WRITES if losing else set())
