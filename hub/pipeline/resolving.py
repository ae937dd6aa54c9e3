"""What follows when a person says whether a write in doubt happened."""

from hub.core.states import EffectState
from hub.pipeline.hub import Hub
from hub.sdk.capabilities import Capability
from hub.store import alarms, effects, finance, travellers
from hub.store.effects import Effect, Settled
from hub.store.work import Work


def absent(work: Work, effect: Effect) -> None:
    """It did not happen: it is sent again, in the same words."""
    effects.settle(work, [Settled(effect.id, EffectState.PLANNED, due_at=work.now, code="effect.absent")])
    alarms.close_alarm(work, "effect.ask", effect.key)
    work.wake("deliver", str(effect.connection_id))


def happened(hub: Hub, work: Work, effect: Effect, reference: str) -> None:
    """It happened: the effect is confirmed under the reference, and its subject moves on as far as that tells."""
    travellers.lock_subjects(work, [effect.id])
    effects.settle(work, [Settled(effect.id, EffectState.CONFIRMED, reference=reference, code="effect.told")])
    alarms.close_alarm(work, "effect.ask", effect.key)
    if effect.capability == Capability.RECEIVABLE:
        finance.settle(work, {effect.subject_id: ("posted", reference)})
