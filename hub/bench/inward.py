"""Orders on their way in: a backlog, an import, and the time that one order takes."""

import multiprocessing
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import select

from hub.bench.company import TENANT, company
from hub.bench.measures import Measured, Size, faster, seconds, shorter
from hub.bench.places import Stand, drain
from hub.core.clock import SystemClock
from hub.sdk.capabilities import RawDocument
from hub.store.tables import EventRow, OrderRow
from hub.store.work import View

RATE = 200
"""Orders per second of the open loop."""

IDLE_SECONDS = 0.003
"""How long a loop without work waits before it looks again."""

NEEDED = {"postgresql": 0.5, "sqlite": 0.35}


def backlog(stand: Stand, size: Size, rounds: int) -> Measured:
    """Orders per second from the inbox until they are routed, one process, batches of 500."""
    count, floor, hub = size.backlog, [], []
    for _ in range(rounds):
        stand.floor.arrive(stand.company.documents(count))
        floor.append(count / seconds(lambda: drain(stand.floor)))
        stand.company.arrive(stand.company.documents(count))
        hub.append(count / seconds(stand.company.bring_in))
    return faster("backlog, orders/s", stand, NEEDED[stand.database], floor, hub)


def imported(stand: Stand, size: Size, rounds: int) -> Measured:
    """Seconds for an import: documents stored in the inbox, brought in, reserved and routed."""
    floor, hub = [], []
    for _ in range(min(rounds, 1 if size.imported > size.backlog else rounds)):
        documents = stand.company.documents(size.imported)
        floor.append(seconds(partial(_by_floor, stand, documents)))
        documents = stand.company.documents(size.imported)
        hub.append(seconds(partial(_by_hub, stand, documents)))
    return shorter("import, seconds", stand, 0.4, floor, hub)


def _by_floor(stand: Stand, documents: Sequence[RawDocument]) -> None:
    stand.floor.arrive(documents)
    drain(stand.floor)


def _by_hub(stand: Stand, documents: Sequence[RawDocument]) -> None:
    stand.company.arrive(documents, backfill=True)
    stand.company.bring_in()


def latency(stand: Stand, size: Size, rounds: int) -> Measured:
    """Milliseconds from an order's arrival until others see its goods reserved, at 200 orders/s (median)."""
    floor, hub = [], []
    for number in range(rounds):
        floor.append(_open_loop(stand, size, f"F{number}", lambda: [stand.floor.batch()]))
        hub.append(_open_loop(stand, size, f"H{number}", stand.company.steps_in))
    return shorter("latency, ms", stand, 0.25, floor, hub)


def _open_loop(stand: Stand, size: Size, series: str, turns: Callable[[], Iterable[int]]) -> float:
    """Orders arrive from another process at their own pace; here they are worked on as they come."""
    count = max(5, int(RATE * size.seconds))
    arrivals = multiprocessing.get_context("spawn").Process(target=_ring, args=(stand.folder, stand.url, series, count))
    turned: list[tuple[float, float]] = []
    clock = stand.company.hub.clock
    arrivals.start()
    done = 0
    while done < count and (arrivals.exitcode in {None, 0}):
        before, began = done, clock.now().timestamp()
        for moved in turns():
            ended = clock.now().timestamp()
            turned.append((began, ended))
            began, done = ended, done + moved
        if done == before:
            clock.sleep(IDLE_SECONDS)
    arrivals.join()
    with stand.company.hub.store.view(TENANT) as view:
        told = _told(view, series)
    return 1000 * median(_seen(reserved, turned) - arrived for arrived, reserved in told)


def _told(view: View, series: str) -> list[tuple[float, float]]:
    """When each order of a series arrived, and when the transaction began that reserved its goods."""
    rows = view.all(
        select(OrderRow.received_at, EventRow.at)
        .join(EventRow, (EventRow.tenant_id == OrderRow.tenant_id) & (EventRow.subject_id == OrderRow.id))
        .where(
            OrderRow.tenant_id == view.tenant,
            OrderRow.external_id.startswith(series),
            EventRow.subject == "order",
            EventRow.name == "order.reserved",
        )
    )
    return [(arrived.timestamp(), reserved.timestamp()) for arrived, reserved in rows]


def _seen(at: float, turned: list[tuple[float, float]]) -> float:
    """When others saw what a turn had written that was under way at this time."""
    return next(ended for began, ended in turned if began <= at <= ended)


def _ring(folder: Path, url: str, series: str, count: int) -> None:
    """The other process: one order per transaction, at 200 a second."""
    with company(folder, url, new=False) as made:
        documents = made.documents(count, series)
        start = perf_counter()
        for number, document in enumerate(documents):
            SystemClock().sleep(max(0.0, start + number / RATE - perf_counter()))
            made.arrive([document])
