"""Orders in: new ones by their placing time, changes by comparing traces of those that can still change.

The shop calls nobody, and `updatedAt` is no clock of changes: it stays where it was when an order is paid
or shipped, so it may lie before the placing time. The filter `after` is strict and some databases keep whole
seconds. Hence each walk begins a few minutes early, a page begins before the second in which the former one
ended and leaves out by id what was seen of it, and the cursor remembers a trace of every order that was still
open: one whose trace has changed or is gone is read again. (Seen on Vendure 3.7.3.)
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from connectors.shop.vendure import queries
from connectors.shop.vendure.client import Client, Object, child, word
from hub.core.failures import Retryable
from hub.core.json import JSON, dumps, loads
from hub.sdk.capabilities import Cursor, DocumentKind, Page, RawDocument
from hub.sdk.paging import MOST_PAGES
from hub.sdk.rows import RawRow

OVERLAP: Final = timedelta(minutes=5)
"""How far each walk goes back: for orders whose transaction ended after that of a later one."""

LAG: Final = timedelta(seconds=5)
"""A placing time newer than this moves no bookmark: it may come from a clock that runs ahead."""

PAGE: Final = 100
_SECOND: Final = timedelta(seconds=1)
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TRACE_LENGTH: Final = 12

_PLACED: Final[Mapping[str, JSON]] = {"active": {"eq": False}, "orderPlacedAt": {"isNull": False}}
"""Baskets and drafts stand in the same list."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """How far orders were read, and the trace of each that could still change then."""

    placed: datetime | None = None
    traces: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, cursor: Cursor | None) -> Self:
        stored = {} if cursor is None else loads(cursor.encode(), limit=len(cursor) * 4)
        placed, traces = word(stored, "placed"), child(stored, "traces")
        return cls(
            datetime.fromisoformat(placed) if placed else None,
            {order: str(trace) for order, trace in traces.items()} if isinstance(traces, dict) else {},
        )

    def cursor(self) -> Cursor:
        placed = None if self.placed is None else self.placed.isoformat()
        return Cursor(dumps({"placed": placed, "traces": dict(self.traces)}).decode())

    @property
    def begin(self) -> datetime | None:
        """Where the next walk begins."""
        return None if self.placed is None else self.placed - OVERLAP

    def behind(self, rows: Sequence[RawRow], now: datetime) -> Self:
        """The bookmark once these orders are stored."""
        if not rows:
            return self
        newest = min(max(map(_placed_at, rows)), now - LAG)
        return replace(self, placed=newest if self.placed is None else max(self.placed, newest))


class Reader:
    """Reads the order list of one shop; `settled` are the states after which an order is left alone."""

    def __init__(self, client: Client, settled: Sequence[str], list_limit: int) -> None:
        self._client = client
        self._settled = list(settled)
        self._limit = list_limit
        self._page = min(PAGE, list_limit)

    def pull(self, cursor: Cursor | None, now: datetime) -> Iterator[Page]:
        """Orders placed since, then those whose trace has changed; who left the same trace is left alone.

        Traces are taken before anything is read, so what changes meanwhile differs the next time.
        """
        bookmark = Bookmark.read(cursor)
        traces = self._traces(bookmark.begin)
        changed = {order for order, _ in bookmark.traces.items() ^ traces.items()}
        same = traces.keys() - changed
        for rows in self._walk(queries.ORDERS, _PLACED, bookmark.begin, self._page):
            bookmark = bookmark.behind(rows, now)
            changed -= {row.external_id("id") for row in rows}
            fresh = [row for row in rows if row.external_id("id") not in same]
            yield Page(_documents(fresh), bookmark.cursor())
        for some in _split(sorted(changed), self._page):
            yield Page(self.fetch(some), bookmark.cursor())
        yield Page((), replace(bookmark, traces=traces).cursor(), complete=True)

    def reread(self, placed_since: datetime, now: datetime) -> Iterator[Page]:
        """All orders placed since, as they are now."""
        bookmark = Bookmark()
        for rows in self._walk(queries.ORDERS, _PLACED, placed_since - _SECOND, self._page):
            bookmark = bookmark.behind(rows, now)
            yield Page(_documents(rows), bookmark.cursor())
        yield Page((), bookmark.cursor(), complete=True)

    def fetch(self, orders: Sequence[str]) -> Sequence[RawDocument]:
        """These orders; what is gone or was never placed is left out."""
        return [
            document
            for some in _split(orders, self._page)
            for document in _documents(self._filtered({"id": {"in": [*some]}}, len(some)))
        ]

    def find(self, number: str) -> RawDocument | None:
        """By the code that the buyer knows, else by the shop's id."""
        code = number.strip()
        either: JSON = [{"code": {"in": [code, code.upper()]}}, {"id": {"eq": code}}]
        found = _documents(self._filtered({"_or": either}, self._page))
        return min(found, key=lambda order: order.external_id == code, default=None)

    def _filtered(self, where: Object, most: int) -> Sequence[RawRow]:
        return self._client.orders(queries.ORDERS, {"take": most, "filter": {**_PLACED, **where}}).rows

    def _traces(self, since: datetime | None) -> Mapping[str, str]:
        """What can still change, and what was cancelled or edited since although it was settled."""
        settled: list[JSON] = [*self._settled]
        where: dict[str, JSON] = {"state": {"notIn": settled}}
        if since is not None:
            where = {"_or": [where, {"updatedAt": {"after": _written(since)}}]}
        walk = self._walk(queries.TRACES, {**_PLACED, **where}, None, self._limit)
        return {row.external_id("id"): _trace(row) for rows in walk for row in rows}

    def _walk(self, query: str, where: Object, after: datetime | None, take: int) -> Iterator[Sequence[RawRow]]:
        """Pages in the order of placing; orders of one second may be cut anywhere and shift at will."""
        edge: Mapping[str, datetime] = {}
        for _ in range(MOST_PAGES):
            page = self._client.orders(query, _options(where, after, edge, take))
            yield page.rows
            if len(page.rows) >= page.total:
                return
            seen = {row.external_id("id"): _placed_at(row) for row in page.rows}
            if seen.keys() <= edge.keys():
                raise Retryable("paging.repeated", count=len(edge))
            after = max(seen.values()).replace(microsecond=0) - _SECOND
            edge = {order: at for order, at in {**edge, **seen}.items() if at > after}
        raise Retryable("paging.endless", pages=MOST_PAGES)


def _options(where: Object, after: datetime | None, edge: Mapping[str, datetime], take: int) -> Object:
    behind: dict[str, JSON] = {"isNull": False}
    if after is not None:
        behind["after"] = _written(after)
    seen: list[JSON] = [*sorted(edge)]
    unseen: dict[str, JSON] = {"id": {"notIn": seen}} if seen else {}
    return {
        "take": take,
        "sort": {"orderPlacedAt": "ASC"},
        "filter": {**where, "orderPlacedAt": behind, **unseen},
    }


def _documents(rows: Sequence[RawRow]) -> Sequence[RawDocument]:
    return [RawDocument(DocumentKind.ORDER, row.external_id("id"), row.body) for row in rows]


def _split(orders: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (orders[at : at + size] for at in range(0, len(orders), size))


def _trace(row: RawRow) -> str:
    return hashlib.sha256(row.body).hexdigest()[:_TRACE_LENGTH]


def _placed_at(row: RawRow) -> datetime:
    """The list holds placed orders only; a time that cannot be read moves nothing."""
    try:
        return datetime.fromisoformat(row.peek("orderPlacedAt") or "").astimezone(UTC)
    except ValueError:
        return _BEGINNING


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
