"""A connection's stored settings made into a connector that can call out."""

import difflib
from collections.abc import Iterator, Mapping
from typing import get_args

import httpx
from pydantic import SecretBytes, SecretStr, ValidationError

from hub.core.clock import Clock
from hub.core.document import bad_inputs
from hub.core.failures import BadInput
from hub.core.json import JSON
from hub.sdk.connector import AnyConnector, ConnectorConfig
from hub.sdk.http import Http, Observer
from hub.sdk.mapping import Overlay


def build(
    connector: type[AnyConnector],
    settings: Mapping[str, JSON],
    *,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
    observer: Observer | None = None,
    allow_private: bool = False,
    overlay: Overlay | None = None,
) -> AnyConnector:
    """A connector bound to its settings and its HTTP client. Raises BadInput with the setting at fault."""
    if allow_private:
        settings = {**settings, "allow_private": True}
    config = checked(connector, settings)
    http = Http(
        config.base_url,
        clock=clock,
        deadline=connector.limits.deadline,
        calls_at_once=connector.limits.calls_at_once,
        secrets=list(_secrets(config)),
        transport=transport,
        allow_private=config.allow_private,
        observer=observer,
    )
    return connector(config, http, overlay)


def checked(connector: type[AnyConnector], settings: Mapping[str, JSON]) -> ConnectorConfig:
    """The settings as the connector wants them. Raises the first BadInput; `refusals` tells all."""
    try:
        return connector.config_model.model_validate(dict(settings))
    except ValidationError as error:
        raise _refusals(connector, error)[0] from None


def refusals(connector: type[AnyConnector], settings: Mapping[str, JSON]) -> list[BadInput]:
    """Everything wrong with settings, by name of the setting; no refusal shows what may be a secret."""
    try:
        connector.config_model.model_validate(dict(settings))
    except ValidationError as error:
        return _refusals(connector, error)
    return []


def secret_settings(connector: type[AnyConnector]) -> frozenset[str]:
    """The settings that are asked for by prompt, file or environment, never as an argument."""
    fields = connector.config_model.model_fields
    return frozenset(name for name, field in fields.items() if _is_secret(field.annotation))


def _refusals(connector: type[AnyConnector], error: ValidationError) -> list[BadInput]:
    return [_worded(connector, bad) for bad in bad_inputs(error)]


def _worded(connector: type[AnyConnector], bad: BadInput) -> BadInput:
    names = connector.config_model.model_fields.keys()
    if bad.field not in names:
        near = next(iter(difflib.get_close_matches(bad.field, names, n=1)), "")
        return BadInput(bad.code, field=bad.field, near=near)
    if bad.code == "field.missing" or bad.field in secret_settings(connector):
        return BadInput(bad.code, field=bad.field)
    return bad


def _secrets(config: ConnectorConfig) -> Iterator[str]:
    for name in type(config).model_fields:
        value = getattr(config, name)
        if isinstance(value, SecretStr | SecretBytes):
            secret = value.get_secret_value()
            yield secret if isinstance(secret, str) else secret.decode(errors="replace")


def _is_secret(annotation: object) -> bool:
    return annotation in {SecretStr, SecretBytes} or any(map(_is_secret, get_args(annotation)))
