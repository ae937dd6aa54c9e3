"""The floor: what the hub writes about an order until it is routed, in the leanest way somebody could write it.

No steps, no states in between, no rules: a batch is read, decoded, given its stock in one pass and written in
its final form. Rows, columns, seals and constraints are those of the hub, and so is the tables' content.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import orjson

from hub.core.clock import Chance
from hub.core.ids import uuid7_of
from hub.sdk.capabilities import RawDocument
from hub.store.keyring import Keyring, new_data_key, seal, unseal

BATCH = 500
TENANT = 1
MICRO = 1_000_000
WHY = '{"chosen":{"code":"route.one_parcel","params":{"parcels":1}},"flip":null,"rejected":[]}'
ACTOR = "bench"

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "data_keys": ("tenant_id", "id", "wrapped", "made_at"),
    "blobs": ("tenant_id", "id", "key_id", "digest", "media", "size", "body", "made_at"),
    "inbox": (
        "tenant_id", "id", "connection_id", "lane", "kind", "topic", "delivery_id", "external_id", "digest",
        "blob_id", "key_id", "state", "due_at", "asked_at", "received_at",
    ),
    "parties": ("tenant_id", "id", "key_id", "sealed", "email_index", "phone_index", "made_at"),
    "orders": (
        "tenant_id", "id", "uid", "connection_id", "company_id", "external_id", "number", "state", "lane", "priority",
        "open_holds", "seq", "version", "placed_at", "received_at", "currency", "total", "country", "is_test",
        "is_ours", "ship_complete", "schema", "document", "digest", "asked_at", "key_id", "party_id",
    ),
    "order_lines": (
        "tenant_id", "id", "order_id", "line_no", "external_id", "sku", "listing_id", "item_id", "factor",
        "carries_stock", "total", "ordered", "to_cancel", "cancelled", "reserved", "planned", "handed_over", "returned",
    ),
    "fulfilments": (
        "tenant_id", "id", "uid", "company_id", "location_id", "connection_id", "party_id", "key_id", "carrier_id",
        "state", "lane", "due_at", "seq", "generation", "why", "made_at",
    ),
    "fulfilment_lines": ("tenant_id", "id", "fulfilment_id", "order_line_id", "quantity"),
    "reservations": (
        "tenant_id", "id", "order_line_id", "position_id", "quantity", "state", "fulfilment_line_id", "made_at",
    ),
    "events": ("tenant_id", "id", "subject", "subject_id", "seq", "name", "actor", "params", "inbox_id", "at"),
}  # fmt: skip
"""Every table that is written, in the order of their references."""

EVENTS = (
    ("order.received", '{"number":"%s"}'),
    ("order.accepted", "{}"),
    ("order.reserved", "{}"),
    ("order.routed", '{"left":false,"parcels":1}'),
)


class Arrived(NamedTuple):
    """An inbox row with its sealed body; times as the driver gives them."""

    id: int
    external_id: str
    digest: str
    lane: int
    asked_at: Any
    received_at: Any
    key_id: int
    blob_id: int
    body: bytes
    wrapped: bytes


class Listed(NamedTuple):
    """What a listing of the channel is for us."""

    listing_id: int
    item_id: int


class Shelf(NamedTuple):
    """A position and what is free there."""

    id: int
    item_id: int
    location_id: int
    free: int


class Channel(NamedTuple):
    """The measured channel and its company."""

    connection_id: int
    company_id: int


Rows = dict[str, list[tuple[Any, ...]]]


class Floor(Protocol):
    """A floor on one database."""

    def arrive(self, documents: Sequence[RawDocument]) -> None:
        """Store documents in the inbox, a page per transaction."""

    def batch(self) -> int:
        """Bring what is in the inbox to its end, at most 500 orders; how many there were."""

    def close(self) -> None: ...


class Writing:
    """The rows of one transaction, by table."""

    def __init__(self, keyring: Keyring, chance: Chance, channel: Channel, now: datetime, stamp: object) -> None:
        self.keyring = keyring
        self.chance = chance
        self.channel = channel
        self.milliseconds = int(now.timestamp() * 1000)
        self.stamp = stamp
        self.rows: Rows = defaultdict(list)
        self.settled: list[tuple[int, int]] = []
        self.promised: dict[int, int] = defaultdict(int)

    def store(self, documents: Sequence[RawDocument], ids: Mapping[str, Iterator[int]]) -> None:
        """Keys, sealed bodies and inbox rows."""
        for document in documents:
            key_id, blob_id, key = next(ids["data_keys"]), next(ids["blobs"]), new_data_key()
            digest = self.keyring.digest(document.body)
            self._add("data_keys", key_id, self.keyring.wrap(key, about=_about("key", key_id)), self.stamp)
            body = seal(key, document.body, about=_about("blob", blob_id))
            self._add("blobs", blob_id, key_id, digest, "application/json", len(document.body), body, self.stamp)
            self._add(
                "inbox", next(ids["inbox"]), self.channel.connection_id, 0, "order", "pull", self._uid(),
                document.external_id, digest, blob_id, key_id, "new", self.stamp, self.stamp, self.stamp,
            )  # fmt: skip

    def take_in(
        self,
        arrived: Sequence[Arrived],
        listed: Mapping[str, Listed],
        shelves: Sequence[Shelf],
        ids: Mapping[str, Iterator[int]],
    ) -> None:
        """Orders with all that follows from them until they are routed."""
        at = {shelf.item_id: shelf for shelf in shelves}
        for row in arrived:
            key = self.keyring.unwrap(row.wrapped, about=_about("key", row.key_id))
            told = orjson.loads(unseal(key, row.body, about=_about("blob", row.blob_id)))
            party = self._party(row, key, told, next(ids["parties"]))
            order = self._order(row, told, next(ids["orders"]), party)
            self._lines(row, order, party, told["lines"], listed, at, ids)
            self._events(row, order, told["number"], ids["events"])
            self.settled.append((order, row.id))

    def _party(self, row: Arrived, key: bytes, told: Any, number: int) -> int:  # noqa: ANN401  decoded JSON
        buyer = told["buyer"]
        people = orjson.dumps({"customer": buyer, "shipping_address": told["ship_to"]})
        sealed = seal(key, b"1\n" + people, about=_about("party", number))
        email = self.keyring.blind(f"{TENANT}/{buyer['email']}")
        phone = self.keyring.blind(f"{TENANT}/{''.join(filter(str.isdecimal, buyer['phone']))[-7:]}")
        self._add("parties", number, row.key_id, sealed, email, phone, self.stamp)
        return number

    def _order(self, row: Arrived, told: Any, number: int, party: int) -> int:  # noqa: ANN401  as above
        total = int(told["total"].replace(".", ""))
        people = ("buyer", "ship_to")
        document = orjson.dumps({name: value for name, value in told.items() if name not in people}).decode()
        self._add(
            "orders", number, self._uid(), self.channel.connection_id, self.channel.company_id, row.external_id,
            told["number"], "routed", row.lane, 0, 0, len(EVENTS), 1, row.asked_at, row.received_at, told["currency"],
            total, told["ship_to"]["country"], False, True, False, 1, document, row.digest, row.asked_at, row.key_id,
            party,
        )  # fmt: skip
        return number

    def _lines(
        self,
        row: Arrived,
        order: int,
        party: int,
        lines: Sequence[Mapping[str, str]],
        listed: Mapping[str, Listed],
        at: dict[int, Shelf],
        ids: Mapping[str, Iterator[int]],
    ) -> None:
        """First come, first served; all articles of an order are at one place here, or the floor refuses."""
        channel, fulfilment = self.channel, next(ids["fulfilments"])
        places = defaultdict(list)
        for no, line in enumerate(lines, start=1):
            known, number, quantity = listed[line["listing"]], next(ids["order_lines"]), int(line["quantity"]) * MICRO
            shelf = at[known.item_id]
            if shelf.free < quantity:
                raise LookupError(f"the floor has run out of {line['sku']}")
            at[known.item_id] = shelf._replace(free=shelf.free - quantity)
            self.promised[shelf.id] += quantity
            self._add(
                "order_lines", number, order, no, line["id"], line["sku"], known.listing_id, known.item_id, MICRO, True,
                int(line["total"].replace(".", "")), quantity, 0, 0, 0, quantity, 0, 0,
            )  # fmt: skip
            leaving = next(ids["fulfilment_lines"])
            places[shelf.location_id].append((leaving, number, quantity))
            self._add(
                "reservations", next(ids["reservations"]), number, shelf.id, quantity, "open", leaving, self.stamp
            )
        for location, leaves in places.items():
            self._add(
                "fulfilments", fulfilment, self._uid(), channel.company_id, location, channel.connection_id, party,
                row.key_id, channel.connection_id, "planned", row.lane, self.stamp, 0, 1, WHY, self.stamp,
            )  # fmt: skip
            for leaving, number, quantity in leaves:
                self._add("fulfilment_lines", leaving, fulfilment, number, quantity)

    def _events(self, row: Arrived, order: int, number: str, ids: Iterator[int]) -> None:
        for seq, (name, params) in enumerate(EVENTS, start=1):
            said = params % number if seq == 1 else params
            inbox = row.id if seq == 1 else None
            self._add("events", next(ids), "order", order, seq, name, ACTOR, said, inbox, self.stamp)

    def _add(self, table: str, *values: object) -> None:
        self.rows[table].append((TENANT, *values))

    def _uid(self) -> str:
        found: UUID = uuid7_of(self.milliseconds, self.chance.getrandbits(74))
        return str(found)


def numbers_needed(orders: int, lines: int) -> dict[str, int]:
    """How many new rows each table gets for so many orders of so many lines."""
    per_line = ("order_lines", "fulfilment_lines", "reservations")
    counts = dict.fromkeys(("parties", "orders", "fulfilments"), orders) | dict.fromkeys(per_line, orders * lines)
    return {**counts, "events": orders * len(EVENTS)}


def _about(kind: str, number: int) -> str:
    return f"{TENANT}/{kind}/{number}"
