"""Later versions of an order: what changed, and what follows for stock, shipments and money."""

from collections.abc import Mapping
from decimal import Decimal

from hub.core.changes import PAID, Changes, differences
from hub.core.document import write
from hub.core.failures import Parameter
from hub.core.orders import Order
from hub.core.states import FulfilmentState as F
from hub.core.states import OrderState as S
from hub.core.totals import SumRule
from hub.pipeline import cancel
from hub.pipeline.receive import PERSONAL, Reading, add_lines, findings, place, stored
from hub.pipeline.steps import Move, advance
from hub.pipeline.units import in_items
from hub.store import alarms, orders, people, shipping, travellers
from hub.store.connections import Connection, Flow, Switch
from hub.store.inbox import InboxState, Outcome
from hub.store.orders import Known, LineState
from hub.store.tables import OrderLineRow, OrderRow
from hub.store.work import Work

UNTOUCHED = frozenset({S.RECEIVED, S.ARCHIVED, S.CANCELLED})
REOPENS = frozenset({S.ROUTED, S.FULFILLING, S.FULFILLED, S.COMPLETED})


def apply(work: Work, connection: Connection, known: Known, reading: Reading, rule: SumRule) -> Outcome:
    """Replace the document and let the consequences begin; without any it was an echo or a remark."""
    entry, new = reading
    old = orders.documents(work, [known.id])[known.id]
    before = people.read_party(work, known.party_id)
    changed = differences(old, new, people=before != new.people)
    key = people.data_keys(work, [known.key_id])[known.key_id]
    party = people.put_parties(work, [(key, new.people)])[0] if changed.people else known.party_id
    found = findings(new, rule)
    work.update(
        OrderRow,
        [
            {
                "id": known.id,
                "number": new.number or new.external_id,
                "currency": new.currency,
                "total": new.totals.grand_total.shop.minor,
                **place(new.people),
                "findings": stored(found),
                "schema": Order.schema_number,
                "document": write(new, without=PERSONAL).decode(),
                "digest": entry.digest,
                "asked_at": entry.asked_at,
                "channel_version": entry.version,
                "party_id": party,
                "placed_at": new.placed_at.utc,
            }
        ],
    )
    if changed.people:
        _move(work, known, party, new_address=before.shipping_address != new.people.shipping_address)
    _consequences(work, connection, known, new, changed, found)
    _tell(work, connection, known, reading, changed)
    orders.awake_cancels(work, [known.id])
    code = "inbox.changed" if changed.names else "inbox.no_consequence"
    return Outcome(entry.id, InboxState.APPLIED, code, {"what": ", ".join(changed.names)}, known.id)


def _move(work: Work, known: Known, party: int, *, new_address: bool) -> None:
    """What nobody has asked a carrier about goes to the new address; labels on their way are recalled."""
    orders.move_party(work, known.id, party, [F.PLANNED] if new_address else F)
    if new_address and shipping.fulfilments_of(work, [known.id])[known.id]:
        orders.want_cancel(work, {}, known.id, cancel.MOVED, {"by": "channel"})


def _only_watched(connection: Connection, known: Known) -> bool:
    """Its channel's orders are not worked on: it waits until their flow is turned on."""
    return known.state == S.RECEIVED and connection.switch(Flow.ORDERS_IN) is not Switch.ON


def _tell(work: Work, connection: Connection, known: Known, reading: Reading, changed: Changes) -> None:
    """In the trail, and awake: every step that may have something to do looks at the order again."""
    heads = travellers.heads(work, travellers.ORDER, [known.id])
    state = heads[known.id].state
    event = "order.changed" if changed.names else ""
    params: dict[str, Parameter] = {"what": ", ".join(changed.names)}
    reopened = S.BACKORDERED if state in REOPENS and (changed.more or changed.added) else None
    stays = state in UNTOUCHED - {S.RECEIVED} or _only_watched(connection, known) or not changed.names
    due = orders.due_times(work, [known.id])[known.id] if stays else work.now
    move = Move(known.id, event, reopened, params, due=due, inbox_id=reading.entry.id)
    advance(work, travellers.ORDER, [move], heads)


def _consequences(
    work: Work,
    connection: Connection,
    known: Known,
    new: Order,
    changed: Changes,
    found: Mapping[str, object],
) -> None:
    if changed.revived and known.state == S.CANCELLED:
        alarms.open_alarm(work, "order.revived", str(known.id), {"order": new.number})
    if known.state in {S.ARCHIVED, S.CANCELLED}:
        return
    _line_by_line(work, connection, known, new, changed)
    for code in ("total.differs", "order.unpaid", "order.placed_when"):
        if code not in found:
            orders.close_holds(work, [known.id], code)
    if new.payment_state in PAID and not _only_watched(connection, known):
        orders.awake(work, [known.id])


def _line_by_line(work: Work, connection: Connection, known: Known, new: Order, changed: Changes) -> None:
    lines = {line.external_id: line for line in orders.lines_of(work, [known.id])[known.id]}
    if changed.more:
        _more(work, lines, changed.more)
    if changed.added:
        add_lines(work, connection, [(known.id, changed.added)], first=len(new.lines) + len(lines))
    if changed.cancelled:
        _cancel(work, known, {line.id: _cancellable(line) for line in lines.values()}, "cancel.channel")
    elif changed.less:
        less = {lines[each].id: in_items(q, lines[each].factor) for each, q in changed.less.items() if each in lines}
        _cancel(work, known, less, "cancel.lines")


def _more(work: Work, lines: Mapping[str, LineState], more: Mapping[str, Decimal]) -> None:
    rows = [
        {"id": lines[each].id, "ordered": in_items(quantity, lines[each].factor)}
        for each, quantity in more.items()
        if each in lines
    ]
    work.update(OrderLineRow, rows, add=("ordered",))


def _cancellable(line: LineState) -> int:
    """What is neither cancelled nor about to be; what of it has left is said to be too late."""
    return max(0, line.ordered - line.cancelled - line.to_cancel)


def _cancel(work: Work, known: Known, quantities: Mapping[int, int], code: str) -> None:
    wanted = {line: quantity for line, quantity in quantities.items() if quantity > 0}
    if known.state == S.RECEIVED and not wanted:
        return
    orders.want_cancel(work, wanted, known.id, code, {"by": "channel"})
