"""A person's word on a write whose outcome nobody can look up."""

from hub.actions.permission import Actor, permit
from hub.core.failures import BadInput, Refused
from hub.core.states import EffectState
from hub.pipeline.hub import Hub
from hub.pipeline.resolving import absent, happened
from hub.store import effects
from hub.store.effects import Effect
from hub.store.work import Work


def resolve(hub: Hub, actor: Actor, key: str, *, reference: str | None) -> None:
    """It happened, under this reference — or, without one, it did not. Raises Refused unless it is in doubt."""
    permit(actor, "effect.resolve")
    with hub.store.work(actor.tenant, str(actor)) as work:
        effect = _in_doubt(work, key)
        if reference is None:
            absent(work, effect)
        else:
            happened(hub, work, effect, reference)
    hub.poke(actor.tenant, work.wakes)


def _in_doubt(work: Work, key: str) -> Effect:
    effect = effects.keyed(work, key)
    if effect is None:
        raise BadInput("effect.unknown", field="key", value=key)
    if effect.state != EffectState.IN_DOUBT:
        raise Refused("effect.not_in_doubt", key=key, state=effect.state)
    return effect
