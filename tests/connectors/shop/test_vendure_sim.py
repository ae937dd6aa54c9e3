"""The simulator is like the shop: its answers have the shape of real ones, and it reckons as the shop does."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.shop.vendure import queries
from connectors.shop.vendure.connector import Vendure
from connectors.shop.vendure.sim import PASSWORD, USER, VendureSim
from connectors.shop.vendure.sim_prices import Adjustment, Price, tax_summary
from hub.core.failures import Misconfigured, Rejected
from hub.core.json import JSON, dumps, loads
from hub.core.money import DualMoney, Money
from hub.core.totals import check_totals, violations
from hub.sdk.sim import Basket, BasketLine, Buyer, ShipTo
from tests.connectors.shop.vendure import (
    NOON,
    World,
    a_cancel,
    a_push,
    a_remote,
    a_world,
    basket,
    line,
    sample,
)


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def recorded(fixtures_dir: Path) -> Path:
    """Answers of Vendure as its own documentation shows them."""
    return fixtures_dir / "shop" / "vendure"


def shape(node: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Every place of a document with the type of what stands there; absent values have none."""
    if isinstance(node, dict):
        for name, child in node.items():
            yield from shape(child, f"{place}.{name}".lstrip("."))
    elif isinstance(node, list):
        for child in node:
            yield from shape(child, f"{place}[]")
    elif node is not None:
        yield place, type(node).__name__


def read(file: Path) -> Any:
    return loads(file.read_bytes())


def missing(real: object, simulated: object) -> set[tuple[str, str]]:
    return set(shape(real)) - set(shape(simulated))


def plain(node: object) -> Any:
    """A tree of the simulator with all that may be asked for."""
    if isinstance(node, dict):
        return {name: plain(child({}) if callable(child) else child) for name, child in node.items()}
    if isinstance(node, (list, tuple)):
        return [plain(child) for child in node]
    return node


def a_rich_order(world: World) -> str:
    """One with all that an order may have."""
    order = world.buy(
        line("TEA-GREEN-100", 3, "7.50", "0.07"),
        line("MUG-BLUE", 3),
        prices_include_tax=False,
        discount=Decimal(5),
        shipping=Decimal(5),
        ship_to=ShipTo(province="Berlin"),
    )
    tea, mugs = world.lines(order)
    world.shop.send_dispatch([a_push(order, (tea, 3))])
    world.shop.send_cancel([a_cancel(order, (mugs, 1))])
    world.sim.shop.give_back(world.sim.shop.orders[order], 1000, "broken", world.clock.now())
    return order


def test_an_order_has_the_shape_of_a_real_one(world):
    real = sample("rich")
    simulated = loads(world.shop.fetch_orders([a_rich_order(world)])[0].body)

    assert missing(real, simulated) == {
        ("surcharges[].id", "str"),
        ("surcharges[].description", "str"),
        ("surcharges[].sku", "str"),
        ("surcharges[].price", "int"),
        ("surcharges[].priceWithTax", "int"),
        ("surcharges[].taxLines[].description", "str"),
        ("surcharges[].taxLines[].taxRate", "int"),
        ("promotions[].couponCode", "str"),
        ("payments[].refunds[].lines[].orderLineId", "str"),
        ("payments[].refunds[].lines[].quantity", "int"),
        ("couponCodes[]", "str"),
        ("shippingAddress.company", "str"),
        ("shippingAddress.streetLine2", "str"),
        ("billingAddress.company", "str"),
    }
    assert missing(simulated, real) == {
        ("payments[].refunds[].transactionId", "str"),
        ("billingAddress.phoneNumber", "str"),
        ("billingAddress.province", "str"),
    }
    assert isinstance(simulated, dict)
    assert simulated.keys() == real.keys()


def test_an_order_of_the_documentation(world, recorded):
    real = read(recorded / "order-digital-and-physical.json")["data"]["setOrderShippingMethod"]
    simulated = plain(world.sim.shop.orders[a_rich_order(world)].tree())

    assert missing(real, simulated) == {("lines[].productVariant.customFields.isDigital", "bool")}


def test_stock_of_the_documentation(world, recorded):
    real = read(recorded / "stock-levels-and-movements.json")["data"]["productVariant"]
    simulated = plain(world.sim.shop.variants["1"].tree())

    assert missing(real, simulated) == {
        ("stockMovements.items[].createdAt", "str"),
        ("stockMovements.items[].quantity", "int"),
        ("stockMovements.items[].type", "str"),
    }


def test_a_refusal_of_the_documentation(world, recorded):
    real = read(recorded / "stock-insufficient-error-result.json")["data"]["addItemToOrder"]
    order = a_rich_order(world)
    simulated = world.sim.shop.cancel({"orderId": order, "lines": []}, NOON)

    assert missing(real, simulated) == {
        ("order.id", "str"),
        ("order.totalQuantity", "int"),
        ("quantityAvailable", "int"),
    }


def test_an_error_of_the_documentation(world, recorded):
    real = read(recorded / "error-forbidden.json")
    simulated = ask(world, queries.CHECK).json()

    assert missing(real, simulated) == {("errors[].path[]", "str")}
    assert real["errors"][0]["message"] == simulated["errors"][0]["message"]


def test_errors_of_the_documentation_are_understood(recorded):
    with pytest.raises(Misconfigured, match=r"channel\.not_permitted"):
        a_remote(read(recorded / "error-forbidden.json")).check()
    refused = read(recorded / "stock-insufficient-error-result.json")["data"]["addItemToOrder"]

    [answer] = a_remote({"data": {"order": None}}, {"data": {"cancelOrder": refused}}).send_cancel([a_cancel("1")])

    assert isinstance(answer, Rejected)
    assert answer.params["reason"] == "INSUFFICIENT_STOCK_ERROR"


def ask(world: World, query: str, variables: JSON = None, **headers: str) -> httpx.Response:
    body = dumps({"query": query, "variables": variables or {}})
    request = httpx.Request("POST", "https://simulator.test/admin-api", content=body, headers=headers)
    return world.sim.respond(request, world.clock.now())


def test_whoever_is_not_signed_in_is_told_so_with_status_200(world):
    stranger = ask(world, queries.CHECK)
    late = ask(world, queries.CHECK, authorization="Bearer gone")

    assert [answer.status_code for answer in (stranger, late)] == [200, 200]
    assert ("vendure-auth-token" in stranger.headers, late.headers["vendure-auth-token"]) == (False, "")


def test_signing_in_brings_a_token(world):
    answer = ask(world, queries.LOGIN, {"username": USER, "password": PASSWORD})

    assert answer.headers["vendure-auth-token"] == "session-1"
    assert answer.json() == {"data": {"login": {"__typename": "CurrentUser"}}}


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("query X { orders { nope } }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("query X { nope }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("query X {", 400, "GRAPHQL_PARSE_FAILED"),
        ("{ orders(options: { take: 1001 }) { totalItems } }", 200, "USER_INPUT_ERROR"),
        (
            'mutation { cancelOrder(input: { orderId: "9" }) { __typename } }',
            200,
            "ENTITY_NOT_FOUND",
        ),
    ],
)
def test_what_the_shop_would_not_understand(world, query, status, code):
    answer = ask(world, query, **{"vendure-api-key": "only-simulated-key"})

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]) == (status, {"code": code})


def test_an_expired_or_unknown_field_changes_nothing(world):
    order = world.buy(line())

    ask(world, 'mutation { cancelOrder(input: { orderId: "1" }) { id } }')

    assert world.order(order).state == "open"


@pytest.mark.parametrize("name", ["rich", "simple", "free-shipping"])
def test_it_reckons_as_the_shop_does(name):
    real = sample(name)

    def price(told: dict[str, Any], list_price: int) -> Price:
        (tax,) = told["taxLines"]
        discounts = [
            Adjustment(one["adjustmentSource"], one["type"], one["description"], one["amount"])
            for one in told["discounts"]
        ]
        placed = told["orderPlacedQuantity"]
        return Price(
            list_price, False, tax["description"], Decimal(tax["taxRate"]), placed, told["quantity"], discounts
        )

    prices = {"TEA-GREEN-100": 750, "TEA-BLACK-100": 690, "MUG-BLUE": 1200, "MUG-RED": 1200, "GIFT-WRAP-Ü": 199}
    for told in real["lines"]:
        mine = price(told, prices[told["productVariant"]["sku"]])
        if told["quantity"] == max(told["quantity"], told["orderPlacedQuantity"]):
            assert mine.reduced() == (told["proratedLinePrice"], told["proratedLinePriceWithTax"])
            assert mine.discounts() == told["discounts"]
        assert mine.unit()[1] == told["unitPriceWithTax"]
        assert mine.whole()[1] == told["linePriceWithTax"]


def test_taxes_are_summed_by_name_and_rate():
    prices = [Price(750, False, "VAT 7", Decimal(7), 2, 2), Price(1200, False, "VAT 19", Decimal(19))]
    shipping = Price(500, False, "shipping tax", Decimal(19))

    assert tax_summary([*prices, shipping]) == sample("simple")["taxSummary"]


amounts = st.decimals(min_value=0, max_value=500, places=2)
rates = st.sampled_from([Decimal(rate) for rate in ("0", "0.07", "0.19", "0.055", "0.2")])
skus = st.sampled_from(["MUG-BLUE", "TEA-SET", "NOBODY-KNOWS-IT", "GIFT-WRAP-Ü"])
lines = st.builds(BasketLine, skus, st.integers(1, 9).map(Decimal), amounts, rates)
baskets = st.builds(
    Basket,
    st.lists(lines, min_size=1, max_size=5, unique_by=lambda one: one.sku).map(tuple),
    currency=st.sampled_from(["EUR", "GBP", "USD"]),
    prices_include_tax=st.booleans(),
    discount=amounts,
    shipping=amounts,
)


@settings(max_examples=60)
@given(first=baskets, then=baskets)
def test_whatever_is_bought_and_changed_the_parts_add_up(first, then):
    world = a_world()
    order = world.sim.place(first, NOON)

    for step in (lambda: None, lambda: world.sim.edit(order, then, NOON), lambda: world.sim.cancel(order, NOON)):
        if first.currency == then.currency:
            step()
        found = world.order(order)
        assert check_totals(found, Vendure.limits.sum_rule).difference == Money.zero(first.currency)
        assert violations(found) == ()


def test_yen_are_counted_in_hundredths(world):
    order = world.buy(line(price="1200", tax="0.1"), currency="JPY", shipping=Decimal(600))

    body = loads(world.shop.fetch_orders([order])[0].body)

    assert isinstance(body, dict)
    assert body["totalWithTax"] == 180_000
    totals = world.order(order).totals
    assert totals.grand_total.shop == Money(1800, "JPY")
    assert totals.tax_total == DualMoney(Money(164, "JPY"))


def test_the_buyer_and_the_place(world):
    order = world.buy(
        buyer=Buyer("Ada King Lovelace", "ada@example.com"), ship_to=ShipTo("Zoë", "Straße 5", "Köln", "50667")
    )

    people = world.order(order).people

    assert people.customer is not None
    assert (people.customer.first_name, people.customer.last_name) == ("Ada King", "Lovelace")
    assert people.shipping_address is not None
    assert (people.shipping_address.name, people.shipping_address.city) == ("Zoë", "Köln")


def test_an_article_that_nobody_listed_is_sold_all_the_same(world):
    order = world.buy(line("NEW-THING"))

    (sold,) = world.order(order).lines

    assert (sold.sku, sold.listing) == ("NEW-THING", world.sim.items()[-1].external_id)


def test_orders_are_told_by_the_time_of_placing(world):
    late = world.sim.leave_at_the_till(basket(), world.clock.now())
    world.wait(minutes=1)
    soon = world.buy()
    world.wait(minutes=1)
    world.sim.pay(late, world.clock.now())
    world.sim.cancel(soon, world.clock.now())

    assert [(one.external_id, one.cancelled) for one in world.sim.orders()] == [(soon, True), (late, False)]


def test_an_edit_settles_the_difference(world):
    order = world.buy(line(price="11.90"))

    world.sim.edit(order, basket(line(price="11.90", quantity=2), line("TEA-SET", price="5.00")), world.clock.now())
    dearer = world.order(order)
    world.sim.edit(order, basket(line("TEA-SET", price="5.00")), world.clock.now())
    cheaper = world.order(order)

    assert [one.sku for one in dearer.lines] == ["MUG-BLUE", "TEA-SET"]
    assert str(dearer.totals.paid and dearer.totals.paid.shop) == "28.80 EUR"
    assert [one.quantities and one.quantities.current for one in cheaper.lines] == [0, 1]
    assert str(cheaper.totals.refunded and cheaper.totals.refunded.shop) == "23.80 EUR"


def test_a_cancel_gives_the_money_back(world):
    order = world.buy()

    world.sim.cancel(order, world.clock.now())

    assert (world.order(order).state, world.order(order).payment_state) == ("cancelled", "refunded")


def test_shipping_does_not_move_the_time_of_change(world):
    order = world.buy()
    before = world.order(order).native_updated_at
    world.wait(hours=1)

    world.shop.send_dispatch([a_push(order, (world.lines(order)[0], 1))])

    assert world.order(order).native_updated_at == before


def test_a_simulator_of_whole_seconds():
    world = a_world(VendureSim(whole_seconds=True))

    order = world.buy()

    assert world.order(order).placed_at.raw == "2026-11-22T12:00:00.000Z"
