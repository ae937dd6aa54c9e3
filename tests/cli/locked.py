"""A shop behind a password, as a stranger's plug-in offers it."""

from typing import Any

from pydantic import SecretStr

from hub.sdk.connector import Connector, Kind, Manifest
from hub.sdk.plugin import hookimpl
from tests.paper import PaperSettings, PaperShop


class LockedSettings(PaperSettings):
    password: SecretStr


class LockedShop(PaperShop):
    manifest = Manifest(id="locked_shop", kind=Kind.SHOP, title="Locked shop", api="1")
    config_model = LockedSettings

    def check(self) -> None:
        """It opens to whom knows the word."""
        assert self.config.password.get_secret_value() == "open sesame"  # type: ignore[attr-defined]  # its settings


@hookimpl
def crossdock_connectors() -> list[type[Connector[Any]]]:
    return [LockedShop]
