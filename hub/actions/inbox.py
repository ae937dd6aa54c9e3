"""What people do with documents that came in: try parked ones again, or not wait for a worker."""

from collections.abc import Sequence

from hub.actions.permission import Actor, permit
from hub.core.failures import Refused
from hub.pipeline.batches import turn
from hub.pipeline.hub import Hub
from hub.pipeline.journey import STEPS
from hub.store import inbox
from hub.store.inbox import InboxState
from hub.store.reading.inbox import InboxFilter, entries, entry

AT_ONCE = 5000


def retry(hub: Hub, actor: Actor, numbers: Sequence[int]) -> int:
    """Try parked entries again; answers how many. Raises Refused for one that is not parked, BadInput for none."""
    permit(actor, "inbox.retry")
    with hub.store.work(actor.tenant, str(actor)) as work:
        for number in numbers:
            found = entry(work, number)
            if found.state != InboxState.PARKED:
                raise Refused("inbox.not_parked", entry=number, state=found.state)
        done = inbox.revive(work, numbers)
        work.wake("inbox", InboxState.NEW.value)
    hub.poke(actor.tenant, work.wakes)
    return done


def retry_all(hub: Hub, actor: Actor, *, code: str | None, connection: str | None) -> int:
    """Try everything again that is parked, or parked for one reason or connection; answers how many."""
    permit(actor, "inbox.retry")
    wanted = InboxFilter((InboxState.PARKED,), connection, code)
    with hub.store.work(actor.tenant, str(actor)) as work:
        done = inbox.revive(work, [found.id for found in entries(work, wanted, AT_ONCE)])
        if done:
            work.wake("inbox", InboxState.NEW.value)
    hub.poke(actor.tenant, work.wakes)
    return done


def take_in(hub: Hub, actor: Actor) -> int:
    """Apply what came in, beside whatever worker does the same; answers how many entries were looked at."""
    permit(actor, "inbox.take_in")
    done = 0
    while moved := turn(hub, actor.tenant, STEPS["intake"]):
        done += moved
    return done
