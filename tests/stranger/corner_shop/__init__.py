"""The corner shop: a stranger's connector with signed webhooks, in a distribution of its own."""

from hub.sdk.connector import AnyConnector
from hub.sdk.plugin import hookimpl


@hookimpl
def crossdock_connectors() -> list[type[AnyConnector]]:
    from corner_shop.connector import CornerShop

    return [CornerShop]
