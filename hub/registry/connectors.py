"""The list of connectors by id."""

import difflib
import importlib
from collections.abc import Callable, Iterable
from typing import Self

from hub.core.failures import BadInput
from hub.core.json import JSON
from hub.core.text import masked
from hub.registry.discovery import Broken, Found, offered, plugins, refuse_foreign_packages
from hub.sdk.connector import AnyConnector
from hub.sdk.sim import Simulator


class Registry:
    """Every usable connector by its id, and what could not be used with the reason."""

    def __init__(self, offers: Iterable[Found | Broken]) -> None:
        self._connectors: dict[str, type[AnyConnector]] = {}
        self._broken: list[Broken] = []
        for offer in offers:
            if isinstance(offer, Broken):
                self._broken.append(offer)
            else:
                self._add(offer)

    @classmethod
    def load(cls, *, more: Iterable[tuple[str, Callable[[], object]]] = ()) -> Self:
        """Find all connectors of this installation; `more` are plug-ins by name and how to load them.

        Raises Refused if a package that is not ours stands in the place of the built-in connectors.
        """
        refuse_foreign_packages()
        return cls(offered(name, load) for name, load in (*plugins(), *more))

    @property
    def broken(self) -> tuple[Broken, ...]:
        """Plug-ins that are left aside."""
        return tuple(self._broken)

    def get(self, connector_id: str) -> type[AnyConnector]:
        """The connector of this id. Raises BadInput, with the nearest name that exists."""
        found = self._connectors.get(connector_id)
        if found is not None:
            return found
        near = ", ".join(difflib.get_close_matches(connector_id, self._connectors, n=3))
        raise BadInput("connector.unknown", field="connector", value=masked(connector_id), near=near)

    def all(self) -> tuple[type[AnyConnector], ...]:
        """All usable connectors in the order of their ids."""
        return tuple(self._connectors[name] for name in sorted(self._connectors))

    def simulator(self, connector_id: str) -> type[Simulator]:
        """The simulator that a connector brings along. Raises BadInput if it has none."""
        named = self.get(connector_id).manifest.simulator
        if named is None:
            raise BadInput("connector.no_simulator", field="connector", value=connector_id)
        module, _, name = named.partition(":")
        found: type[Simulator] = getattr(importlib.import_module(module), name)
        return found

    def listed(self) -> list[dict[str, JSON]]:
        """One row per connector for people and programs; `grade` stays empty until it was tested."""
        return [_row(connector) for connector in self.all()]

    def _add(self, offer: Found) -> None:
        for connector in offer.connectors:
            taken = self._connectors.setdefault(connector.manifest.id, connector)
            if taken is not connector:
                detail = f"{connector.manifest.id}: {taken.__module__}"
                self._broken.append(Broken(offer.name, "registry.id_taken", detail))


def _row(connector: type[AnyConnector]) -> dict[str, JSON]:
    manifest = connector.manifest
    return {
        "id": manifest.id,
        "kind": manifest.kind.value,
        "title": manifest.title,
        "api": manifest.api,
        "capabilities": list(connector.capabilities()),
        "grade": None,
        "simulator": manifest.simulator is not None,
        "demo": manifest.demo,
    }
