"""Effects: prepare, call, keep — and record, as a step of its own over what was kept.

Only `call` touches the network, and it runs outside any transaction. What is kept is kept before anybody
interprets it; a write in doubt is looked up by the guarantee its connector declares, never repeated blindly.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from hub.core.document import Document, read, write
from hub.core.failures import Failure, InDoubt, Misconfigured, Parameter, Rejected, Retryable
from hub.core.states import EffectState
from hub.pipeline.backoff import ATTEMPTS, backoff
from hub.pipeline.contained import contained
from hub.pipeline.facts import Recorded, Withdraw
from hub.pipeline.hub import Hub
from hub.pipeline.recipes import RECIPES
from hub.pipeline.retrying import next_generation
from hub.pipeline.steps import Moves
from hub.sdk.capabilities import WRITES, Capability, Pending, Raw, Wanted
from hub.sdk.connector import Connector
from hub.sdk.guarantees import Blind, Doubt, Findable, Guarantee, Keyed
from hub.store import alarms, connections, effects, orders, people, travellers
from hub.store.connections import Connection, Flow
from hub.store.effects import Effect, Kept, Sending, Settled
from hub.store.travellers import Head
from hub.store.work import Work

CLAIM = 200
MICRO = 1_000_000


class _Absent:
    """A look-up found nothing."""


ABSENT = _Absent()
Result: TypeAlias = Raw | Failure | _Absent


@dataclass(frozen=True, slots=True)
class Task:
    """One call to make: send the request, or find what an earlier attempt did."""

    effect: Effect
    attempt: int
    sent_at: datetime
    finds: bool
    wanted: Wanted[Document]


def deliver(hub: Hub, tenant: int, number: int, limit: int = CLAIM) -> int:
    """Send what is due on a connection; answers how many calls were made. Raises HouseDown."""
    with hub.store.view(tenant) as view:
        connection = connections.connection(view, number)
        if connection.paused_at is not None or not effects.sendable(view, number, 1):
            return 0
    connector = hub.connector(connection)
    tasks = _prepare(hub, tenant, connection, connector, limit)
    results = _call(hub, connector, tasks)
    _keep(hub, tenant, connection, connector, list(zip(tasks, results, strict=True)))
    return len(tasks)


def guarantee(connector: Connector[Any], capability: str) -> Guarantee:
    """How the connector makes this write happen once."""
    found: Guarantee = getattr(connector, f"{capability}_once")
    return found


def _prepare(hub: Hub, tenant: int, connection: Connection, connector: Connector[Any], limit: int) -> list[Task]:
    limits = connector.limits
    with hub.store.work(tenant, "effects") as work:
        taken = effects.take(work, connection.id, effects.sendable(work, connection.id, limit))
        granted, again = connections.take_budget(
            work,
            connection.id,
            len(taken),
            per_second=int(limits.calls_per_second * MICRO),
            burst=limits.burst,
        )
        if again is not None:
            effects.postpone(work, [effect.id for effect in taken], again)
        offered = [effect for effect in taken[:granted] if _offered(hub, work, connector, effect)]
        ready = _facts(hub, work, connector, offered)
        if ready:
            settles = max(_settles(guarantee(connector, effect.capability)) for effect, _ in ready)
            tasks = _lease(work, connector, ready, work.now + 2 * limits.deadline + settles)
        else:
            tasks = []
    hub.poke(tenant, work.wakes)
    return tasks


def _offered(hub: Hub, work: Work, connector: Connector[Any], effect: Effect) -> bool:
    """Whether the connector can do it at all. A channel that cannot be told is not told; the rest is for a person."""
    capability = Capability(effect.capability)
    if isinstance(connector, WRITES[capability].protocol):
        return True
    recipe, code = RECIPES[capability], "effect.not_offered"
    state = EffectState.WITHDRAWN if recipe.flow is Flow.STATUS_OUT else EffectState.REFUSED
    effects.settle(work, [Settled(effect.id, state, code=code)])
    if state is EffectState.REFUSED:
        recipe.refused(hub, work, effect._replace(state=state.value, code=code))
    return False


def _settles(given: Guarantee) -> timedelta:
    return given.settles if isinstance(given, Findable) else timedelta(0)


def _facts(hub: Hub, work: Work, connector: Connector[Any], taken: Sequence[Effect]) -> list[tuple[Effect, Document]]:
    """The request of each effect by the facts of now; what the facts no longer want is withdrawn.

    A write that may have happened keeps its words: it is looked up first, whatever the facts are.
    """
    ready: list[tuple[Effect, Document]] = []
    ends: list[Settled] = []
    for capability in sorted({effect.capability for effect in taken}):
        mine = [effect for effect in taken if effect.capability == capability]
        frozen = _frozen(work, mine)
        planned = [effect for effect in mine if effect.state == EffectState.PLANNED]
        facts = RECIPES[Capability(capability)].prepare(hub, work, planned) if planned else {}
        for effect in mine:
            words = frozen.get(effect.id)
            if effect.state != EffectState.PLANNED and words is not None:
                if (end := _hopeless(work, connector, effect)) is not None:
                    ends.append(end)
                else:
                    ready.append((effect, words))
                continue
            wanted = facts[effect.id]
            if isinstance(wanted, Withdraw):
                ends.append(Settled(effect.id, EffectState.WITHDRAWN, code=wanted.code))
            elif words is not None and wanted != words:
                ends.append(Settled(effect.id, EffectState.WITHDRAWN, code="effect.facts_changed"))
                effects.plan(work, [next_generation(work, effect)])
            else:
                ready.append((effect, wanted))
    effects.settle(work, ends)
    gone = [e.subject_id for e in taken if e.subject == "fulfilment" and any(end.id == e.id for end in ends)]
    if gone:
        orders.awake_cancels(work, travellers.orders_of(work, gone))
    return ready


def _frozen(work: Work, mine: Sequence[Effect]) -> dict[int, Document]:
    asked = {effect.id: effect.request_id for effect in mine if effect.request_id is not None}
    bodies = people.read_blobs(work, sorted(asked.values())) if asked else {}
    models = {effect.id: WRITES[Capability(effect.capability)].request for effect in mine}
    return {number: read(models[number], models[number].schema_number, bodies[blob]) for number, blob in asked.items()}


def _hopeless(work: Work, connector: Connector[Any], effect: Effect) -> Settled | None:
    """A write in doubt that nobody can look up: it counts as sent, or a person is asked."""
    given = guarantee(connector, effect.capability)
    if effect.state == EffectState.SUBMITTED:
        return None
    if isinstance(given, Blind) and given.then is Doubt.SENT:
        return Settled(effect.id, EffectState.CONFIRMED, code="effect.counts_as_sent")
    forgotten = isinstance(given, Keyed) and effect.sent_at is not None and work.now - effect.sent_at > given.window
    if isinstance(given, Blind) or forgotten:
        alarms.open_alarm(work, "effect.ask", effect.key, {"key": effect.key, "capability": effect.capability})
        return Settled(effect.id, EffectState.IN_DOUBT, code="effect.ask")
    return None


def _lease(
    work: Work, connector: Connector[Any], ready: Sequence[tuple[Effect, Document]], until: datetime
) -> list[Task]:
    fresh = [(effect, words) for effect, words in ready if effect.request_id is None]
    keys = people.data_keys(work, [effect.key_id for effect, _ in fresh])
    blobs = people.put_blobs(work, [(keys[e.key_id], "application/json", write(words)) for e, words in fresh])
    requests = {effect.id: blob for (effect, _), blob in zip(fresh, blobs, strict=True)}
    tasks = []
    for effect, words in ready:
        finds = effect.state == EffectState.SUBMITTED or (
            effect.state == EffectState.IN_DOUBT and isinstance(guarantee(connector, effect.capability), Findable)
        )
        first = effect.sent_at if effect.state != EffectState.PLANNED else None
        sent_at = first or work.now
        wanted = Wanted(effect.key, effect.token, words)
        tasks.append(Task(effect, effect.attempt + 1, sent_at, finds, wanted))
    effects.lease(
        work,
        [
            Sending(t.effect.id, requests.get(t.effect.id) or t.effect.request_id or 0, t.attempt, t.sent_at)
            for t in tasks
        ],
        until,
    )
    return tasks


def _call(hub: Hub, connector: Connector[Any], tasks: Sequence[Task]) -> list[Result]:
    """All calls, as many side by side as the remote bears. Wrong credentials are not tried again and again."""
    wrong: list[Misconfigured] = []

    def one(task: Task) -> Result:
        result = wrong[0] if wrong else _one(connector, task)
        if isinstance(result, Misconfigured):
            wrong.append(result)
        return result

    side_by_side = min(len(tasks), connector.limits.calls_at_once if hub.threads else 1)
    if side_by_side <= 1:
        return [one(task) for task in tasks]
    with ThreadPoolExecutor(side_by_side, thread_name_prefix="call") as pool:
        return list(pool.map(one, tasks))


def _one(connector: Connector[Any], task: Task) -> Result:
    """One call. A failure that the connector raises is an answer; anything else is our bug and a write in doubt."""
    noun = task.effect.capability
    with connector.http.together():
        try:
            with contained(str(task.effect.connection_id), writes=not task.finds):
                if task.finds:
                    found: Raw | None = getattr(connector, f"find_{noun}")(task.wanted)
                    return ABSENT if found is None else found
                [answer] = getattr(connector, f"send_{noun}")([task.wanted])
        except Failure as failure:
            return failure
        return answer  # type: ignore[no-any-return]  # protocols name the type


def _keep(
    hub: Hub,
    tenant: int,
    connection: Connection,
    connector: Connector[Any],
    results: Sequence[tuple[Task, Result]],
) -> None:
    if not results:
        return
    with hub.store.work(tenant, "effects") as work:
        answered = [(task, result) for task, result in results if isinstance(result, Raw)]
        keys = people.data_keys(work, [task.effect.key_id for task, _ in answered])
        blobs = people.put_blobs(
            work, [(keys[task.effect.key_id], "application/json", raw.body) for task, raw in answered]
        )
        kept = [
            Kept(task.effect.id, task.attempt, EffectState.SENDING, work.now, answer_id=blob, is_kept=True)
            for (task, _), blob in zip(answered, blobs, strict=True)
        ]
        others = [(task, result) for task, result in results if not isinstance(result, Raw)]
        kept += [_outcome(work, connector, task, result) for task, result in others]
        effects.keep(work, kept)
        _tell_circuit(work, connection, [result for _, result in results])
        work.wake("effect", EffectState.SENDING.value)
        work.wake("deliver", str(connection.id))
    hub.poke(tenant, work.wakes)


def _outcome(work: Work, connector: Connector[Any], task: Task, result: Failure | _Absent) -> Kept:
    effect, attempt = task.effect, task.attempt
    before = EffectState(effect.state)
    given = guarantee(connector, effect.capability)
    if isinstance(result, _Absent):
        settled_at = task.sent_at + _settles(given)
        if before is EffectState.SUBMITTED or work.now < settled_at:
            return Kept(effect.id, attempt, before, max(settled_at, backoff(work, attempt)))
        return Kept(effect.id, attempt, EffectState.PLANNED, work.now, code="effect.absent", params={})
    code, params = result.code, result.params
    if not task.finds and not isinstance(result, Retryable | InDoubt | Misconfigured):
        return Kept(effect.id, attempt, EffectState.SENDING, work.now, None, code, params, is_kept=True)
    doubtful = isinstance(result, InDoubt) and not task.finds
    due = _next_time(work, task, result, _settles(given) if doubtful else None)
    if due is None:
        alarms.open_alarm(work, "effect.exhausted", effect.key, {"key": effect.key, "code": code})
    return Kept(effect.id, attempt, EffectState.IN_DOUBT if doubtful else before, due, None, code, params)


def _next_time(work: Work, task: Task, result: Failure, settles: timedelta | None) -> datetime | None:
    """When a call that told nothing is made again; never, after the last attempt.

    `settles` is how long a write in doubt takes to show; a first doubt is cleared as soon as that.
    """
    if isinstance(result, Misconfigured):
        return work.now
    if task.attempt >= ATTEMPTS:
        return None
    if settles is not None and task.attempt == 1:
        return work.now + settles
    wait = backoff(work, task.attempt, result.after if isinstance(result, Retryable) else None)
    return wait if settles is None else max(wait, work.now + settles)


def _tell_circuit(work: Work, connection: Connection, results: Sequence[Result]) -> None:
    bad = [result for result in results if isinstance(result, Retryable | InDoubt)]
    for result in results:
        if isinstance(result, Misconfigured) and connections.pause(work, connection.id, result.code):
            alarms.open_alarm(
                work,
                "connection.paused",
                connection.name,
                {"connection": connection.name, "code": result.code},
            )
    slow = [result.after for result in bad if isinstance(result, Retryable) and result.after is not None]
    if slow:
        connections.slow_down(work, connection.id, work.now + max(slow))
    wait = timedelta(seconds=30)
    if connections.report(work, connection.id, good=len(results) - len(bad), bad=len(bad), wait=wait):
        params: dict[str, Parameter] = {"connection": connection.name}
        alarms.open_alarm(work, "connection.failing", connection.name, params)
    elif len(bad) < len(results):
        alarms.close_alarm(work, "connection.failing", connection.name)


def record_answers(hub: Hub, work: Work, heads: Sequence[Head]) -> Moves:
    """Put kept answers into canonical words and let the subjects move on."""
    mine = effects.effects(work, [head.id for head in heads])
    known = connections.connections(work, sorted({effect.connection_id for effect in mine}))
    words = _frozen(work, mine)
    blobs = [effect.answer_id for effect in mine if effect.answer_id is not None]
    answers = people.read_blobs(work, blobs) if blobs else {}
    ends: list[Settled] = []
    for capability in sorted({effect.capability for effect in mine}):
        recipe = RECIPES[Capability(capability)]
        results: list[Recorded] = []
        for effect in (each for each in mine if each.capability == capability):
            if effect.answer_id is None or effect.code is not None:
                ends.append(Settled(effect.id, EffectState.REFUSED, code=effect.code, params=effects.params(effect)))
                recipe.refused(hub, work, effect)
                continue
            connector = hub.connector(known[effect.connection_id])
            try:
                result = getattr(connector, f"read_{capability}")(words[effect.id], Raw(answers[effect.answer_id]))
            except Rejected as refusal:
                ends.append(Settled(effect.id, EffectState.REFUSED, code=refusal.code, params=refusal.params))
                recipe.refused(hub, work, effect._replace(code=refusal.code))
                continue
            if isinstance(result, Pending):
                ends.append(Settled(effect.id, EffectState.SUBMITTED, due_at=work.now + result.after))
            else:
                results.append(Recorded(effect, words[effect.id], result))
        ends += [
            Settled(recorded.effect.id, EffectState.CONFIRMED, reference=reference)
            for recorded, reference in zip(results, recipe.record(hub, work, results), strict=True)
        ]
    effects.settle(work, ends)
    return ()
