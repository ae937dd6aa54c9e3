"""The one place where time and chance enter the hub; everything else is given both."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What time it is, and waiting for a later one."""

    def now(self) -> datetime:
        """Aware, in UTC."""

    def sleep(self, seconds: float) -> None: ...


class Chance(Protocol):
    """A source of random numbers; seeded in simulations, unpredictable elsewhere."""

    def getrandbits(self, bits: int, /) -> int: ...

    def random(self) -> float:
        """At least 0, less than 1."""


class SystemClock:
    """The wall clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass
class FastClock:
    """The wall clock made faster: an hour of trading in a second, no delay shortened in code."""

    start: datetime
    speed: float
    _born: float = field(default_factory=time.monotonic, init=False)

    def now(self) -> datetime:
        return self.start + timedelta(seconds=(time.monotonic() - self._born) * self.speed)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self.speed)


@dataclass
class ManualClock:
    """Time that moves only when told to, or when somebody sleeps; `woken` is called after each move."""

    time: datetime
    woken: Callable[[datetime], None] | None = None

    def now(self) -> datetime:
        return self.time

    def advance(self, step: timedelta) -> None:
        self.time += step
        if self.woken is not None:
            self.woken(self.time)

    def sleep(self, seconds: float) -> None:
        self.advance(timedelta(seconds=seconds))


def system_chance() -> Chance:
    """Unpredictable, for tokens and ids."""
    return random.SystemRandom()


def seeded_chance(seed: int) -> Chance:
    """The same numbers for the same seed."""
    return random.Random(seed)  # noqa: S311 - simulations repeat themselves on purpose
