"""Every invariant of the database, each a statement or two over all rows: `hub verify`."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from hub.store.checks import effects, finance, house, orders, shipping, stock
from hub.store.work import View


class Check(NamedTuple):
    """One invariant and the rows that break it; `check.<name>` says it in words."""

    name: str
    ok: bool
    detail: str


CHECKS: Mapping[str, Callable[[View], list[str]]] = {
    "stock_on_hand": stock.on_hand,
    "stock_reserved": stock.reserved,
    "stock_items": stock.items,
    "lines_reserved": orders.reserved,
    "lines_planned": orders.planned,
    "lines_handed_over": orders.handed_over,
    "lines_bounds": orders.bounds,
    "orders_state": orders.state,
    "orders_holds": orders.holds,
    "fulfilments_reserved": shipping.reserved,
    "fulfilments_sold": shipping.sold,
    "fulfilments_label": shipping.label,
    "receivables_once": finance.once,
    "receivables_sum": finance.total,
    "effects_state": effects.state,
    "effects_once": effects.once,
    "effects_key": effects.key,
    "effects_order": effects.order,
    "effects_watched": effects.watched,
    "feeds_version": effects.feeds,
    "inbox_applied": house.inbox_applied,
    "inbox_due": house.inbox_due,
    "events_numbered": house.events,
    "seals": house.seals,
    "references": house.references,
    "database": house.database,
    "batches": house.batches,
}


def verify(view: View) -> Iterator[Check]:
    """Look at each invariant in turn, on one still picture of the database."""
    for name, find in CHECKS.items():
        found = find(view)
        yield Check(name, not found, ", ".join(found))
