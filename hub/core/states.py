"""The two travellers of the hub and the moves each of them may make."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple


class OrderState(StrEnum):
    """Where an order stands; its line counters are the truth, the state follows them."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    RESERVED = "reserved"
    BACKORDERED = "backordered"
    ROUTED = "routed"
    FULFILLING = "fulfilling"
    FULFILLED = "fulfilled"
    COMPLETED = "completed"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class FulfilmentState(StrEnum):
    """Where goods that leave one location together stand."""

    PLANNED = "planned"
    RELEASED = "released"
    LABELLED = "labelled"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    LOST = "lost"
    RETURNED = "returned"


class EffectState(StrEnum):
    """Where an intended change outside stands."""

    PLANNED = "planned"
    SENDING = "sending"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    WITHDRAWN = "withdrawn"


_O, _F, _E = OrderState, FulfilmentState, EffectState

_COUNTED = frozenset({_O.RESERVED, _O.BACKORDERED, _O.ROUTED, _O.FULFILLING, _O.FULFILLED, _O.CANCELLED})
"""Where the counters of the lines may lead an order that is worked on."""

ORDER_FOLLOWS: Mapping[OrderState, frozenset[OrderState]] = {
    _O.RECEIVED: frozenset({_O.ACCEPTED, _O.CANCELLED, _O.ARCHIVED}),
    _O.ACCEPTED: frozenset({_O.RESERVED, _O.BACKORDERED, _O.FULFILLED, _O.CANCELLED}),
    _O.RESERVED: _COUNTED - {_O.RESERVED},
    _O.BACKORDERED: _COUNTED - {_O.BACKORDERED},
    _O.ROUTED: _COUNTED - {_O.ROUTED},
    _O.FULFILLING: _COUNTED - {_O.FULFILLING},
    _O.FULFILLED: frozenset({_O.COMPLETED, _O.BACKORDERED}),
    _O.COMPLETED: frozenset({_O.ARCHIVED, _O.BACKORDERED}),
    _O.ARCHIVED: frozenset(),
    _O.CANCELLED: frozenset({_O.ARCHIVED}),
}

FULFILMENT_FOLLOWS: Mapping[FulfilmentState, frozenset[FulfilmentState]] = {
    _F.PLANNED: frozenset({_F.RELEASED, _F.CANCELLED, _F.REFUSED}),
    _F.RELEASED: frozenset({_F.LABELLED, _F.REFUSED, _F.CANCELLED}),
    _F.LABELLED: frozenset({_F.HANDED_OVER, _F.CANCELLED}),
    _F.HANDED_OVER: frozenset({_F.DELIVERED, _F.LOST, _F.RETURNED}),
    _F.DELIVERED: frozenset({_F.RETURNED}),
    _F.REFUSED: frozenset(),
    _F.CANCELLED: frozenset(),
    _F.LOST: frozenset({_F.DELIVERED, _F.RETURNED}),
    _F.RETURNED: frozenset(),
}

EFFECT_FOLLOWS: Mapping[EffectState, frozenset[EffectState]] = {
    _E.PLANNED: frozenset({_E.SENDING, _E.WITHDRAWN}),
    _E.SENDING: frozenset({_E.CONFIRMED, _E.SUBMITTED, _E.REFUSED, _E.IN_DOUBT, _E.PLANNED}),
    _E.SUBMITTED: frozenset({_E.SENDING, _E.CONFIRMED, _E.REFUSED, _E.IN_DOUBT}),
    _E.IN_DOUBT: frozenset({_E.SENDING, _E.CONFIRMED, _E.REFUSED, _E.PLANNED}),
    _E.CONFIRMED: frozenset(),
    _E.REFUSED: frozenset({_E.PLANNED}),
    _E.WITHDRAWN: frozenset(),
}

ORDER_STARTS = frozenset({_O.RECEIVED, _O.ACCEPTED, _O.BACKORDERED, _O.RESERVED, _O.FULFILLED})
"""States that a step of the order's journey starts from; an order in another state waits for its fulfilments."""

FULFILMENT_STARTS = frozenset({_F.PLANNED, _F.RELEASED, _F.LABELLED, _F.HANDED_OVER})
"""States that a step of the fulfilment's journey starts from."""

FULFILMENT_FINAL = frozenset({_F.DELIVERED, _F.REFUSED, _F.CANCELLED, _F.LOST, _F.RETURNED})
EFFECT_OPEN = frozenset({_E.PLANNED, _E.SENDING, _E.SUBMITTED, _E.IN_DOUBT})


class Counters(NamedTuple):
    """The quantities of one order line, in millionths; what is not counted elsewhere is open demand."""

    ordered: int
    cancelled: int
    reserved: int
    planned: int
    handed_over: int

    @property
    def open(self) -> int:
        """Demanded and not yet promised."""
        return self.ordered - self.cancelled - self.reserved - self.planned - self.handed_over


def follow(lines: Iterable[Counters], *, released: bool) -> OrderState:
    """The state that line counters amount to; `released` says whether a fulfilment is under way.

    Holds between *accepted* and *fulfilled*; review, settlement and archiving are moves of their own. Of an
    order without lines nothing is wanted, as if all were cancelled.
    """
    nothing = Counters(*(0 for _ in Counters._fields))
    ordered, cancelled, reserved, planned, handed_over = map(sum, zip(nothing, *lines, strict=True))
    if cancelled == ordered:
        return OrderState.CANCELLED
    if handed_over + cancelled == ordered:
        return OrderState.FULFILLED
    if reserved + planned + handed_over + cancelled < ordered:
        return OrderState.BACKORDERED
    if reserved:
        return OrderState.RESERVED
    return OrderState.FULFILLING if released else OrderState.ROUTED
