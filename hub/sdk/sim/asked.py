"""What a simulator is asked, and which of its methods answers which path."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeAlias, TypeVar
from urllib.parse import parse_qsl

import httpx

from hub.core.json import JSON, dumps, loads

_PART: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a simulator sees it; `parts` are the named segments of the path."""

    request: httpx.Request
    now: datetime
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> httpx.QueryParams:
        return self.request.url.params

    @property
    def headers(self) -> httpx.Headers:
        return self.request.headers

    def json(self) -> JSON:
        """The body. Raises BadInput for what is no JSON."""
        return loads(self.request.content)

    def fields(self) -> Mapping[str, JSON]:
        """The body, where it is a JSON object; empty for anything else."""
        body = self.json() if self.request.content else {}
        return body if isinstance(body, dict) else {}

    def form(self) -> Mapping[str, str]:
        """The body of a form."""
        return dict(parse_qsl(self.request.content.decode()))


Play: TypeAlias = Callable[[Any, Asked], httpx.Response]
P = TypeVar("P", bound=Play)


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path pattern with `{named}` segments."""

    method: str
    pattern: re.Pattern[str]
    play: Play


def route(method: str, path: str) -> Callable[[P], P]:
    """Let a method of a simulator answer these requests; `{name}` stands for one segment of the path."""
    pattern = re.compile(_PART.sub(r"(?P<\1>[^/]+)", path.rstrip("/")) + "/?")

    def marked(play: P) -> P:
        known: tuple[Route, ...] = getattr(play, "routes", ())
        vars(play)["routes"] = (*known, Route(method, pattern, play))
        return play

    return marked


def routes_of(cls: type) -> tuple[Route, ...]:
    """All routes of a class, those of its own first."""
    return tuple(
        found for owner in cls.__mro__ for play in vars(owner).values() for found in getattr(play, "routes", ())
    )


def json_response(value: JSON, status: int = 200, headers: Mapping[str, str] | None = None) -> httpx.Response:
    """An answer in JSON; a `Decimal` stands as a number, as platforms write it."""
    return httpx.Response(status, headers={"content-type": "application/json", **(headers or {})}, content=dumps(value))
