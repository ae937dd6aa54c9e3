"""A delivery: verified on its raw bytes, stored, answered — nothing else happens while the remote waits."""

from hub.pipeline.hub import Hub
from hub.pipeline.intake import digested
from hub.sdk.capabilities import ReceivesWebhooks, WebhookRequest
from hub.sdk.webhooks import Forged
from hub.store import connections, inbox
from hub.store.inbox import Arrival


def receive(hub: Hub, tenant: int, name: str, request: WebhookRequest) -> bool:
    """Take a delivery in; False for one that was delivered before.

    Raises Forged for a signature that is not the remote's, BadInput for a connection that does not exist.
    """
    with hub.store.view(tenant) as view:
        connection = connections.connection_named(view, name)
    connector = hub.connector(connection)
    if not isinstance(connector, ReceivesWebhooks):
        raise Forged("webhook.not_expected", connection=name)
    delivery = connector.read_webhook(request)
    with hub.store.work(tenant, f"connection:{name}") as work:
        digest = digested(request.body, connector.volatile) if delivery.complete else None
        arrival = Arrival(
            delivery.kind,
            delivery.topic,
            delivery.id,
            delivery.external_id,
            delivery.version,
            digest,
            request.body,
            work.now,
        )
        connections.heard(work, connection.id)  # first: its row lock lets a twin of this instant wait and find this one
        new = inbox.arrive(work, connection.id, [arrival])
    hub.poke(tenant, work.wakes)
    return bool(new)
