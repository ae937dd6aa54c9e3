"""Stock on hand: set for many at once, one bad item fails alone; articles are listed to their end."""

from decimal import Decimal

import pytest

from connectors.shop.vendure import stock
from connectors.shop.vendure.connector import Vendure
from connectors.shop.vendure.sim import GOODS, VendureSim
from hub.core.failures import InDoubt, Misconfigured, Rejected, Retryable
from hub.core.json import JSON
from hub.sdk.capabilities import ListedItem, StockPush, StockSeen
from hub.sdk.connector import StockKind
from hub.sdk.sim import Fault, FaultKind
from tests.connectors.shop.vendure import World, a_push, a_remote, a_world, line

SET = "mutation SetStock"


@pytest.fixture
def world() -> World:
    return a_world()


def push(listing: str, quantity: str, location: str | None = None) -> StockPush:
    return StockPush(listing, Decimal(quantity), location)


def seen(listing: str, quantity: int) -> StockSeen:
    return StockSeen(listing, Decimal(quantity))


def shown(world: World, *listings: str) -> list[Decimal | None]:
    return [world.sim.stock_shown(listing) for listing in listings]


def test_the_shop_wants_what_lies_on_the_shelf():
    assert Vendure.limits.stock is StockKind.PHYSICAL
    assert (Vendure.limits.negative_stock, Vendure.limits.stock_batch) == (True, 100)


def test_many_listings_in_one_call(world):
    answers = world.shop.push_stock([push("1", "40"), push("2", "0"), push("3", "-3")])

    assert answers == [seen("1", 40), seen("2", 0), seen("3", -3)]
    assert shown(world, "1", "2", "3", "4") == [40, 0, -3, None]


def test_the_same_number_twice_does_no_harm(world):
    world.shop.push_stock([push("1", "40")])

    assert world.shop.push_stock([push("1", "40")]) == [seen("1", 40)]
    assert shown(world, "1") == [40]


def test_an_article_that_is_gone_fails_alone(world):
    answers = world.shop.push_stock([push("1", "4"), push("4711", "5"), push("2", "6"), push("3", "7")])

    gone = answers[1]
    assert isinstance(gone, Rejected)
    assert (gone.code, gone.params["reason"]) == ("channel.not_found", "ENTITY_NOT_FOUND")
    assert [answers[at] for at in (0, 2, 3)] == [seen("1", 4), seen("2", 6), seen("3", 7)]
    assert shown(world, "1", "2", "3") == [4, 6, 7]


def test_half_a_piece_fails_alone(world):
    half, whole = world.shop.push_stock([push("1", "4.5"), push("2", "6.000")])

    assert isinstance(half, Rejected)
    assert (half.code, half.params) == ("channel.whole_pieces", {"quantity": "4.5"})
    assert whole == seen("2", 6)
    assert shown(world, "1") == [None]


def test_nothing_to_push_asks_nobody():
    assert stock.push(a_remote({"data": {}}).client, [], "1") == []


@pytest.mark.parametrize(
    ("kind", "failure"),
    [(FaultKind.TIMED_OUT_AFTER, InDoubt), (FaultKind.ERROR, InDoubt), (FaultKind.RATE_LIMITED, Retryable)],
)
def test_a_call_that_fails_fails_for_all(world, kind, failure):
    world.sim.fail(Fault(kind, where=SET, seconds=60))

    answers = world.shop.push_stock([push("1", "4"), push("2", "5")])

    assert [type(answer) for answer in answers] == [failure, failure]
    assert world.shop.push_stock([push("1", "4"), push("2", "5")]) == [seen("1", 4), seen("2", 5)]


def test_read_back_leaves_out_what_is_gone(world):
    world.shop.push_stock([push("1", "40")])

    assert world.shop.read_stock(["4711", "1", "2"]) == [seen("1", 40), seen("2", 0)]


def test_more_than_one_page_is_read_back(monkeypatch, world):
    monkeypatch.setattr(stock, "PAGE", 2)

    assert world.shop.read_stock(["1", "2", "3", "4", "5"]) == [seen(str(at), 0) for at in range(1, 6)]


def test_every_article_is_listed(monkeypatch, world):
    monkeypatch.setattr(stock, "PAGE", 2)

    found = list(world.shop.list_items())

    assert found == [ListedItem(str(at), sku, title) for at, (sku, title) in enumerate(GOODS.items(), 1)]


LOCATIONS: JSON = {"data": {"stockLocations": {"items": [{"id": "1", "name": "Berlin"}, {"id": "2", "name": "Lyon"}]}}}


@pytest.mark.parametrize(("named", "chosen"), [("2", "2"), ("Lyon", "2"), ("Berlin", "1")])
def test_a_location_is_chosen_by_id_or_name(named, chosen):
    assert stock.location(a_remote(LOCATIONS).client, named) == chosen


@pytest.mark.parametrize("named", [None, "Paris"])
def test_which_of_several_locations_must_be_said(named):
    with pytest.raises(Misconfigured) as caught:
        stock.location(a_remote(LOCATIONS).client, named)

    assert caught.value.code == "channel.stock_location"
    assert caught.value.params == {"location": named or "–", "known": "Berlin, Lyon"}


def test_a_level_may_name_its_own_location():
    shop = a_remote(
        LOCATIONS,
        {
            "data": {
                "updateProductVariants": [
                    {
                        "id": "1",
                        "stockLevels": [
                            {"stockLocationId": "1", "stockOnHand": 9},
                            {"stockLocationId": "2", "stockOnHand": 4},
                        ],
                    }
                ]
            }
        },
        stock_location="Berlin",
    )

    assert shop.push_stock([push("1", "4", location="2")]) == [seen("1", 4)]


def test_a_sale_takes_from_the_shelf_when_it_is_sent():
    world = a_world(VendureSim(tracks_stock=True))
    world.shop.push_stock([push("3", "10")])
    order = world.buy(line("MUG-BLUE", 4))
    mug = world.sim.shop.variants["3"]
    sold = (mug.on_hand, mug.allocated)

    world.shop.send_dispatch([a_push(order, (world.lines(order)[0], 3))])

    assert sold == (10, 4)
    assert (mug.on_hand, mug.allocated) == (7, 1)
    assert world.shop.read_stock(["3"]) == [seen("3", 7)]


def test_a_cancelled_sale_frees_what_was_allocated():
    world = a_world(VendureSim(tracks_stock=True))
    world.shop.push_stock([push("3", "10")])
    order = world.buy(line("MUG-BLUE", 4))
    world.shop.send_dispatch([a_push(order, (world.lines(order)[0], 3))])

    world.sim.cancel(order, world.clock.now())

    mug = world.sim.shop.variants["3"]
    assert (mug.on_hand, mug.allocated) == (10, 0)
