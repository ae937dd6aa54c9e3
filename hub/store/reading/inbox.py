"""What entered, and what became of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select

from hub.core.failures import BadInput
from hub.store.inbox import InboxState
from hub.store.people import read_blob
from hub.store.reading.said import Said, said
from hub.store.tables import ConnectionRow, InboxRow, OrderRow
from hub.store.work import View


class InboxSeen(NamedTuple):
    """One foreign document or delivery."""

    id: int
    received_at: datetime
    connection: str
    kind: str
    topic: str
    external_id: str
    version: str | None
    state: str
    reason: Said | None
    order_id: int | None
    order_number: str | None
    settled_at: datetime | None
    is_backfill: bool


class InboxFilter(NamedTuple):
    """Which entries: `before` an id goes on where a list ended."""

    states: tuple[InboxState, ...] = tuple(InboxState)
    connection: str | None = None
    code: str | None = None
    before: int | None = None


def entries(view: View, wanted: InboxFilter, limit: int) -> list[InboxSeen]:
    """The newest entries that fit."""
    where: list[ColumnElement[bool]] = [InboxRow.state.in_([state.value for state in wanted.states])]
    if wanted.connection is not None:
        where.append(ConnectionRow.name == wanted.connection)
    if wanted.code is not None:
        where.append(InboxRow.code == wanted.code)
    if wanted.before is not None:
        where.append(InboxRow.id < wanted.before)
    return _read(view, where, limit)


def entry(view: View, number: int) -> InboxSeen:
    """Raises BadInput for an entry that does not exist."""
    found = _read(view, [InboxRow.id == number], 1)
    if not found:
        raise BadInput("inbox.unknown", field="entry", value=str(number))
    return found[0]


def body(view: View, number: int) -> bytes:
    """The document as it came. Raises Forgotten where its key was dropped."""
    blob = view.one(select(InboxRow.blob_id).where(InboxRow.tenant_id == view.tenant, InboxRow.id == number)).blob_id
    return read_blob(view, blob)


def _read(view: View, where: Iterable[ColumnElement[bool]], limit: int) -> list[InboxSeen]:
    rows = view.all(
        select(
            InboxRow.id, InboxRow.received_at, ConnectionRow.name, InboxRow.kind, InboxRow.topic, InboxRow.external_id,
            InboxRow.version, InboxRow.state, InboxRow.code, InboxRow.params, InboxRow.order_id,
            OrderRow.number.label("order_number"), InboxRow.settled_at, InboxRow.lane,
        )
        .join(
            ConnectionRow,
            and_(ConnectionRow.tenant_id == InboxRow.tenant_id, ConnectionRow.id == InboxRow.connection_id),
        )
        .outerjoin(OrderRow, and_(OrderRow.tenant_id == InboxRow.tenant_id, OrderRow.id == InboxRow.order_id))
        .where(InboxRow.tenant_id == view.tenant, *where)
        .order_by(InboxRow.id.desc())
        .limit(limit)
    )  # fmt: skip
    return [
        InboxSeen(
            id=row.id,
            received_at=row.received_at,
            connection=row.name,
            kind=row.kind,
            topic=row.topic,
            external_id=row.external_id,
            version=row.version,
            state=row.state,
            reason=None if row.code is None else said(row.code, row.params),
            order_id=row.order_id,
            order_number=row.order_number,
            settled_at=row.settled_at,
            is_backfill=row.lane > 0,
        )
        for row in rows
    ]
