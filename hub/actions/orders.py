"""What people do with orders: find, retry, cancel, release a hold."""

from hub.actions.permission import Actor, permit
from hub.core.failures import BadInput, Failure, Misconfigured, Refused
from hub.core.states import OrderState as S
from hub.pipeline import pulls, retrying
from hub.pipeline.contained import contained
from hub.pipeline.hub import Hub
from hub.sdk.capabilities import PullsOrders, RawDocument
from hub.store import connections, finding, orders, travellers
from hub.store.connections import Connection
from hub.store.work import Work

HEALS = {"listing.unmapped": "hub listing map"}
"""Holds that end with their cause only, and the verb that ends it."""

CLOSED = frozenset({S.CANCELLED, S.COMPLETED, S.ARCHIVED})


def find(hub: Hub, actor: Actor, number: str) -> list[int]:
    """Orders by any number they have anywhere; if the hub knows none, the channels are asked. Newest first.

    Nothing for an order that a channel knows and that is being taken in. Raises BadInput where nobody knows it,
    with the channels that could not be asked.
    """
    permit(actor, "order.find")
    with hub.store.view(actor.tenant) as view:
        if known := finding.find(view, number):
            return known
        channels = [found for found in connections.connections(view).values() if found.kind == "shop"]
        now = view.now
    silent = []
    for channel in channels:
        try:
            raw = _asked(hub, channel, number)
        except Failure:
            silent.append(channel.name)
            continue
        if raw is not None:
            with hub.store.work(actor.tenant, str(actor)) as work:
                pulls.take_documents(work, channel, hub.connector(channel), [raw], "find", now)
            hub.poke(actor.tenant, work.wakes)
            return []
    code = "order.unknown_so_far" if silent else "order.unknown"
    raise BadInput(code, field="order", value=number, channels=", ".join(silent))


def _asked(hub: Hub, channel: Connection, number: str) -> RawDocument | None:
    """The order as a channel knows it. Raises Failure."""
    if channel.paused_at is not None:
        raise Misconfigured("connection.at_rest", connection=channel.name)
    connector = hub.connector(channel)
    if not isinstance(connector, PullsOrders):
        return None
    with connector.http.together(), contained(channel.name, writes=False):
        return connector.find_order(number)


def cancel(hub: Hub, actor: Actor, order: int, *, reason: str) -> None:
    """Cancel what has not left. Raises Refused when everything has, with what can still be done."""
    permit(actor, "order.cancel")
    with hub.store.work(actor.tenant, str(actor)) as work:
        travellers.lock_orders(work, [order])
        summary = _existing(work, order)
        lines = orders.lines_of(work, [order])[order]
        open_quantities = {line.id: line.ordered - line.cancelled - line.handed_over - line.to_cancel for line in lines}
        wanted = {line: quantity for line, quantity in open_quantities.items() if quantity > 0}
        if summary.state in CLOSED or not wanted:
            raise Refused("order.cancel_refused", order=order, state=summary.state)
        orders.want_cancel(work, wanted, order, "cancel.operator", {"by": str(actor), "reason": reason})
    hub.poke(actor.tenant, work.wakes)


def retry(hub: Hub, actor: Actor, order: int) -> int:
    """Try again what stands still: holds of failed steps and carriers, refused and exhausted effects. How many."""
    permit(actor, "order.retry")
    with hub.store.work(actor.tenant, str(actor)) as work:
        travellers.lock_orders(work, [order])
        _existing(work, order)
        done = retrying.retry(work, order)
    hub.poke(actor.tenant, work.wakes)
    return done


def release_hold(hub: Hub, actor: Actor, order: int, code: str) -> None:
    """A person has looked: the order goes on. Raises Refused when it has no such hold."""
    permit(actor, "order.release")
    with hub.store.work(actor.tenant, str(actor)) as work:
        travellers.lock_orders(work, [order])
        summary = _existing(work, order)
        if code in HEALS:
            raise Refused("order.releases_itself", hold=code, remedy=HEALS[code])
        if not orders.close_holds(work, [order], code):
            raise Refused("order.no_such_hold", order=order, hold=code)
        if summary.state == S.RECEIVED:
            orders.forgive(work, order, code)
        orders.awake(work, [order])
    hub.poke(actor.tenant, work.wakes)


def _existing(work: Work, order: int) -> orders.Summary:
    found = orders.summaries(work, [order]).get(order)
    if found is None:
        raise BadInput("order.unknown", field="order", value=str(order))
    return found
