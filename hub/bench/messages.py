"""How often the hub speaks to its broker while a backlog is worked on."""

from hub.bench.company import TENANT
from hub.bench.measures import Measured, Size
from hub.bench.places import Stand
from hub.pipeline.celery import MEMORY, CeleryCrank, working
from hub.pipeline.crank import ready
from hub.pipeline.hub import Idle

ALLOWED = 0.05
"""Broker messages per order in bulk."""


def messages(stand: Stand, size: Size, rounds: int) -> Measured:
    """Broker messages per order: those allowed over those sent, through every lane that a backlog wakes."""
    del rounds
    company, count = stand.company, size.backlog
    company.arrive(company.documents(count))
    crank = CeleryCrank(MEMORY, f"bench{company.hub.store.chance.getrandbits(32):x}")
    company.hub.crank = crank
    try:
        with working(company.hub, crank, ("intake", "steps")):
            while "intake" in ready(company.hub, TENANT) or "route" in ready(company.hub, TENANT):
                company.hub.clock.sleep(0.05)
    finally:
        company.hub.crank = Idle()
        crank.close()
    per_order = crank.sent / count
    return Measured("broker messages per order", stand.database, ALLOWED, per_order, ALLOWED / per_order, 1.0)
