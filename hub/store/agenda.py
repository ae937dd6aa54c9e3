"""When the next row of any kind is due: what an idle crank sleeps until."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from hub.store.tables import EffectRow, FeedRow, FetchRow, FulfilmentRow, InboxRow, OrderRow
from hub.store.work import View


def next_work(view: View) -> datetime | None:
    """The earliest time to come at which an order, a fulfilment, a document, an effect, a feed or a fetch is due.

    What is due already and was not done when everything was turned waits for something else.
    """
    due: tuple[
        tuple[InstrumentedAttribute[int], InstrumentedAttribute[datetime | None], tuple[ColumnElement[bool], ...]], ...
    ] = (
        (OrderRow.tenant_id, OrderRow.due_at, (OrderRow.open_holds == 0,)),
        (FulfilmentRow.tenant_id, FulfilmentRow.due_at, ()),
        (InboxRow.tenant_id, InboxRow.due_at, ()),
        (EffectRow.tenant_id, EffectRow.due_at, ()),
        (EffectRow.tenant_id, EffectRow.lease_until, ()),
        (FeedRow.tenant_id, FeedRow.due_at, ()),
        (FetchRow.tenant_id, FetchRow.due_at, ()),
    )
    found = [
        view.scalar(select(func.min(at)).where(tenant == view.tenant, at > view.now, *more)) for tenant, at, more in due
    ]
    return min((at for at in found if at is not None), default=None)
