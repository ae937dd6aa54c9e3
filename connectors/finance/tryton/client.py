"""Tryton's REST interface: records of models, found by a domain, changed one at a time.

Seen on 8.2: a write answers with the record as it then is, with the fields that the query names; a field
that the key's user may not read is left out without a word. The language of refusals is the request's.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeAlias, cast

from connectors.finance.tryton import translate
from hub.core.failures import BadInput, Failure, Rejected
from hub.core.json import JSON, dumps, loads
from hub.sdk.bodies import Query
from hub.sdk.http import Http, Reply, Verdict

Domain: TypeAlias = Sequence[JSON]
Values: TypeAlias = Mapping[str, JSON]

OLDEST_FIRST: Final[JSON] = [["id", "ASC"]]
MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Record:
    """A record: as it came, and read."""

    body: bytes
    values: Values

    @property
    def id(self) -> int:
        return cast("int", self.values["id"])


class Ledger:
    """The records of one company."""

    def __init__(self, http: Http, key: str, company: int) -> None:
        context: JSON = {"company": company, "_skip_warnings": True}
        headers = {
            "authorization": f"Bearer {key}",
            "x-tryton-context": _encoded(context),
            "accept-language": "en",
        }
        self._http = http.with_headers(headers).with_refusals(_refusal)

    def search(self, model: str, domain: Domain, fields: Sequence[str]) -> Sequence[Record]:
        """Records that fit, the oldest first. Raises Retryable, Rejected, Misconfigured."""
        asked: Query = {
            "d": _encoded(list(domain)),
            "o": _encoded(OLDEST_FIRST),
            "s": MOST,
            "f": list(fields),
        }
        reply = self._http.read("GET", _path(model), params=asked)
        return [_record(reply, row.body) for row in reply.split("").rows]

    def create(self, model: str, values: Values, fields: Sequence[str] = ("id",)) -> Record:
        """Raises Retryable, InDoubt, Rejected, Misconfigured, as all writes do."""
        return self._written("POST", _path(model), values, fields)

    def update(self, model: str, number: int, values: Values, fields: Sequence[str] = ("id",)) -> Record:
        return self._written("PUT", _path(model, number), values, fields)

    def press(self, model: str, number: int, button: str, fields: Sequence[str] = ("id",)) -> Record:
        """What a person does with a button of a form."""
        return self._written("POST", (*_path(model, number), button), {}, fields)

    def delete(self, model: str, number: int) -> None:
        """One that is gone already is no failure."""
        self._http.write("DELETE", _path(model, number), means={404: Verdict.REPLY})

    def _written(self, method: str, path: tuple[str, ...], values: Values, fields: Sequence[str]) -> Record:
        reply = self._http.write(method, path, json=dict(values), params={"f": list(fields)})
        return _record(reply, reply.body)


def _path(model: str, number: int | None = None) -> tuple[str, ...]:
    return ("rest", "model", model) if number is None else ("rest", "model", model, str(number))


def _encoded(value: JSON) -> str:
    return base64.urlsafe_b64encode(dumps(value)).decode()


def _record(reply: Reply, body: bytes) -> Record:
    try:
        values = loads(body, limit=len(body))
    except BadInput as bad:
        raise reply.unreadable(bad.code) from None
    if not isinstance(values, dict) or not isinstance(values.get("id"), int):
        raise reply.unreadable("ledger.no_record")
    return Record(body, values)


def _refusal(reply: Reply) -> Failure | None:
    """The failure behind a 400 with a message; 409 is a question to a person that nobody answers."""
    if reply.status == HTTPStatus.CONFLICT:
        return Rejected("ledger.warning", status=reply.status)
    try:
        said = reply.json()
    except Failure:
        return None
    message = said.get("message") if isinstance(said, dict) else None
    return translate.refusal(message) if isinstance(message, str) else None
