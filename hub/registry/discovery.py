"""Finds connectors: the built-ins and those of strangers, all through the one hook, each for itself."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path

import pluggy

from hub.core.failures import Refused
from hub.registry.soundness import flaw_of
from hub.sdk import plugin
from hub.sdk.connector import AnyConnector, Kind

OURS = ("connectors", "mappings")
HOUSE = Path(__file__).resolve().parents[2]
LONGEST_DETAIL = 200


@dataclass(frozen=True, slots=True)
class Broken:
    """A plug-in that cannot be used: its name, a code that says why, and the words of the error."""

    name: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What one plug-in offers."""

    name: str
    connectors: tuple[type[AnyConnector], ...]


def refuse_foreign_packages() -> None:
    """Both packages must be those that came with the hub. Raises Refused."""
    for package in OURS:
        spec = importlib.util.find_spec(package)
        places = list(spec.submodule_search_locations or ()) if spec else []
        if [Path(place).resolve() for place in places] != [HOUSE / package]:
            where = str(places[0]) if places else ""
            raise Refused("registry.foreign_package", package=package, path=where, expected=str(HOUSE / package))


def plugins() -> Iterator[tuple[str, Callable[[], object]]]:
    """The name of each plug-in and how it is loaded; nothing is imported yet but empty packages."""
    for kind in Kind:
        area = f"connectors.{kind}"
        for module in pkgutil.iter_modules(importlib.import_module(area).__path__):
            name = f"{area}.{module.name}"
            yield name, partial(importlib.import_module, name)
    for entry in sorted(entry_points(group=plugin.ENTRY_POINTS), key=lambda entry: entry.name):
        yield entry.name, entry.load


def offered(name: str, load: Callable[[], object]) -> Found | Broken:
    """The connectors of one plug-in; whatever it does wrong stays its own misfortune."""
    hub = pluggy.PluginManager(plugin.PROJECT)
    hub.add_hookspecs(plugin)
    try:
        hub.register(load(), name=name)
        lists = hub.hook.crossdock_connectors()
        found = tuple(connector for offers in lists for connector in offers)
        flaws = [flaw for connector in found if (flaw := flaw_of(connector))]
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's code may raise whatever it likes
        return Broken(name, "registry.plugin_failed", _in_one_line(error))
    if flaws:
        return Broken(name, flaws[0].code, flaws[0].detail)
    return Found(name, found) if found else Broken(name, "registry.offers_nothing")


def _in_one_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST_DETAIL]
