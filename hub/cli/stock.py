"""`hub stock`, `hub item`, `hub location`: goods, what they are, and where they lie."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import typer
from rich.text import Text

from hub.actions import stock as stocking
from hub.actions.permission import OWNER
from hub.cli.desk import Desk, area, verb
from hub.cli.listings import number
from hub.cli.opening import looking, working
from hub.cli.screen import Page, answer, moment
from hub.core.people import Address
from hub.core.units import from_micro
from hub.core.units import quantity as at_least_nothing
from hub.store.reading.said import Said
from hub.store.reading.stock import MovementSeen, ShownSeen, StockSeen, items, locations, moved, shown
from hub.store.reading.stock import stock as positions
from hub.store.setup import item_named, location_named

app = area("Goods: how many there are, and how many are promised.")
item = area("What is stored and shipped.")
location = area("Places that ship.")

Sku = Annotated[str, typer.Argument(help="Our item.")]
Place = Annotated[str, typer.Argument(metavar="LOCATION", help="The code of the location.")]
Amount = Annotated[str, typer.Argument(metavar="QUANTITY", help="In the unit of the item.")]
LAST = 10


@app.command("list")
@verb
def list_stock(
    desk: Desk,
    at: Annotated[str | None, typer.Option("--location", help="Only goods there.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="So many rows at most.")] = 100,
) -> None:
    """Everything on the shelves: on hand, promised, free."""
    with looking(desk) as view:
        if at is not None:
            location_named(view, at)
        found = positions(view, None, at, limit)
    answer(desk, found, lambda page: _draw(page, found))


def _draw(page: Page, found: Sequence[StockSeen]) -> None:
    numbers = ("On hand", "Reserved", "Free")
    table = page.table("SKU", "Title", "Location", *numbers, "Unit", right=numbers, fold=("Title",))
    rows = [
        (each.sku, each.title, each.location, each.on_hand, each.reserved, _free(each.free), page.word(each.unit))
        for each in found
    ]
    page.rows(table, rows, "There are no goods yet. Count some: hub stock set SKU LOCATION QUANTITY")


def _free(quantity: Decimal) -> Text:
    return Text(str(quantity), style="green" if quantity else "yellow")


@app.command("show")
@verb
def show(desk: Desk, sku: Sku) -> None:
    """One item: where it lies, what channels show of it, and what moved last."""
    with looking(desk) as view:
        wanted = item_named(view, sku)
        found = positions(view, [wanted], None, 1000)
        channels, last = shown(view, wanted), moved(view, wanted, LAST)
    value = {"stock": found, "channels": channels, "movements": last}
    answer(desk, value, lambda page: _draw_item(page, found, channels, last))


def _draw_item(
    page: Page, found: Sequence[StockSeen], channels: Sequence[ShownSeen], last: Sequence[MovementSeen]
) -> None:
    _draw(page, found)
    if channels:
        numbers = ("Pieces of", "Should show", "Shows")
        table = page.table("Channel", "Listing", *numbers, "Seen", "State", right=numbers, fold=("State",))
        rows = [
            (
                each.connection, each.listing, each.factor, each.wanted, each.seen, moment(each.seen_at),
                each.code or (page.word("due") if each.is_due else ""),
            )
            for each in channels
        ]  # fmt: skip
        page.say("")
        page.rows(table, rows, "")
    if last:
        table = page.table("When", "Quantity", "From", "To", "Why", "Who", right=("Quantity",), fold=("Why",))
        page.say("")
        page.rows(table, [_movement(page, each) for each in last], "")


def _movement(page: Page, each: MovementSeen) -> tuple[object, ...]:
    way = (page.word(each.source), page.word(each.target))
    return (each.at, each.quantity, *way, page.said(Said(each.code, {})), each.actor)


@app.command("set")
@verb
def set_stock(
    desk: Desk,
    sku: Sku,
    place: Place,
    quantity: Amount,
    reason: Annotated[str, typer.Option(help="Why, as it stands at the movement.")] = "stock.counted",
) -> None:
    """Book what was counted; promises that it does not bear are dealt anew."""
    with working(desk) as hub:
        difference = stocking.set_stock(
            hub, OWNER, sku, place, number(quantity, "quantity", at_least_nothing), reason=reason
        )
    told = "Booked, with a difference of {difference}."
    value = {"sku": sku, "location": place, "difference": from_micro(difference)}
    answer(desk, value, lambda page: page.say(page.word(told).format(difference=from_micro(difference))))


@app.command("receive")
@verb
def receive(
    desk: Desk,
    sku: Sku,
    place: Place,
    quantity: Amount,
    key: Annotated[str, typer.Option(help="The number of the receipt, which is booked once.")],
) -> None:
    """Book goods from a supplier; orders that wait for them go on."""
    with working(desk) as hub:
        new = stocking.receive_goods(hub, OWNER, sku, place, number(quantity, "quantity"), key=key)
    told = "Booked." if new else "This receipt was booked before; nothing changed."
    answer(desk, {"sku": sku, "location": place, "new": new}, lambda page: page.say(page.word(told)))


@item.command("list")
@verb
def list_items(
    desk: Desk,
    like: Annotated[str | None, typer.Argument(help="Only items with this in SKU or title.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="So many at most.")] = 100,
) -> None:
    """Items by SKU."""
    with looking(desk) as view:
        found = items(view, like, limit)
    columns = ("SKU", "Title", "Unit", "Places", "Grams")
    empty = "No item fits. Add one: hub item add SKU"
    right = ("Places", "Grams")
    answer(desk, found, lambda page: page.rows(page.table(*columns, right=right, fold=("Title",)), found, empty))


@item.command("add")
@verb
def add_item(
    desk: Desk,
    sku: Annotated[str, typer.Argument(help="The item's own code.")],
    title: Annotated[str, typer.Option(help="What it is.")] = "",
    unit: Annotated[str, typer.Option(help="Its base unit.")] = "piece",
    precision: Annotated[int, typer.Option(min=0, max=6, help="Decimal places of a quantity.")] = 0,
    grams: Annotated[int | None, typer.Option(min=1, help="What one unit weighs.")] = None,
) -> None:
    """Add an item; one that exists stays as it is."""
    row = {"sku": sku, "title": title, "unit": unit, "precision": precision, "weight_grams": grams}
    with working(desk) as hub:
        [stored] = stocking.add_items(hub, OWNER, [row])
    answer(desk, {"sku": stored}, lambda page: page.say(page.word("{sku} is there.").format(sku=stored)))


@location.command("list")
@verb
def list_locations(desk: Desk) -> None:
    """Locations, best ranked first."""
    with looking(desk) as view:
        found = locations(view)
    columns = ("Location", "Name", "Country", "Rank", "Handed over at", "Carrier", "Open")
    empty = "There is no location yet. Add one: hub location add CODE"
    answer(desk, found, lambda page: page.rows(page.table(*columns, right=("Rank",), fold=("Name",)), found, empty))


class HandsOver(StrEnum):
    """What counts as handed over to the carrier."""

    LABEL = "label"
    SCAN = "scan"
    HAND = "hand"


@location.command("add")
@verb
def add_location(
    desk: Desk,
    code: Annotated[str, typer.Argument(help="How you will call it.")],
    country: Annotated[str, typer.Option(help="Two letters.")],
    city: Annotated[str, typer.Option(help="Where parcels are sent from.")],
    postal_code: Annotated[str, typer.Option(help="Of the sender.")],
    street: Annotated[str, typer.Option(help="Street and number of the sender.")],
    name: Annotated[str | None, typer.Option(help="The sender's name on labels.")] = None,
    phone: Annotated[str | None, typer.Option(help="The sender's telephone, which some carriers want.")] = None,
    province: Annotated[str | None, typer.Option(help="Code of the province, where addresses have one.")] = None,
    company: Annotated[str, typer.Option(help="The company that ships.")] = "main",
    rank: Annotated[int, typer.Option(min=1, help="Lower goes first where several could ship.")] = 1,
    hands_over: Annotated[HandsOver, typer.Option(help="What counts as handed over.")] = HandsOver.LABEL,
    carrier: Annotated[str | None, typer.Option(help="The connection that sells its labels.")] = None,
) -> None:
    """Add a place that ships."""
    address = Address.accept(
        {
            "name": name or code, "line1": street, "city": city, "postal_code": postal_code, "country": country.upper(),
            "phone": phone, "province_code": province,
        }
    )  # fmt: skip
    with working(desk) as hub:
        stocking.add_location(
            hub, OWNER, code, name=name or code, company=company, address=address, rank=rank,
            hands_over=hands_over.value, carrier=carrier,
        )  # fmt: skip
    answer(desk, {"location": code}, lambda page: page.say(page.word("{code} can ship.").format(code=code)))
