"""The Admin API over HTTP: signing in, asking and telling, and what its refusals mean.

Every call is a POST that is answered with status 200; whether it reads or writes, and whether it was
refused, stands in the body only. Sources: "Authentication" and "Error handling" in the Vendure 3.x
documentation, the error types of its schema, and a running 3.7.3.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pydantic import SecretStr

from connectors.shop.vendure import queries
from hub.core.failures import BadInput, Failure, Misconfigured, Rejected, Retryable
from hub.core.json import JSON, loads
from hub.sdk.http import Call, Http, Reply
from hub.sdk.replies import unclear
from hub.sdk.rows import RawRow

Object: TypeAlias = Mapping[str, JSON]
Shown: TypeAlias = Callable[[str], str]
"""Takes secrets and addresses out of the remote's words."""

TOKEN: Final = "vendure-auth-token"  # noqa: S105 - the name of a header
CHANNEL: Final = "vendure-token"
API_KEY: Final = "vendure-api-key"

_SETTINGS: Final = {
    "FORBIDDEN": "channel.not_permitted",
    "UNAUTHORIZED": "channel.not_permitted",
    "CHANNEL_NOT_FOUND": "channel.unknown_sales_channel",
    "GRAPHQL_VALIDATION_FAILED": "channel.other_api",
}
"""Errors of a whole request that only other rights, settings or another release can heal."""

_REQUESTS: Final = {
    "ENTITY_NOT_FOUND": "channel.not_found",
    "USER_INPUT_ERROR": "channel.refused",
    "BAD_USER_INPUT": "channel.refused",
}
"""Errors of a whole request that say: understood, and nothing was done."""

_REFUSALS: Final = {
    "ITEMS_ALREADY_FULFILLED_ERROR": "channel.already_shipped",
    "INSUFFICIENT_STOCK_ON_HAND_ERROR": "channel.too_little_stock",
    "QUANTITY_TOO_GREAT_ERROR": "channel.too_many",
    "EMPTY_ORDER_LINE_SELECTION_ERROR": "channel.nothing_left",
    "FULFILLMENT_STATE_TRANSITION_ERROR": "channel.not_now",
    "ORDER_STATE_TRANSITION_ERROR": "channel.not_now",
    "CANCEL_ACTIVE_ORDER_ERROR": "channel.not_now",
}
"""Refusals inside a union; any other one is `channel.refused`."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """How the hub signs in: as a user of the administration, or with an API key (since 3.6)."""

    username: str | None
    password: SecretStr | None
    api_key: SecretStr | None
    channel_token: str | None


@dataclass(frozen=True, slots=True)
class Orders:
    """One answer of the order list; `total` counts all that the filter lets through."""

    rows: Sequence[RawRow]
    total: int


class Client:
    """The Admin API of one shop."""

    def __init__(self, http: Http, credentials: Credentials) -> None:
        http = http.with_refusals(lambda reply: _explained(reply, self._http.shown))
        if credentials.channel_token is not None:
            http = http.with_headers({CHANNEL: credentials.channel_token})
        if credentials.api_key is not None:
            self._http = http.with_headers({API_KEY: credentials.api_key.get_secret_value()})
        else:
            self._http = http.with_session(_login(credentials), _session_is_over)

    def ask(self, query: str, variables: Object | None = None) -> Object:
        """What a query finds. Raises Retryable, Rejected, Misconfigured."""
        return _found(self._http.read("POST", "", json=_request(query, variables)), self._http.shown)

    def tell(self, mutation: str, variables: Object, field: str) -> JSON:
        """What a mutation made of `field`. Raises Retryable, InDoubt, Rejected, Misconfigured."""
        reply = self._http.write("POST", "", json=_request(mutation, variables))
        return _accepted(_found(reply, self._http.shown).get(field), self._http.shown)

    def orders(self, query: str, options: Object) -> Orders:
        """A page of the order list, each order byte for byte."""
        reply = self._http.read("POST", "", json=_request(query, {"options": dict(options)}))
        try:
            page = reply.split("data.orders.items")
        except Retryable:
            _found(reply, self._http.shown)
            raise
        listing = child(_answer(page.around, reply, self._http.shown), "orders")
        return Orders(page.rows, whole(child(listing, "totalItems")))


def child(value: JSON | Object, name: str) -> JSON:
    """A field of an object, nothing for anything else."""
    return value.get(name) if isinstance(value, Mapping) else None


def listed(value: JSON | Object, name: str) -> Sequence[JSON]:
    """A list in an object, empty where it is absent."""
    inside = child(value, name)
    return inside if isinstance(inside, list) else []


def word(value: JSON | Object, name: str) -> str:
    """A text or id in an object, empty where it is absent."""
    inside = child(value, name)
    return str(inside) if isinstance(inside, str | int) else ""


def whole(value: JSON) -> int:
    """A whole number, zero for anything else."""
    return value if isinstance(value, int) else 0


def _found(reply: Reply, shown: Shown) -> Object:
    return _answer(reply.json(), reply, shown)


def _answer(body: JSON, reply: Reply, shown: Shown) -> Object:
    for error in listed(body, "errors"):
        raise _failure(error, reply.call, shown)
    answer = child(body, "data")
    if not isinstance(answer, dict):
        raise reply.unreadable("graphql.no_answer")
    return answer


def _accepted(result: JSON, shown: Shown) -> JSON:
    """A member of a union, unless it is a refusal."""
    code = child(result, "errorCode")
    if not isinstance(code, str):
        return result
    told = word(result, "transitionError") or word(result, "message")
    raise Rejected(_REFUSALS.get(code, "channel.refused"), reason=code, detail=shown(told))


def _failure(error: JSON, call: Call, shown: Shown) -> Failure:
    """An error without a known code is an exception of the shop: a write may have happened."""
    code = word(child(error, "extensions"), "code")
    detail = shown(word(error, "message"))
    if code in _SETTINGS:
        return Misconfigured(_SETTINGS[code], reason=code, detail=detail)
    if code in _REQUESTS:
        return Rejected(_REQUESTS[code], reason=code, detail=detail)
    return unclear(call, "channel.failed", reason=code, detail=detail)


def _explained(reply: Reply, shown: Shown) -> Failure | None:
    """A 400 of the GraphQL server: this release of the shop does not know a field that is asked for."""
    try:
        errors = listed(loads(reply.body), "errors")
    except BadInput:
        return None
    unknown = [error for error in errors if word(child(error, "extensions"), "code") in _SETTINGS]
    return _failure(unknown[0], reply.call, shown) if unknown else None


def _request(query: str, variables: Object | None) -> JSON:
    return {"query": query, "variables": dict(variables or {})}


def _session_is_over(reply: Reply) -> bool:
    """A token that the shop no longer knows is answered by an empty one, beside FORBIDDEN."""
    return reply.headers.get(TOKEN) == ""


def _login(credentials: Credentials) -> Callable[[Http], Mapping[str, str]]:
    def sign_in(http: Http) -> Mapping[str, str]:
        secret = credentials.password.get_secret_value() if credentials.password else None
        asked: Object = {"username": credentials.username, "password": secret}
        reply = http.read("POST", "", json=_request(queries.LOGIN, asked))
        _admitted(child(_found(reply, http.shown), "login"), http.shown)
        if not (token := reply.headers.get(TOKEN)):
            raise Misconfigured("channel.no_bearer", host=reply.call.host)
        return {"authorization": f"Bearer {token}"}

    return sign_in


def _admitted(user: JSON, shown: Shown) -> None:
    try:
        _accepted(user, shown)
    except Rejected as refusal:
        raise Misconfigured("channel.no_entry", **refusal.params) from None
