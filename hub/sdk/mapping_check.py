"""Finds every flaw of a mapping before a document does."""

from collections.abc import Iterator

from hub.core.failures import BadInput
from hub.sdk.converters import CONVERTERS, MONEY
from hub.sdk.mapping_file import Problem, Row, Sheet, nearest
from hub.sdk.mapping_targets import flaws_of_targets
from hub.sdk.paths import BrokenPath, compiled


def check(sheet: Sheet) -> list[Problem]:
    """All flaws in the order of their lines; targets are looked at once rows and paths are sound."""
    problems = [*sheet.problems, *(flaw for row in sheet.rows for flaw in _of_row(row, ""))]
    problems = problems or list(flaws_of_targets(sheet))
    return sorted(problems, key=lambda problem: (problem.line, problem.field))


def _of_row(row: Row, above: str) -> Iterator[Problem]:
    place = f"{above}{row.target}"
    for path in (row.source, row.currency):
        yield from _of_path(path, row, place)
    yield from _of_converter(row, place)
    for below in row.each or ():
        yield from _of_row(below, f"{place}.each.")


def _of_path(path: str | None, row: Row, place: str) -> Iterator[Problem]:
    try:
        compiled("@" if path is None else path)
    except BrokenPath:
        yield Problem("mapping.broken_path", row.file, row.line, place, path or "")


def _of_converter(row: Row, place: str) -> Iterator[Problem]:
    name, colon, argument = (row.convert or "").partition(":")
    if row.each is not None and (row.convert or row.lookup or row.currency):
        yield Problem("mapping.each_alone", row.file, row.line, place)
    elif name and name not in CONVERTERS and name not in MONEY:
        near = nearest(name, CONVERTERS.keys() | MONEY.keys())
        yield Problem("mapping.unknown_converter", row.file, row.line, place, name, near)
    elif (name in MONEY) != (row.currency is not None):
        yield Problem("mapping.currency", row.file, row.line, place, name)
    elif colon:
        yield from _of_argument(name, argument, row, place)


def _of_argument(name: str, argument: str, row: Row, place: str) -> Iterator[Problem]:
    if name in MONEY or not CONVERTERS[name].argument:
        yield Problem("mapping.no_argument", row.file, row.line, place, argument)
        return
    try:
        CONVERTERS[name].make(argument)
    except BadInput:
        yield Problem("mapping.bad_argument", row.file, row.line, place, argument)
