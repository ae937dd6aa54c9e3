"""Inbox rows become orders, changes of orders, scans of parcels, or wait with a reason."""

from collections.abc import Iterable, Mapping, Sequence

from hub.core import json
from hub.core.failures import BadInput, HubError, Misconfigured, Untranslatable
from hub.pipeline import changes, tracking
from hub.pipeline.hub import Hub
from hub.pipeline.receive import Reading, plain_sku, receive
from hub.pipeline.steps import Moves
from hub.sdk.capabilities import DocumentKind, PullsOrders, RawDocument
from hub.store import inbox, orders
from hub.store.connections import Connection, connections
from hub.store.inbox import Entry, InboxState, Outcome
from hub.store.orders import Known
from hub.store.people import read_blobs
from hub.store.travellers import Head
from hub.store.work import Work


def take_in(hub: Hub, work: Work, heads: Sequence[Head]) -> Moves:
    """Translate and apply a batch; a row that cannot be read is parked alone, with the field at fault."""
    entries = inbox.entries(work, [head.id for head in heads])
    bodies = read_blobs(work, [entry.blob_id for entry in entries])
    known = connections(work, sorted({entry.connection_id for entry in entries}))
    outcomes: list[Outcome] = []
    for number, connection in known.items():
        mine = [entry for entry in entries if entry.connection_id == number]
        outcomes += _hints(work, connection, [entry for entry in mine if entry.digest is None])
        told = [entry for entry in mine if entry.digest is not None]
        scans = [entry for entry in told if entry.kind == DocumentKind.TRACKING]
        outcomes += tracking.take_scans(hub, work, connection, scans, bodies)
        outcomes += _orders(hub, work, connection, [e for e in told if e.kind == DocumentKind.ORDER], bodies)
    inbox.settle(work, outcomes)
    return ()


def _hints(work: Work, connection: Connection, entries: Sequence[Entry]) -> Iterable[Outcome]:
    for kind in sorted({entry.kind for entry in entries}):
        inbox.hint(work, connection.id, kind, [entry.external_id for entry in entries if entry.kind == kind])
    return [Outcome(entry.id, InboxState.APPLIED, inbox.FETCH_QUEUED) for entry in entries]


def _orders(
    hub: Hub, work: Work, connection: Connection, entries: Sequence[Entry], bodies: Mapping[int, bytes]
) -> Iterable[Outcome]:
    """One document per order and batch: a second one is still due and meets what the first one made."""
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(entry.external_id, entry)
    if not first:
        return []
    connector = hub.connector(connection)
    if not isinstance(connector, PullsOrders):
        params = {"connection": connection.name}
        return [Outcome(each.id, InboxState.PARKED, "inbox.not_a_shop", params) for each in first.values()]
    known = orders.known_orders(work, connection.id, sorted(first))
    outcomes: list[Outcome] = []
    fresh: list[Reading] = []
    for entry in first.values():
        order = known.get(entry.external_id)
        if order is not None and (code := superseded(entry, order)):
            outcomes.append(Outcome(entry.id, InboxState.DROPPED, code, {}, order.id))
            continue
        read = _read(connector, entry, bodies[entry.blob_id])
        if isinstance(read, Outcome):
            outcomes.append(read)
        elif order is None:
            fresh.append(read)
        else:
            rule = connector.limits.sum_rule
            outcomes.append(changes.apply(work, connection, order, read, rule))
    return [*outcomes, *receive(hub, work, connection, fresh)]


def superseded(entry: Entry, order: Known) -> str | None:
    """Why a document changes nothing: it was asked for earlier, is an older version, or says the same."""
    if entry.asked_at < order.asked_at:
        return "inbox.asked_earlier"
    if entry.version is not None and order.channel_version is not None and entry.version < order.channel_version:
        return "inbox.older_version"
    return "inbox.unchanged" if entry.digest == order.digest else None


def _read(connector: PullsOrders, entry: Entry, body: bytes) -> Reading | Outcome:
    raw = RawDocument(DocumentKind.ORDER, entry.external_id, body, entry.version)
    try:
        order = connector.to_order(raw)
        if order.external_id != entry.external_id:
            raise BadInput("order.other_id", field="external_id", value=order.external_id)
        for at, line in enumerate(order.lines):
            plain_sku(line, field=f"lines.{at}.sku")
        return Reading(entry, order)
    except (BadInput, Untranslatable, Misconfigured) as error:
        return parked(entry, error)


def parked(entry: Entry, error: HubError) -> Outcome:
    """The document is kept; a person sees field, value and remedy."""
    return Outcome(entry.id, InboxState.PARKED, error.code, error.params)


def digested(body: bytes, volatile: frozenset[str]) -> str:
    """The digest without keys that change by themselves; a body that is no JSON is digested as it is."""
    try:
        return json.digest(json.loads(body), drop=volatile)
    except BadInput:
        return json.digest(body.hex())
