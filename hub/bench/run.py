"""One run of the bench: every measure on every database that is there."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hub.bench import inward, outward
from hub.bench.company import ARTICLES, LINES
from hub.bench.measures import SIZES, Measure, Measured
from hub.bench.messages import messages
from hub.bench.naive import naive
from hub.bench.places import POSTGRES, Stand, postgres, sqlite
from hub.core.failures import HouseDown

MEASURES: Mapping[str, Measure] = {
    "backlog": inward.backlog,
    "celery": naive,
    "import": inward.imported,
    "latency": inward.latency,
    "effects": outward.effects,
    "messages": messages,
}
ONLY = {"celery": {"postgresql"}}
"""Measures that are taken on one database."""


WARM = ARTICLES // LINES + 1
"""So many orders name every article once: the floor makes no listings."""


class Skipped(NamedTuple):
    """What could not be measured, and why."""

    what: str
    reason: str


def run(size: str, rounds: int, only: str | None, server: str | None) -> Iterator[Measured | Skipped]:
    """All measures, or the one that is named, one after the other."""
    for name, stand in _stands(server or POSTGRES).items():
        with TemporaryDirectory(prefix="hub-bench-") as folder:
            try:
                with stand(Path(folder)) as made:
                    yield from _measured(made, size, rounds, only)
            except HouseDown as error:
                yield Skipped(name, error.code)


def _stands(server: str) -> dict[str, Callable[[Path], AbstractContextManager[Stand]]]:
    return {"postgresql": lambda folder: postgres(folder, server), "sqlite": sqlite}


def _measured(stand: Stand, size: str, rounds: int, only: str | None) -> Iterator[Measured | Skipped]:
    amounts = SIZES[size]
    stand.warm(max(WARM, min(1_000, amounts.backlog)))
    for name, measure in MEASURES.items():
        if only in {None, name} and stand.database in ONLY.get(name, {stand.database}):
            try:
                yield measure(stand, amounts, rounds)
            except OSError as error:
                yield Skipped(f"{name}, {stand.database}", type(error).__name__)
