"""Orders, lines and holds as rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select, update

from hub.core import json
from hub.core.document import read
from hub.core.failures import Parameter
from hub.core.orders import Order
from hub.core.states import ORDER_STARTS, Counters
from hub.store.tables import FulfilmentLineRow, FulfilmentRow, HoldRow, ItemRow, ListingRow, OrderLineRow, OrderRow
from hub.store.work import View, Work


class Known(NamedTuple):
    """What decides whether a newly read document changes an order."""

    id: int
    external_id: str
    state: str
    digest: str
    asked_at: datetime
    channel_version: str | None
    key_id: int
    party_id: int


KNOWN = tuple(getattr(OrderRow, name) for name in Known._fields)


def known_orders(work: Work, connection: int, external_ids: Sequence[str]) -> dict[str, Known]:
    """Lock the orders that exist already among these."""
    rows = work.lock(
        select(*KNOWN)
        .where(
            OrderRow.tenant_id == work.tenant,
            OrderRow.connection_id == connection,
            work.by_ids(OrderRow.external_id, external_ids),
        )
        .order_by(OrderRow.id)
    )
    return {row.external_id: Known(*row) for row in rows}


class LineState(NamedTuple):
    """An order line with its counters."""

    id: int
    order_id: int
    line_no: int
    external_id: str
    sku: str
    listing_id: int | None
    item_id: int | None
    factor: int
    carries_stock: bool
    total: int
    ordered: int
    to_cancel: int
    cancelled: int
    reserved: int
    planned: int
    handed_over: int

    @property
    def counters(self) -> Counters:
        """The quantities that the order's state follows."""
        return Counters(self.ordered, self.cancelled, self.reserved, self.planned, self.handed_over)

    @property
    def open(self) -> int:
        """Demanded and not yet promised."""
        return self.ordered - self.cancelled - self.reserved - self.planned - self.handed_over


LINE = tuple(getattr(OrderLineRow, name) for name in LineState._fields)


def lines_of(view: View, orders: Sequence[int]) -> dict[int, list[LineState]]:
    """The lines of these orders in their own order; an order that carries no goods has an entry as well."""
    found: dict[int, list[LineState]] = {order: [] for order in orders}
    rows = view.all(
        select(*LINE)
        .where(OrderLineRow.tenant_id == view.tenant, view.by_ids(OrderLineRow.order_id, orders))
        .order_by(OrderLineRow.order_id, OrderLineRow.line_no)
    )
    for line in map(LineState._make, rows):
        found[line.order_id].append(line)
    return found


def count(work: Work, changes: Mapping[int, Mapping[str, int]]) -> None:
    """Add to counters of lines: {line: {counter: plus or minus}}."""
    counters = sorted({name for change in changes.values() for name in change})
    rows = [
        {"id": line, **{name: change.get(name, 0) for name in counters}} for line, change in sorted(changes.items())
    ]
    if rows:
        work.update(OrderLineRow, rows, add=counters)


class Summary(NamedTuple):
    """What decisions about an order need beside its lines."""

    id: int
    connection_id: int
    company_id: int
    external_id: str
    number: str
    state: str
    priority: int
    placed_at: datetime | None
    currency: str
    total: int
    country: str | None
    is_test: bool
    ship_complete: bool
    lane: int
    key_id: int
    party_id: int


SUMMARY = tuple(getattr(OrderRow, name) for name in Summary._fields)


def summaries(view: View, orders: Sequence[int]) -> dict[int, Summary]:
    """The facts of these orders."""
    rows = view.all(select(*SUMMARY).where(OrderRow.tenant_id == view.tenant, view.by_ids(OrderRow.id, orders)))
    return {row.id: Summary(*row) for row in rows}


def documents(view: View, orders: Sequence[int]) -> dict[int, Order]:
    """The canonical documents without their people."""
    rows = view.all(
        select(OrderRow.id, OrderRow.schema, OrderRow.document).where(
            OrderRow.tenant_id == view.tenant, view.by_ids(OrderRow.id, orders)
        )
    )
    return {row.id: read(Order, row.schema, row.document.encode()) for row in rows}


class Hold(NamedTuple):
    """Why an order waits. A hold on a line lets the other lines go on."""

    order_id: int
    code: str
    params: Mapping[str, Parameter]
    order_line_id: int | None = None


def open_holds(work: Work, holds: Sequence[Hold]) -> None:
    """Let orders or lines wait; who opened the hold is the actor."""
    if not holds:
        return
    work.insert(
        HoldRow,
        [
            {
                "id": number,
                "order_id": hold.order_id,
                "order_line_id": hold.order_line_id,
                "code": hold.code,
                "params": json.dumps(dict(hold.params)).decode(),
                "opened_at": work.now,
                "opened_by": work.actor,
            }
            for number, hold in zip(work.ids(HoldRow, len(holds)), holds, strict=True)
        ],
    )
    whole: dict[int, int] = {}
    for hold in holds:
        if hold.order_line_id is None:
            whole[hold.order_id] = whole.get(hold.order_id, 0) + 1
    rows = [{"id": order, "open_holds": number} for order, number in sorted(whole.items())]
    if rows:
        work.update(OrderRow, rows, add=("open_holds",))


def close_holds(work: Work, orders: Sequence[int], code: str) -> list[int]:
    """End holds of one kind; answers the orders that had one. The orders must be locked."""
    mine = (
        HoldRow.tenant_id == work.tenant,
        work.by_ids(HoldRow.order_id, orders),
        HoldRow.code == code,
        HoldRow.closed_at.is_(None),
    )
    rows = work.all(select(HoldRow.order_id, HoldRow.order_line_id).where(*mine))
    work.run(update(HoldRow).where(*mine).values(closed_at=work.now, closed_by=work.actor))
    whole: dict[int, int] = {}
    for row in rows:
        if row.order_line_id is None:
            whole[row.order_id] = whole.get(row.order_id, 0) - 1
    changes = [{"id": order, "open_holds": number} for order, number in sorted(whole.items())]
    if changes:
        work.update(OrderRow, changes, add=("open_holds",))
    return sorted({row.order_id for row in rows})


def awake(work: Work, orders: Iterable[int]) -> None:
    """Make orders due; the steps decide whether there is anything to do."""
    awake_in(work, orders, ORDER_STARTS)


def waiting_for(view: View, items: Sequence[int], limit: int) -> list[int]:
    """Backordered orders with open demand for these items, oldest first."""
    return view.scalars(
        select(OrderRow.id)
        .join(
            OrderLineRow,
            and_(OrderLineRow.tenant_id == OrderRow.tenant_id, OrderLineRow.order_id == OrderRow.id),
        )
        .where(
            OrderRow.tenant_id == view.tenant,
            OrderRow.state == "backordered",
            OrderRow.open_holds == 0,
            OrderRow.cancel_code.is_(None),
            view.by_ids(OrderLineRow.item_id, items),
            OrderLineRow.ordered
            > OrderLineRow.cancelled + OrderLineRow.reserved + OrderLineRow.planned + OrderLineRow.handed_over,
        )
        .distinct()
        .order_by(OrderRow.id)
        .limit(limit)
    )


def lines_of_listing(view: View, listing: int) -> list[tuple[int, int]]:
    """(line, order) of lines that wait for this listing to be mapped."""
    rows = view.all(
        select(OrderLineRow.id, OrderLineRow.order_id).where(
            OrderLineRow.tenant_id == view.tenant,
            OrderLineRow.listing_id == listing,
            OrderLineRow.item_id.is_(None),
            OrderLineRow.carries_stock,
        )
    )
    return [(row.id, row.order_id) for row in rows]


class Listing(NamedTuple):
    """A channel's article and what it is for us; `precision` are the decimals of the item's unit."""

    id: int
    external_id: str
    item_id: int | None
    factor: int
    precision: int


def listings(view: View, connection: int, external_ids: Sequence[str]) -> dict[str, Listing]:
    """The known listings among these."""
    rows = view.all(
        select(
            ListingRow.id,
            ListingRow.external_id,
            ListingRow.item_id,
            ListingRow.factor,
            func.coalesce(ItemRow.precision, 0).label("precision"),
        )
        .outerjoin(ItemRow, and_(ItemRow.tenant_id == ListingRow.tenant_id, ItemRow.id == ListingRow.item_id))
        .where(
            ListingRow.tenant_id == view.tenant,
            ListingRow.connection_id == connection,
            view.by_ids(ListingRow.external_id, external_ids),
        )
    )
    return {row.external_id: Listing(*row) for row in rows}


def unmapped_listings(view: View, skus: Sequence[str]) -> list[tuple[int, str]]:
    """(listing, SKU) of articles that were seen on channels under these SKUs and are none of our items yet."""
    rows = view.all(
        select(ListingRow.id, ListingRow.sku)
        .where(ListingRow.tenant_id == view.tenant, ListingRow.item_id.is_(None), view.by_ids(ListingRow.sku, skus))
        .order_by(ListingRow.id)
    )
    return [(row.id, row.sku) for row in rows]


def map_listings(work: Work, items: Mapping[int, int]) -> None:
    """Listings are these items, one for one: {listing: item}."""
    work.update(ListingRow, [{"id": listing, "item_id": item} for listing, item in sorted(items.items())])


def awake_cancels(work: Work, orders: Sequence[int]) -> None:
    """Orders that are being cancelled and waited for an outcome are due again."""
    mine = (
        OrderRow.tenant_id == work.tenant,
        work.by_ids(OrderRow.id, orders),
        OrderRow.cancel_code.is_not(None),
    )
    if work.run(update(OrderRow).where(*mine).values(due_at=work.now)):
        work.wake("cancel", "")


def want_cancel(work: Work, lines: Mapping[int, int], order: int, code: str, params: Mapping[str, Parameter]) -> None:
    """Note how much of which lines is to be cancelled; a step does it as far as it can still be done."""
    if lines:
        work.update(
            OrderLineRow,
            [{"id": line, "to_cancel": quantity} for line, quantity in sorted(lines.items())],
            add=("to_cancel",),
        )
    work.update(
        OrderRow,
        [
            {
                "id": order,
                "cancel_code": code,
                "cancel_params": json.dumps(dict(params)).decode(),
                "due_at": work.now,
            }
        ],
    )
    work.wake("cancel", "")


def awake_in(work: Work, orders: Iterable[int], states: Iterable[str]) -> None:
    """Make those of the orders due that stand in one of these states."""
    wanted, among = sorted(set(orders)), [str(state) for state in states]
    mine = (OrderRow.tenant_id == work.tenant, work.by_ids(OrderRow.id, wanted), OrderRow.state.in_(among))
    if wanted and work.run(update(OrderRow).where(*mine).values(due_at=work.now)):
        for state in among:
            work.wake("order", state)


def move_party(work: Work, order: int, new: int, states: Iterable[str]) -> None:
    """Fulfilments of an order in one of these states go to its people as they are now."""
    mine = (
        select(FulfilmentLineRow.fulfilment_id)
        .join(
            OrderLineRow,
            and_(
                OrderLineRow.tenant_id == FulfilmentLineRow.tenant_id,
                OrderLineRow.id == FulfilmentLineRow.order_line_id,
            ),
        )
        .where(FulfilmentLineRow.tenant_id == work.tenant, OrderLineRow.order_id == order)
    )
    work.run(
        update(FulfilmentRow)
        .where(
            FulfilmentRow.tenant_id == work.tenant,
            FulfilmentRow.id.in_(mine),
            FulfilmentRow.state.in_(list(states)),
        )
        .values(party_id=new)
    )


class Wish(NamedTuple):
    """That an order or some of its lines are to be cancelled, by whom and why."""

    code: str
    params: Mapping[str, Parameter]


def wishes(view: View, orders: Sequence[int]) -> dict[int, Wish]:
    """What is to be cancelled among these orders."""
    rows = view.all(
        select(OrderRow.id, OrderRow.cancel_code, OrderRow.cancel_params).where(
            OrderRow.tenant_id == view.tenant,
            view.by_ids(OrderRow.id, orders),
            OrderRow.cancel_code.is_not(None),
        )
    )
    return {row.id: Wish(row.cancel_code or "", json.loads((row.cancel_params or "{}").encode())) for row in rows}  # type: ignore[arg-type]  # written by want_cancel


def end_cancel(work: Work, order: int) -> None:
    """What could be cancelled is."""
    work.update(OrderRow, [{"id": order, "cancel_code": None, "cancel_params": None}])


def cancelling(view: View, orders: Sequence[int]) -> set[int]:
    """Those of the orders that are being cancelled: nothing new is begun for them."""
    return set(wishes(view, orders))


def due_times(view: View, orders: Sequence[int]) -> dict[int, datetime | None]:
    """When orders are due, if at all."""
    rows = view.all(
        select(OrderRow.id, OrderRow.due_at).where(OrderRow.tenant_id == view.tenant, view.by_ids(OrderRow.id, orders))
    )
    return {row.id: row.due_at for row in rows}


def held_by(view: View, code: str, step: str) -> list[int]:
    """Orders with an open hold of this code that names this step."""
    rows = view.all(
        select(HoldRow.order_id, HoldRow.params).where(
            HoldRow.tenant_id == view.tenant, HoldRow.code == code, HoldRow.closed_at.is_(None)
        )
    )
    return sorted({row.order_id for row in rows if json.loads(row.params.encode()).get("step") == step})  # type: ignore[union-attr]  # our own object


def give_item(work: Work, lines: Sequence[int], item: int, factor: int, one: int) -> None:
    """Map lines to an item; their quantities are from here on in its base unit."""
    work.run(
        update(OrderLineRow)
        .where(OrderLineRow.tenant_id == work.tenant, work.by_ids(OrderLineRow.id, lines))
        .values(
            item_id=item,
            factor=factor,
            ordered=OrderLineRow.ordered * factor // one,
            cancelled=OrderLineRow.cancelled * factor // one,
            to_cancel=OrderLineRow.to_cancel * factor // one,
        )
    )


def close_line_holds(work: Work, lines: Sequence[int], code: str) -> None:
    """End holds of one kind on lines."""
    work.run(
        update(HoldRow)
        .where(
            HoldRow.tenant_id == work.tenant,
            work.by_ids(HoldRow.order_line_id, lines),
            HoldRow.code == code,
            HoldRow.closed_at.is_(None),
        )
        .values(closed_at=work.now, closed_by=work.actor)
    )


def begin_watched(work: Work, connection: int) -> int:
    """Orders that were only watched are worked on from here; what lies before the cut-over is put aside."""
    work.wake("order", "received")
    return work.run(
        update(OrderRow)
        .where(
            OrderRow.tenant_id == work.tenant,
            OrderRow.connection_id == connection,
            OrderRow.state == "received",
            OrderRow.due_at.is_(None),
        )
        .values(due_at=work.now)
    )


def orders_of_lines(view: View, lines: Sequence[int]) -> list[int]:
    """The orders that these lines belong to."""
    return view.scalars(
        select(OrderLineRow.order_id)
        .where(OrderLineRow.tenant_id == view.tenant, view.by_ids(OrderLineRow.id, lines))
        .distinct()
        .order_by(OrderLineRow.order_id)
    )


def forgive(work: Work, order: int, code: str) -> None:
    """A finding that a person has looked at holds the order no more."""
    text = findings_of(work, order)
    found = json.loads(text.encode()) if text else {}
    left = {key: value for key, value in found.items() if key != code} if isinstance(found, dict) else {}
    work.update(OrderRow, [{"id": order, "findings": json.dumps(left).decode() if left else None}])


def findings_of(view: View, order: int) -> str | None:
    """What was found in an order's document, as JSON."""
    return view.scalar(select(OrderRow.findings).where(OrderRow.tenant_id == view.tenant, OrderRow.id == order))


def orders_named(view: View, connection: int, external_ids: Sequence[str]) -> list[Summary]:
    """Orders of a channel by its own ids."""
    rows = view.all(
        select(*SUMMARY).where(
            OrderRow.tenant_id == view.tenant,
            OrderRow.connection_id == connection,
            view.by_ids(OrderRow.external_id, external_ids),
        )
    )
    return [Summary(*row) for row in rows]
