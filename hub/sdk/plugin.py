"""How a distribution offers connectors: one function under one mark.

    from hub.sdk.plugin import hookimpl

    @hookimpl
    def crossdock_connectors():
        from acme_crossdock.connector import Acme
        return [Acme]

A stranger names the module in the entry point group `crossdock.connectors`.
"""

from collections.abc import Iterable

import pluggy

from hub.sdk.connector import AnyConnector

PROJECT = "crossdock"
ENTRY_POINTS = "crossdock.connectors"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def crossdock_connectors() -> Iterable[type[AnyConnector]]:  # type: ignore[empty-body]  # pluggy reads the name only
    """The connectors of this distribution."""
