"""Finds every flaw of a mapping before a document does: converters, paths, targets, required targets."""

import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Annotated, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from hub.core.document import Document
from hub.sdk.converters import CONVERTERS, MONEY
from hub.sdk.mapping_file import HEADER, Problem, Row, Sheet, nearest
from hub.sdk.paths import BrokenPath, compiled

_LANGUAGE = "hub.core."


def check(sheet: Sheet) -> list[Problem]:
    """All flaws in the order of their lines; targets are looked at once rows and paths are sound."""
    problems = [*sheet.problems, *(flaw for row in sheet.rows for flaw in _of_row(row, sheet.file, ""))]
    problems = problems or list(_of_targets(sheet))
    return sorted(problems, key=lambda problem: (problem.line, problem.field))


def _of_row(row: Row, file: str, above: str) -> Iterator[Problem]:
    place = f"{above}{row.target}"
    for path in (row.source, row.currency):
        yield from _of_path(path, row, file, place)
    yield from _of_converter(row, file, place)
    for below in row.each or ():
        yield from _of_row(below, file, f"{place}.each.")


def _of_path(path: str | None, row: Row, file: str, place: str) -> Iterator[Problem]:
    try:
        compiled(path or "@")
    except BrokenPath:
        yield Problem("mapping.broken_path", file, row.line, place, path or "")


def _of_converter(row: Row, file: str, place: str) -> Iterator[Problem]:
    name, colon, argument = (row.convert or "").partition(":")
    if row.each is not None and (row.convert or row.lookup or row.currency):
        yield Problem("mapping.each_alone", file, row.line, place)
    elif (name in MONEY) != (row.currency is not None):
        yield Problem("mapping.currency", file, row.line, place, name)
    elif name and name not in CONVERTERS and name not in MONEY:
        near = nearest(name, CONVERTERS.keys() | MONEY.keys())
        yield Problem("mapping.unknown_converter", file, row.line, place, name, near)
    elif colon and (name in MONEY or not CONVERTERS[name].argument):
        yield Problem("mapping.no_argument", file, row.line, place, argument)


def _of_targets(sheet: Sheet) -> Iterator[Problem]:
    if sheet.into is None:
        return
    model = _document(sheet.into)
    if model is None:
        yield Problem("mapping.unknown_document", sheet.file, sheet.header_line, HEADER, sheet.into)
        return
    yield from _of_names(sheet, model)
    yield from _of_model(sheet.rows, model, sheet, sheet.header_line, "")


def _of_names(sheet: Sheet, model: type[Document]) -> Iterator[Problem]:
    for name in sheet.by_code:
        if name not in model.model_fields:
            near = nearest(name, model.model_fields.keys())
            yield Problem("mapping.unknown_target", sheet.file, sheet.header_line, HEADER, name, near)


def _of_model(
    rows: Iterable[Row], model: type[Document], sheet: Sheet, line: int, above: str
) -> Iterator[Problem]:
    groups: dict[str, list[tuple[str, Row]]] = {}
    for row in rows:
        first, _, rest = row.target.partition(".")
        groups.setdefault(first, []).append((rest, row))
    for name, members in groups.items():
        place, at = f"{above}{name}", members[0][1].line
        if name not in model.model_fields:
            near = nearest(name, model.model_fields.keys())
            yield Problem("mapping.unknown_target", sheet.file, at, place, name, near)
        else:
            yield from _of_field(model.model_fields[name], members, sheet, place)
    yield from _without_row(model, groups, sheet, line, above)


def _of_field(
    target: FieldInfo, members: list[tuple[str, Row]], sheet: Sheet, place: str
) -> Iterator[Problem]:
    inner, line = _inner(target.annotation), members[0][1].line
    below = [replace(row, target=rest) for rest, row in members if rest]
    if below and inner is not None:
        yield from _of_model(below, inner, sheet, line, f"{place}.")
    elif below and not _is_open(target.annotation):
        yield Problem(
            "mapping.unknown_target", sheet.file, line, f"{place}.{below[0].target}", below[0].target
        )
    for rest, row in members:
        if not rest and row.each is not None and inner is not None:
            yield from _of_model(row.each, inner, sheet, row.line, f"{place}.")


def _without_row(
    model: type[Document], groups: Mapping[str, object], sheet: Sheet, line: int, above: str
) -> Iterator[Problem]:
    for name, target in model.model_fields.items():
        covered = (
            name in groups or f"{above}{name}" in sheet.by_code or above.partition(".")[0] in sheet.by_code
        )
        if target.is_required() and not covered:
            yield Problem("mapping.target_without_row", sheet.file, line, f"{above}{name}")


def _document(name: str) -> type[Document] | None:
    module, _, cls = name.rpartition(".")
    if not module.startswith(_LANGUAGE):
        return None
    try:
        found = getattr(import_module(module), cls, None)
    except ModuleNotFoundError:
        return None
    return found if isinstance(found, type) and issubclass(found, Document) else None


def _inner(annotation: object) -> type[Document] | None:
    """The document inside an annotation such as `tuple[Line, ...]` or `Address | None`."""
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return annotation if issubclass(annotation, Document) else None
    if get_origin(annotation) in {Annotated, Union, types.UnionType, tuple, list}:
        return next(filter(None, map(_inner, get_args(annotation))), None)
    return None


def _is_open(annotation: object) -> bool:
    """A field that takes whatever names a platform uses."""
    kinds = (annotation, *get_args(annotation))
    return any(isinstance(kind, type) and issubclass(kind, Mapping) for kind in kinds)
