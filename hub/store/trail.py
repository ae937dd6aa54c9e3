"""The trail: events are written as they happen and sealed in blocks afterwards.

A chain on the way in would make every writer wait for one head. Instead a chore takes committed events that
no block holds yet, in the order of their ids, into a block whose digest covers them and the block before.
A transaction that commits late with a low id lands in a later block, so whoever reads by (block, id) never
passes an event that was not there yet.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

import orjson
from sqlalchemy import Row as Found
from sqlalchemy import Select, select, tuple_, update

from hub.core import json
from hub.core.json import JSON
from hub.store.tables import BlockRow, EventRow, TenantRow
from hub.store.types import utc_text
from hub.store.work import View, Work

NOTHING: Mapping[str, JSON] = MappingProxyType({})
BEGINNING = "0" * 64
"""What the first block names as its predecessor's digest."""

START = (0, 0)
"""The place before the first event."""

_BLOCKS_AT_ONCE = 100


class Event(NamedTuple):
    """A fact about a subject, to be written. `seq` counts the facts of this subject, from 1."""

    subject: str
    subject_id: int
    seq: int
    name: str
    params: Mapping[str, JSON] = NOTHING
    inbox_id: int | None = None


class Told(NamedTuple):
    """A fact as it was written."""

    id: int
    subject: str
    subject_id: int
    seq: int
    name: str
    actor: str
    params: str
    inbox_id: int | None
    at: datetime


class SealedEvent(NamedTuple):
    """A fact that no later commit can come before. `place` is where to read on from."""

    place: tuple[int, int]
    event: Told


class SealProblem(NamedTuple):
    """A block that does not fit: `seal.missing`, `seal.relinked` or `seal.changed`."""

    code: str
    number: int


class _Link(NamedTuple):
    """A block as the next one sees it."""

    number: int
    digest: str


def record(work: Work, events: Sequence[Event]) -> None:
    """Write facts in the name of the actor of this work."""
    numbers = work.ids(EventRow, len(events)) if events else ()
    work.insert(
        EventRow,
        [
            {
                "id": number,
                "subject": event.subject,
                "subject_id": event.subject_id,
                "seq": event.seq,
                "name": event.name,
                "actor": work.actor,
                "params": json.dumps(dict(event.params)).decode(),
                "inbox_id": event.inbox_id,
                "at": work.now,
            }
            for number, event in zip(numbers, events, strict=True)
        ],
    )


def seal(work: Work, limit: int) -> int:
    """Seal up to `limit` events, lowest id first, into the next block; how many there were."""
    work.lock(select(TenantRow.id).where(TenantRow.id == work.tenant))
    unsealed = _told(work).where(EventRow.block_id.is_(None)).order_by(EventRow.id).limit(limit)
    events = [Told(*row) for row in work.all(unsealed)]
    if events:
        _close(work, _last(work), events)
    return len(events)


def verify_seals(view: View) -> list[SealProblem]:
    """Recompute every block from its events; an empty list when nobody has touched them."""
    problems: list[SealProblem] = []
    before = _Link(0, BEGINNING)
    for block, events in _blocks(view):
        if block.number != before.number + 1:
            problems.append(SealProblem("seal.missing", before.number + 1))
        elif block.previous != before.digest:
            problems.append(SealProblem("seal.relinked", block.number))
        if block.digest != _digest(view, block.number, block.previous, events):
            problems.append(SealProblem("seal.changed", block.number))
        before = _Link(block.number, block.digest)
    return problems


def read_sealed(view: View, after: tuple[int, int], limit: int) -> list[SealedEvent]:
    """Sealed facts in the order of sealing, from `START` or the `place` of the last one read."""
    place = tuple_(BlockRow.number, EventRow.id)
    rows = view.all(
        _told(view)
        .add_columns(BlockRow.number)
        .join(BlockRow, (BlockRow.tenant_id == EventRow.tenant_id) & (BlockRow.id == EventRow.block_id))
        .where(BlockRow.number >= after[0], place > after)
        .order_by(BlockRow.number, EventRow.id)
        .limit(limit)
    )
    return [SealedEvent((number, told[0]), Told(*told)) for *told, number in rows]


def story(view: View, subject: str, subject_id: int) -> list[Told]:
    """All facts of one subject, first to last."""
    mine = _told(view).where(EventRow.subject == subject, EventRow.subject_id == subject_id)
    return [Told(*row) for row in view.all(mine.order_by(EventRow.seq))]


def _told(view: View) -> Select[int, str, int, int, str, str, str, int | None, datetime]:
    return select(
        EventRow.id,
        EventRow.subject,
        EventRow.subject_id,
        EventRow.seq,
        EventRow.name,
        EventRow.actor,
        EventRow.params,
        EventRow.inbox_id,
        EventRow.at,
    ).where(EventRow.tenant_id == view.tenant)


def _last(view: View) -> _Link:
    row = view.first(
        select(BlockRow.number, BlockRow.digest)
        .where(BlockRow.tenant_id == view.tenant)
        .order_by(BlockRow.number.desc())
        .limit(1)
    )
    return _Link(0, BEGINNING) if row is None else _Link(*row)


def _close(work: Work, before: _Link, events: Sequence[Told]) -> None:
    [block] = work.ids(BlockRow, 1)
    number = before.number + 1
    fields = {
        "id": block,
        "number": number,
        "events": len(events),
        "previous": before.digest,
        "digest": _digest(work, number, before.digest, events),
        "sealed_at": work.now,
    }
    work.insert(BlockRow, [fields])
    mine = EventRow.tenant_id == work.tenant, work.by_ids(EventRow.id, [event.id for event in events])
    work.run(update(EventRow).where(*mine).values(block_id=block))


def _blocks(view: View) -> Iterator[tuple[Found[int, int, str, str], list[Told]]]:
    """Every block with its events, a portion at a time."""
    number = 0
    while blocks := view.all(
        select(BlockRow.id, BlockRow.number, BlockRow.previous, BlockRow.digest)
        .where(BlockRow.tenant_id == view.tenant, BlockRow.number > number)
        .order_by(BlockRow.number)
        .limit(_BLOCKS_AT_ONCE)
    ):
        inside: dict[int, list[Told]] = {block.id: [] for block in blocks}
        held = _told(view).add_columns(EventRow.block_id).where(view.by_ids(EventRow.block_id, inside))
        for *told, block_id in view.all(held.order_by(EventRow.id)):
            inside[block_id].append(Told(*told))
        yield from ((block, inside[block.id]) for block in blocks)
        number = blocks[-1].number


def _digest(view: View, number: int, previous: str, events: Sequence[Told]) -> str:
    """SHA-256 over the block's place in the chain and each event in the canonical form."""
    rows = [(*event[:-1], utc_text(event.at)) for event in events]
    return hashlib.sha256(orjson.dumps([view.tenant, number, previous, rows])).hexdigest()
