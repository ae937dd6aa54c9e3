"""A running hub: one database, the connectors of its connections, and the crank to poke."""

import gc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol

import httpx

from hub.core import json
from hub.core.clock import Clock
from hub.core.json import JSON
from hub.registry import Registry, build
from hub.sdk.connector import Connector
from hub.sdk.http import Observer
from hub.store.connections import Connection
from hub.store.engine import Store

Wake = tuple[str, str]
"""What became due: a traveller and its state, or `deliver`, `feeds`, `fetch` and a connection, or `chore`."""

SWEEP = (100_000, 20, 50)
"""How seldom Python looks for cycles in a process that runs a hub: a batch makes values by the ten thousand and
no cycles, and looking for them at the usual pace takes a fifth of its time."""

Transport = Callable[[str, str], httpx.BaseTransport | None]
"""A replacement of the network for (connector, base URL): a simulator."""


class Crank(Protocol):
    """Whoever turns the steps. A poke is a hint: it may be lost or doubled without harm."""

    def poke(self, tenant: int, wakes: Iterable[Wake]) -> None: ...


class Idle:
    """A crank that looks for due rows by itself."""

    def poke(self, tenant: int, wakes: Iterable[Wake]) -> None:
        """Nothing to do."""


@dataclass
class Hub:
    """What every part of the pipeline is given.

    `transport` replaces the network of a connection; without `threads` calls are made one after the other.
    """

    store: Store
    registry: Registry
    clock: Clock
    transport: Transport = field(default=lambda _connector, _url: None)
    observer: Observer | None = None
    allow_private: bool = False
    crank: Crank = field(default_factory=Idle)
    threads: bool = True
    _bound: dict[int, tuple[bytes, Connector[Any]]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        gc.set_threshold(*SWEEP)

    def poke(self, tenant: int, wakes: Iterable[Wake]) -> None:
        """Tell the crank, after the commit, what became due."""
        if wakes := set(wakes):
            self.crank.poke(tenant, wakes)

    def connector(self, connection: Connection) -> Connector[Any]:
        """The connector of a connection, made anew when its settings changed. Raises Misconfigured, BadInput."""
        with self._lock:
            known = self._bound.get(connection.id)
            if known is not None and known[0] == connection.sealed:
                return known[1]
            made = self.built(connection.connector, self.settings(connection))
            self._bound[connection.id] = (connection.sealed, made)
            return made

    def close(self) -> None:
        """Let go of what connectors hold open."""
        with self._lock:
            for _, connector in self._bound.values():
                connector.http.close()
            self._bound.clear()

    def settings(self, connection: Connection) -> Mapping[str, JSON]:
        """The settings of a connection, secrets and all."""
        found = json.loads(self.store.keyring.open_secret(connection.sealed, about=connection.uid))
        return found if isinstance(found, dict) else {}

    def built(self, connector: str, settings: Mapping[str, JSON]) -> Connector[Any]:
        """A connector with these settings. Raises BadInput by name of the setting."""
        return build(
            self.registry.get(connector),
            settings,
            clock=self.clock,
            transport=self.transport(connector, str(settings.get("base_url", ""))),
            observer=self.observer,
            allow_private=self.allow_private,
        )
