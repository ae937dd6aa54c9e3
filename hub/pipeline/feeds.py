"""Stock that channels show: computed when it is pushed, so ten changes are one push and the newest wins."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from hub.core.failures import Failure, Misconfigured, Retryable
from hub.core.units import micro
from hub.pipeline.backoff import backoff
from hub.pipeline.contained import contained
from hub.pipeline.hub import Hub
from hub.pipeline.units import in_listing
from hub.sdk.capabilities import PushesStock, StockPush, StockSeen
from hub.sdk.connector import Connector, StockKind
from hub.store import alarms, connections, feeds, stock
from hub.store.connections import Connection, Flow, Switch
from hub.store.feeds import Feed, Shown
from hub.store.stock import Leaving, Level
from hub.store.work import Work

A_MOMENT = timedelta(seconds=5)
FIFTH = 5
FEW = 10
"""A channel with fewer listings than this may run dry without anybody being asked."""

ONE = 1_000_000


def push_stock(hub: Hub, tenant: int, number: int) -> int:
    """Push what is due on a connection; answers how many listings were pushed. Raises HouseDown."""
    with hub.store.view(tenant) as view:
        connection = connections.connection(view, number)
    if connection.paused_at is not None:
        return 0
    connector = hub.connector(connection)
    if not isinstance(connector, PushesStock) or connection.switch(Flow.STOCK_OUT) is not Switch.ON:
        with hub.store.work(tenant, "feeds") as work:
            feeds.rest(work, number)
        return 0
    wanted = _prepare(hub, tenant, connection, connector)
    if not wanted:
        return 0
    pushes = [
        StockPush(
            feed.external_id,
            in_listing(level, ONE),
            seen=None if feed.seen is None else in_listing(feed.seen, ONE),
        )
        for feed, level in wanted
    ]
    with connector.http.together():
        try:
            with contained(connection.name, writes=True):
                answers: Sequence[StockSeen | Failure] = connector.push_stock(pushes)
        except Failure as failure:
            answers = [failure] * len(pushes)
    _settle(
        hub,
        tenant,
        connection,
        [(feed, level, answer) for (feed, level), answer in zip(wanted, answers, strict=True)],
    )
    return len(wanted)


def _prepare(hub: Hub, tenant: int, connection: Connection, connector: Connector[Any]) -> list[tuple[Feed, int]]:
    limits = connector.limits
    with hub.store.work(tenant, "feeds") as work:
        _, again = connections.take_budget(
            work, connection.id, 1, per_second=int(limits.calls_per_second * ONE), burst=limits.burst
        )
        if again is not None:
            feeds.put_off(work, connection.id, again)
            return []
        taken = feeds.take(work, connection.id, limits.stock_batch, work.now + 2 * limits.deadline)
        items = [feed.item_id for feed in taken if feed.item_id is not None]
        levels = stock.levels(work, connection.id, items)
        untold = stock.leaving_of(work, connection.id, items) if limits.stock is StockKind.PHYSICAL else {}
        taken = _after_dispatch(work, taken, untold)
        wanted = [
            (feed, shown(connector, levels.get(feed.item_id or 0), feed.factor, untold.get(feed.item_id or 0)))
            for feed in taken
        ]
        same = [(feed, level) for feed, level in wanted if feed.sent == level and feed.seen == level]
        feeds.settle(work, [Shown(feed, level, feed.seen, None, None) for feed, level in same])
        changed = [(feed, level) for feed, level in wanted if not (feed.sent == level and feed.seen == level)]
        return _braked(work, connection, changed)


def _after_dispatch(work: Work, taken: Sequence[Feed], untold: Mapping[int, Leaving]) -> list[Feed]:
    """A channel that is being told of a shipment takes the goods off its shelf itself: its number waits for that."""
    waits = [feed for feed in taken if (gone := untold.get(feed.item_id or 0)) is not None and gone.being_told]
    feeds.wait(work, waits, "feed.after_dispatch", work.now + A_MOMENT)
    return [feed for feed in taken if feed not in waits]


def shown(connector: Connector[Any], level: Level | None, factor: int, untold: Leaving | None = None) -> int:
    """Millionths of pieces that a listing shows, of the kind of stock the channel wants.

    Goods that left, and of which a channel of physical stock is not told yet, still stand on its shelf.
    """
    if level is None:
        return 0
    quantity = level.on_hand - level.reserved
    if connector.limits.stock is StockKind.PHYSICAL:
        quantity = level.on_hand + (untold.untold if untold else 0)
    return max(0, quantity) * ONE // factor // ONE * ONE


def _braked(work: Work, connection: Connection, changed: Sequence[tuple[Feed, int]]) -> list[tuple[Feed, int]]:
    """A push that would take more than a fifth of a channel's listings to zero waits for a person.

    What a channel shows before the first push is not known, and counts as something.
    """
    dry = [feed for feed, level in changed if level == 0 and feed.seen != 0 and feed.code != feeds.CHECKED]
    if len(dry) <= FEW or len(dry) * FIFTH <= feeds.count(work, connection.id):
        return list(changed)
    alarms.open_alarm(work, feeds.BRAKED, connection.name, {"connection": connection.name, "listings": len(dry)})
    feeds.settle(work, [Shown(feed, level, feed.seen, feeds.BRAKED, None) for feed, level in changed])
    return []


def _settle(
    hub: Hub, tenant: int, connection: Connection, answers: Sequence[tuple[Feed, int, StockSeen | Failure]]
) -> None:
    with hub.store.work(tenant, "feeds") as work:
        ends = []
        for feed, level, answer in answers:
            if isinstance(answer, StockSeen):
                ends.append(Shown(feed, level, micro(answer.quantity), None, None))
                continue
            if isinstance(answer, Misconfigured) and connections.pause(work, connection.id, answer.code):
                alarms.open_alarm(
                    work,
                    "connection.paused",
                    connection.name,
                    {"connection": connection.name, "code": answer.code},
                )
            asked = answer.after if isinstance(answer, Retryable) else None
            ends.append(Shown(feed, level, None, answer.code, backoff(work, feed.attempt, asked)))
        feeds.settle(work, ends)
        work.wake("feeds", str(connection.id))
    hub.poke(tenant, work.wakes)
