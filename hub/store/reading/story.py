"""The story of one order: everything that happened to it, why, and what is outside because of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from hub.core.failures import BadInput
from hub.core.money import Money
from hub.core.orders import Order
from hub.core.people import Address
from hub.core.units import from_micro
from hub.store import orders, people
from hub.store.reading.effects import EffectSeen, effects_of
from hub.store.reading.said import Said, said
from hub.store.reading.shipping import FulfilmentSeen, fulfilments
from hub.store.shipping import fulfilments_of
from hub.store.tables import (
    CompanyRow,
    ConnectionRow,
    EventRow,
    ExternalIdRow,
    HoldRow,
    ItemRow,
    OrderLineRow,
    OrderRow,
    ReceivableRow,
)
from hub.store.work import View


class Header(NamedTuple):
    """Who, what and how much. `ship_to` is empty where it was erased, or nothing is shipped."""

    id: int
    uid: str
    number: str
    external_id: str
    channel: str
    connector: str
    company: str
    state: str
    placed_at: datetime | None
    received_at: datetime
    due_at: datetime | None
    total: Money
    is_test: bool
    is_ours: bool
    cancelling: Said | None
    is_erased: bool
    ship_to: str


class LineSeen(NamedTuple):
    """A line with its counters, in the base unit of the item."""

    line_no: int
    external_id: str
    sku: str
    title: str
    item: str | None
    carries_stock: bool
    ordered: Decimal
    open: Decimal
    reserved: Decimal
    planned: Decimal
    handed_over: Decimal
    cancelled: Decimal
    to_cancel: Decimal
    returned: Decimal
    total: Money


class HoldSeen(NamedTuple):
    """Why the order or a line waited, and who ended it."""

    line_no: int | None
    reason: Said
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str | None


class EventSeen(NamedTuple):
    """A fact of the trail about the order or one of its fulfilments."""

    at: datetime
    subject: str
    subject_id: int
    fact: Said
    actor: str
    inbox_id: int | None


class ReceivableSeen(NamedTuple):
    """An invoice or credit note."""

    kind: str
    sequence: int
    state: str
    total: Money
    due: Money
    number: str | None
    fulfilment_id: int | None


class NameSeen(NamedTuple):
    """A number under which somebody outside knows the order or a part of it."""

    connection: str
    kind: str
    value: str


class Story(NamedTuple):
    """One order from its arrival to where it is now."""

    header: Header
    lines: tuple[LineSeen, ...]
    holds: tuple[HoldSeen, ...]
    fulfilments: tuple[FulfilmentSeen, ...]
    effects: tuple[EffectSeen, ...]
    receivables: tuple[ReceivableSeen, ...]
    names: tuple[NameSeen, ...]
    events: tuple[EventSeen, ...]


def story(view: View, order: int) -> Story:
    """Raises BadInput for an order that does not exist."""
    document = orders.documents(view, [order]).get(order)
    if document is None:
        raise BadInput("order.unknown", field="order", value=str(order))
    header = _header(view, order)
    numbers = fulfilments_of(view, [order])[order]
    billed = _receivables(view, order)
    return Story(
        header=header,
        lines=_lines(view, order, document, header.total.currency),
        holds=_holds(view, order),
        fulfilments=tuple(fulfilments(view, numbers)),
        effects=tuple(effects_of(view, order, numbers, list(billed))),
        receivables=tuple(billed.values()),
        names=_names(view, {"order": [order], "fulfilment": numbers}),
        events=_events(view, {"order": [order], "fulfilment": numbers}),
    )


def _header(view: View, order: int) -> Header:
    row = view.one(
        select(
            OrderRow.id, OrderRow.uid, OrderRow.number, OrderRow.external_id, ConnectionRow.name,
            ConnectionRow.connector, CompanyRow.code, OrderRow.state, OrderRow.placed_at, OrderRow.received_at,
            OrderRow.due_at, OrderRow.total, OrderRow.currency, OrderRow.is_test, OrderRow.is_ours,
            OrderRow.cancel_code, OrderRow.cancel_params, OrderRow.party_id,
        )
        .join(
            ConnectionRow,
            and_(ConnectionRow.tenant_id == OrderRow.tenant_id, ConnectionRow.id == OrderRow.connection_id),
        )
        .join(CompanyRow, and_(CompanyRow.tenant_id == OrderRow.tenant_id, CompanyRow.id == OrderRow.company_id))
        .where(OrderRow.tenant_id == view.tenant, OrderRow.id == order)
    )  # fmt: skip
    address = _address(view, row.party_id)
    return Header(
        id=row.id,
        uid=row.uid,
        number=row.number,
        external_id=row.external_id,
        channel=row.name,
        connector=row.connector,
        company=row.code,
        state=row.state,
        placed_at=row.placed_at,
        received_at=row.received_at,
        due_at=row.due_at,
        total=Money(row.total, row.currency),
        is_test=row.is_test,
        is_ours=row.is_ours,
        cancelling=None if row.cancel_code is None else said(row.cancel_code, row.cancel_params),
        is_erased=address is None,
        ship_to=address or "",
    )


def _address(view: View, party: int) -> str | None:
    """Where it goes, on one line; `None` for a person who was erased."""
    try:
        found = people.read_party(view, party).shipping_address
    except people.Forgotten:
        return None
    return "" if found is None else in_one_line(found)


def in_one_line(address: Address) -> str:
    """Name, street, place and country."""
    street = address.line1 or " ".join(str(part) for part in (address.street_name, address.house_number) if part)
    place = " ".join(str(part) for part in (address.postal_code, address.city) if part)
    return ", ".join(str(part) for part in (address.name, address.company, street, place, address.country) if part)


def _lines(view: View, order: int, document: Order, currency: str) -> tuple[LineSeen, ...]:
    line = OrderLineRow
    rows = view.all(
        select(
            line.line_no, line.external_id, line.sku, ItemRow.sku.label("item"), line.carries_stock, line.ordered,
            line.reserved, line.planned, line.handed_over, line.cancelled, line.to_cancel, line.returned, line.total,
        )
        .outerjoin(ItemRow, and_(ItemRow.tenant_id == line.tenant_id, ItemRow.id == line.item_id))
        .where(line.tenant_id == view.tenant, line.order_id == order)
        .order_by(line.line_no)
    )  # fmt: skip
    titles = {each.id: each.title or "" for each in document.lines}
    return tuple(
        LineSeen(
            line_no=row.line_no,
            external_id=row.external_id,
            sku=row.sku,
            title=titles.get(row.external_id, ""),
            item=row.item,
            carries_stock=row.carries_stock,
            ordered=from_micro(row.ordered),
            open=from_micro(row.ordered - row.cancelled - row.reserved - row.planned - row.handed_over),
            reserved=from_micro(row.reserved),
            planned=from_micro(row.planned),
            handed_over=from_micro(row.handed_over),
            cancelled=from_micro(row.cancelled),
            to_cancel=from_micro(row.to_cancel),
            returned=from_micro(row.returned),
            total=Money(row.total, currency),
        )
        for row in rows
    )


def _holds(view: View, order: int) -> tuple[HoldSeen, ...]:
    rows = view.all(
        select(
            OrderLineRow.line_no,
            HoldRow.code,
            HoldRow.params,
            HoldRow.opened_at,
            HoldRow.opened_by,
            HoldRow.closed_at,
            HoldRow.closed_by,
        )
        .outerjoin(
            OrderLineRow,
            and_(OrderLineRow.tenant_id == HoldRow.tenant_id, OrderLineRow.id == HoldRow.order_line_id),
        )
        .where(HoldRow.tenant_id == view.tenant, HoldRow.order_id == order)
        .order_by(HoldRow.id)
    )
    return tuple(
        HoldSeen(row.line_no, said(row.code, row.params), row.opened_at, row.opened_by, row.closed_at, row.closed_by)
        for row in rows
    )


def _receivables(view: View, order: int) -> dict[int, ReceivableSeen]:
    rows = view.all(
        select(
            ReceivableRow.id, ReceivableRow.kind, ReceivableRow.sequence, ReceivableRow.state, ReceivableRow.total,
            ReceivableRow.due, ReceivableRow.currency, ReceivableRow.number, ReceivableRow.fulfilment_id,
        )
        .where(ReceivableRow.tenant_id == view.tenant, ReceivableRow.order_id == order)
        .order_by(ReceivableRow.sequence, ReceivableRow.id)
    )  # fmt: skip
    return {
        row.id: ReceivableSeen(
            row.kind,
            row.sequence,
            row.state,
            Money(row.total, row.currency),
            Money(row.due, row.currency),
            row.number,
            row.fulfilment_id,
        )
        for row in rows
    }


def _names(view: View, subjects: Mapping[str, Sequence[int]]) -> tuple[NameSeen, ...]:
    connection = aliased(ConnectionRow)
    found: list[NameSeen] = []
    for subject, ids in subjects.items():
        rows = view.all(
            select(connection.name, ExternalIdRow.kind, ExternalIdRow.value)
            .join(
                connection,
                and_(
                    connection.tenant_id == ExternalIdRow.tenant_id,
                    connection.id == ExternalIdRow.connection_id,
                ),
            )
            .where(
                ExternalIdRow.tenant_id == view.tenant,
                ExternalIdRow.subject == subject,
                view.by_ids(ExternalIdRow.subject_id, ids),
            )
            .order_by(ExternalIdRow.id)
        )
        found += [NameSeen(*row) for row in rows]
    return tuple(dict.fromkeys(found))


def _events(view: View, subjects: Mapping[str, Iterable[int]]) -> tuple[EventSeen, ...]:
    """In the order in which they were written."""
    found: list[tuple[int, EventSeen]] = []
    for subject, ids in subjects.items():
        rows = view.all(
            select(
                EventRow.id,
                EventRow.at,
                EventRow.subject,
                EventRow.subject_id,
                EventRow.name,
                EventRow.params,
                EventRow.actor,
                EventRow.inbox_id,
            ).where(
                EventRow.tenant_id == view.tenant,
                EventRow.subject == subject,
                view.by_ids(EventRow.subject_id, ids),
            )
        )
        found += [
            (
                row.id,
                EventSeen(row.at, row.subject, row.subject_id, said(row.name, row.params), row.actor, row.inbox_id),
            )
            for row in rows
        ]
    return tuple(event for _, event in sorted(found, key=lambda pair: pair[0]))
