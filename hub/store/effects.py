"""Effects as rows: planned with the decision, sent under a lease, settled by what was kept."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import aliased

from hub.core import json
from hub.core.failures import Parameter
from hub.core.ids import effect_key, token
from hub.core.states import EFFECT_OPEN, EffectState
from hub.store.alarms import open_alarm
from hub.store.founding import house
from hub.store.tables import EffectRow
from hub.store.travellers import lock_subjects
from hub.store.work import View, Work

SENDABLE = (EffectState.PLANNED.value, EffectState.IN_DOUBT.value, EffectState.SUBMITTED.value)


class Plan(NamedTuple):
    """An effect to be planned. `about` are the business facts in its key; `due` of `None` only watches."""

    connection_id: int
    capability: str
    about: str
    subject: str
    subject_id: int
    key_id: int
    due: datetime | None
    part_id: int | None = None
    generation: int = 1
    after_id: int | None = None
    lane: int = 0


class Effect(NamedTuple):
    """An effect as the runner sees it."""

    id: int
    connection_id: int
    capability: str
    key: str
    token: str
    subject: str
    subject_id: int
    part_id: int | None
    generation: int
    after_id: int | None
    state: str
    attempt: int
    lane: int
    sent_at: datetime | None
    key_id: int
    request_id: int | None
    answer_id: int | None
    reference: str | None
    code: str | None
    params: str | None


EFFECT = tuple(getattr(EffectRow, name) for name in Effect._fields)


def plan(work: Work, plans: Sequence[Plan]) -> dict[str, int]:
    """Write effects; a key that exists already is left as it is. Answers {key: id} of all of them."""
    if not plans:
        return {}
    tenant = f"{house(work)}-{work.tenant}"
    keys = [effect_key(tenant, each.about, each.capability, each.generation) for each in plans]
    rows = [
        {
            "id": number,
            "connection_id": each.connection_id,
            "capability": each.capability,
            "key": key,
            "token": token(key),
            "subject": each.subject,
            "subject_id": each.subject_id,
            "part_id": each.part_id,
            "generation": each.generation,
            "after_id": each.after_id,
            "lane": each.lane,
            "state": EffectState.PLANNED.value,
            "attempt": 0,
            "due_at": each.due,
            "watched": "watch" if each.due is None else "on",
            "key_id": each.key_id,
            "made_at": work.now,
        }
        for number, key, each in zip(work.ids(EffectRow, len(plans)), keys, plans, strict=True)
    ]
    work.insert_new(EffectRow, rows, conflict=("tenant_id", "key"))
    for each in plans:
        if each.due is not None:
            work.wake("deliver", str(each.connection_id))
    found = work.all(
        select(EffectRow.key, EffectRow.id).where(EffectRow.tenant_id == work.tenant, work.by_ids(EffectRow.key, keys))
    )
    return {row.key: row.id for row in found}


def effects(view: View, ids: Sequence[int]) -> list[Effect]:
    """These effects."""
    rows = view.all(
        select(*EFFECT).where(EffectRow.tenant_id == view.tenant, view.by_ids(EffectRow.id, ids)).order_by(EffectRow.id)
    )
    return [Effect(*row) for row in rows]


def about(view: View, subject: str, ids: Iterable[int], capability: str | None = None) -> list[Effect]:
    """All effects of these subjects, oldest first."""
    statement = select(*EFFECT).where(
        EffectRow.tenant_id == view.tenant,
        EffectRow.subject == subject,
        view.by_ids(EffectRow.subject_id, sorted(set(ids))),
    )
    if capability is not None:
        statement = statement.where(EffectRow.capability == capability)
    return [Effect(*row) for row in view.all(statement.order_by(EffectRow.id))]


def _sendable(view: View, connection: int) -> tuple[ColumnElement[bool], ...]:
    former = aliased(EffectRow)
    settled = (
        select(former.id)
        .where(
            former.tenant_id == EffectRow.tenant_id,
            former.id == EffectRow.after_id,
            former.state.in_([EffectState.CONFIRMED.value, EffectState.WITHDRAWN.value]),
        )
        .exists()
    )
    return (
        EffectRow.tenant_id == view.tenant,
        EffectRow.connection_id == connection,
        EffectRow.due_at.is_not(None),
        EffectRow.due_at <= view.now,
        EffectRow.kept_at.is_(None),
        EffectRow.state.in_(SENDABLE),
        or_(EffectRow.after_id.is_(None), settled),
    )


def sendable(view: View, connection: int, limit: int) -> list[int]:
    """Effects of a connection that may be sent now, live ones first."""
    return view.scalars(
        select(EffectRow.id)
        .where(*_sendable(view, connection))
        .order_by(EffectRow.lane, EffectRow.due_at, EffectRow.id)
        .limit(limit)
    )


def take(work: Work, connection: int, ids: Sequence[int]) -> list[Effect]:
    """Lock the subjects of these effects, then those effects that may still be sent."""
    lock_subjects(work, ids)
    rows = work.lock(
        select(*EFFECT).where(work.by_ids(EffectRow.id, ids), *_sendable(work, connection)).order_by(EffectRow.id),
        skip_locked=True,
    )
    return [Effect(*row) for row in rows]


class Sending(NamedTuple):
    """What is written before a call: the frozen request and the lease."""

    id: int
    request_id: int
    attempt: int
    sent_at: datetime


def lease(work: Work, sendings: Sequence[Sending], until: datetime) -> None:
    """From here on a death leaves these effects in doubt."""
    work.update(
        EffectRow,
        [
            {
                "id": sending.id,
                "request_id": sending.request_id,
                "attempt": sending.attempt,
                "sent_at": sending.sent_at,
                "state": EffectState.SENDING.value,
                "lease_until": until,
                "due_at": None,
                "code": None,
                "params": None,
            }
            for sending in sendings
        ],
    )


class Kept(NamedTuple):
    """How a call ended, fenced by its attempt: an answer, a failure, or when to look again."""

    id: int
    attempt: int
    state: EffectState
    due_at: datetime | None
    answer_id: int | None = None
    code: str | None = None
    params: Mapping[str, Parameter] | None = None
    is_kept: bool = False


def keep(work: Work, outcomes: Sequence[Kept]) -> int:
    """Write how calls ended. A call whose lease was taken over by a later attempt changes nothing."""
    return work.update(
        EffectRow,
        [
            {
                "id": kept.id,
                "attempt": kept.attempt,
                "state": kept.state.value,
                "due_at": kept.due_at,
                "lease_until": None,
                "answer_id": kept.answer_id,
                "kept_at": work.now if kept.is_kept else None,
                "code": kept.code,
                "params": _text(kept.params),
            }
            for kept in outcomes
        ],
        match=("id", "attempt"),
    )


class Settled(NamedTuple):
    """The end of an effect, or that it was submitted and is to be asked for again."""

    id: int
    state: EffectState
    reference: str | None = None
    due_at: datetime | None = None
    code: str | None = None
    params: Mapping[str, Parameter] | None = None


def settle(work: Work, ends: Sequence[Settled]) -> None:
    """Write ends, and wake what was waiting for them."""
    if not ends:
        return
    work.update(
        EffectRow,
        [
            {
                "id": end.id,
                "state": end.state.value,
                "reference": end.reference,
                "due_at": end.due_at,
                "kept_at": None,
                "lease_until": None,
                "settled_at": None if end.state in EFFECT_OPEN else work.now,
                "code": end.code,
                "params": _text(end.params),
            }
            for end in ends
        ],
    )
    followers = work.scalars(
        select(EffectRow.connection_id)
        .where(EffectRow.tenant_id == work.tenant, work.by_ids(EffectRow.after_id, [end.id for end in ends]))
        .distinct()
    )
    for connection in followers:
        work.wake("deliver", str(connection))


def postpone(work: Work, ids: Sequence[int], until: datetime) -> None:
    """Not now: no budget, the breaker is open, or the facts are not there yet."""
    work.run(
        update(EffectRow).where(EffectRow.tenant_id == work.tenant, work.by_ids(EffectRow.id, ids)).values(due_at=until)
    )


def expired(work: Work) -> list[Effect]:
    """Effects whose worker died between lease and answer."""
    rows = work.lock(
        select(*EFFECT)
        .where(
            EffectRow.tenant_id == work.tenant,
            EffectRow.state == EffectState.SENDING.value,
            EffectRow.kept_at.is_(None),
            EffectRow.lease_until.is_not(None),
            EffectRow.lease_until < work.now,
        )
        .order_by(EffectRow.id)
        .limit(500),
        skip_locked=True,
    )
    return [Effect(*row) for row in rows]


def waiting(view: View) -> list[int]:
    """Connections that have something to send now."""
    return view.scalars(
        select(EffectRow.connection_id)
        .where(
            EffectRow.tenant_id == view.tenant,
            EffectRow.due_at.is_not(None),
            EffectRow.due_at <= view.now,
            EffectRow.kept_at.is_(None),
            EffectRow.state.in_(SENDABLE),
        )
        .distinct()
    )


def release_watched(work: Work, connection: int, capabilities: Sequence[str]) -> int:
    """A flow was switched on: what was only planned is now due."""
    work.wake("deliver", str(connection))
    return work.run(
        update(EffectRow)
        .where(
            and_(
                EffectRow.tenant_id == work.tenant,
                EffectRow.connection_id == connection,
                EffectRow.watched == "watch",
                EffectRow.state == EffectState.PLANNED.value,
                work.by_ids(EffectRow.capability, capabilities),
            )
        )
        .values(due_at=work.now, watched="on")
    )


def _text(params: Mapping[str, Parameter] | None) -> str | None:
    return None if params is None else json.dumps(dict(params)).decode()


def params(effect: Effect) -> dict[str, Parameter]:
    """The parameters of the last failure."""
    found = json.loads(effect.params.encode()) if effect.params else {}
    return dict(found) if isinstance(found, dict) else {}  # type: ignore[arg-type]  # written by `keep`


def ask(work: Work, effect: Effect) -> None:
    """Somebody must look at this effect."""
    open_alarm(
        work,
        "effect.refused",
        effect.key,
        {"key": effect.key, "capability": effect.capability, "code": effect.code},
    )


def open_of(view: View, subject: str, ids: Iterable[int]) -> list[Effect]:
    """Effects of these subjects that are not settled."""
    return [effect for effect in about(view, subject, ids) if effect.state in EFFECT_OPEN]


def withdraw(work: Work, found: Sequence[Effect], code: str) -> None:
    """Planned effects that the facts no longer want."""
    settle(work, [Settled(effect.id, EffectState.WITHDRAWN, code=code) for effect in found])


def sleep(work: Work, number: int, code: str) -> None:
    """An effect whose answer cannot be interpreted waits for better code; the answer is kept."""
    work.run(
        update(EffectRow)
        .where(EffectRow.tenant_id == work.tenant, EffectRow.id == number)
        .values(due_at=None, params=json.dumps({"code": code}).decode())
    )


def wake_kept(work: Work, numbers: Sequence[int] | None = None) -> list[int]:
    """Kept answers that could not be interpreted are tried again, all or these; answers which there were."""
    asleep = (
        EffectRow.tenant_id == work.tenant,
        EffectRow.state == EffectState.SENDING.value,
        EffectRow.kept_at.is_not(None),
        EffectRow.due_at.is_(None),
        *(() if numbers is None else (work.by_ids(EffectRow.id, numbers),)),
    )
    found = work.scalars(select(EffectRow.id).where(*asleep))
    if found:
        postpone(work, found, work.now)
        work.wake("effect", EffectState.SENDING.value)
    return found


def wake(work: Work, effect: Effect) -> None:
    """Try again now."""
    postpone(work, [effect.id], work.now)
    work.wake("deliver", str(effect.connection_id))


def keyed(work: Work, key: str) -> Effect | None:
    """The effect under a key, locked."""
    rows = work.lock(select(*EFFECT).where(EffectRow.tenant_id == work.tenant, EffectRow.key == key))
    return Effect(*rows[0]) if rows else None
