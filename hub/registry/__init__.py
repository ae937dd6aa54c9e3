"""Which connectors there are: built in and from strangers, sound or broken."""

from hub.registry.connectors import Registry
from hub.registry.discovery import Broken
from hub.registry.settings import build, checked, refusals, secret_settings

__all__ = ["Broken", "Registry", "build", "checked", "refusals", "secret_settings"]
