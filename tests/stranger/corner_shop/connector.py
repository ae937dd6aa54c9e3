"""The corner shop's API: JSON over REST, pages by change number, order webhooks in the form of Standard Webhooks.

Most webhooks only hint at an order. Where the shop is told to, it sends `order.snapshot`: the whole order with its
change number, complete and ordered.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from pydantic import SecretStr

from hub.core import json
from hub.core.document import Native
from hub.core.failures import BadInput, Failure, Rejected, Untranslatable
from hub.core.json import JSON
from hub.core.orders import Order
from hub.core.shipping import StatusPush, StatusPushed
from hub.core.times import At, in_zone
from hub.core.totals import SumRule
from hub.sdk.capabilities import (
    Cursor,
    Delivery,
    DocumentKind,
    Page,
    Pending,
    PullsOrders,
    PushesStatus,
    PushesStock,
    Raw,
    RawDocument,
    ReceivesWebhooks,
    StockPush,
    StockSeen,
    Wanted,
    WebhookRequest,
)
from hub.sdk.connector import Connector, ConnectorConfig, Kind, Limits, Manifest, StockKind
from hub.sdk.guarantees import Keyed
from hub.sdk.http import Http
from hub.sdk.rows import RawRow, split
from hub.sdk.webhooks import content_id, verify_standard
from hub.sdk.writes import one_by_one

PAGE = 50


class CornerShopConfig(ConnectorConfig):
    """A token for the API and the secret of the webhooks; `zone` is where the shop's clock hangs."""

    token: SecretStr
    webhook_secret: SecretStr
    zone: str | None = None


class CornerShop(Connector[CornerShopConfig], PullsOrders, ReceivesWebhooks, PushesStock, PushesStatus):
    """Orders by change number, webhooks that only hint, shipments under an idempotency key."""

    manifest = Manifest(
        id="corner_shop",
        kind=Kind.SHOP,
        title="Corner shop",
        api="1",
        simulator="corner_shop.sim:CornerShopSim",
        mappings="corner_shop",
    )
    config_model = CornerShopConfig
    limits = Limits(calls_per_second=Decimal(50), burst=100, sum_rule=SumRule.TAX_INCLUDED, stock=StockKind.AVAILABLE)
    volatile = frozenset({"seen_at", "change"})
    dispatch_once = Keyed(window=timedelta(days=30))

    @property
    def _api(self) -> Http:
        return self.http.with_headers({"authorization": f"Bearer {self.config.token.get_secret_value()}"})

    def check(self) -> None:
        self._api.read("GET", "/shop")

    def pull_orders(self, cursor: Cursor | None, now: datetime) -> Iterator[Page]:
        since = cursor or "0"
        while True:
            answer = self._api.read("GET", "/orders", params={"since": since, "limit": str(PAGE)})
            page = split(answer.body, "orders")
            around = cast("dict[str, Any]", page.around)
            since = str(around["next"])
            yield Page([_raw(row) for row in page.rows], Cursor(since), complete=not around["more"])
            if not around["more"]:
                return

    def reread_orders(self, placed_since: datetime, now: datetime) -> Iterator[Page]:
        answer = self._api.read("GET", "/orders", params={"placed_since": placed_since.isoformat()})
        yield Page([_raw(row) for row in split(answer.body, "orders").rows], Cursor(""), complete=True)

    def fetch_orders(self, external_ids: Sequence[str]) -> Sequence[RawDocument]:
        return [found for each in external_ids if (found := self._one(each)) is not None]

    def find_order(self, number: str) -> RawDocument | None:
        return self._one(number)

    def _one(self, number: str) -> RawDocument | None:
        try:
            return _raw(RawRow(self._api.read("GET", ("orders", number)).body))
        except Rejected:
            return None

    def to_order(self, raw: RawDocument) -> Order:
        found = json.loads(raw.body)
        try:
            return Order.accept(_order(found, self.config.zone))
        except KeyError as error:
            raise BadInput("field.missing", field=str(error.args[0])) from None
        except (TypeError, AttributeError) as error:
            raise Untranslatable("document.untranslatable", field=str(error)) from None

    def read_webhook(self, request: WebhookRequest) -> Delivery:
        secret = self.config.webhook_secret.get_secret_value()
        delivery = verify_standard(request, [secret], self.http.clock.now())
        event = RawRow(request.body)
        topic = event.peek("type")
        if topic is None:
            unread = event.external_id("id")
            return Delivery(
                delivery or content_id(request.body), "unreadable", DocumentKind.ORDER, unread, complete=True
            )
        if topic != "order.snapshot":
            return Delivery(delivery, topic, DocumentKind.ORDER, event.external_id("order"))
        return Delivery(
            delivery, topic, DocumentKind.ORDER, event.external_id("id"), complete=True, version=_change(event)
        )

    def push_stock(self, levels: Sequence[StockPush]) -> Sequence[StockSeen | Failure]:
        wanted: dict[str, JSON] = {level.external_id: str(level.quantity) for level in levels}
        answer = cast("dict[str, str]", self._api.write("PUT", "/stock", json=wanted).json())
        return [
            StockSeen(level.external_id, Decimal(answer[level.external_id]))
            if level.external_id in answer
            else Rejected("stock.unknown_listing", detail=level.external_id)
            for level in levels
        ]

    @one_by_one
    def send_dispatch(self, wanted: Wanted[StatusPush]) -> Raw:
        request = wanted.request
        body: dict[str, Any] = {
            "state": request.state.value,
            "tracking": [package.tracking_number for package in request.packages],
            "carrier": request.packages[0].carrier_hub if request.packages else None,
            "lines": {line.line_id: str(line.quantity) for line in request.lines},
            "shipment": request.shipment,
        }
        path = ("orders", request.external_id, "shipments")
        answer = self._api.write("POST", path, json=body, headers={"idempotency-key": wanted.token})
        answer.json()  # one that cannot be read is in doubt, and sent again under its key
        return Raw(answer.body)

    def find_dispatch(self, wanted: Wanted[StatusPush]) -> Raw | None:
        return None

    def read_dispatch(self, request: StatusPush, raw: Raw) -> StatusPushed | Pending:
        found = cast("dict[str, Any]", json.loads(raw.body))
        return StatusPushed(shipments=(Native(id=str(found["id"])),), state=found["state"])


def _raw(row: RawRow) -> RawDocument:
    return RawDocument(DocumentKind.ORDER, row.external_id("id"), row.body, _change(row))


def _change(row: RawRow) -> str:
    """Change numbers as texts that sort."""
    return (row.peek("change") or "").rjust(12, "0")


def _when(raw: str, zone: str | None) -> At:
    try:
        return At.read(raw) if zone is None else in_zone(raw, zone)
    except BadInput as bad:
        raise BadInput(bad.code, field="placed_at", value=bad.value) from None


def _order(found: Any, zone: str | None) -> dict[str, object]:
    currency = found["currency"]

    def money(amount: str) -> str:
        return amount if " " in amount else f"{amount} {currency}"

    return {
        "external_id": found["id"],
        "number": found["number"],
        "placed_at": _when(found["placed_at"], zone),
        "state": "cancelled" if found["cancelled"] else "open",
        "payment_state": found["payment"],
        "is_test": found.get("test", False),
        "currency": currency,
        "prices_include_tax": True,
        "totals": {"grand_total": money(found["total"])},
        "lines": tuple(
            {
                "id": line["id"],
                "listing": line["listing"],
                "sku": line["sku"],
                "title": line["title"],
                "quantity": line["quantity"],
                "unit_price": line["price"],
                "line_total": money(line["total"]),
                "tax_lines": ({"rate": line["tax_rate"], "amount": money(line["tax"]), "included_in_price": True},),
            }
            for line in found["lines"]
        ),
        "shipping_lines": ({"title": "Post", "price": money(found["shipping"])},) if found["shipping"] != "0" else (),
        "people": {
            "customer": {"name": found["buyer"]["name"], "email": found["buyer"]["email"]},
            "shipping_address": found["ship_to"],
        },
    }
