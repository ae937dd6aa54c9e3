"""What the review and the completion of orders look at."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, select

from hub.core.states import FULFILMENT_FINAL
from hub.store.tables import FulfilmentLineRow, FulfilmentRow, OrderLineRow, OrderRow, ReceivableRow
from hub.store.work import View


class Case(NamedTuple):
    """An order before its review; `findings` is JSON of what was found in its document."""

    id: int
    connection_id: int
    placed_at: datetime | None
    is_ours: bool
    findings: str | None


CASE = tuple(getattr(OrderRow, name) for name in Case._fields)


def cases(view: View, ids: Sequence[int]) -> dict[int, Case]:
    """The cases of these orders."""
    rows = view.all(select(*CASE).where(OrderRow.tenant_id == view.tenant, view.by_ids(OrderRow.id, ids)))
    return {row.id: Case(*row) for row in rows}


def unfinished(view: View, ids: Sequence[int]) -> dict[int, str]:
    """Orders that cannot be completed yet, with what they wait for: a delivery or a settlement."""
    moving = view.scalars(
        select(OrderLineRow.order_id)
        .join(
            FulfilmentLineRow,
            and_(
                FulfilmentLineRow.tenant_id == OrderLineRow.tenant_id,
                FulfilmentLineRow.order_line_id == OrderLineRow.id,
            ),
        )
        .join(
            FulfilmentRow,
            and_(
                FulfilmentRow.tenant_id == FulfilmentLineRow.tenant_id,
                FulfilmentRow.id == FulfilmentLineRow.fulfilment_id,
            ),
        )
        .where(
            OrderLineRow.tenant_id == view.tenant,
            view.by_ids(OrderLineRow.order_id, ids),
            FulfilmentRow.state.not_in([state.value for state in FULFILMENT_FINAL]),
        )
        .distinct()
    )
    unsettled = view.scalars(
        select(ReceivableRow.order_id)
        .where(
            ReceivableRow.tenant_id == view.tenant,
            view.by_ids(ReceivableRow.order_id, ids),
            ReceivableRow.state != "settled",
        )
        .distinct()
    )
    return {**dict.fromkeys(unsettled, "settlement"), **dict.fromkeys(moving, "delivery")}
