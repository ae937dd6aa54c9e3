"""Connecting outside systems, turning their flows, and mapping what they list."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from hub.actions.permission import Actor, permit
from hub.core import json
from hub.core.json import JSON
from hub.core.units import micro
from hub.pipeline import healing
from hub.pipeline.chores import chore, found_connection, found_house
from hub.pipeline.hub import Hub
from hub.pipeline.recipes import RECIPES
from hub.store import alarms, chores, connections, effects, feeds, orders, setup, stock
from hub.store.connections import Connection, Flow, Switch
from hub.store.founding import found


def found_hub(hub: Hub, actor: Actor, *, tenant: str, company: str, currency: str, country: str, zone: str) -> int:
    """The first tenant, its company and the chores of the house; answers the company. Again: changes nothing."""
    permit(actor, "hub.found")
    with hub.store.work(actor.tenant, str(actor)) as work:
        found(work, tenant=tenant)
        found_house(work)
        known = setup.companies(work)
        if company in known:
            return known[company]
        return setup.add_company(work, company, name=tenant, currency=currency, country=country, zone=zone)


def connect(
    hub: Hub,
    actor: Actor,
    name: str,
    *,
    connector: str,
    settings: Mapping[str, JSON],
    company: str,
    is_test: bool = False,
    cut_over_at: datetime | None = None,
    check: bool = True,
) -> Connection:
    """Connect an account after one harmless request; it only watches until its flows are turned on.

    Raises BadInput by name of the setting, and what the connector's check raises.
    """
    permit(actor, "connection.add")
    kind = hub.registry.get(connector)
    made = hub.built(connector, settings)
    with hub.store.view(actor.tenant) as view:
        setup.refuse_taken(view, name)
        setup.company_named(view, company)
    with closing(made.http):
        if check:
            made.check()
    with hub.store.work(actor.tenant, str(actor)) as work:
        number = setup.add_connection(
            work,
            name,
            connector=connector,
            kind=kind.manifest.kind.value,
            company=setup.company_named(work, company),
            settings=json.dumps(dict(settings)),
            is_test=is_test,
            burst=kind.limits.burst,
            cut_over_at=cut_over_at or work.now,
        )
        found_connection(work, number, kind.manifest.kind, kind.limits.poll_every)
        return connections.connection(work, number)


def switch(hub: Hub, actor: Actor, name: str, flows: Mapping[Flow, Switch]) -> None:
    """Turn flows of a connection; what was only watched goes out, or begins, when its flow is turned on."""
    permit(actor, "connection.switch")
    with hub.store.work(actor.tenant, str(actor)) as work:
        connection = connections.connection_named(work, name)
        for flow, to in flows.items():
            connections.set_switch(work, connection.id, flow, to)
            if to is Switch.ON:
                capabilities = [capability.value for capability, recipe in RECIPES.items() if recipe.flow is flow]
                effects.release_watched(work, connection.id, capabilities)
            if to is Switch.ON and flow is Flow.ORDERS_IN:
                orders.begin_watched(work, connection.id)
            if to is Switch.ON and flow is Flow.STOCK_OUT:
                feeds.touch_all(work, connection.id)
                alarms.close_alarm(work, feeds.BRAKED, name)
    hub.poke(actor.tenant, work.wakes)


def check(hub: Hub, actor: Actor, name: str) -> None:
    """One harmless request with the settings of a connection. Raises what the connector's check raises."""
    permit(actor, "connection.check")
    with hub.store.view(actor.tenant) as view:
        connection = connections.connection_named(view, name)
    hub.connector(connection).check()


def change(
    hub: Hub,
    actor: Actor,
    name: str,
    *,
    settings: Mapping[str, JSON],
    cut_over_at: datetime | None = None,
    check: bool = True,
) -> None:
    """Replace settings of a connection, after one harmless request with the new ones, and end its pause.

    Raises BadInput by name of the setting, and what the connector's check raises.
    """
    permit(actor, "connection.change")
    with hub.store.view(actor.tenant) as view:
        connection = connections.connection_named(view, name)
    wanted = {**hub.settings(connection), **settings}
    made = hub.built(connection.connector, wanted)
    with closing(made.http):
        if check and settings:
            made.check()
    with hub.store.work(actor.tenant, str(actor)) as work:
        if settings:
            setup.set_settings(work, connection.id, connection.uid, json.dumps(wanted))
            alarms.close_alarm(work, "connection.paused", name)
        if cut_over_at is not None:
            setup.set_cut_over(work, connection.id, cut_over_at)


def resume(hub: Hub, actor: Actor, name: str) -> None:
    """End the pause of a connection: its credentials or settings are right again."""
    permit(actor, "connection.resume")
    with hub.store.work(actor.tenant, str(actor)) as work:
        connection = connections.connection_named(work, name)
        setup.resume(work, connection.id)
        alarms.close_alarm(work, "connection.paused", name)
        chores.soon(work, "pull", [connection.id])


def pull_now(hub: Hub, actor: Actor, names: Sequence[str]) -> None:
    """Make the pulls of these channels due; all of them for no names."""
    permit(actor, "connection.pull")
    with hub.store.work(actor.tenant, str(actor)) as work:
        found = [connections.connection_named(work, name).id for name in names] or list(connections.connections(work))
        chores.soon(work, "pull", found)


class Pulled(NamedTuple):
    """How the reading of one channel went: documents that were new, or the code of what failed."""

    channel: str
    documents: int
    failure: str | None


def pull(hub: Hub, actor: Actor, names: Sequence[str]) -> Iterator[Pulled]:
    """Read these channels here and now, all of them for no names; a worker that reads one already keeps it."""
    pull_now(hub, actor, names)
    with hub.store.view(actor.tenant) as view:
        known = connections.connections(view)
        due = [each for each in chores.due(view) if each.name == "pull" and each.connection_id is not None]
    for each in due:
        channel = known[each.connection_id or 0].name
        if names and channel not in names:
            continue
        found = chore(hub, actor.tenant, each.id)
        with hub.store.view(actor.tenant) as view:
            yield Pulled(channel, found, chores.failure(view, each.id))


def map_listing(hub: Hub, actor: Actor, name: str, external_id: str, sku: str, *, factor: Decimal = Decimal(1)) -> int:
    """Say which item a channel's article is; orders that waited for it go on. Answers how many."""
    permit(actor, "listing.map")
    with hub.store.work(actor.tenant, str(actor)) as work:
        connection = connections.connection_named(work, name)
        item = setup.item_named(work, sku)
        listing = setup.map_listing(work, connection.id, external_id, item, micro(factor))
        stock.list_feeds(work, [listing])
        healed = healing.heal_lines(work, listing, item, micro(factor))
    hub.poke(actor.tenant, work.wakes)
    return healed
