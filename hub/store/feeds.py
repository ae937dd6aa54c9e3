"""What each listing should show, what was sent, and what the channel confirmed."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select, update

from hub.store.tables import FeedRow, ListingRow
from hub.store.work import View, Work


class Feed(NamedTuple):
    """One due feed with its listing."""

    id: int
    listing_id: int
    external_id: str
    item_id: int | None
    factor: int
    version: int
    sent: int | None
    seen: int | None
    attempt: int
    code: str | None


def take(work: Work, connection: int, limit: int, lease: datetime) -> list[Feed]:
    """Lease due feeds: one request in flight per listing, or an older number lands last."""
    ready = (
        FeedRow.tenant_id == work.tenant,
        FeedRow.connection_id == connection,
        FeedRow.due_at <= work.now,
        FeedRow.lease_until.is_(None) | (FeedRow.lease_until < work.now),
    )
    locked = [
        row.id
        for row in work.lock(
            select(FeedRow.id).where(*ready).order_by(FeedRow.due_at, FeedRow.id).limit(limit),
            skip_locked=True,
        )
    ]
    rows = work.all(
        select(
            FeedRow.id,
            FeedRow.listing_id,
            ListingRow.external_id,
            ListingRow.item_id,
            ListingRow.factor,
            FeedRow.version,
            FeedRow.sent,
            FeedRow.seen,
            FeedRow.attempt,
            FeedRow.code,
        )
        .join(ListingRow, and_(ListingRow.tenant_id == FeedRow.tenant_id, ListingRow.id == FeedRow.listing_id))
        .where(FeedRow.tenant_id == work.tenant, work.by_ids(FeedRow.id, locked))
        .order_by(FeedRow.id)
    )
    found = [Feed._make(row) for row in rows]
    work.update(FeedRow, [{"id": feed.id, "lease_until": lease, "attempt": feed.attempt + 1} for feed in found])
    return found


class Shown(NamedTuple):
    """How a push of one feed ended."""

    feed: Feed
    wanted: int
    seen: int | None
    code: str | None
    again: datetime | None


def settle(work: Work, ends: Sequence[Shown]) -> None:
    """What was confirmed is seen. A feed that changed while it was in flight stays due."""
    good = [end for end in ends if end.code is None]
    work.update(
        FeedRow,
        [
            {
                "id": end.feed.id,
                "wanted": end.wanted,
                "sent": end.wanted,
                "sent_version": end.feed.version,
                "seen": end.seen,
                "seen_at": work.now,
                "lease_until": None,
                "attempt": 0,
                "code": None,
            }
            for end in good
        ],
    )
    work.run(
        update(FeedRow)
        .where(
            FeedRow.tenant_id == work.tenant,
            work.by_ids(FeedRow.id, [end.feed.id for end in good]),
            FeedRow.sent_version == FeedRow.version,
        )
        .values(due_at=None)
    )
    work.update(
        FeedRow,
        [
            {
                "id": end.feed.id,
                "wanted": end.wanted,
                "lease_until": None,
                "due_at": end.again,
                "code": end.code,
            }
            for end in ends
            if end.code is not None
        ],
    )


def wait(work: Work, taken: Sequence[Feed], code: str, until: datetime) -> None:
    """Leave feeds that were taken for later: waiting is no failed attempt."""
    work.update(
        FeedRow,
        [
            {"id": feed.id, "lease_until": None, "due_at": until, "code": code, "attempt": feed.attempt}
            for feed in taken
        ],
    )


def put_off(work: Work, connection: int, until: datetime) -> None:
    """No budget, or the breaker is open: what is due comes again then."""
    work.run(
        update(FeedRow)
        .where(FeedRow.tenant_id == work.tenant, FeedRow.connection_id == connection, FeedRow.due_at <= work.now)
        .values(due_at=until)
    )


def rest(work: Work, connection: int) -> None:
    """A channel that shows no stock of ours has no feeds to push."""
    work.run(
        update(FeedRow).where(FeedRow.tenant_id == work.tenant, FeedRow.connection_id == connection).values(due_at=None)
    )


def count(view: View, connection: int) -> int:
    """How many listings of a connection have a feed."""
    found = view.scalar(
        select(func.count())
        .select_from(FeedRow)
        .where(FeedRow.tenant_id == view.tenant, FeedRow.connection_id == connection)
    )
    return found or 0


def waiting(view: View) -> list[int]:
    """Connections with a feed that is due now."""
    return view.scalars(
        select(FeedRow.connection_id)
        .where(
            FeedRow.tenant_id == view.tenant,
            FeedRow.due_at <= view.now,
            FeedRow.lease_until.is_(None) | (FeedRow.lease_until < view.now),
        )
        .distinct()
    )


BRAKED, CHECKED = "stock.brake", "stock.checked"
"""A push that waits for a person, and one that a person has let go."""


def touch_all(work: Work, connection: int) -> None:
    """A stock flow was switched on: everything is to be shown anew, what was braked as well."""
    mine = update(FeedRow).where(FeedRow.tenant_id == work.tenant, FeedRow.connection_id == connection)
    work.run(mine.where(FeedRow.code == BRAKED).values(code=CHECKED))
    work.run(mine.values(version=FeedRow.version + 1, due_at=work.now, changed_at=work.now))
    work.wake("feeds", str(connection))
