"""A stored code with its parameters, as faces put it into words."""

from collections.abc import Mapping
from typing import NamedTuple

from hub.core import json
from hub.core.failures import Parameter


class Said(NamedTuple):
    """A reason, refusal or event."""

    code: str
    params: Mapping[str, Parameter]


def said(code: str, params: str | None) -> Said:
    """From the two columns in which a reason stands."""
    found = json.loads(params.encode()) if params else {}
    return Said(code, dict(found) if isinstance(found, dict) else {})  # type: ignore[arg-type]  # our own object
