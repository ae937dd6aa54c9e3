"""A crash at every commit and at every call, before and after: nothing is lost, nothing is doubled."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.company import registry
from tests.crashes import Books, Crash, Place, Points, on_postgres, on_sqlite, replay
from tests.pipeline.crash_journeys import JOURNEYS

FEWEST = 60
CHUNKS = 4
"""Each journey's points are dealt to so many tests, so that workers share them."""

EVERY = {"sqlite": 1, "postgresql": 4}
"""On PostgreSQL every fourth of the chosen points: a replay takes longer there, and the code is the same."""

ALL = os.environ.get("HUB_TEST_CRASHES") == "all"
"""Every point of every journey on both databases: many minutes."""


def chosen(journey: str, seen: Sequence[str]) -> list[int]:
    """Points to die at: all of the straight journey; of the others the first of each kind of commit and call."""
    if ALL or journey == "straight":
        return list(range(1, len(seen) + 1))
    kinds: dict[str, int] = {}
    for at, point in enumerate(seen, start=1):
        kinds.setdefault(re.sub(r"_?[0-9][0-9a-f]*", "", point), at)
    return sorted(kinds.values())


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request) -> str:
    return str(request.param)


@pytest.fixture(params=sorted(JOURNEYS))
def journey(request) -> str:
    return str(request.param)


@pytest.fixture
def place(journey: str, database: str, tmp_path: Path) -> Iterator[Place]:
    """A founded company on either database."""
    opened = on_sqlite if database == "sqlite" else on_postgres
    with opened(tmp_path / "founded", JOURNEYS[journey], registry()) as found:
        yield found


def calm(place: Place) -> tuple[Points, Books]:
    """The journey without a crash."""
    points = Points()
    return points, replay(place, points)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_crash_anywhere_loses_nothing_and_doubles_nothing(place: Place, journey: str, database: str, chunk: int):
    counted, wanted = calm(place)

    stride = 1 if ALL else EVERY[database]
    different = {}
    for at in chosen(journey, counted.seen)[chunk * stride :: CHUNKS * stride]:
        points = Points(at=at)
        found = replay(place, points)
        assert points.seen == counted.seen[:at]
        if found != wanted:
            different[at, points.seen[-1]] = found

    assert different == {}


def test_the_calm_journey_is_sound(place: Place):
    _, books = calm(place)

    assert set(books.orders.values()) <= {"completed", "cancelled"}
    assert books.done["books"] == {"receivable": len(books.postings)}
    assert (books.doubled, books.broken, books.alarms, books.notes) == ([], [], [], 0)


def test_the_journeys_are_crossed_at_enough_points(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    counted, crossed = {}, {}
    for name, journey in JOURNEYS.items():
        with on_sqlite(tmp_path / name, journey, registry()) as place:
            seen = calm(place)[0].seen
        counted[name], crossed[name] = len(seen), len(chosen(name, seen))

    with capsys.disabled():
        sys.stdout.write(f"\ncrash points: {sum(counted.values())} {counted}, died at: {sum(crossed.values())}\n")
    assert crossed["straight"] == counted["straight"]
    assert min(crossed["straight"], FEWEST) == FEWEST


def test_a_crash_is_no_exception_that_anybody_catches(place: Place):
    assert not issubclass(Crash, Exception)
