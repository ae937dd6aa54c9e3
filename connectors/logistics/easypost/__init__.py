"""EasyPost: rates, labels, refunds and tracking of many carriers through one API (REST, v2)."""

from collections.abc import Iterable

from hub.sdk.connector import AnyConnector
from hub.sdk.plugin import hookimpl


@hookimpl
def crossdock_connectors() -> Iterable[type[AnyConnector]]:
    from connectors.logistics.easypost.connector import Easypost

    return [Easypost]
