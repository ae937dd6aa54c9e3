"""Effects as people see them: what, where, how it stands, and for which order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from hub.store.reading.said import Said, said
from hub.store.tables import ConnectionRow, EffectRow, FulfilmentLineRow, OrderLineRow, ReceivableRow
from hub.store.work import View


class EffectSeen(NamedTuple):
    """An intended change outside. `after` is the key of the one that goes first."""

    id: int
    key: str
    token: str
    capability: str
    connection: str
    subject: str
    subject_id: int
    order_id: int | None
    state: str
    watched: bool
    attempt: int
    made_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    settled_at: datetime | None
    reference: str | None
    reason: Said | None
    after: str | None
    answer_id: int | None


def effects(view: View, states: Iterable[str], connection: str | None, limit: int) -> list[EffectSeen]:
    """The newest effects in these states."""
    where: list[ColumnElement[bool]] = [EffectRow.state.in_(sorted(states))]
    if connection is not None:
        where.append(ConnectionRow.name == connection)
    return _read(view, where, limit)


def effects_of(view: View, order: int, fulfilments: Sequence[int], receivables: Sequence[int]) -> list[EffectSeen]:
    """Everything that happens outside for an order, oldest first."""
    subjects: Mapping[str, Sequence[int]] = {"order": [order], "fulfilment": fulfilments, "receivable": receivables}
    mine = [
        and_(EffectRow.subject == name, view.by_ids(EffectRow.subject_id, ids)) for name, ids in subjects.items() if ids
    ]
    return list(reversed(_read(view, [or_(*mine)], None)))


def _read(view: View, where: Sequence[ColumnElement[bool]], limit: int | None) -> list[EffectSeen]:
    former = aliased(EffectRow)
    rows = view.all(
        select(
            EffectRow.id, EffectRow.key, EffectRow.token, EffectRow.capability, ConnectionRow.name, EffectRow.subject,
            EffectRow.subject_id, EffectRow.state, EffectRow.watched, EffectRow.attempt, EffectRow.made_at,
            EffectRow.due_at, EffectRow.sent_at, EffectRow.settled_at, EffectRow.reference, EffectRow.code,
            EffectRow.params, former.key.label("after"), EffectRow.answer_id,
        )
        .join(
            ConnectionRow,
            and_(ConnectionRow.tenant_id == EffectRow.tenant_id, ConnectionRow.id == EffectRow.connection_id),
        )
        .outerjoin(former, and_(former.tenant_id == EffectRow.tenant_id, former.id == EffectRow.after_id))
        .where(EffectRow.tenant_id == view.tenant, *where)
        .order_by(EffectRow.id.desc())
        .limit(limit)
    )  # fmt: skip
    owners = _orders(view, [(row.subject, row.subject_id) for row in rows])
    return [
        EffectSeen(
            id=row.id,
            key=row.key,
            token=row.token,
            capability=row.capability,
            connection=row.name,
            subject=row.subject,
            subject_id=row.subject_id,
            order_id=owners.get((row.subject, row.subject_id)),
            state=row.state,
            watched=row.watched == "watch",
            attempt=row.attempt,
            made_at=row.made_at,
            due_at=row.due_at,
            sent_at=row.sent_at,
            settled_at=row.settled_at,
            reference=row.reference,
            reason=None if row.code is None else said(row.code, row.params),
            after=row.after,
            answer_id=row.answer_id,
        )
        for row in rows
    ]


def _orders(view: View, subjects: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """The order that each subject belongs to; the first one of a fulfilment that serves several."""
    wanted = set(subjects)
    found = {(name, number): number for name, number in wanted if name == "order"}
    served = view.all(
        select(FulfilmentLineRow.fulfilment_id, func.min(OrderLineRow.order_id).label("order"))
        .join(
            OrderLineRow,
            and_(
                OrderLineRow.tenant_id == FulfilmentLineRow.tenant_id,
                OrderLineRow.id == FulfilmentLineRow.order_line_id,
            ),
        )
        .where(
            FulfilmentLineRow.tenant_id == view.tenant,
            view.by_ids(FulfilmentLineRow.fulfilment_id, [n for name, n in wanted if name == "fulfilment"]),
        )
        .group_by(FulfilmentLineRow.fulfilment_id)
    )
    billed = view.all(
        select(ReceivableRow.id, ReceivableRow.order_id).where(
            ReceivableRow.tenant_id == view.tenant,
            view.by_ids(ReceivableRow.id, [n for name, n in wanted if name == "receivable"]),
        )
    )
    found |= {("fulfilment", row.fulfilment_id): row.order for row in served}
    return found | {("receivable", row.id): row.order_id for row in billed}
