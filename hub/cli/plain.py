"""Values of the hub as JSON for programs: money and quantities as texts, times in ISO 8601, reasons with words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from hub.core.json import JSON
from hub.core.money import Money
from hub.core.reasons import render
from hub.core.wording import Language
from hub.store.reading.said import Said

_TEXTS: tuple[tuple[tuple[type, ...], Callable[[Any], str]], ...] = (
    ((datetime, date), lambda value: value.isoformat()),
    ((str, Money, Decimal, Path), str),
)


def plain(value: object, language: Language) -> JSON:
    """Raises TypeError for what has no form."""
    if value is None or isinstance(value, bool | int):
        return value
    for kinds, text in _TEXTS:
        if isinstance(value, kinds):
            return text(value)
    if isinstance(value, Said):
        return {"code": value.code, "params": dict(value.params), "text": render(*value, language)}
    if (named := _named(value)) is not None:
        return {str(name): plain(each, language) for name, each in named.items()}
    if isinstance(value, Sequence | frozenset):
        return [plain(each, language) for each in value]
    raise TypeError(f"no JSON for {type(value).__name__}")


def _named(value: object) -> Mapping[Any, object] | None:
    """What consists of named parts."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        found: Mapping[Any, object] = value._asdict()
        return found
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value if isinstance(value, Mapping) else None
