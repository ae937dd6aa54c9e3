"""One total time limit for a call: its short repeats, its login and its whole body share it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

Stopwatch: TypeAlias = Callable[[], float]
"""Seconds that never run backwards. Real ones even in a simulation: sockets know no other."""

WALL: Stopwatch = time.monotonic


class Deadline:
    """The moment after which nobody waits any more."""

    __slots__ = ("_stopwatch", "_until")

    def __init__(self, seconds: float, stopwatch: Stopwatch = WALL) -> None:
        self._stopwatch = stopwatch
        self._until = stopwatch() + seconds

    def left(self) -> float:
        """Seconds that remain, negative once it has passed."""
        return self._until - self._stopwatch()


_CURRENT: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


def current() -> Deadline | None:
    """The limit of the call that this thread is in."""
    return _CURRENT.get()


@contextmanager
def within(seconds: float, stopwatch: Stopwatch = WALL) -> Iterator[Deadline]:
    """Open a limit; inside another one that one counts, so nested calls cannot add up."""
    outer = _CURRENT.get()
    if outer is not None:
        yield outer
        return
    mark = _CURRENT.set(limit := Deadline(seconds, stopwatch))
    try:
        yield limit
    finally:
        _CURRENT.reset(mark)
