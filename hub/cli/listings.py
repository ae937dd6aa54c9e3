"""`hub listing`: what channels list, and which of our items it is."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated

import typer
from rich.text import Text

from hub.actions import connections
from hub.actions.permission import OWNER
from hub.cli.desk import Desk, area, verb
from hub.cli.opening import looking, working
from hub.cli.screen import Page, answer
from hub.core.failures import BadInput
from hub.core.text import masked
from hub.core.units import positive_quantity
from hub.store.reading.connections import ListingSeen, listings

app = area("What channels list, and which of our items it is.")


@app.command("list")
@verb
def list_listings(
    desk: Desk,
    connection: Annotated[str | None, typer.Argument(help="Only what this channel lists.")] = None,
    unmapped: Annotated[bool, typer.Option("--unmapped", help="Only what is none of our items yet.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="So many at most.")] = 100,
) -> None:
    """Articles of channels, and the items they sell."""
    with looking(desk) as view:
        found = listings(view, connection, unmapped=unmapped, limit=limit)
    answer(desk, found, lambda page: _draw(page, found))


def _draw(page: Page, found: list[ListingSeen]) -> None:
    table = page.table("Channel", "Listing", "SKU there", "Title", "Item", "Factor", right=("Factor",), fold=("Title",))
    unmapped = Text(page.word("unmapped"), style="yellow")
    rows = [
        (each.connection, each.external_id, each.sku, each.title, each.item or unmapped, each.factor) for each in found
    ]
    page.rows(table, rows, "Nothing is listed yet: listings come with orders.")


@app.command("map")
@verb
def map_listing(
    desk: Desk,
    connection: Annotated[str, typer.Argument(help="The channel.")],
    listing: Annotated[str, typer.Argument(metavar="EXTERNAL", help="The article's id there.")],
    sku: Annotated[str, typer.Argument(help="Our item.")],
    factor: Annotated[str, typer.Option(help="So much of the item is one piece there: 6 for a six-pack.")] = "1",
) -> None:
    """Say which item a channel's article is; orders that waited for it go on."""
    with working(desk) as hub:
        healed = connections.map_listing(hub, OWNER, connection, listing, sku, factor=number(factor, "factor"))
    told = "{listing} is {sku}; orders that go on: {count}"
    value = {"connection": connection, "listing": listing, "item": sku, "orders": healed}
    answer(desk, value, lambda page: page.say(page.word(told).format(listing=listing, sku=sku, count=healed)))


def number(text: str, field: str, accepted: Callable[[object], Decimal] = positive_quantity) -> Decimal:
    """An exact quantity. Raises BadInput that names the field."""
    try:
        return accepted(text)
    except BadInput as bad:
        raise BadInput(bad.code, **{**bad.params, "field": field, "value": masked(text)}) from None  # type: ignore[arg-type]  # its own parameters
