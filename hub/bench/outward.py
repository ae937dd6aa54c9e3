"""Effects: reports to a remote that answers at once, beside the same calls without a row."""

from decimal import Decimal

from sqlalchemy import select

from hub.bench.company import TENANT, Company
from hub.bench.measures import Measured, Size, faster, seconds
from hub.bench.places import Stand
from hub.bench.remote import BenchChannel
from hub.core.ids import token
from hub.core.shipping import PushedState, PushLine, StatusPush
from hub.pipeline import dispatch
from hub.pipeline.batches import turn
from hub.pipeline.effects import deliver
from hub.pipeline.journey import STEPS
from hub.sdk.capabilities import Raw, Wanted
from hub.store import shipping
from hub.store.tables import FulfilmentRow


def effects(stand: Stand, size: Size, rounds: int) -> Measured:
    """Effects per second: prepared, called, kept and recorded."""
    count, floor, hub = size.effects, [], []
    for _ in range(rounds):
        _ship(stand.company, count)
        floor.append(count / seconds(lambda: _call(stand.company, count)))
        hub.append(count / seconds(lambda: _deliver(stand.company)))
    return faster("effects, effects/s", stand, 0.5, floor, hub)


def _ship(company: Company, count: int) -> None:
    """So many new parcels that the channel is to be told of."""
    company.arrive(company.documents(count))
    company.bring_in()
    with company.hub.store.work(TENANT, "bench") as work:
        newest = select(FulfilmentRow.id).where(FulfilmentRow.tenant_id == TENANT).order_by(FulfilmentRow.id.desc())
        made = shipping.fulfilments(work, work.scalars(newest.limit(count)))
        lines = shipping.leaving(work, list(made))
        dispatch.report_shipped(work, [(made[number], found[0].order_id) for number, found in lines.items()])


def _call(company: Company, count: int) -> None:
    """The calls alone, one after the other."""
    connector = company.hub.connector(company.channel)
    if not isinstance(connector, BenchChannel):
        raise TypeError("the channel of the bench is another")
    now = company.hub.clock.now()
    for number in range(count):
        key = f"floor/{number}/dispatch/1"
        lines = (PushLine(line_id="1", quantity=Decimal(2)),)
        request = StatusPush(
            external_id=str(number), shipment=token(key), state=PushedState.SHIPPED, at=now, lines=lines, complete=True
        )
        [answer] = connector.send_dispatch([Wanted(key, token(key), request)])
        if isinstance(answer, Raw):
            connector.read_dispatch(request, answer)


def _deliver(company: Company) -> None:
    """Deliver and record until nothing is due."""
    while deliver(company.hub, TENANT, company.channel.id):
        turn(company.hub, TENANT, STEPS["record"])
