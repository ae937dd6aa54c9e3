"""Reading channels: pages with their cursors, documents somebody hinted at, and the comparison that finds the rest."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from hub.core.failures import Failure, Misconfigured, Retryable
from hub.pipeline.backoff import backoff
from hub.pipeline.contained import contained
from hub.pipeline.hub import Hub
from hub.pipeline.intake import digested
from hub.sdk.capabilities import Cursor, DocumentKind, Page, PullsOrders, RawDocument, TracksShipments
from hub.sdk.connector import Connector
from hub.store import alarms, connections, inbox, shipping, silence
from hub.store.connections import Connection, Flow, Switch
from hub.store.inbox import Arrival, Fetch
from hub.store.work import Work

ORDERS = "orders"
REREAD = timedelta(days=3)
FETCHES = 50
COUNTED_FROM = 1_000
"""An import of so many documents has the database count its rows, and again whenever they have doubled."""


def pull(hub: Hub, tenant: int, connection: Connection) -> int:
    """Store what is new on a channel, page by page; answers how many documents were stored. Raises Failure."""
    connector = hub.connector(connection)
    if not isinstance(connector, PullsOrders) or connection.switch(Flow.ORDERS_IN) is Switch.OFF:
        return 0
    with hub.store.view(tenant) as view:
        cursor = connections.cursor(view, connection.id, ORDERS)
        asked_at = view.now
    first, before = cursor is None, cursor
    pages = connector.pull_orders(None if cursor is None else Cursor(cursor), asked_at)
    stored, counted = 0, COUNTED_FROM
    for page in pages:
        if page.documents or page.cursor != before:
            stored += _store_page(hub, tenant, connection, connector, page, asked_at, backfill=first)
        before = page.cursor
        if first and stored >= counted:
            hub.store.analyze()
            counted = 2 * stored
    return stored


def _store_page(
    hub: Hub,
    tenant: int,
    connection: Connection,
    connector: Connector[Any],
    page: Page,
    asked_at: datetime,
    *,
    backfill: bool,
) -> int:
    """Rows and cursor in one transaction: a page is stored and passed, or neither."""
    with hub.store.work(tenant, f"connection:{connection.name}") as work:
        stored = take_documents(work, connection, connector, page.documents, "pull", asked_at, backfill=backfill)
        connections.move_cursor(work, connection.id, ORDERS, page.cursor)
        if stored:
            silence.heard(work, connection.id)
    hub.poke(tenant, work.wakes)
    return stored


def take_documents(
    work: Work,
    connection: Connection,
    connector: Connector[Any],
    documents: Sequence[RawDocument],
    topic: str,
    asked_at: datetime,
    *,
    backfill: bool = False,
) -> int:
    """Store documents that say something else than the newest one we have of the same thing."""
    told = {document.external_id: (document, digested(document.body, connector.volatile)) for document in documents}
    stored = 0
    for kind in sorted({document.kind for document in documents}):
        mine = {key: value for key, value in told.items() if value[0].kind == kind}
        known = inbox.latest_digests(work, connection.id, kind, sorted(mine))
        fresh = [(document, digest) for key, (document, digest) in mine.items() if known.get(key) != digest]
        stored += inbox.arrive(
            work,
            connection.id,
            [
                Arrival(
                    kind,
                    topic,
                    work.uid(),
                    document.external_id,
                    document.version,
                    digest,
                    document.body,
                    asked_at,
                )
                for document, digest in fresh
            ],
            backfill=backfill,
        )
    return stored


def fetch(hub: Hub, tenant: int, number: int) -> int:
    """Ask for documents that were hinted at; answers how many were asked for. Raises HouseDown."""
    with hub.store.view(tenant) as view:
        connection = connections.connection(view, number)
        if connection.paused_at is not None:
            return 0
    connector = hub.connector(connection)
    with hub.store.work(tenant, f"connection:{connection.name}") as work:
        lease = work.now + 2 * connector.limits.deadline
        fetches = inbox.take_fetches(work, number, DocumentKind.ORDER, FETCHES, lease)
        asked_at = work.now
    if not fetches:
        return 0
    try:
        with contained(connection.name, writes=False):
            documents = _fetched(connector, fetches)
    except Failure as failure:
        with hub.store.work(tenant, f"connection:{connection.name}") as work:
            after = failure.after if isinstance(failure, Retryable) else None
            inbox.put_off_fetches(work, fetches, backoff(work, max(each.attempt for each in fetches) + 1, after))
            told(work, connection, failure)
        return len(fetches)
    with hub.store.work(tenant, f"connection:{connection.name}") as work:
        if take_documents(work, connection, connector, documents, "fetch", asked_at):
            silence.heard(work, number)
        missing = {each.external_id for each in fetches} - {document.external_id for document in documents}
        inbox.gone(work, number, DocumentKind.ORDER, missing)
        inbox.fetched(work, fetches)
    hub.poke(tenant, work.wakes)
    return len(fetches)


def _fetched(connector: Connector[Any], fetches: Sequence[Fetch]) -> Sequence[RawDocument]:
    if not isinstance(connector, PullsOrders):
        return ()
    with connector.http.together():
        return connector.fetch_orders([each.external_id for each in fetches])


def told(work: Work, connection: Connection, failure: Failure) -> None:
    """What a failed read means for the connection: wrong settings pause it, with one alarm."""
    if isinstance(failure, Misconfigured) and connections.pause(work, connection.id, failure.code):
        params = {"connection": connection.name, "code": failure.code}
        alarms.open_alarm(work, "connection.paused", connection.name, params)


def reconcile(hub: Hub, tenant: int, connection: Connection) -> int:
    """Read the last days again and the orders that are still open: what no cursor brought is counted and taken in."""
    connector = hub.connector(connection)
    if not isinstance(connector, PullsOrders) or connection.switch(Flow.ORDERS_IN) is Switch.OFF:
        return 0
    with hub.store.view(tenant) as view:
        asked_at = view.now
    found = 0
    for page in connector.reread_orders(max(connection.cut_over_at, asked_at - REREAD), asked_at):
        found += _compare(hub, tenant, connection, connector, page.documents, asked_at)
    return found


def _compare(
    hub: Hub,
    tenant: int,
    connection: Connection,
    connector: Connector[Any],
    documents: Iterable[RawDocument],
    asked_at: datetime,
) -> int:
    with hub.store.work(tenant, f"connection:{connection.name}") as work:
        found = take_documents(work, connection, connector, list(documents), "reconcile", asked_at)
    hub.poke(tenant, work.wakes)
    return found


def track(hub: Hub, tenant: int, connection: Connection) -> int:
    """Ask a carrier about parcels under way; answers how many documents were new. Raises Failure."""
    connector = hub.connector(connection)
    if not isinstance(connector, TracksShipments):
        return 0
    with hub.store.view(tenant) as view:
        due = shipping.moving(view, connection.id, FETCHES, view.now - connector.limits.poll_every)
        asked_at = view.now
    if not due:
        return 0
    with connector.http.together():
        documents = connector.fetch_tracking([tracker for _, tracker in due])
    with hub.store.work(tenant, f"connection:{connection.name}") as work:
        stored = take_documents(work, connection, connector, documents, "track", asked_at)
        shipping.asked(work, [parcel for parcel, _ in due])
        if stored:
            silence.heard(work, connection.id)
    hub.poke(tenant, work.wakes)
    return stored
