"""Batches under way: noted before the work begins, gone with its commit, left behind by a death.

A batch that died with its worker comes back in eighths (500, 62, 7, 1): the first eighth is taken, the
rest waits as a note that has not begun. A small batch goes the same way, with as many chances: a worker that
is killed once in a quiet hour is no fault of its only row. Only a row that had begun *alone, and in the
last portion*, is at fault by itself.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import delete, or_, select

from hub.core import json
from hub.store.tables import BatchRow, StepRow
from hub.store.work import View, Work

DEAD_AFTER = timedelta(seconds=10)
"""A begun batch whose rows nobody has locked after this time died with its worker."""

FULL, PARTS = 500, 8


class Batch(NamedTuple):
    """The rows one transaction is about to work on, out of portions of at most `part` rows."""

    id: int
    rows: tuple[int, ...]
    part: int = FULL


class Fallen(NamedTuple):
    """What a dead worker left: rows, in which portions to take them, and whether they had begun."""

    rows: tuple[int, ...]
    part: int
    begun: bool

    @property
    def deadly(self) -> bool:
        """It was a row alone, after all larger portions died as well."""
        return self.begun and self.part == 1


def note(work: Work, step: str, rows: Sequence[int], *, part: int = FULL, begun: bool = True) -> Batch:
    """Write down what is about to be worked on."""
    [number] = work.ids(BatchRow, 1)
    values = {"rows": json.dumps(list(rows)).decode(), "part": part, "begun": begun}
    work.insert(BatchRow, [{"id": number, "step": step, "started_at": work.now, **values}])
    return Batch(number, tuple(rows), part)


def drop(work: Work, batch: Batch) -> bool:
    """Take the note back in the working transaction; False when somebody else took the batch over."""
    return work.run(delete(BatchRow).where(BatchRow.tenant_id == work.tenant, BatchRow.id == batch.id)) == 1


def noted(view: View, step: str) -> set[int]:
    """Rows that are in somebody's batch."""
    texts = view.scalars(select(BatchRow.rows).where(BatchRow.tenant_id == view.tenant, BatchRow.step == step))
    return {row for text in texts for row in _rows(text)}


def fallen(work: Work, step: str) -> Fallen | None:
    """Take over what a dead worker left behind, if anything."""
    left = or_(BatchRow.begun.is_(False), BatchRow.started_at < work.now - DEAD_AFTER)
    found = work.lock(
        select(BatchRow.id, BatchRow.rows, BatchRow.part, BatchRow.begun)
        .where(BatchRow.tenant_id == work.tenant, BatchRow.step == step, left)
        .order_by(BatchRow.id)
        .limit(1),
        skip_locked=True,
    )
    if not found:
        return None
    [row] = found
    rows = _rows(row.rows)
    drop(work, Batch(row.id, rows))
    return Fallen(rows, row.part, row.begun)


def _rows(text: str) -> tuple[int, ...]:
    found = json.loads(text.encode())
    return tuple(row for row in found if isinstance(row, int)) if isinstance(found, list) else ()


def portion(fallen: Fallen) -> int:
    """How many of the fallen rows to take next."""
    return max(1, fallen.part // PARTS) if fallen.begun else fallen.part


class StepState(NamedTuple):
    """How a step fares: stopped by its own fault, or how many singles failed alike in a row."""

    stopped: bool = False
    code: str | None = None
    strikes: int = 0


def step_state(view: View, step: str) -> StepState:
    """What is known of a step; nothing known is all well."""
    row = view.first(select(StepRow.stopped_at, StepRow.code, StepRow.strikes).where(StepRow.name == step))
    return StepState(row.stopped_at is not None, row.code, row.strikes) if row else StepState()


def keep_step_state(work: Work, step: str, state: StepState) -> None:
    """Remember strikes, or that the step stopped."""
    row = work.first(select(StepRow.id).where(StepRow.name == step))
    values = {"stopped_at": work.now if state.stopped else None, "code": state.code, "strikes": state.strikes}
    if row is None:
        work.insert(StepRow, [{"id": work.ids(StepRow, 1)[0], "name": step, **values}])
    else:
        work.update(StepRow, [{"id": row.id, **values}])
