"""The channel of the bench: orders as plain JSON, shipments reported to a remote that answers at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx

from hub.core import json
from hub.core.document import Native
from hub.core.failures import Untranslatable
from hub.core.orders import Order
from hub.core.shipping import StatusPush, StatusPushed
from hub.sdk.capabilities import Cursor, Page, Pending, PullsOrders, PushesStatus, Raw, RawDocument, Wanted
from hub.sdk.connector import AnyConnector, Connector, ConnectorConfig, Kind, Limits, Manifest
from hub.sdk.guarantees import Keyed
from hub.sdk.plugin import hookimpl
from hub.sdk.writes import one_by_one

ORIGIN = "https://bench.test"


class BenchChannel(Connector[ConnectorConfig], PullsOrders, PushesStatus):
    """A shop without limits: what is measured is the hub."""

    manifest = Manifest(id="bench", kind=Kind.SHOP, title="Bench", api="1")
    config_model = ConnectorConfig
    limits = Limits(calls_per_second=Decimal(1_000_000), burst=1_000_000, calls_at_once=4)
    dispatch_once = Keyed(window=timedelta(days=30))

    def check(self) -> None:
        """Nothing to prove."""

    def pull_orders(self, cursor: Cursor | None, now: datetime) -> Iterator[Page]:
        """The bench brings its orders itself."""
        yield Page((), cursor or Cursor(""), complete=True)

    def reread_orders(self, placed_since: datetime, now: datetime) -> Iterator[Page]:
        yield Page((), Cursor(""), complete=True)

    def fetch_orders(self, external_ids: Sequence[str]) -> Sequence[RawDocument]:
        return ()

    def find_order(self, number: str) -> RawDocument | None:
        return None

    def to_order(self, raw: RawDocument) -> Order:
        found: Any = json.loads(raw.body)
        try:
            return Order.accept(_order(found))
        except (KeyError, TypeError) as error:
            raise Untranslatable("field.missing", field=str(error)) from None

    @one_by_one
    def send_dispatch(self, wanted: Wanted[StatusPush]) -> Raw:
        request = wanted.request
        body: json.JSON = {"order": request.external_id, "state": request.state.value, "shipment": request.shipment}
        return Raw(self.http.write("POST", "/shipments", json=body, headers={"idempotency-key": wanted.token}).body)

    def find_dispatch(self, wanted: Wanted[StatusPush]) -> Raw | None:
        return None

    def read_dispatch(self, request: StatusPush, raw: Raw) -> StatusPushed | Pending:
        found: Any = json.loads(raw.body)
        return StatusPushed(shipments=(Native(id=found["id"]),), state=request.state)


def instant(request: httpx.Request) -> httpx.Response:
    """The remote: takes everything, at once."""
    return httpx.Response(201, json={"id": request.headers["idempotency-key"]})


def _order(found: Mapping[str, Any]) -> dict[str, object]:
    currency = found["currency"]
    return {
        "external_id": found["id"],
        "number": found["number"],
        "placed_at": found["placed_at"],
        "payment_state": found["payment"],
        "currency": currency,
        "prices_include_tax": True,
        "totals": {"grand_total": f"{found['total']} {currency}"},
        "lines": tuple(_line(line, currency) for line in found["lines"]),
        "people": {"customer": found["buyer"], "shipping_address": found["ship_to"]},
    }


def _line(line: Mapping[str, Any], currency: str) -> dict[str, object]:
    tax = {"rate": line["tax_rate"], "amount": f"{line['tax']} {currency}", "included_in_price": True}
    return {
        "id": line["id"],
        "listing": line["listing"],
        "sku": line["sku"],
        "title": line["title"],
        "quantity": line["quantity"],
        "unit_price": line["price"],
        "line_total": f"{line['total']} {currency}",
        "tax_lines": (tax,),
    }


class _Plugin:
    """Offers the channel to the registry of the bench, and to no other."""

    @hookimpl
    def crossdock_connectors(self) -> list[type[AnyConnector]]:
        return [BenchChannel]


def plugin() -> object:
    """As a stranger's distribution would be loaded."""
    return _Plugin()
