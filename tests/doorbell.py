"""The corner shop at the door: deliveries as they come, and what the hub has kept of them."""

from datetime import datetime
from typing import Any, cast

from corner_shop.sim import signed
from sqlalchemy import func, select

from hub.actions.permission import OWNER
from hub.core import json
from hub.core.json import JSON
from hub.pipeline import crank, webhooks
from hub.sdk.capabilities import WebhookRequest
from hub.store import alarms
from hub.store.people import read_blob
from hub.store.tables import (
    BlobRow,
    ConnectionRow,
    EffectRow,
    FetchRow,
    FulfilmentRow,
    HoldRow,
    InboxRow,
    OrderLineRow,
    OrderRow,
)
from hub.store.tables.row import Row
from tests.company import Company


def hint(order: str, event: str, at: datetime, what: str = "order.updated") -> WebhookRequest:
    """The shop says that an order changed."""
    return signed(event, json.dumps({"type": what, "order": order}), at)


def ring(firm: Company, *deliveries: WebhookRequest) -> list[bool]:
    """Deliver, one after the other; whether each was new."""
    return [webhooks.receive(firm.hub, OWNER.tenant, "corner", delivery) for delivery in deliveries]


def work_off(firm: Company) -> None:
    """Everything that is due now but the chores: the shop is not read, only asked for what it hinted at."""
    while crank.turn_steps(firm.hub, OWNER.tenant) + crank.turn_outside(firm.hub, OWNER.tenant):
        pass


def taken(firm: Company, external_id: str) -> list[tuple[str, str, str]]:
    """Topic, state and code of all that came in about an order, first to last."""
    columns = (InboxRow.topic, InboxRow.state, InboxRow.code)
    rows = firm.rows(select(*columns).where(InboxRow.external_id == external_id).order_by(InboxRow.id))
    return [(row["topic"], row["state"], row["code"]) for row in rows]


def outcomes(firm: Company, external_id: str) -> list[tuple[str, str]]:
    """State and code of the documents of an order that came in, without the hints."""
    return [(state, code) for _, state, code in taken(firm, external_id) if code != "inbox.fetch_queued"]


def counted(firm: Company, *tables: type[Row]) -> list[int]:
    """How many rows there are."""
    return [firm.rows(select(func.count().label("rows")).select_from(table))[0]["rows"] for table in tables]


def fulfilments(firm: Company) -> list[str]:
    """The states of all fulfilments, first to last."""
    return [row["state"] for row in firm.rows(select(FulfilmentRow.state).order_by(FulfilmentRow.id))]


def asked_for(firm: Company) -> list[tuple[str, str]]:
    """City and state of each price that was asked for, first to last."""
    asked = (EffectRow.capability == "quote", EffectRow.request_id.is_not(None))
    rows = firm.rows(select(EffectRow.request_id, EffectRow.state).where(*asked).order_by(EffectRow.id))
    with firm.hub.store.view(OWNER.tenant) as view:
        asked_words = [cast("Any", json.loads(read_blob(view, row["request_id"]))) for row in rows]
    return [(words["recipient"]["city"], row["state"]) for words, row in zip(asked_words, rows, strict=True)]


def heard(firm: Company) -> datetime | None:
    """When the shop was last heard of."""
    [row] = firm.rows(select(ConnectionRow.heard_at).where(ConnectionRow.name == "corner"))
    found: datetime | None = row["heard_at"]
    return found


KEPT = (InboxRow, FetchRow, BlobRow, OrderRow)
"""Where something would stand that was let in."""


def lines(firm: Company, external_id: str) -> list[dict[str, int]]:
    """The counters of an order's lines that are not zero, in pieces."""
    names = ("ordered", "to_cancel", "cancelled", "reserved", "planned", "handed_over")
    order = firm.order(external_id).id
    columns = [getattr(OrderLineRow, name) for name in names]
    rows = firm.rows(select(*columns).where(OrderLineRow.order_id == order).order_by(OrderLineRow.line_no))
    return [{name: row[name] // 1_000_000 for name in names if row[name]} for row in rows]


def holds(firm: Company, external_id: str) -> list[str]:
    """The codes of an order's open holds."""
    mine = (HoldRow.order_id == firm.order(external_id).id, HoldRow.closed_at.is_(None))
    return [row["code"] for row in firm.rows(select(HoldRow.code).where(*mine).order_by(HoldRow.id))]


def held_for(firm: Company, external_id: str) -> list[JSON]:
    """The parameters of an order's open holds."""
    mine = (HoldRow.order_id == firm.order(external_id).id, HoldRow.closed_at.is_(None))
    rows = firm.rows(select(HoldRow.params).where(*mine).order_by(HoldRow.id))
    return [json.loads(row["params"].encode()) for row in rows]


def alarmed(firm: Company) -> list[tuple[str, str]]:
    """What is up: code and subject of each open alarm, oldest first."""
    with firm.hub.store.view(OWNER.tenant) as view:
        return [(alarm.code, alarm.subject) for alarm in alarms.alarms(view)]


def sent(firm: Company, capability: str) -> list[str]:
    """The states of all effects of a kind, first to last."""
    wanted = select(EffectRow.state).where(EffectRow.capability == capability).order_by(EffectRow.id)
    return [row["state"] for row in firm.rows(wanted)]
