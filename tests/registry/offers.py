"""Plug-ins as strangers write them: sound ones and all sorts of broken ones."""

import types
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import ClassVar

from pydantic import SecretStr

from hub.sdk.capabilities import PullsOrders, PushesStock, StockPush, StockSeen, VoidsShipments
from hub.sdk.connector import Connector, ConnectorConfig, Kind, Limits, Manifest
from hub.sdk.plugin import hookimpl


class AcmeSettings(ConnectorConfig):
    token: SecretStr
    shop: str = "main"
    pages: int = 10


class Acme(Connector[AcmeSettings], PushesStock):
    """A shop that shows stock."""

    manifest = Manifest(id="acme", kind=Kind.SHOP, title="Acme Storefront", api="2026-01")
    config_model = AcmeSettings
    limits: ClassVar[Limits] = Limits(calls_per_second=Decimal(2))

    def push_stock(self, levels: list[StockPush]) -> list[StockSeen]:  # type: ignore[override]  # lists will do here
        return [StockSeen(level.external_id, level.quantity) for level in levels]


def named(connector_id: str, *, sdk: int = 1) -> type[Acme]:
    """Acme under another id."""
    manifest = Manifest(id=connector_id, kind=Kind.SHOP, title="Other", api="1", sdk=sdk)
    return type(f"Acme_{connector_id}", (Acme,), {"manifest": manifest})


def no_settings() -> type[Acme]:
    return type("NoSettings", (Acme,), {"config_model": dict})


class NoManifest(Connector[AcmeSettings]):
    config_model = AcmeSettings


class Unwritten(Connector[AcmeSettings], PullsOrders, VoidsShipments):
    """Promises what it does not have."""

    manifest = Manifest(id="unwritten", kind=Kind.SHOP, title="Unwritten", api="1")
    config_model = AcmeSettings


def plugin(*offers: object) -> Callable[[], object]:
    """A module with the one hook."""

    @hookimpl
    def crossdock_connectors() -> Iterable[object]:
        return offers

    module = types.ModuleType("stranger")
    vars(module)["crossdock_connectors"] = crossdock_connectors
    return lambda: module


def raising(error: BaseException) -> Callable[[], object]:
    def load() -> object:
        raise error

    return load
