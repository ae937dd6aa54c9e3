"""Lists that come in pages: read to their end, or not at all.

What was not read completely closes nothing, so a list that repeats a page, moves under the reader, never
ends or falls short of its own total is a failed read (Retryable), and only the last piece says `last`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, NoReturn, TypeVar

from hub.core.failures import Retryable

MOST_PAGES: Final = 10_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """One answer of the remote: its rows, the total it claims, the cursor of the next one."""

    rows: Sequence[T]
    total: int | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Piece(Generic[T]):
    """Rows that were not seen before; after the `last` piece the list was read completely."""

    rows: Sequence[T]
    last: bool


def by_offset(
    fetch: Callable[[int], Slice[T]], key: Callable[[T], str], *, most_pages: int = MOST_PAGES
) -> Iterator[Piece[T]]:
    """Read by offset. Each page begins with the last row of the one before, which shows any shift.

    For lists in the order of growing: new rows come at the end. A page shorter than asked for ends nothing.
    """
    seen = _Seen(key)
    for _ in range(most_pages):
        start = max(seen.count - 1, 0)
        answer = fetch(start)
        seen.claim(answer.total)
        piece = Piece(seen.new_behind_overlap(answer.rows), last=False)
        if not piece.rows or seen.count == answer.total:
            seen.finish()
            yield Piece(piece.rows, last=True)
            return
        yield piece
    _fail("paging.endless", pages=most_pages)


def by_number(
    fetch: Callable[[int], Slice[T]], key: Callable[[T], str], *, first: int = 1, most_pages: int = MOST_PAGES
) -> Iterator[Piece[T]]:
    """Read by page number. Pages cannot overlap here, so a row that comes twice is what shows a shift."""
    seen = _Seen(key)
    for number in range(first, first + most_pages):
        answer = fetch(number)
        seen.claim(answer.total)
        rows = seen.new(answer.rows)
        if not rows or seen.count == answer.total:
            seen.finish()
            yield Piece(rows, last=True)
            return
        yield Piece(rows, last=False)
    _fail("paging.endless", pages=most_pages)


def by_cursor(
    fetch: Callable[[str | None], Slice[T]],
    key: Callable[[T], str],
    *,
    start: str | None = None,
    most_pages: int = MOST_PAGES,
) -> Iterator[Piece[T]]:
    """Read by the remote's own cursor: where it is absent the list ends; one that comes twice is a circle."""
    seen = _Seen(key)
    cursors = {start}
    cursor = start
    for _ in range(most_pages):
        answer = fetch(cursor)
        seen.claim(answer.total)
        rows = seen.new(answer.rows)
        cursor = answer.next
        if not cursor:
            seen.finish()
            yield Piece(rows, last=True)
            return
        if cursor in cursors:
            _fail("paging.repeated", cursor=cursor)
        cursors.add(cursor)
        yield Piece(rows, last=False)
    _fail("paging.endless", pages=most_pages)


class _Seen(Generic[T]):
    """The rows so far by their keys, in order of coming."""

    def __init__(self, key: Callable[[T], str]) -> None:
        self._key = key
        self._keys: dict[str, None] = {}
        self._last: str | None = None
        self._total: int | None = None

    @property
    def count(self) -> int:
        return len(self._keys)

    def claim(self, total: int | None) -> None:
        """A list may grow while it is read; one that shrinks has moved under the reader."""
        if total is not None and self._total is not None and total < self._total:
            _fail("paging.shifted", total=total, before=self._total)
        self._total = self._total if total is None else total

    def new_behind_overlap(self, rows: Sequence[T]) -> Sequence[T]:
        if self._last is None:
            return self.new(rows)
        if not rows or self._key(rows[0]) != self._last:
            _fail("paging.shifted", count=self.count)
        return self.new(rows[1:])

    def new(self, rows: Sequence[T]) -> Sequence[T]:
        keys = [self._key(row) for row in rows]
        known = [key for key in keys if key in self._keys]
        if keys and len(known) == len(keys):
            _fail("paging.repeated", count=self.count)
        if known or len(set(keys)) < len(keys):
            _fail("paging.shifted", count=self.count)
        self._keys.update(dict.fromkeys(keys))
        self._last = keys[-1] if keys else self._last
        return rows

    def finish(self) -> None:
        if self._total is not None and self._total != self.count:
            _fail("paging.total", count=self.count, total=self._total)


def _fail(code: str, **params: str | int) -> NoReturn:
    raise Retryable(code, after=None, **params)
