"""Vendure as a shop of the hub: settings, limits and capabilities."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Annotated, ClassVar, Self

from pydantic import Field, SecretStr, model_validator

from connectors.shop.vendure import pushing, queries, stock, translate
from connectors.shop.vendure.client import Client, Credentials, child, listed
from connectors.shop.vendure.pulling import Reader
from hub.core.failures import Rejected
from hub.core.fields import refusal
from hub.core.json import JSON, dumps, loads
from hub.core.orders import Order
from hub.core.shipping import CancelPush, CancelPushed, StatusPush, StatusPushed
from hub.core.totals import SumRule
from hub.sdk.capabilities import (
    Cursor,
    ListedItem,
    ListsItems,
    Page,
    PullsOrders,
    PushesCancels,
    PushesStatus,
    PushesStock,
    Raw,
    RawDocument,
    ReadsBackStock,
    StockPush,
    StockSeen,
    Wanted,
)
from hub.sdk.connector import Connector, ConnectorConfig, Kind, Limits, Manifest, StockKind
from hub.sdk.guarantees import Findable, Guarantee
from hub.sdk.writes import one_by_one

SETTLES = timedelta(minutes=2)
"""A mutation is one transaction; this is how long one may run on after its caller has given up."""


class VendureConfig(ConnectorConfig):
    """`base_url` is the address of the Admin API, as in https://shop.example/admin-api.

    Either a user with password or an API key. `channel_token` chooses one of the shop's channels,
    `stock_location` (id or name) the location that shows the hub's stock where there are several.
    `list_limit` is the shop's `adminListQueryLimit`; orders in one of the `settled_states` are no longer
    watched for changes.
    """

    username: str | None = None
    password: SecretStr | None = None
    api_key: SecretStr | None = None
    channel_token: str | None = None
    stock_location: str | None = None
    list_limit: Annotated[int, Field(ge=100, le=10_000)] = 1000
    settled_states: tuple[str, ...] = ("Shipped", "Delivered", "Cancelled")

    @model_validator(mode="after")
    def _can_sign_in(self) -> Self:
        if self.api_key is None and (self.username is None or self.password is None):
            missing = "username" if self.username is None else "password"
            raise refusal("field.missing", field=missing)
        return self


class Vendure(
    Connector[VendureConfig],
    PullsOrders,
    PushesStock,
    ReadsBackStock,
    ListsItems,
    PushesStatus,
    PushesCancels,
):
    """A Vendure shop, one sales channel of it per connection."""

    manifest = Manifest(
        id="vendure",
        kind=Kind.SHOP,
        title="Vendure",
        api="Admin API 3.x",
        simulator="connectors.shop.vendure.sim:VendureSim",
        demo=True,
    )
    config_model = VendureConfig
    limits = Limits(
        calls_per_second=Decimal(10),
        burst=20,
        calls_at_once=4,
        sum_rule=SumRule.TAX_INCLUDED,
        stock=StockKind.PHYSICAL,
        stock_batch=stock.PAGE,
        negative_stock=True,
    )
    dispatch_once: ClassVar[Guarantee] = Findable(by="trackingCode", settles=SETTLES)
    cancel_once: ClassVar[Guarantee] = Findable(by="reason in the order's history", settles=SETTLES)

    def check(self) -> None:
        """Reads the active sales channel and counts its orders."""
        self.client.ask(queries.CHECK)

    def pull_orders(self, cursor: Cursor | None, now: datetime) -> Iterator[Page]:
        return self.reader.pull(cursor, now)

    def reread_orders(self, placed_since: datetime, now: datetime) -> Iterator[Page]:
        return self.reader.reread(placed_since, now)

    def fetch_orders(self, external_ids: Sequence[str]) -> Sequence[RawDocument]:
        return self.reader.fetch(external_ids)

    def find_order(self, number: str) -> RawDocument | None:
        return self.reader.find(number)

    def to_order(self, raw: RawDocument) -> Order:
        return translate.to_order(raw.body, self.tables)

    def push_stock(self, levels: Sequence[StockPush]) -> Sequence[stock.Answered]:
        return stock.push(self.client, levels, self.location)

    def read_stock(self, external_ids: Sequence[str]) -> Sequence[StockSeen]:
        return list(stock.read(self.client, external_ids, self.location))

    def list_items(self) -> Iterator[ListedItem]:
        return stock.items(self.client)

    @one_by_one
    def send_dispatch(self, wanted: Wanted[StatusPush]) -> Raw:
        """Looks first, then adds the fulfilment and brings it to its state: each half may be repeated."""
        request = wanted.request
        state = pushing.target(request)
        found = self._fulfilment(request)
        if found is None and state != "Cancelled":
            found = self._add_fulfilment(request)
        for step in pushing.steps(found, state) if found else ():
            told = {"id": child(found, "id"), "state": step}
            found = self.client.tell(queries.MOVE_FULFILMENT, told, "transitionFulfillmentToState")
        return Raw(dumps(found))

    def find_dispatch(self, wanted: Wanted[StatusPush]) -> Raw | None:
        """A fulfilment that is there but not yet in its state counts as absent: sending finishes it."""
        found = self._fulfilment(wanted.request)
        if found is None or pushing.steps(found, pushing.target(wanted.request)):
            return None
        return Raw(dumps(found))

    def read_dispatch(self, request: StatusPush, raw: Raw) -> StatusPushed:
        del request
        return pushing.dispatched(loads(raw.body))

    @one_by_one
    def send_cancel(self, wanted: Wanted[CancelPush]) -> Raw:
        found = self.find_cancel(wanted)
        if found is not None:
            return found
        asked = {"input": pushing.cancel(wanted.request, wanted.token)}
        return Raw(dumps(self.client.tell(queries.CANCEL, asked, "cancelOrder")))

    def find_cancel(self, wanted: Wanted[CancelPush]) -> Raw | None:
        order = self.client.ask(queries.CANCELLATIONS, {"id": wanted.request.external_id}).get("order")
        return Raw(dumps(order)) if pushing.is_cancelled(order, wanted.token) else None

    def read_cancel(self, request: CancelPush, raw: Raw) -> CancelPushed:
        del request
        return pushing.cancelled(loads(raw.body))

    @cached_property
    def client(self) -> Client:
        """The Admin API under this connection's settings."""
        settings = self.config
        return Client(
            self.http,
            Credentials(settings.username, settings.password, settings.api_key, settings.channel_token),
        )

    @cached_property
    def reader(self) -> Reader:
        """The order list."""
        return Reader(self.client, self.config.settled_states, self.config.list_limit)

    @cached_property
    def tables(self) -> translate.Tables:
        """The mapping of this connection."""
        return translate.tables(self.overlay)

    @cached_property
    def location(self) -> str:
        """The stock location of this connection. Raises Misconfigured where it is not one of the shop's."""
        return stock.location(self.client, self.config.stock_location)

    def _fulfilment(self, request: StatusPush) -> JSON:
        order = self.client.ask(queries.FULFILMENTS, {"id": request.external_id}).get("order")
        return pushing.told_of(listed(order, "fulfillments"), request)

    def _add_fulfilment(self, request: StatusPush) -> JSON:
        asked = {"input": pushing.fulfilment(request)}
        try:
            return self.client.tell(queries.ADD_FULFILMENT, asked, "addFulfillmentToOrder")
        except Rejected as refused:
            if refused.code != "channel.already_shipped":
                raise
            found = self._fulfilment(request)
            if found is None:
                raise
            return found
