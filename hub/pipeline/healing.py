"""What waited for a mapping or for the catalogue goes on, in bulk."""

from collections.abc import Mapping

from hub.pipeline.units import ONE
from hub.store import orders, stock, travellers
from hub.store.work import Work

MISFITS = ("listing.unmapped", "quantity.too_fine")
"""Holds of lines that end when a person says which item, and how much of it, a listing is."""


def heal_lines(work: Work, listing: int, item: int, factor: int) -> int:
    """Give the item to all lines that waited for this listing; answers how many orders go on."""
    waiting = orders.lines_of_listing(work, listing)
    served = sorted({order for _, order in waiting})
    travellers.lock_orders(work, served)
    orders.give_item(work, [line for line, _ in waiting], item, factor, ONE)
    for code in MISFITS:
        orders.close_line_holds(work, [line for line, _ in waiting], code)
    orders.awake_in(work, served, ("accepted", "backordered"))
    return len(served)


def heal_items(work: Work, items: Mapping[str, int]) -> int:
    """Articles that channels sold under these SKUs before the items were known; answers how many orders go on."""
    mapped = {listing: items[sku] for listing, sku in orders.unmapped_listings(work, sorted(items))}
    orders.map_listings(work, mapped)
    stock.list_feeds(work, sorted(mapped))
    return sum(heal_lines(work, listing, item, ONE) for listing, item in mapped.items())
