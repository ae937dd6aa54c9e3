"""The crank: everything that is due, turned once. A loop, Celery and the simulation all turn the same functions."""

from hub.pipeline.batches import travel
from hub.pipeline.chores import chore
from hub.pipeline.effects import deliver
from hub.pipeline.feeds import push_stock
from hub.pipeline.hub import Hub
from hub.pipeline.journey import STEPS
from hub.pipeline.pulls import fetch
from hub.store import chores, effects, feeds, inbox, travellers

WATCHED = tuple((step.name, step.traveller, step.starts) for step in STEPS.values())


def turn_steps(hub: Hub, tenant: int) -> int:
    """Each step once; answers how many rows moved."""
    done, seen = 0, set[str]()
    while todo := ready(hub, tenant) - seen:
        name = next(name for name in STEPS if name in todo)
        seen.add(name)
        done += travel(hub, tenant, STEPS[name])
    return done


def ready(hub: Hub, tenant: int) -> set[str]:
    """The steps that have something to do."""
    with hub.store.view(tenant) as view:
        return set(STEPS) - travellers.idle(view, WATCHED)


def turn_outside(hub: Hub, tenant: int) -> int:
    """Everything that talks to somebody outside, once."""
    with hub.store.view(tenant) as view:
        sending, showing, asking = effects.waiting(view), feeds.waiting(view), inbox.fetching(view)
    done = sum(deliver(hub, tenant, connection) for connection in sending)
    done += sum(push_stock(hub, tenant, connection) for connection in showing)
    return done + sum(fetch(hub, tenant, connection) for connection in asking)


def turn_chores(hub: Hub, tenant: int) -> int:
    """Each due chore once; answers how much they found to do."""
    with hub.store.view(tenant) as view:
        due = chores.due(view)
    return sum(chore(hub, tenant, each.id) for each in due)
