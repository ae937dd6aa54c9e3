"""Tryton, an accounting system: invoices and credit notes posted once, to the cent."""

from collections.abc import Iterable

from hub.sdk.connector import AnyConnector
from hub.sdk.plugin import hookimpl


@hookimpl
def crossdock_connectors() -> Iterable[type[AnyConnector]]:
    from connectors.finance.tryton.connector import Tryton

    return [Tryton]
