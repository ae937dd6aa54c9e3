"""Connections as the pipeline sees them, their switches, circuits and cursors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import RowMapping, select, update

from hub.core.failures import BadInput
from hub.core.text import nearest
from hub.store.tables import CircuitRow, ConnectionRow, CursorRow
from hub.store.work import View, Work


class Switch(StrEnum):
    """Whether a flow of a connection runs: `watch` plans and compares but sends nothing."""

    OFF = "off"
    WATCH = "watch"
    ON = "on"


class Flow(StrEnum):
    """What goes over a connection. `documents_out` are postings at ledgers and labels at carriers."""

    ORDERS_IN = "orders_in"
    STOCK_OUT = "stock_out"
    STATUS_OUT = "status_out"
    DOCUMENTS_OUT = "documents_out"


@dataclass(frozen=True, slots=True)
class Connection:
    """One configured account of an outside system; `sealed` are its settings under the keyring."""

    id: int
    uid: str
    name: str
    connector: str
    kind: str
    company_id: int
    is_test: bool
    switches: dict[Flow, Switch]
    cut_over_at: datetime
    paused_at: datetime | None
    paused_code: str | None
    heard_at: datetime | None
    sealed: bytes

    def switch(self, flow: Flow) -> Switch:
        """Off, watch or on."""
        return self.switches[flow]


def connections(view: View, ids: Sequence[int] | None = None) -> dict[int, Connection]:
    """All connections of the tenant, or these."""
    wanted = select(*ConnectionRow.__table__.columns).where(ConnectionRow.tenant_id == view.tenant)
    if ids is not None:
        wanted = wanted.where(view.by_ids(ConnectionRow.id, ids))
    return {row.id: _connection(row._mapping) for row in view.all(wanted.order_by(ConnectionRow.id))}  # noqa: SLF001


def connection(view: View, number: int) -> Connection:
    """This connection; it exists."""
    return connections(view, [number])[number]


def connection_named(view: View, name: str) -> Connection:
    """By name or public id; BadInput with the nearest names for one that does not exist."""
    known = connections(view)
    for found in known.values():
        if name in {found.name, found.uid}:
            return found
    names = [found.name for found in known.values()]
    raise BadInput("connection.unknown", field="connection", value=name, nearest=nearest(name, names))


def pause(work: Work, number: int, code: str) -> bool:
    """Stop all requests of a connection until a person has been there; False if it was paused already."""
    statement = update(ConnectionRow).where(
        ConnectionRow.tenant_id == work.tenant, ConnectionRow.id == number, ConnectionRow.paused_at.is_(None)
    )
    return work.run(statement.values(paused_at=work.now, paused_code=code)) == 1


def cursor(view: View, number: int, resource: str) -> str | None:
    """How far a list was read, `None` for not at all."""
    return view.scalar(
        select(CursorRow.cursor).where(
            CursorRow.tenant_id == view.tenant,
            CursorRow.connection_id == number,
            CursorRow.resource == resource,
        )
    )


def move_cursor(work: Work, number: int, resource: str, to: str) -> None:
    """Remember a place in a list, in the transaction that stored what was read up to it."""
    place = {"connection_id": number, "resource": resource, "cursor": to, "moved_at": work.now}
    unique = ("tenant_id", "connection_id", "resource")
    if not work.update(CursorRow, [place], match=unique[1:]):
        [key] = work.ids(CursorRow, 1)
        work.insert_new(CursorRow, [{"id": key, **place}], conflict=unique)


MICRO = 1_000_000


def take_budget(work: Work, number: int, wanted: int, *, per_second: int, burst: int) -> tuple[int, datetime | None]:
    """Take calls out of the rate budget and ask the breaker: (granted, when to come again).

    A pause that the remote asked for holds until its end.

    `per_second` and `burst` are millionths of a call and calls.
    """
    [row] = work.lock(
        select(CircuitRow.tokens, CircuitRow.refilled_at, CircuitRow.failures, CircuitRow.open_until).where(
            CircuitRow.tenant_id == work.tenant, CircuitRow.id == number
        )
    )
    if row.open_until is not None and row.open_until > work.now:
        return 0, row.open_until
    if row.refilled_at > work.now:
        return 0, row.refilled_at
    passed = int((work.now - row.refilled_at).total_seconds() * per_second)
    tokens = min(burst * MICRO, row.tokens + passed)
    probe = 1 if row.open_until is not None else wanted
    granted = min(wanted, probe, tokens // MICRO)
    work.run(
        update(CircuitRow)
        .where(CircuitRow.tenant_id == work.tenant, CircuitRow.id == number)
        .values(tokens=tokens - granted * MICRO, refilled_at=work.now)
    )
    if granted:
        return granted, None
    return 0, work.now + timedelta(seconds=max(0.001, (MICRO - tokens) / per_second))


OPENS_AFTER = 5
"""So many failures in a row open the breaker."""


def report(work: Work, number: int, *, good: int, bad: int, wait: timedelta) -> bool:
    """Tell the breaker how calls went; True when it opened just now, for `wait`."""
    if not good and not bad:
        return False
    circuit = update(CircuitRow).where(CircuitRow.tenant_id == work.tenant, CircuitRow.id == number)
    if good:
        work.run(circuit.where(CircuitRow.failures > 0).values(failures=0, open_until=None))
        return False
    work.run(circuit.values(failures=CircuitRow.failures + bad))
    tripped = circuit.where(CircuitRow.failures >= OPENS_AFTER)
    return work.run(tripped.values(open_until=work.now + wait)) == 1


def slow_down(work: Work, number: int, until: datetime) -> None:
    """The remote asked for a pause (429): nobody calls before."""
    work.run(
        update(CircuitRow)
        .where(CircuitRow.tenant_id == work.tenant, CircuitRow.id == number)
        .values(tokens=0, refilled_at=until)
    )


def set_switch(work: Work, number: int, flow: Flow, to: Switch) -> None:
    """Turn one flow."""
    work.run(
        update(ConnectionRow)
        .where(ConnectionRow.tenant_id == work.tenant, ConnectionRow.id == number)
        .values(**{flow.value: to.value})
    )


def _connection(values: RowMapping) -> Connection:
    return Connection(
        id=values["id"],
        uid=values["uid"],
        name=values["name"],
        connector=values["connector"],
        kind=values["kind"],
        company_id=values["company_id"],
        is_test=values["is_test"],
        switches={flow: Switch(values[flow.value]) for flow in Flow},
        cut_over_at=values["cut_over_at"],
        paused_at=values["paused_at"],
        paused_code=values["paused_code"],
        heard_at=values["heard_at"],
        sealed=values["settings"],
    )
