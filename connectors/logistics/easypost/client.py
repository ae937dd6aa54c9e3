"""EasyPost over HTTP: one method per request, its answers as they came, its refusals by remedy."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final, TypeAlias

from connectors.logistics.easypost.translate import Consignment, bought_parts, pick, rows, text
from hub.core.failures import BadInput, Failure, InDoubt, Misconfigured, Rejected, Retryable
from hub.core.json import JSON, loads
from hub.core.text import masked
from hub.sdk.http import Http, Reply, Verdict
from hub.sdk.rows import RawRow

Hide: TypeAlias = Callable[[str], str]
"""Takes words out of a text."""

UNCLEAR: Final = (".EXISTS", ".IN_PROGRESS", ".TIMED_OUT", ".NO_RESPONSE")
"""Ends of codes that refuse to buy and leave open whether a label was bought: now, or by an earlier call."""

PAYMENT_REQUIRED: Final = 402
NOT_FOUND: Final = 404
MOST_ERRORS: Final = 5


class Mode(StrEnum):
    """Whether labels are real. The API key decides; the setting says what the operator believes."""

    TEST = "test"
    PRODUCTION = "production"


class Api:
    """The requests that the connector makes of one EasyPost account.

    Refusals do not repeat the words that `hide` takes out: secrets, and people.
    """

    def __init__(self, http: Http, mode: Mode, hide: Hide) -> None:
        self._http = http.with_refusals(lambda reply: refusal(reply, hide))
        self._mode = mode
        self._hide = hide

    def discreet(self, hide: Hide) -> "Api":
        """The same account, with more words that are not repeated."""
        return Api(self._http, self._mode, lambda text: hide(self._hide(text)))

    def create(self, kind: Consignment, body: JSON) -> Reply:
        """Enter a shipment or an order, which rates it and costs nothing.

        An account of the other mode is Misconfigured before anything is bought.
        """
        reply = self._http.write("POST", f"{kind}s", json={kind.value: body})
        found = reply.json()
        if text(found, "id") is None:
            raise reply.unreadable("id")
        if text(found, "mode") != self._mode:
            raise Misconfigured("carrier.wrong_mode", mode=text(found, "mode"), expected=self._mode)
        return reply

    def buy(self, kind: Consignment, number: str, body: JSON) -> Reply:
        """Buy the label, or all labels of an order. EasyPost sells each shipment once only."""
        reply = self._http.write("POST", (f"{kind}s", number, "buy"), json=body)
        parts = bought_parts(reply.json())
        if not parts.all:
            raise InDoubt("carrier.no_label", shipment=number, bought=parts.bought, parcels=parts.parcels)
        return reply

    def find(self, kind: Consignment, number: str) -> Reply | None:
        """A shipment or order by its id or by our reference, `None` if there is none."""
        return self._known((f"{kind}s", number))

    def refund(self, shipment: str) -> Reply:
        """Ask for the money back; what EasyPost makes of it stands in `refund_status`."""
        reply = self._http.write("POST", ("shipments", shipment, "refund"))
        if text(reply.json(), "refund_status") is None:
            raise InDoubt("carrier.no_refund_status", shipment=shipment)
        return reply

    def tracker(self, number: str) -> Reply | None:
        """A tracker by its id."""
        return self._known(("trackers", number))

    def trackers_of(self, tracking_code: str) -> Sequence[RawRow]:
        """Trackers of a number; carriers reuse numbers, so there may be several. Creates none."""
        reply = self._http.read(
            "POST",
            "trackers/batch",
            json={"tracking_codes": [tracking_code]},
            means={NOT_FOUND: Verdict.REPLY},
        )
        return () if reply.status == NOT_FOUND else reply.split("trackers").rows

    def check(self) -> None:
        """Read one tracker: the key is accepted, and belongs to the mode that the settings name."""
        reply = self._http.read("GET", "trackers", params={"page_size": 1}, means={403: Verdict.MISCONFIGURED})
        mode = text(reply.json(), "trackers[0].mode")
        if mode not in {None, self._mode}:
            raise Misconfigured("carrier.wrong_mode", mode=mode, expected=self._mode)

    def _known(self, path: tuple[str, ...]) -> Reply | None:
        """Only EasyPost's own words say that something is absent; anybody on the way can answer 404."""
        reply = self._http.read("GET", path, means={NOT_FOUND: Verdict.REPLY})
        if reply.status != NOT_FOUND:
            reply.json()
            return reply
        if _error(reply) is None:
            raise Retryable("http.server_error", host=reply.call.host, status=reply.status)
        return None


def refusal(reply: Reply, hide: Hide) -> Failure | None:
    """The failure for an answer `{"error": {code, message, errors}}`; nothing for one in other words.

    `errors` holds objects or plain texts. Suggestions are left out: they are addresses of people.
    """
    error, call = _error(reply), reply.call
    code = text(error, "code")
    said = "; ".join(masked(hide(word)) for word in (code, *_words(error)) if word)
    if reply.status == PAYMENT_REQUIRED:
        return Misconfigured("carrier.billing", host=call.host, detail=said)
    if call.path.endswith("/buy") and code is not None and code.endswith(UNCLEAR):
        return InDoubt("carrier.outcome_unknown", host=call.host, detail=said)
    if not said:
        return None
    return Rejected("http.refused", host=call.host, path=call.path, status=reply.status, detail=said)


def _error(reply: Reply) -> JSON:
    try:
        return pick(loads(reply.body), "error")
    except BadInput:
        return None


def _words(error: JSON) -> list[str | None]:
    if isinstance(error, str):
        return [error]
    return [text(error, "message"), *map(_entry, rows(error, "errors")[:MOST_ERRORS])]


def _entry(error: JSON) -> str:
    if isinstance(error, str):
        return error
    return ": ".join(filter(None, (text(error, "field"), text(error, "message"))))
