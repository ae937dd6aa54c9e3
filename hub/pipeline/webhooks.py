"""A delivery: verified on its raw bytes, stored, answered — nothing else happens while the remote waits."""

from collections.abc import Sequence
from typing import NamedTuple

from hub.pipeline.contained import contained
from hub.pipeline.hub import Hub
from hub.pipeline.intake import digested
from hub.sdk.capabilities import ReceivesWebhooks, WebhookRequest
from hub.sdk.webhooks import Forged
from hub.store import connections, inbox, silence
from hub.store.inbox import Arrival


class Taken(NamedTuple):
    """A delivery that is proved to be the remote's, before it is stored."""

    connection: int
    arrival: Arrival


def receive(hub: Hub, tenant: int, name: str, request: WebhookRequest) -> bool:
    """Take a delivery in; False for one that was delivered before. Raises as `verified`."""
    return bool(store(hub, tenant, [verified(hub, tenant, name, request)]))


def verified(hub: Hub, tenant: int, name: str, request: WebhookRequest) -> Taken:
    """A delivery to a connection, by its name or public id.

    Raises Forged for a signature that is not the remote's, BadInput for a connection that does not exist.
    """
    with hub.store.view(tenant) as view:
        connection = connections.connection_named(view, name)
        now = view.now
    connector = hub.connector(connection)
    if not isinstance(connector, ReceivesWebhooks):
        raise Forged("webhook.not_expected", connection=connection.name)
    with contained(connection.name, writes=False):
        said = connector.read_webhook(request)
    digest = digested(request.body, connector.volatile) if said.complete else None
    arrival = Arrival(said.kind, said.topic, said.id, said.external_id, said.version, digest, request.body, now)
    return Taken(connection.id, arrival)


def store(hub: Hub, tenant: int, taken: Sequence[Taken]) -> int:
    """Store deliveries with one commit; answers how many were new."""
    with hub.store.work(tenant, "webhooks") as work:
        new = 0
        for connection in sorted({each.connection for each in taken}):
            silence.heard(work, connection)  # first: its lock lets a twin of this instant wait and find this one
            new += inbox.arrive(work, connection, [each.arrival for each in taken if each.connection == connection])
    hub.poke(tenant, work.wakes)
    return new
