"""Connections as people see them: switches, how they fare, what waits on them, and what they list."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute

from hub.core.states import EFFECT_OPEN
from hub.core.units import from_micro
from hub.store.connections import connections as stored
from hub.store.tables import CircuitRow, CompanyRow, ConnectionRow, EffectRow, InboxRow, ItemRow, ListingRow, StepRow
from hub.store.work import View


class ConnectionSeen(NamedTuple):
    """One configured account. `open_until`: nobody calls before, for it failed too often."""

    name: str
    connector: str
    kind: str
    company: str
    is_test: bool
    flows: Mapping[str, str]
    cut_over_at: datetime
    paused_at: datetime | None
    paused_code: str | None
    heard_at: datetime | None
    open_until: datetime | None
    open_effects: int
    parked: int
    unmapped: int


class ListingSeen(NamedTuple):
    """A channel's article and the item that it sells."""

    connection: str
    external_id: str
    sku: str
    title: str
    item: str | None
    factor: Decimal


class StepSeen(NamedTuple):
    """How a step fares that failed lately."""

    stopped_at: datetime | None
    error: str | None
    strikes: int


class CompanySeen(NamedTuple):
    """A legal entity."""

    code: str
    name: str
    currency: str
    country: str
    zone: str


def connections(view: View) -> list[ConnectionSeen]:
    """All connections by name."""
    owners = {
        row.id: row.code for row in view.all(select(CompanyRow.id, CompanyRow.code).where(_mine(view, CompanyRow)))
    }
    resting = {
        row.id: row.open_until
        for row in view.all(select(CircuitRow.id, CircuitRow.open_until).where(_mine(view, CircuitRow)))
    }
    open_effects = _counted(
        view,
        EffectRow.connection_id,
        _mine(view, EffectRow),
        EffectRow.state.in_([state.value for state in EFFECT_OPEN]),
    )
    parked = _counted(view, InboxRow.connection_id, _mine(view, InboxRow), InboxRow.state == "parked")
    unmapped = _counted(view, ListingRow.connection_id, _mine(view, ListingRow), ListingRow.item_id.is_(None))
    return [
        ConnectionSeen(
            name=each.name,
            connector=each.connector,
            kind=each.kind,
            company=owners[each.company_id],
            is_test=each.is_test,
            flows={flow.value: switch.value for flow, switch in each.switches.items()},
            cut_over_at=each.cut_over_at,
            paused_at=each.paused_at,
            paused_code=each.paused_code,
            heard_at=each.heard_at,
            open_until=resting.get(each.id),
            open_effects=open_effects.get(each.id, 0),
            parked=parked.get(each.id, 0),
            unmapped=unmapped.get(each.id, 0),
        )
        for each in sorted(stored(view).values(), key=lambda each: each.name)
    ]


def _mine(view: View, row: Any) -> ColumnElement[bool]:  # noqa: ANN401  a table with a tenant
    found: ColumnElement[bool] = row.tenant_id == view.tenant
    return found


def _counted(view: View, by: InstrumentedAttribute[int], *where: ColumnElement[bool]) -> dict[int, int]:
    rows = view.all(select(by, func.count()).where(*where).group_by(by))
    return {row[0]: row[1] for row in rows}


def listings(view: View, connection: str | None, *, unmapped: bool, limit: int) -> list[ListingSeen]:
    """What channels list, or only what is mapped to no item."""
    statement = (
        select(
            ConnectionRow.name, ListingRow.external_id, ListingRow.sku, ListingRow.title, ItemRow.sku.label("item"),
            ListingRow.factor,
        )
        .join(
            ConnectionRow,
            and_(ConnectionRow.tenant_id == ListingRow.tenant_id, ConnectionRow.id == ListingRow.connection_id),
        )
        .outerjoin(ItemRow, and_(ItemRow.tenant_id == ListingRow.tenant_id, ItemRow.id == ListingRow.item_id))
        .where(ListingRow.tenant_id == view.tenant)
    )  # fmt: skip
    if connection is not None:
        statement = statement.where(ConnectionRow.name == connection)
    if unmapped:
        statement = statement.where(ListingRow.item_id.is_(None))
    rows = view.all(statement.order_by(ConnectionRow.name, ListingRow.external_id).limit(limit))
    return [ListingSeen(row[0], row[1], row[2], row[3], row.item, from_micro(row.factor)) for row in rows]


def steps(view: View) -> dict[str, StepSeen]:
    """Steps that something is known of; all others are well."""
    rows = view.all(select(StepRow.name, StepRow.stopped_at, StepRow.code, StepRow.strikes))
    return {row.name: StepSeen(row.stopped_at, row.code, row.strikes) for row in rows}


def companies(view: View) -> list[CompanySeen]:
    """All companies."""
    rows = view.all(
        select(CompanyRow.code, CompanyRow.name, CompanyRow.currency, CompanyRow.country, CompanyRow.zone)
        .where(CompanyRow.tenant_id == view.tenant)
        .order_by(CompanyRow.code)
    )
    return [CompanySeen(*row) for row in rows]
