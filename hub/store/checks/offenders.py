"""What a check found: the first rows that break it, and how many there are."""

from sqlalchemy import ColumnElement, Select, func
from sqlalchemy.orm import InstrumentedAttribute

from hub.store.work import View

NAMED = 5
"""So many offenders are named, the others are counted."""


def offenders(
    view: View, kind: str, key: InstrumentedAttribute[int] | ColumnElement[int], broken: Select[int]
) -> list[str]:
    """The rows that a statement finds, lowest number first: `position 7`, and `12 in all` where there are more."""
    rows = view.all(broken.add_columns(func.count().over().label("total")).order_by(key).limit(NAMED))
    named = [f"{kind} {row[0]}" for row in rows]
    total = rows[0][1] if rows else 0
    return named if total <= NAMED else [*named, f"{total} in all"]
