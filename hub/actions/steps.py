"""Starting steps again that stopped because they were themselves at fault."""

from hub.actions.permission import Actor, permit
from hub.core.failures import BadInput, Refused
from hub.core.text import nearest
from hub.pipeline.hub import Hub
from hub.pipeline.journey import STEPS
from hub.pipeline.set_aside import take_back
from hub.store import alarms, batches
from hub.store.batches import StepState


def resume(hub: Hub, actor: Actor, name: str) -> int:
    """Let a step work again; what it had set aside is due again. Answers how many orders that were."""
    permit(actor, "step.resume")
    if name not in STEPS:
        raise BadInput("step.unknown", field="step", value=name, nearest=nearest(name, STEPS))
    step = STEPS[name]
    with hub.store.work(actor.tenant, str(actor)) as work:
        if not batches.step_state(work, name).stopped:
            raise Refused("step.not_stopped", step=name)
        batches.keep_step_state(work, name, StepState())
        alarms.close_alarm(work, "step.stopped", name)
        done = take_back(work, name)
        for state in step.starts:
            work.wake(step.traveller.name, state)
    hub.poke(actor.tenant, work.wakes)
    return done
