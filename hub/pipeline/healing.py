"""What waited for a mapping or for the catalogue goes on, in bulk."""

from hub.pipeline.units import ONE
from hub.store import orders, travellers
from hub.store.work import Work

UNMAPPED = "listing.unmapped"


def heal_lines(work: Work, listing: int, item: int, factor: int) -> int:
    """Give the item to all lines that waited for this listing; answers how many orders go on."""
    waiting = orders.lines_of_listing(work, listing)
    served = sorted({order for _, order in waiting})
    travellers.lock_orders(work, served)
    orders.give_item(work, [line for line, _ in waiting], item, factor, ONE)
    orders.close_line_holds(work, [line for line, _ in waiting], UNMAPPED)
    orders.awake_in(work, served, ("accepted", "backordered"))
    return len(served)
