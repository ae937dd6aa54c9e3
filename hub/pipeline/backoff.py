"""How long to wait before trying again: growing, with full jitter, never shorter than the remote asked for."""

from datetime import datetime, timedelta

from hub.store.work import Work

FIRST = timedelta(seconds=5)
LONGEST = timedelta(hours=1)
ATTEMPTS = 12
"""After so many attempts a person is asked: about six hours of waiting."""


def backoff(work: Work, attempt: int, asked: timedelta | None = None) -> datetime:
    """When to come again after this many attempts."""
    ceiling = min(LONGEST, FIRST * 2 ** min(attempt, 20))
    jitter: timedelta = ceiling * work.chance.random()
    return work.now + (jitter if asked is None else asked + jitter / 10)
