"""Whether a class is a connector that the hub can use."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from hub.sdk.capabilities import READS, WRITES
from hub.sdk.connector import Connector, ConnectorConfig, Manifest

SDK = 1
_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")


class Flaw(NamedTuple):
    """Why a class cannot be used."""

    code: str
    detail: str


def flaw_of(offer: object) -> Flaw | None:
    """The first thing wrong with what a plug-in offers."""
    return next(_flaws(offer), None)


def _flaws(offer: object) -> Iterator[Flaw]:
    if not (isinstance(offer, type) and issubclass(offer, Connector)):
        yield Flaw("registry.no_connector", repr(offer))
        return
    manifest, config = getattr(offer, "manifest", None), getattr(offer, "config_model", None)
    if not isinstance(manifest, Manifest) or not _ID.fullmatch(manifest.id):
        yield Flaw("registry.no_manifest", offer.__qualname__)
    elif manifest.sdk != SDK:
        yield Flaw("registry.other_sdk", f"{manifest.id}: {manifest.sdk}")
    elif not (isinstance(config, type) and issubclass(config, ConnectorConfig)):
        yield Flaw("registry.no_settings", manifest.id)
    elif missing := ", ".join(sorted(_missing(offer))):
        yield Flaw("registry.incomplete", f"{manifest.id}: {missing}")


def _missing(connector: type) -> set[str]:
    """What a capability asks for and nobody wrote; an inherited protocol method would answer nothing."""
    protocols = [*READS.values(), *(write.protocol for write in WRITES.values())]
    return {
        name
        for protocol in protocols
        if protocol in connector.__mro__
        for name in _members(protocol)
        if getattr(connector, name, None) is getattr(protocol, name, None)
    }


def _members(protocol: type) -> set[str]:
    names = {*vars(protocol), *getattr(protocol, "__annotations__", {})}
    return {name for name in names if not name.startswith("_")}
