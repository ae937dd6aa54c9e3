"""Take a batch, work on it, and find the row that breaks it."""

import logging
from collections.abc import Sequence

from hub.core.failures import HouseDown, HubError
from hub.pipeline.contained import fault
from hub.pipeline.hub import Hub
from hub.pipeline.journey import STEPS
from hub.pipeline.set_aside import set_aside
from hub.pipeline.steps import Step, advance
from hub.store import alarms, batches
from hub.store.batches import Batch, StepState
from hub.store.travellers import Head, claim, due
from hub.store.work import Work

log = logging.getLogger(__name__)

BATCH, SMALL = batches.FULL, 200
TRAVELS = 50
"""So many rows at most travel on to the following steps in one transaction: it stays short for other writers."""

ALIKE = 8
"""So many singles that fail alike, one after the other, blame the step and not the rows."""


def turn(hub: Hub, tenant: int, step: Step, limit: int = BATCH) -> int:
    """Move what is due once; answers how many rows were claimed. Raises HouseDown, and the rest is still due."""
    batch = take(hub, tenant, step, limit)
    return 0 if batch is None else _run(hub, tenant, step, batch)


def travel(hub: Hub, tenant: int, step: Step) -> int:
    """As `turn`, and a small batch that never failed goes on through the steps after it in the same transaction."""
    batch = take(hub, tenant, step, BATCH)
    if batch is None:
        return 0
    return _run(hub, tenant, step, batch, travels=batch.part == batches.FULL and len(batch.rows) <= TRAVELS)


def take(hub: Hub, tenant: int, step: Step, limit: int) -> Batch | None:
    """Note the next batch. What died with its worker comes first; a row that dies alone is set aside in the end."""
    with hub.store.work(tenant, f"step:{step.name}") as work:
        if batches.step_state(work, step.name).stopped:
            return None
        fallen = batches.fallen(work, step.name)
        if fallen is None:
            others = batches.noted(work, step.name)
            rows = due(work, step.traveller, step.starts, limit, min(limit, SMALL), without=others)
            return batches.note(work, step.name, rows) if rows else None
        if fallen.deadly:
            set_aside(work, step, fallen.rows[0], HubError("step.deadly", step=step.name))
            return None
        part = batches.portion(fallen)
        if rest := fallen.rows[part:]:
            batches.note(work, step.name, rest, part=part, begun=False)
        return batches.note(work, step.name, fallen.rows[:part], part=part)


def _run(hub: Hub, tenant: int, step: Step, batch: Batch, *, travels: bool = False) -> int:
    """What fails on its way through several steps is tried in the first alone: each step finds its own bad rows."""
    try:
        return _work(hub, tenant, step, batch, travels=travels)
    except HouseDown:
        _give_back(hub, tenant, step, batch)
        raise
    except Exception as error:  # noqa: BLE001  whatever breaks a row is found by halving
        if travels and step.then:
            return _run(hub, tenant, step, batch)
        if len(batch.rows) == 1:
            return _single_failed(hub, tenant, step, batch, error)
    middle = len(batch.rows) // 2
    done = 0
    for half in (batch.rows[:middle], batch.rows[middle:]):
        with hub.store.work(tenant, f"step:{step.name}") as work:
            batches.drop(work, batch)
            if batches.step_state(work, step.name).stopped:
                return done
            noted = batches.note(work, step.name, half, part=batch.part)
        done += _run(hub, tenant, step, noted)
    return done


def _work(hub: Hub, tenant: int, step: Step, batch: Batch, *, travels: bool) -> int:
    with hub.store.work(tenant, f"step:{step.name}") as work:
        if not batches.drop(work, batch):
            return 0
        heads = claim(work, step.traveller, step.starts, batch.rows)
        _move(hub, work, step, heads)
        if travels:
            _travel(hub, work, step)
        if len(batch.rows) == 1 and batches.step_state(work, step.name).strikes:
            batches.keep_step_state(work, step.name, StepState())
    hub.poke(tenant, work.wakes)
    return len(heads)


def _move(hub: Hub, work: Work, step: Step, heads: Sequence[Head]) -> None:
    if heads:
        moves = step.work(hub, work, heads)
        advance(work, step.traveller, moves, {head.id: head for head in heads})


def _travel(hub: Hub, work: Work, step: Step) -> None:
    """What a step made due goes on to the next ones while nobody else can see it."""
    while step.then:
        step = STEPS[step.then]
        rows = work.awake(step.traveller.name, step.starts)
        if not rows or batches.step_state(work, step.name).stopped:
            return
        work.actor = f"step:{step.name}"
        _move(hub, work, step, claim(work, step.traveller, step.starts, rows))


def _give_back(hub: Hub, tenant: int, step: Step, batch: Batch) -> None:
    """Best effort: a note that stays behind counts as fallen after a while."""
    try:
        with hub.store.work(tenant, f"step:{step.name}") as work:
            batches.drop(work, batch)
    except HouseDown:
        log.warning("batch.left_behind", extra={"step": step.name, "batch": batch.id})


def _single_failed(hub: Hub, tenant: int, step: Step, batch: Batch, error: Exception) -> int:
    code = fault(error)
    log.warning("step.row_failed", extra={"step": step.name, "row": batch.rows[0], "code": code}, exc_info=error)
    with hub.store.work(tenant, f"step:{step.name}") as work:
        if not batches.drop(work, batch):
            return 0
        before = batches.step_state(work, step.name)
        strikes = before.strikes + 1 if before.code == code else 1
        state = StepState(stopped=strikes >= ALIKE and not isinstance(error, HubError), code=code, strikes=strikes)
        batches.keep_step_state(work, step.name, state)
        if state.stopped:
            alarms.open_alarm(work, "step.stopped", step.name, {"step": step.name, "error": code})
        else:
            set_aside(work, step, batch.rows[0], error)
    hub.poke(tenant, work.wakes)
    return 1
