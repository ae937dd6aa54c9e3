"""What a person sets going again: held steps, refused labels, postings and messages."""

from hub.core.states import EffectState as E
from hub.core.states import FulfilmentState as F
from hub.pipeline.set_aside import CODE
from hub.sdk.capabilities import Capability
from hub.store import alarms, effects, finance, orders, shipping
from hub.store.effects import Effect, Plan
from hub.store.work import Work

HOLDS = (CODE, "carrier.refused", "carrier.no_rates", "route.nowhere")
LABELS = frozenset({Capability.QUOTE.value, Capability.BOOKING.value})


def retry(work: Work, order: int) -> int:
    """End holds that a second try can cure and plan what was refused anew; answers how much was set going."""
    done = sum(len(orders.close_holds(work, [order], code)) for code in HOLDS)
    numbers = shipping.fulfilments_of(work, [order])[order]
    receivables = [receivable.id for receivable in finance.receivables(work, [order])[order]]
    found = [*effects.about(work, "fulfilment", numbers), *effects.about(work, "receivable", receivables)]
    newest = {(e.subject, e.subject_id, e.part_id, e.capability): e for e in found}
    for effect in newest.values():
        done += _again(work, effect)
    waiting = [number for number, f in shipping.fulfilments(work, numbers).items() if f.state == F.RELEASED]
    labels = [e for e in newest.values() if e.capability in LABELS and e.subject_id in waiting]
    unlabelled = [n for n in waiting if not any(e.subject_id == n and e.state != E.REFUSED for e in labels)]
    shipping.next_generation(work, unlabelled)
    shipping.awake(work, waiting)
    orders.awake(work, [order])
    return done


def _again(work: Work, effect: Effect) -> int:
    """An exhausted effect is due, an unread answer is read again, a refused effect is planned in its next generation.

    Labels are planned by their step.
    """
    if effect.state in {E.PLANNED, E.IN_DOUBT}:
        effects.wake(work, effect)
        alarms.close_alarm(work, "effect.exhausted", effect.key)
        return 1
    if effect.state == E.SENDING and effects.wake_kept(work, [effect.id]):
        alarms.close_alarm(work, "effect.unreadable", str(effect.id))
        return 1
    if effect.state != E.REFUSED or effect.capability in LABELS:
        return 0
    alarms.close_alarm(work, "effect.refused", effect.key)
    effects.plan(work, [next_generation(work, effect)])
    return 1


def next_generation(work: Work, effect: Effect) -> Plan:
    """The same intention under the next key."""
    tenant_and_about, _, _ = effect.key.rsplit("/", 2)
    return Plan(
        effect.connection_id,
        effect.capability,
        tenant_and_about.split("/", 1)[1],
        effect.subject,
        effect.subject_id,
        effect.key_id,
        work.now,
        part_id=effect.part_id,
        generation=effect.generation + 1,
        after_id=effect.after_id,
        lane=effect.lane,
    )
