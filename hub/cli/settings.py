"""Settings of a connection as an operator gives them; a secret comes by prompt, file or environment only."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from hub.core import json
from hub.core.failures import BadInput
from hub.core.json import JSON
from hub.core.reasons import render
from hub.core.wording import Language
from hub.registry import secret_settings
from hub.sdk.connector import AnyConnector

Given = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A setting; again for each. Never a secret.")
]
FromFile = Annotated[
    list[str] | None, typer.Option("--secret-file", metavar="KEY=PATH", help="A secret from the first line of a file.")
]
FromVariable = Annotated[
    list[str] | None, typer.Option("--secret-env", metavar="KEY=VARIABLE", help="A secret from a variable.")
]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="The other side may stand in a private network, and speak plain http.")
]

Settings = dict[str, JSON]


def gathered(
    connector: type[AnyConnector],
    given: Sequence[str],
    files: Sequence[str],
    variables: Sequence[str],
    *,
    allow_private: bool,
    language: Language,
) -> Settings:
    """What was given, by name of the setting.

    Raises BadParameter for a secret among the arguments, BadInput for a file or variable that is not there.
    """
    secrets = secret_settings(connector)
    plain = pairs(given)
    if shown := next((name for name in plain if name in secrets), None):
        raise typer.BadParameter(render("secret.as_argument", {"field": shown}, language), param_hint="'--set'")
    found: Settings = {name: value_of(text) for name, text in plain.items()}
    found |= {name: _from_file(name, path) for name, path in pairs(files).items()}
    found |= {name: _from_variable(name, variable, os.environ) for name, variable in pairs(variables).items()}
    return {**found, "allow_private": True} if allow_private else found


def with_secrets(
    connector: type[AnyConnector], settings: Settings, ask: Callable[[str], str] | None = None
) -> Settings:
    """Settings with the secrets that are still needed. Raises BadInput where nobody can be asked."""
    fields = connector.config_model.model_fields
    wanted = [name for name in fields if name in secret_settings(connector) and fields[name].is_required()]
    missing = [name for name in wanted if name not in settings]
    if missing and ask is None and not sys.stdin.isatty():
        raise BadInput("secret.missing", field=missing[0])
    return settings | {name: (ask or asked)(name) for name in missing}


def asked(name: str) -> str:
    """Ask at the terminal, without showing what is typed."""
    typed: str = typer.prompt(name, hide_input=True, err=True)
    return typed


def pairs(texts: Sequence[str]) -> dict[str, str]:
    """`key=value` texts. Raises BadParameter for one without a key."""
    found = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise typer.BadParameter(f"'{text}' is not of the form key=value.")
        found[key] = value
    return found


def value_of(text: str) -> JSON:
    """A text, or a list or table in JSON; the connector's own settings say what texts mean."""
    return json.loads(text.encode()) if text.startswith(("[", "{")) else text


def _from_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError):
        raise BadInput("secret.no_file", field=name, value=path) from None


def _from_variable(name: str, variable: str, env: Mapping[str, str]) -> str:
    if variable not in env:
        raise BadInput("secret.no_variable", field=name, value=variable)
    return env[variable]
