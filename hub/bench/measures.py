"""What is measured, and by how much the hub may stay behind its floor."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import NamedTuple

from hub.bench.places import Stand


@dataclass(frozen=True)
class Measured:
    """One line of the answer. `ratio` is better when higher; `aim` is what it should reach."""

    name: str
    database: str
    floor: float
    hub: float
    ratio: float
    aim: float


class Size(NamedTuple):
    """How much is done: orders per round, to import, of the naive way, effects, and seconds of open loop."""

    backlog: int
    imported: int
    naive: int
    effects: int
    seconds: float


SIZES: Mapping[str, Size] = {
    "tiny": Size(30, 40, 5, 10, 0.2),
    "small": Size(2_000, 2_000, 200, 500, 5),
    "full": Size(10_000, 100_000, 1_000, 4_000, 30),
}
"""`tiny` only proves that the bench runs."""

Measure = Callable[[Stand, Size, int], Measured]


def seconds(work: Callable[[], object]) -> float:
    """How long it takes on the wall clock."""
    start = perf_counter()
    work()
    return perf_counter() - start


def faster(name: str, stand: Stand, aim: float, floor: Sequence[float], hub: Sequence[float]) -> Measured:
    """Rates: the hub's share of the floor's, both medians of interleaved rounds."""
    return Measured(name, stand.database, median(floor), median(hub), median(hub) / median(floor), aim)


def shorter(name: str, stand: Stand, aim: float, floor: Sequence[float], hub: Sequence[float]) -> Measured:
    """Times: the floor's share of the hub's."""
    return Measured(name, stand.database, median(floor), median(hub), median(floor) / median(hub), aim)
