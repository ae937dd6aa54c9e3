"""Mapping tables: one document put into the words of another, row by row.

    [mapping]
    into = "hub.core.orders.Order"                       the document that is filled
    by_code = ["totals"]                                 what translate.py fills

    [placed_at]
    from = "created_at"
    as = "datetime"
    required = true

    ["ship_to.country"]
    from = "address.country"
    lookup = { Germany = "DE" }

    [lines]
    from = "items"
    each.sku   = { from = "variant.sku", as = "sku" }
    each.price = { from = "price", as = "money", currency = "$.currency" }

Of a row: `from` a path, `as` a converter, `currency` the path of the currency that money is in, `lookup` a
table of the values that may come, `each` rows for the elements of a list, `default` what the target gets when
nothing came or the lookup has no hit, `required`. There are no conditions and no templates: what does not
fit is a function in `translate.py`.
"""

import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any, Self

from hub.core.failures import BadInput
from hub.core.json import JSON
from hub.sdk.mapping_check import check
from hub.sdk.mapping_file import Problem, Sheet, lines_of, read_rows, read_sheet
from hub.sdk.mapping_plan import plan, run

__all__ = ["Mapping", "Overlay", "Problem", "check", "names_in", "sheet_of"]


@dataclass(frozen=True, slots=True)
class Overlay:
    """What one connection maps otherwise: by mapping name, rows that replace those of the file."""

    rows: Table[str, Table[str, Any]] = field(default_factory=dict)
    lines: Table[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> Self:
        """From TOML: `[order.placed_at]` and so on. Raises BadInput mapping.syntax."""
        try:
            return cls(tomllib.loads(text), lines_of(text))
        except tomllib.TOMLDecodeError:
            raise read_sheet(text, "overlay").problems[0].refusal() from None

    def sheet(self, name: str) -> Sheet | None:
        """The rows for one mapping."""
        if name not in self.rows:
            return None
        below = {place.removeprefix(f"{name}."): line for place, line in self.lines.items()}
        return read_rows(self.rows[name], "overlay", below)


class Mapping:
    """A mapping file, read and checked once and applied any number of times, by any number of threads."""

    def __init__(self, sheet: Sheet) -> None:
        if problems := check(sheet):
            raise problems[0].refusal()
        self.sheet = sheet
        self._plan = plan(sheet.rows)

    @classmethod
    def load(cls, package: str, name: str, overlay: Overlay | None = None) -> "Mapping":
        """`name.toml` of a package such as `mappings.shop.acme`, with a connection's own rows.

        Raises BadInput with file and line of the first flaw; `check` tells them all.
        """
        changes = overlay.sheet(name) if overlay else None
        return _loaded(package, name) if changes is None else cls(_overlaid(sheet_of(package, name), changes))

    def apply(self, raw: JSON) -> dict[str, object]:
        """The fields of the target, nested where targets are dotted; what is absent is left out.

        Raises Untranslatable with the field and the value at fault.
        """
        return run(self._plan, raw)


def names_in(package: str) -> tuple[str, ...]:
    """The mappings of a package, none where there is no such package."""
    try:
        found = [entry.name for entry in files(package).iterdir() if entry.name.endswith(".toml")]
    except ModuleNotFoundError:
        return ()
    return tuple(sorted(name.removesuffix(".toml") for name in found))


@cache
def sheet_of(package: str, name: str) -> Sheet:
    """A mapping file as written, with its flaws. Raises BadInput mapping.no_file."""
    file = f"{package.replace('.', '/')}/{name}.toml"
    try:
        return read_sheet(files(package).joinpath(f"{name}.toml").read_text("utf-8"), file)
    except (FileNotFoundError, ModuleNotFoundError):
        raise BadInput("mapping.no_file", field="", value=file) from None
    except UnicodeDecodeError:
        return Sheet(file, problems=[Problem("mapping.not_utf8", file, 0, "")])


@cache
def _loaded(package: str, name: str) -> Mapping:
    return Mapping(sheet_of(package, name))


def _overlaid(sheet: Sheet, changes: Sheet) -> Sheet:
    """Rows of the overlay in place of those with the same target, new ones behind."""
    changed = {row.target: row for row in changes.rows}
    kept = tuple(changed.pop(row.target, row) for row in sheet.rows)
    return replace(sheet, rows=(*kept, *changed.values()), problems=[*sheet.problems, *changes.problems])
