"""Whether the targets of a mapping are fields of the document it fills, and none that must be filled is left out."""

import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Annotated, Union, get_args, get_origin

from hub.core.document import Document
from hub.sdk.mapping_file import HEADER, Problem, Row, Sheet, nearest

_LANGUAGE = "hub.core."


def flaws_of_targets(sheet: Sheet) -> Iterator[Problem]:
    """Unknown targets, and required ones that neither a row nor the connector's code fills."""
    if sheet.into is None:
        return
    model = _document(sheet.into)
    if model is None:
        yield Problem("mapping.unknown_document", sheet.file, sheet.header_line, HEADER, sheet.into)
        return
    for name in sheet.by_code:
        if name.partition(".")[0] not in model.model_fields:
            near = nearest(name, model.model_fields)
            yield Problem("mapping.unknown_target", sheet.file, sheet.header_line, HEADER, name, near)
    yield from _Walk(sheet).through(model, sheet.rows, "", sheet.header_line)


class _Walk:
    """From a document down into the documents inside it, along the rows."""

    def __init__(self, sheet: Sheet) -> None:
        self._file = sheet.file
        self._by_code = sheet.by_code

    def through(self, model: type[Document], rows: Iterable[Row], above: str, line: int) -> Iterator[Problem]:
        fields = model.model_fields
        groups = _by_first_name(rows)
        for name, below in groups.items():
            place, row = f"{above}{name}", below[0]
            if name in fields:
                yield from self._into(fields[name].annotation, below, place)
            else:
                near = nearest(name, fields)
                yield Problem("mapping.unknown_target", row.file, row.line, place, name, near)
        for name, target in fields.items():
            if target.is_required() and name not in groups and not self._left_to_code(f"{above}{name}"):
                yield Problem("mapping.target_without_row", self._file, line, f"{above}{name}")

    def _into(self, annotation: object, rows: list[Row], place: str) -> Iterator[Problem]:
        """Rows that fill one field: those with a name left go into the document it holds, `each` into its elements."""
        inner = _inner(annotation)
        deeper = [row for row in rows if row.target]
        elements = [below for row in rows if not row.target for below in row.each or ()]
        for below in filter(None, (deeper, elements)):
            if inner is not None:
                yield from self.through(inner, below, f"{place}.", below[0].line)
            elif not _is_open(annotation):
                unknown = below[0]
                place = f"{place}.{unknown.target}"
                yield Problem("mapping.unknown_target", unknown.file, unknown.line, place, unknown.target)

    def _left_to_code(self, place: str) -> bool:
        return any(place == name or place.startswith(f"{name}.") for name in self._by_code)


def _by_first_name(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        first, _, rest = row.target.partition(".")
        groups.setdefault(first, []).append(replace(row, target=rest))
    return groups


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
