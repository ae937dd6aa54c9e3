"""What the shop is told of a shipment or a cancel, and how what it was told before is recognised.

A fulfilment has one method and one tracking code, both free words: several parcels stand in one code. One
without a tracking number carries our reference in its method. A cancel carries the token of its effect in its
reason, which the shop keeps in the order's history.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from connectors.shop.vendure.client import child, listed, whole, word
from hub.core.document import Native
from hub.core.failures import Rejected
from hub.core.json import JSON
from hub.core.shipping import (
    CancelPush,
    CancelPushed,
    PushedState,
    PushLine,
    StatusPush,
    StatusPushed,
)

_MANUAL: Final = "manual-fulfillment"

_TARGETS: Final = {
    PushedState.SHIPPED: "Shipped",
    PushedState.DELIVERED: "Delivered",
    PushedState.CANCELLED: "Cancelled",
}
_BEYOND: Final[Mapping[str, frozenset[str]]] = {
    "Shipped": frozenset({"Shipped", "Delivered"}),
    "Delivered": frozenset({"Delivered"}),
    "Cancelled": frozenset({"Cancelled"}),
}
_NEW: Final = "Created"
_WAITING: Final = "Pending"
_GONE: Final = "Cancelled"


def target(request: StatusPush) -> str:
    """The state in which the shop's fulfilment should be. Raises Rejected for one that it does not have."""
    if request.state not in _TARGETS:
        raise Rejected("channel.no_such_state", reason=request.state.value)
    return _TARGETS[request.state]


def steps(fulfilment: JSON, state: str) -> Sequence[str]:
    """The transitions that are still missing; none once the state is reached."""
    now = word(fulfilment, "state")
    if now in _BEYOND[state]:
        return ()
    return (_WAITING, state) if now == _NEW else (state,)


def told_of(fulfilments: Sequence[JSON], request: StatusPush) -> JSON:
    """The fulfilment that stands for this shipment: by its id, else by its code and its very lines."""
    ids = {native.id for native in request.former}
    lines = {line.line_id: _pieces(line) for line in request.lines}
    known = [one for one in fulfilments if word(one, "id") in ids]
    alike = [one for one in fulfilments if _mark(one) == _wanted_mark(request) and _lines(one) == lines]
    alive = [one for one in alike if word(one, "state") != _GONE]
    return next(iter([*known, *alive]), None)


def fulfilment(request: StatusPush) -> JSON:
    """The input of `addFulfillmentToOrder`."""
    method, code = _named(request)
    arguments: JSON = [{"name": "method", "value": method}, {"name": "trackingCode", "value": code}]
    return {
        "lines": [{"orderLineId": line.line_id, "quantity": _pieces(line)} for line in request.lines],
        "handler": {"code": _MANUAL, "arguments": arguments},
    }


def dispatched(one: JSON) -> StatusPushed:
    """A fulfilment in the hub's words; there is none where a shipment was recalled that was never told."""
    name = word(one, "id")
    return StatusPushed(shipments=(Native(id=name, kind="fulfillment"),) if name else (), state=word(one, "state"))


def cancel(request: CancelPush, token: str) -> JSON:
    """The input of `cancelOrder`. Without lines it takes all that is left, and the shipping costs with it."""
    wanted: dict[str, JSON] = {
        "orderId": request.external_id,
        "reason": f"{request.note or request.reason} [{token}]",
        "cancelShipping": not request.lines,
    }
    if request.lines:
        wanted["lines"] = [{"orderLineId": line.line_id, "quantity": _pieces(line)} for line in request.lines]
    return wanted


def is_cancelled(order: JSON, token: str) -> bool:
    """Whether this cancel stands in the history, or nothing is left that it could have been about."""
    reasons = (word(child(entry, "data"), "reason") for entry in listed(child(order, "history"), "items"))
    return word(order, "state") == _GONE or any(reason.endswith(f"[{token}]") for reason in reasons)


def cancelled(order: JSON) -> CancelPushed:
    """An order in the hub's words; the shop gives no money back by itself."""
    return CancelPushed(native=Native(id=word(order, "id"), kind="order"), state=word(order, "state"))


def pieces(quantity: Decimal) -> int:
    """The shop counts whole pieces. Raises Rejected for anything finer."""
    if quantity != quantity.to_integral_value():
        raise Rejected("channel.whole_pieces", quantity=str(quantity))
    return int(quantity)


def _pieces(line: PushLine) -> int:
    return pieces(line.quantity)


def _named(request: StatusPush) -> tuple[str, str]:
    """Method and tracking code."""
    codes = [package.tracking_number for package in request.packages if package.tracking_number]
    carriers = [package.carrier_native or package.carrier_hub for package in request.packages]
    carrier = next(filter(None, carriers), None)
    if codes:
        return carrier or request.shipment, ", ".join(dict.fromkeys(codes))
    return f"{carrier} {request.shipment}" if carrier else request.shipment, ""


def _wanted_mark(request: StatusPush) -> str:
    method, code = _named(request)
    return code or method


def _mark(one: JSON) -> str:
    """What a fulfilment is recognised by: its tracking code, else its method."""
    return word(one, "trackingCode") or word(one, "method")


def _lines(one: JSON) -> Mapping[str, int]:
    return {word(line, "orderLineId"): whole(child(line, "quantity")) for line in listed(one, "lines")}
