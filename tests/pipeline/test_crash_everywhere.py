"""A crash at every commit and at every call, before and after: nothing is lost, nothing is doubled."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.company import registry
from tests.crashes import Books, Crash, Place, Points, on_postgres, on_sqlite, replay
from tests.pipeline.crash_journeys import JOURNEYS

FEWEST = 60
CHUNKS = 3
"""Each journey's points are dealt to so many tests, so that workers share them."""

EVERY = {"sqlite": 1, "postgresql": 4}
"""On PostgreSQL every fourth point of each chunk: a replay takes longer there, and the code is the same."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request) -> str:
    return str(request.param)


@pytest.fixture(params=sorted(JOURNEYS))
def place(request, database: str, tmp_path: Path) -> Iterator[Place]:
    """A founded company on either database."""
    opened = on_sqlite if database == "sqlite" else on_postgres
    with opened(tmp_path / "founded", JOURNEYS[request.param], registry()) as found:
        yield found


def calm(place: Place) -> tuple[Points, Books]:
    """The journey without a crash."""
    points = Points()
    return points, replay(place, points)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_crash_anywhere_loses_nothing_and_doubles_nothing(place: Place, database: str, chunk: int):
    counted, wanted = calm(place)

    stride = CHUNKS * EVERY[database]
    different = {}
    for at in range(1 + chunk, len(counted.seen) + 1, stride):
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
    counted = {}
    for name, journey in JOURNEYS.items():
        with on_sqlite(tmp_path / name, journey, registry()) as place:
            counted[name] = len(calm(place)[0].seen)

    with capsys.disabled():
        sys.stdout.write(f"\ncrash points: {sum(counted.values())} ({counted})\n")
    assert min(counted["straight"], sum(counted.values())) >= FEWEST


def test_a_crash_is_no_exception_that_anybody_catches(place: Place):
    assert not issubclass(Crash, Exception)
