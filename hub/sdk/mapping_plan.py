"""Mapping rows made ready to run: paths and converters looked up once, groups of dotted targets nested."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final, NamedTuple, TypeAlias, cast

from hub.core.failures import BadInput, Parameter, Untranslatable
from hub.core.json import JSON
from hub.core.text import masked
from hub.sdk.converters import CONVERTERS, MONEY, ConvertMoney
from hub.sdk.mapping_file import Row, Scalar
from hub.sdk.paths import Get, compiled

Cell: TypeAlias = Callable[[JSON, JSON, JSON], object]
"""Takes the value, the row's node and the whole document."""

_LEFT_OUT: Final = object()
_REQUIRED: Final = object()


class Plan(NamedTuple):
    """Rows in order, and below them the groups of dotted targets."""

    steps: tuple["_Step", ...]
    groups: tuple[tuple[str, "Plan"], ...]


def plan(rows: Iterable[Row]) -> Plan:
    """Rows that were found without flaw, ready to run."""
    steps: list[_Step] = []
    groups: dict[str, list[Row]] = {}
    for row in rows:
        first, _, rest = row.target.partition(".")
        if rest:
            groups.setdefault(first, []).append(replace(row, target=rest))
        else:
            steps.append(_step(row))
    return Plan(tuple(steps), tuple((name, plan(below)) for name, below in groups.items()))


def run(ready: Plan, raw: JSON) -> dict[str, object]:
    """The fields of the target. Raises Untranslatable with the path of the field and the value at fault."""
    try:
        return _filled(ready, raw, raw)
    except _Misfit as misfit:
        place = ".".join(reversed(misfit.place))
        raise Untranslatable(misfit.code, field=place, value=misfit.value, **misfit.params) from None


class _Step(NamedTuple):
    target: str
    get: Get
    cell: Cell | None
    absent: object


class _Misfit(Exception):
    """A value that does not fit, on its way up, and the places it passed."""

    def __init__(self, code: str, value: str = "", params: Mapping[str, Parameter] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.value = value
        self.params = params or {}
        self.place: list[str] = []


def _filled(ready: Plan, node: JSON, root: JSON) -> dict[str, object]:
    out: dict[str, object] = {}
    target = ""
    try:
        for target, get, cell, absent in ready.steps:
            value: object = get(node, root)
            if value is not None and cell is not None:
                value = cell(cast("JSON", value), node, root)
            if value is not None:
                out[target] = value
            elif absent is not _LEFT_OUT:
                out[target] = _present(absent)
        for target, group in ready.groups:
            if below := _filled(group, node, root):
                out[target] = below
    except (BadInput, _Misfit) as error:
        misfit = error if isinstance(error, _Misfit) else _misfit(error)
        misfit.place.append(target)
        raise misfit from None
    return out


def _present(absent: object) -> object:
    if absent is _REQUIRED:
        raise _Misfit("mapping.missing")
    return absent


def _misfit(bad: BadInput) -> _Misfit:
    params = {name: value for name, value in bad.params.items() if name not in {"field", "value"}}
    return _Misfit(bad.code, bad.value, params)


def _step(row: Row) -> _Step:
    default: object = _LEFT_OUT if row.default is None else row.default
    get = _nowhere if row.source is None else compiled(row.source)
    return _Step(row.target, get, _cell(row), _REQUIRED if row.required else default)


def _nowhere(_node: JSON, _root: JSON) -> JSON:
    return None


def _cell(row: Row) -> Cell | None:
    if row.each is not None:
        return _each(plan(row.each))
    convert = _converting(row)
    return convert if row.lookup is None else _looking_up(convert, row.lookup, strict=row.default is None)


def _converting(row: Row) -> Cell | None:
    name, _, argument = (row.convert or "").partition(":")
    if row.currency is not None:
        return _money(MONEY[name], compiled(row.currency))
    if not name:
        return None
    convert = CONVERTERS[name].make(argument)
    return lambda value, _node, _root: convert(value)


def _money(convert: ConvertMoney, get_currency: Get) -> Cell:
    def read(value: JSON, node: JSON, root: JSON) -> object:
        currency = get_currency(node, root)
        if not isinstance(currency, str):
            raise BadInput("money.no_currency", field="", value=masked(value))
        return convert(value, currency.strip().upper())

    return read


def _looking_up(convert: Cell | None, table: Mapping[str, Scalar], *, strict: bool) -> Cell:
    def find(value: JSON, node: JSON, root: JSON) -> object:
        found = value if convert is None else convert(value, node, root)
        if found is None:
            return None
        word = str(found).lower() if isinstance(found, bool) else str(found)
        if word not in table and strict:
            raise BadInput("mapping.no_hit", field="", value=masked(word))
        return table.get(word)

    return find


def _each(rows: Plan) -> Cell:
    def fill(value: JSON, _node: JSON, root: JSON) -> object:
        if not isinstance(value, list):
            raise BadInput("mapping.not_a_list", field="", value=type(value).__name__)
        return [_element(rows, at, element, root) for at, element in enumerate(value)]

    return fill


def _element(rows: Plan, at: int, element: JSON, root: JSON) -> dict[str, object]:
    try:
        return _filled(rows, element, root)
    except _Misfit as misfit:
        misfit.place.append(str(at))
        raise
