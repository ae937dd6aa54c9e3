"""Everything that entered, and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select, update

from hub.core import json
from hub.core.failures import Parameter
from hub.store.people import new_keys, put_blobs
from hub.store.tables import FetchRow, InboxRow
from hub.store.travellers import BACKFILL, LIVE
from hub.store.work import View, Work


class InboxState(StrEnum):
    """`new` is due; `parked` waits for a person or a better mapping."""

    NEW = "new"
    APPLIED = "applied"
    DROPPED = "dropped"
    PARKED = "parked"


class Arrival(NamedTuple):
    """A document as it came in. `asked_at` is when its request left, or when a delivery arrived."""

    kind: str
    topic: str
    delivery_id: str
    external_id: str
    version: str | None
    digest: str | None
    body: bytes
    asked_at: datetime


class Entry(NamedTuple):
    """A claimed inbox row."""

    id: int
    connection_id: int
    kind: str
    topic: str
    external_id: str
    version: str | None
    digest: str | None
    blob_id: int
    key_id: int
    lane: int
    asked_at: datetime
    received_at: datetime


class Outcome(NamedTuple):
    """What became of an inbox row, with the code that explains it."""

    id: int
    state: InboxState
    code: str
    params: Mapping[str, Parameter] = {}
    order_id: int | None = None


ENTRY = tuple(getattr(InboxRow, name) for name in Entry._fields)


def arrive(work: Work, connection: int, arrivals: Sequence[Arrival], *, backfill: bool = False) -> int:
    """Store what came in; a delivery that is known already changes nothing. Answers how many were new."""
    if not arrivals:
        return 0
    known = _known_deliveries(work, connection, arrivals)
    fresh = {(a.topic, a.delivery_id): a for a in arrivals if (a.topic, a.delivery_id) not in known}
    keys = new_keys(work, len(fresh))
    blobs = put_blobs(work, [(key, "application/json", a.body) for key, a in zip(keys, fresh.values(), strict=True)])
    rows = [
        {
            "id": number,
            "connection_id": connection,
            "lane": BACKFILL if backfill else LIVE,
            "kind": arrival.kind,
            "topic": arrival.topic,
            "delivery_id": arrival.delivery_id,
            "external_id": arrival.external_id,
            "version": arrival.version,
            "digest": arrival.digest,
            "blob_id": blob,
            "key_id": key.id,
            "state": InboxState.NEW.value,
            "due_at": work.now,
            "asked_at": arrival.asked_at,
            "received_at": work.now,
        }
        for number, key, blob, arrival in zip(work.ids(InboxRow, len(fresh)), keys, blobs, fresh.values(), strict=True)
    ]
    work.insert(InboxRow, rows)
    work.wake("inbox", InboxState.NEW.value)
    return len(rows)


def _known_deliveries(work: Work, connection: int, arrivals: Sequence[Arrival]) -> set[tuple[str, str]]:
    rows = work.all(
        select(InboxRow.topic, InboxRow.delivery_id).where(
            InboxRow.tenant_id == work.tenant,
            InboxRow.connection_id == connection,
            work.by_ids(InboxRow.topic, sorted({a.topic for a in arrivals})),
            work.by_ids(InboxRow.delivery_id, [a.delivery_id for a in arrivals]),
        )
    )
    return {(row.topic, row.delivery_id) for row in rows}


def latest_digests(view: View, connection: int, kind: str, external_ids: Sequence[str]) -> dict[str, str | None]:
    """The digest of the document per external id that was asked for last and not dropped."""
    rows = view.all(
        select(InboxRow.external_id, InboxRow.digest)
        .where(
            InboxRow.tenant_id == view.tenant,
            InboxRow.connection_id == connection,
            InboxRow.kind == kind,
            view.by_ids(InboxRow.external_id, external_ids),
            InboxRow.digest.is_not(None),
            InboxRow.state != InboxState.DROPPED.value,
        )
        .order_by(InboxRow.asked_at, InboxRow.id)
    )
    return {row.external_id: row.digest for row in rows}


def entries(view: View, ids: Sequence[int]) -> list[Entry]:
    """Inbox rows in the order in which they came."""
    rows = view.all(
        select(*ENTRY).where(InboxRow.tenant_id == view.tenant, view.by_ids(InboxRow.id, ids)).order_by(InboxRow.id)
    )
    return [Entry(*row) for row in rows]


def settle(work: Work, outcomes: Iterable[Outcome]) -> None:
    """Write what became of inbox rows."""
    work.update(
        InboxRow,
        [
            {
                "id": outcome.id,
                "state": outcome.state.value,
                "due_at": None,
                "settled_at": work.now,
                "code": outcome.code,
                "params": json.dumps(dict(outcome.params)).decode(),
                "order_id": outcome.order_id,
            }
            for outcome in outcomes
        ],
    )


def revive(work: Work, ids: Sequence[int]) -> int:
    """Parked rows are tried once more: the mapping, the catalogue or the code has changed."""
    return work.run(
        update(InboxRow)
        .where(
            InboxRow.tenant_id == work.tenant,
            work.by_ids(InboxRow.id, ids),
            InboxRow.state == InboxState.PARKED.value,
        )
        .values(state=InboxState.NEW.value, due_at=work.now, settled_at=None)
    )


def hint(work: Work, connection: int, kind: str, external_ids: Iterable[str]) -> None:
    """Somebody said that these documents changed: they are to be fetched, one request at a time each."""
    wanted = sorted(set(external_ids))
    if not wanted:
        return
    where = (
        FetchRow.tenant_id == work.tenant,
        FetchRow.connection_id == connection,
        FetchRow.kind == kind,
        work.by_ids(FetchRow.external_id, wanted),
    )
    known = set(work.scalars(select(FetchRow.external_id).where(*where)))
    fresh = [external_id for external_id in wanted if external_id not in known]
    rows = [
        {
            "id": number,
            "connection_id": connection,
            "kind": kind,
            "external_id": external_id,
            "hints": 0,
            "fetched_hints": 0,
            "attempt": 0,
        }
        for number, external_id in zip(work.ids(FetchRow, len(fresh)), fresh, strict=True)
    ]
    if rows:
        work.insert_new(FetchRow, rows, conflict=("tenant_id", "connection_id", "kind", "external_id"))
    work.run(update(FetchRow).where(*where).values(hints=FetchRow.hints + 1, due_at=work.now))
    work.wake("fetch", str(connection))


class Fetch(NamedTuple):
    """A foreign document to be asked for; `hints` is how much was known when it was."""

    id: int
    external_id: str
    hints: int
    attempt: int


def take_fetches(work: Work, connection: int, kind: str, limit: int, lease: datetime) -> list[Fetch]:
    """Lease due fetches; each document is asked for by one worker at a time."""
    rows = work.lock(
        select(FetchRow.id, FetchRow.external_id, FetchRow.hints, FetchRow.attempt)
        .where(
            FetchRow.tenant_id == work.tenant,
            FetchRow.connection_id == connection,
            FetchRow.kind == kind,
            FetchRow.due_at <= work.now,
            FetchRow.lease_until.is_(None) | (FetchRow.lease_until < work.now),
        )
        .order_by(FetchRow.due_at, FetchRow.id)
        .limit(limit),
        skip_locked=True,
    )
    fetches = [Fetch(*row) for row in rows]
    work.update(FetchRow, [{"id": f.id, "lease_until": lease, "attempt": f.attempt + 1} for f in fetches])
    return fetches


def fetched(work: Work, fetches: Sequence[Fetch]) -> None:
    """These answers are stored. Who was hinted at meanwhile stays due."""
    for fetch in fetches:
        mine = (
            FetchRow.tenant_id == work.tenant,
            FetchRow.id == fetch.id,
            FetchRow.attempt == fetch.attempt + 1,
        )
        work.run(update(FetchRow).where(*mine).values(lease_until=None, fetched_hints=fetch.hints))
        work.run(update(FetchRow).where(*mine, FetchRow.hints == fetch.hints).values(due_at=None, attempt=0))


FETCH_QUEUED, GONE = "inbox.fetch_queued", "inbox.gone"


def gone(work: Work, connection: int, kind: str, external_ids: Iterable[str]) -> None:
    """The remote has these no more: whoever looks up a hint finds why nothing came of it."""
    work.run(
        update(InboxRow)
        .where(
            InboxRow.tenant_id == work.tenant,
            InboxRow.connection_id == connection,
            InboxRow.kind == kind,
            work.by_ids(InboxRow.external_id, sorted(external_ids)),
            InboxRow.code == FETCH_QUEUED,
        )
        .values(code=GONE)
    )


def put_off_fetches(work: Work, fetches: Sequence[Fetch], until: datetime) -> None:
    """The remote did not answer."""
    ids = [fetch.id for fetch in fetches]
    work.run(
        update(FetchRow)
        .where(FetchRow.tenant_id == work.tenant, work.by_ids(FetchRow.id, ids))
        .values(due_at=until, lease_until=None)
    )


def fetching(view: View) -> list[int]:
    """Connections with something to fetch now."""
    return view.scalars(
        select(FetchRow.connection_id).where(FetchRow.tenant_id == view.tenant, FetchRow.due_at <= view.now).distinct()
    )


EARLY_FOR = timedelta(days=1)
"""A document that came before what it speaks of is tried again for so long."""


def parked(view: View, codes: Sequence[str], since: datetime) -> list[int]:
    """Parked rows with one of these codes that came since."""
    return view.scalars(
        select(InboxRow.id)
        .where(
            InboxRow.tenant_id == view.tenant,
            InboxRow.state == InboxState.PARKED.value,
            InboxRow.code.in_(list(codes)),
            InboxRow.received_at >= since,
        )
        .order_by(InboxRow.id)
        .limit(500)
    )
