"""Documents that were early, or that better code can read now, are tried again."""

from hub.pipeline.hub import Hub
from hub.store import inbox

EARLY = ("tracking.unknown_parcel",)


def retry_parked(hub: Hub, tenant: int) -> int:
    """Scans of parcels that were booked in the same moment find them now."""
    with hub.store.work(tenant, "chore:retry-parked") as work:
        found = inbox.revive(work, inbox.parked(work, EARLY, work.now - inbox.EARLY_FOR))
        if found:
            work.wake("inbox", inbox.InboxState.NEW.value)
    hub.poke(tenant, work.wakes)
    return found
