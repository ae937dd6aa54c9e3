"""The same orders the naive way: three Celery tasks per order, one transaction each."""

from functools import partial
from time import perf_counter

from sqlalchemy import func, select

from hub.bench import naive_celery
from hub.bench.company import TENANT, Company
from hub.bench.measures import Measured, Size, faster, seconds
from hub.bench.places import Stand
from hub.store.tables import InboxRow, OrderRow

LONGEST_SECONDS = 120


def naive(stand: Stand, size: Size, rounds: int) -> Measured:
    """Orders per second from the inbox until they are routed, beside three Celery tasks per order."""
    company, floor, hub = stand.company, [], []
    queue = f"hub_bench_{company.hub.store.chance.getrandbits(48):x}"
    with naive_celery.worker(stand.url, stand.folder, queue):
        _wait(company, queue, 1)
        for _ in range(rounds):
            floor.append(size.naive / _wait(company, queue, size.naive))
            company.arrive(company.documents(size.backlog))
            hub.append(size.backlog / seconds(company.bring_in))
    return faster("beside three Celery tasks per order, orders/s", stand, 20, floor, hub)


def _wait(company: Company, queue: str, count: int) -> float:
    """Seconds from the first message to the last order."""
    company.arrive(company.documents(count))
    routed = _routed(company) + count
    with company.hub.store.view(TENANT) as view:
        due = select(InboxRow.id).where(InboxRow.tenant_id == TENANT, InboxRow.due_at.is_not(None))
        rows = view.scalars(due.order_by(InboxRow.id))
    start = perf_counter()
    send = partial(naive_celery.app.send_task, "bench.take_in", queue=queue, ignore_result=True)
    for row in rows:
        send(args=(row, company.channel.id, company.channel.company_id))
    while _routed(company) < routed:
        if perf_counter() - start > LONGEST_SECONDS:
            raise TimeoutError("three tasks per order take too long")
        company.hub.clock.sleep(0.02)
    return perf_counter() - start


def _routed(company: Company) -> int:
    with company.hub.store.view(TENANT) as view:
        counted = select(func.count()).where(OrderRow.tenant_id == TENANT, OrderRow.state == "routed")
        return view.scalar(counted) or 0
