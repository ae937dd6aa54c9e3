"""Which rows a step may take, fair over connections, and the lock order of the house.

Locks are taken in one order everywhere: order, fulfilment, position (by location, item, lot), effect.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, exists, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hub.store.tables import (
    BatchRow,
    ConnectionRow,
    EffectRow,
    FulfilmentLineRow,
    FulfilmentRow,
    InboxRow,
    OrderLineRow,
    OrderRow,
    ReceivableRow,
)
from hub.store.tables.row import Owned
from hub.store.types import Long, Utc
from hub.store.work import View, Work

LIVE, BACKFILL = 0, 1
"""Lanes: live work goes first, history that is being imported comes after it."""


class Head(NamedTuple):
    """What the runner must know of a claimed row. Rows without a trail have `seq` 0."""

    id: int
    state: str
    seq: int
    lane: int


@dataclass(frozen=True, slots=True)
class Traveller:
    """A kind of row that steps move: its table, when it is ready, and what is locked before it."""

    name: str
    row: type[Owned]
    ready: tuple[ColumnElement[bool], ...]
    lock_first: Callable[[Work, Sequence[int]], None] | None = None

    def column(self, name: str) -> InstrumentedAttribute[Any]:
        """A column of the traveller's table."""
        return getattr(self.row, name)  # type: ignore[no-any-return]  # columns are declared per table


def lock_orders(work: Work, ids: Iterable[int]) -> None:
    """Lock these orders, lowest first."""
    wanted = sorted(set(ids))
    if wanted:
        rows = select(OrderRow.id).where(OrderRow.tenant_id == work.tenant, work.by_ids(OrderRow.id, wanted))
        work.lock(rows.order_by(OrderRow.id))


def lock_fulfilments(work: Work, ids: Iterable[int]) -> None:
    """Lock the orders these fulfilments serve, then the fulfilments."""
    wanted = sorted(set(ids))
    if not wanted:
        return
    lock_orders(work, orders_of(work, wanted))
    rows = select(FulfilmentRow.id).where(FulfilmentRow.tenant_id == work.tenant, work.by_ids(FulfilmentRow.id, wanted))
    work.lock(rows.order_by(FulfilmentRow.id))


def orders_of(view: View, fulfilments: Sequence[int]) -> list[int]:
    """The orders whose lines leave with these fulfilments."""
    lines = (
        select(OrderLineRow.order_id)
        .join(
            FulfilmentLineRow,
            (FulfilmentLineRow.tenant_id == OrderLineRow.tenant_id)
            & (FulfilmentLineRow.order_line_id == OrderLineRow.id),
        )
        .where(
            FulfilmentLineRow.tenant_id == view.tenant,
            view.by_ids(FulfilmentLineRow.fulfilment_id, fulfilments),
        )
    )
    return view.scalars(lines.distinct().order_by(OrderLineRow.order_id))


def lock_subjects(work: Work, effects: Sequence[int]) -> None:
    """Lock what these effects are about, before the effects themselves."""
    subjects = work.all(
        select(EffectRow.subject, EffectRow.subject_id).where(
            EffectRow.tenant_id == work.tenant, work.by_ids(EffectRow.id, effects)
        )
    )
    ids = {name: [row.subject_id for row in subjects if row.subject == name] for name in ("order", "receivable")}
    invoiced = select(ReceivableRow.order_id).where(
        ReceivableRow.tenant_id == work.tenant, work.by_ids(ReceivableRow.id, ids["receivable"])
    )
    fulfilments = [row.subject_id for row in subjects if row.subject == "fulfilment"]
    served = orders_of(work, fulfilments) if fulfilments else []
    lock_orders(work, chain(ids["order"], served, work.scalars(invoiced) if ids["receivable"] else ()))
    lock_fulfilments(work, fulfilments)


ORDER = Traveller("order", OrderRow, (OrderRow.open_holds == 0, OrderRow.cancel_code.is_(None)))
CANCELLING = Traveller("order", OrderRow, (OrderRow.cancel_code.is_not(None),))
FULFILMENT = Traveller("fulfilment", FulfilmentRow, (), lock_fulfilments)
INBOX = Traveller("inbox", InboxRow, ())
KEPT = Traveller("effect", EffectRow, (EffectRow.kept_at.is_not(None),), lock_subjects)


def due(
    view: View,
    traveller: Traveller,
    starts: Iterable[str],
    limit: int,
    small: int,
    without: Collection[int] = (),
) -> list[int]:
    """Rows that may move now, `without` those that somebody works on: live before backfill, each connection in turn.

    A batch of nothing but backfill is kept `small`, so that live work never waits long behind it.
    """
    takes = []
    most = limit + len(without)
    for connection in _busy(view, traveller, starts):
        found = chain.from_iterable(view.all(_due(view, traveller, state, connection, most)) for state in starts)
        takes.append(sorted((row for row in found if row.id not in without), key=lambda row: (row.lane, row.id)))
    dealt = [row for turn in zip_longest(*takes) for row in turn if row is not None]
    live = [row.id for row in dealt if row.lane == LIVE]
    rest = [row.id for row in dealt if row.lane != LIVE]
    return live[:limit] if live else rest[:small]


def _ready(tenant: Any, now: Any, traveller: Traveller) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401  values or parameters
    due_at = traveller.column("due_at")
    return (traveller.column("tenant_id") == tenant, due_at.is_not(None), due_at <= now, *traveller.ready)


def _has_due(tenant: Any, now: Any, traveller: Traveller, starts: Iterable[str]) -> ColumnElement[bool]:  # noqa: ANN401  as above
    """On a connection: there is a row that may move."""
    return exists().where(
        traveller.column("connection_id") == ConnectionRow.id,
        traveller.column("state").in_(list(starts)),
        *_ready(tenant, now, traveller),
    )


def _busy(view: View, traveller: Traveller, starts: Iterable[str]) -> list[int]:
    row = _has_due(view.tenant, view.now, traveller, starts)
    return view.scalars(
        select(ConnectionRow.id).where(ConnectionRow.tenant_id == view.tenant, row).order_by(ConnectionRow.id)
    )


Watched = tuple[tuple[str, Traveller, frozenset[str]], ...]
"""Steps by name, with the rows they move and where those start."""


def idle(view: View, watched: Watched) -> set[str]:
    """Which of the steps have nothing to do: nothing due and nothing left behind. One question for all."""
    row = view.connection.execute(_anything(watched), {"tenant": view.tenant, "now": view.now}).mappings().one()
    return {name for name, _, _ in watched if not row[name]}


@cache
def _anything(watched: Watched) -> Select[*tuple[Any, ...]]:
    tenant, now = bindparam("tenant", type_=Long), bindparam("now", type_=Utc)
    questions = []
    for name, traveller, starts in watched:
        connection = exists().where(ConnectionRow.tenant_id == tenant, _has_due(tenant, now, traveller, sorted(starts)))
        left = exists().where(BatchRow.tenant_id == tenant, BatchRow.step == name)
        questions.append(or_(connection, left).label(name))
    return select(*questions)


def _due(view: View, traveller: Traveller, state: str, connection: int, limit: int) -> Select[tuple[int, int]]:
    identity, lane = traveller.column("id"), traveller.column("lane")
    return (
        select(identity, lane)
        .where(
            traveller.column("connection_id") == connection,
            traveller.column("state") == state,
            *_ready(view.tenant, view.now, traveller),
        )
        .order_by(lane, identity)
        .limit(limit)
    )


def claim(work: Work, traveller: Traveller, starts: Iterable[str], ids: Sequence[int]) -> list[Head]:
    """Lock those of the rows that are still due and that nobody else works on."""
    if traveller.lock_first is not None:
        traveller.lock_first(work, ids)
    return _seize(work, traveller, starts, ids, _ready(work.tenant, work.now, traveller))


def seize(work: Work, traveller: Traveller, starts: Iterable[str], ids: Sequence[int]) -> list[Head]:
    """Lock those of the rows that could move if somebody woke them, and that nobody else works on."""
    return _seize(work, traveller, starts, ids, (traveller.column("tenant_id") == work.tenant, *traveller.ready))


def _seize(
    work: Work,
    traveller: Traveller,
    starts: Iterable[str],
    ids: Sequence[int],
    where: Sequence[ColumnElement[bool]],
) -> list[Head]:
    identity = traveller.column("id")
    seq = traveller.column("seq") if hasattr(traveller.row, "seq") else literal(0)
    rows = work.lock(
        select(identity, traveller.column("state"), seq.label("seq"), traveller.column("lane"))
        .where(
            work.by_ids(identity, ids),
            traveller.column("state").in_(list(starts)),
            *where,
        )
        .order_by(identity),
        skip_locked=True,
    )
    return [Head(*row) for row in rows]


def heads(work: Work, traveller: Traveller, ids: Sequence[int]) -> dict[int, Head]:
    """State and trail number of rows that are locked already."""
    columns = [traveller.column(name) for name in ("id", "state", "seq", "lane")]
    rows = work.all(select(*columns).where(traveller.column("tenant_id") == work.tenant, work.by_ids(columns[0], ids)))
    return {row.id: Head(*row) for row in rows}
