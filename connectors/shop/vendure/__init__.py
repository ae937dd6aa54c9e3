"""Vendure: an open-source shop, read and told over its Admin API."""

from collections.abc import Iterable

from hub.sdk.connector import AnyConnector
from hub.sdk.plugin import hookimpl


@hookimpl
def crossdock_connectors() -> Iterable[type[AnyConnector]]:
    from connectors.shop.vendure.connector import Vendure

    return [Vendure]
