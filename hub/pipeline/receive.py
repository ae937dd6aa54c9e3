"""New orders become rows: all that reads is taken in, what does not match waits line by line."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hub.core import json
from hub.core.changes import PAID, wanted
from hub.core.document import write
from hub.core.failures import Parameter
from hub.core.orders import FulfilmentStanding, Line, Order, OrderKind, OrderStanding
from hub.core.people import People
from hub.core.states import OrderState
from hub.core.text import sku
from hub.core.totals import SumRule, check_totals
from hub.core.units import from_micro
from hub.pipeline.hub import Hub
from hub.pipeline.units import ONE, in_items
from hub.store import names, orders, people, stock
from hub.store.connections import Connection, Flow, Switch
from hub.store.inbox import Entry, InboxState, Outcome
from hub.store.names import Name
from hub.store.orders import Hold, Listing
from hub.store.tables import ListingRow, OrderLineRow, OrderRow
from hub.store.trail import Event, record
from hub.store.work import Work

PERSONAL = frozenset({"people"})
SHIPPED = frozenset({FulfilmentStanding.SHIPPED, FulfilmentStanding.DELIVERED, FulfilmentStanding.RETURNED})


class Reading(NamedTuple):
    """An inbox row and the order it speaks of."""

    entry: Entry
    order: Order


Findings = dict[str, dict[str, str]]
"""What the review has to weigh, found while the document is at hand: {code: parameters}."""


def findings(order: Order, rule: SumRule) -> Findings:
    """Facts about a document that decide whether it may go on."""
    found: Findings = {}
    checked = check_totals(order, rule)
    if checked.unexplained:
        found["total.differs"] = {
            "difference": str(checked.difference),
            "total": str(order.totals.grand_total.shop),
        }
    if order.payment_state not in PAID and order.totals.grand_total.shop:
        found["order.unpaid"] = {"state": order.payment_state.value}
    if order.placed_at.utc is None:
        found["order.placed_when"] = {"raw": order.placed_at.raw}
    if order.fulfilment_state in SHIPPED:
        found["order.shipped_elsewhere"] = {}
    if order.state is OrderStanding.CANCELLED:
        found["order.cancelled"] = {"by": "channel"}
    return found


def receive(hub: Hub, work: Work, connection: Connection, readings: Sequence[Reading]) -> Iterable[Outcome]:
    """Write orders, lines, people and first events in a handful of statements."""
    if not readings:
        return []
    limits = hub.connector(connection).limits
    keys = people.data_keys(work, [reading.entry.key_id for reading in readings])
    parties = people.put_parties(work, [(keys[r.entry.key_id], r.order.people) for r in readings])
    numbers = work.ids(OrderRow, len(readings))
    is_due = connection.switch(Flow.ORDERS_IN) is Switch.ON
    rows = [
        {
            **_row(work, connection, reading, findings(reading.order, limits.sum_rule)),
            "id": number,
            "party_id": party,
            "due_at": work.now if is_due else None,
            "ship_complete": not limits.partial_shipments,
        }
        for number, party, reading in zip(numbers, parties, readings, strict=True)
    ]
    taken = work.insert_new(OrderRow, rows, conflict=("tenant_id", "connection_id", "external_id"))
    made = [(number, reading) for number, reading in zip(numbers, readings, strict=True) if number in taken]
    add_lines(work, connection, [(number, reading.order.lines) for number, reading in made])
    _name(work, connection, made)
    told = "order.received" if is_due else "order.watched"
    record(
        work,
        [Event("order", number, 1, told, {"number": r.order.number}, inbox_id=r.entry.id) for number, r in made],
    )
    if is_due:
        work.wake("order", OrderState.RECEIVED.value, [number for number, _ in made])
    return [Outcome(r.entry.id, InboxState.APPLIED, "inbox.new_order", {}, number) for number, r in made]


def _row(work: Work, connection: Connection, reading: Reading, found: Findings) -> dict[str, object]:
    entry, order = reading
    return {
        "uid": work.uid(),
        "connection_id": connection.id,
        "company_id": connection.company_id,
        "external_id": order.external_id,
        "number": order.number or order.external_id,
        "state": OrderState.RECEIVED.value,
        "lane": entry.lane,
        "priority": 0,
        "open_holds": 0,
        "seq": 1,
        "version": 1,
        "placed_at": order.placed_at.utc,
        "received_at": entry.received_at,
        "currency": order.currency,
        "total": order.totals.grand_total.shop.minor,
        **place(order.people),
        "is_test": order.is_test or connection.is_test,
        "is_ours": order.kind is not OrderKind.MARKETPLACE_FULFILLED,
        "findings": stored(found),
        "schema": Order.schema_number,
        "document": write(order, without=PERSONAL).decode(),
        "digest": entry.digest,
        "asked_at": entry.asked_at,
        "channel_version": entry.version,
        "key_id": entry.key_id,
        "cancel_code": None,
        "cancel_params": None,
    }


def stored(found: Findings) -> str | None:
    """Findings as a column; nothing found is no text."""
    return json.dumps(found).decode() if found else None  # type: ignore[arg-type]  # texts within texts


def place(found: People) -> dict[str, object]:
    """Country and region of the destination: enough to route, too little to find anybody."""
    address = found.shipping_address
    if address is None:
        return {"country": None, "region": None}
    return {"country": address.country, "region": address.province_code}


def _name(work: Work, connection: Connection, made: Sequence[tuple[int, Reading]]) -> None:
    """Numbers of an order beside its id and its display number."""
    names.name(
        work,
        [
            Name(connection.id, "order", number, native.kind or "alias", native.id)
            for number, reading in made
            for native in reading.order.native_aliases
        ],
    )


def add_lines(
    work: Work, connection: Connection, wanted_lines: Sequence[tuple[int, Sequence[Line]]], first: int = 0
) -> None:
    """Write order lines; a line that fits none of our items waits by itself, the others go on."""
    lines = [(order, no, line) for order, found in wanted_lines for no, line in enumerate(found, start=first + 1)]
    known = _listed(work, connection, [line for _, _, line in lines if line.carries_stock])
    numbers = work.ids(OrderLineRow, len(lines))
    rows, holds = [], []
    for number, (order, no, line) in zip(numbers, lines, strict=True):
        listing = known.get(article(line)) if line.carries_stock else None
        factor = listing.factor if listing else ONE
        hold = _misfit(connection, line, listing) if listing else None
        rows.append(
            {
                "id": number,
                "order_id": order,
                "line_no": no,
                "external_id": line.id,
                "sku": plain_sku(line),
                "listing_id": listing.id if listing else None,
                "item_id": listing.item_id if listing and hold is None else None,
                "factor": factor,
                "carries_stock": line.carries_stock,
                "total": line.line_total.shop.minor,
                "ordered": in_items(wanted(line), factor),
                **NOTHING,
            }
        )
        if hold is not None:
            holds.append(Hold(order, *hold, number))
    work.insert(OrderLineRow, rows)
    orders.open_holds(work, holds)


def _misfit(connection: Connection, line: Line, listing: Listing) -> tuple[str, dict[str, Parameter]] | None:
    """Why a line cannot be taken for an item of ours, in what code and words."""
    params: dict[str, Parameter] = {"sku": plain_sku(line), "listing": article(line), "channel": connection.name}
    if listing.item_id is None:
        return "listing.unmapped", params
    quantity = in_items(wanted(line), listing.factor)
    if quantity % (ONE // 10**listing.precision):
        return "quantity.too_fine", {**params, "quantity": str(from_micro(quantity)), "places": listing.precision}
    return None


NOTHING = dict.fromkeys(("to_cancel", "cancelled", "reserved", "planned", "handed_over", "returned"), 0)


def plain_sku(line: Line, *, field: str = "sku") -> str:
    """The channel's word for the article in the form in which words are compared. Raises BadInput."""
    return sku(line.sku, field=field) if line.sku and line.sku.strip() else ""


def article(line: Line) -> str:
    """Under which id the channel lists what was bought."""
    return line.listing or plain_sku(line) or f"line:{line.title or line.id}"


def _listed(work: Work, connection: Connection, lines: Sequence[Line]) -> dict[str, Listing]:
    """Listings of the lines; an article seen for the first time is listed, and mapped if its SKU is one of ours."""
    wanted_ids = {article(line): line for line in lines}
    known = orders.listings(work, connection.id, sorted(wanted_ids))
    fresh = {key: line for key, line in wanted_ids.items() if key not in known}
    if not fresh:
        return known
    numbers = work.ids(ListingRow, len(fresh))
    items = stock.items_by_sku(work, sorted({plain_sku(line) for line in fresh.values()}))
    rows = [
        {
            "id": number,
            "connection_id": connection.id,
            "external_id": key,
            "sku": plain_sku(line),
            "title": line.title or "",
            "item_id": items.get(plain_sku(line)),
            "factor": ONE,
            "made_at": work.now,
        }
        for number, (key, line) in zip(numbers, fresh.items(), strict=True)
    ]
    work.insert_new(ListingRow, rows, conflict=("tenant_id", "connection_id", "external_id"))
    stock.list_feeds(work, [number for number, row in zip(numbers, rows, strict=True) if row["item_id"] is not None])
    return orders.listings(work, connection.id, sorted(wanted_ids))
