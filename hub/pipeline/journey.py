"""The journeys of the hub: start reading here.

    inbox         a document comes in ──────────────► an order, a change, a scan
    order         received ► accepted ► reserved ► routed ► fulfilling ► fulfilled ► completed
                                 └────► backordered (waits for goods, then reserved)
    fulfilment    planned ► released ► labelled ► handed over ► delivered

A step moves a batch of rows from one state to the next in one transaction. Where it needs the outside it
plans an effect and the row waits; recording the effect's answer moves the row on. What follows from a state
(telling the channel, posting the invoice) are effects side by side, never steps in a row.
"""

from collections.abc import Mapping

from hub.core.states import FulfilmentState as F
from hub.core.states import OrderState as S
from hub.pipeline.cancel import cancel_orders
from hub.pipeline.effects import record_answers
from hub.pipeline.intake import take_in
from hub.pipeline.orders import complete_orders, review_orders
from hub.pipeline.routing import plan_fulfilments
from hub.pipeline.shipping import arrive, hand_over, label, release
from hub.pipeline.steps import Step
from hub.pipeline.stock import reserve_stock
from hub.store.travellers import CANCELLING, FULFILMENT, INBOX, KEPT, ORDER

NEW, SENDING = "new", "sending"
ANY = frozenset(state.value for state in S)


def _states(*states: S | F) -> frozenset[str]:
    return frozenset(state.value for state in states)


IN = (Step("intake", INBOX, frozenset({NEW}), frozenset({"applied", "dropped", "parked"}), take_in, then="review"),)

ORDER_STEPS = (
    Step("cancel", CANCELLING, ANY, ANY, cancel_orders),
    Step("review", ORDER, _states(S.RECEIVED), _states(S.ACCEPTED, S.ARCHIVED, S.CANCELLED), review_orders,
         then="reserve"),
    Step("reserve", ORDER, _states(S.ACCEPTED, S.BACKORDERED), _states(S.RESERVED, S.BACKORDERED, S.FULFILLED),
         reserve_stock, then="route"),
    Step("route", ORDER, _states(S.RESERVED), _states(S.ROUTED, S.FULFILLING, S.BACKORDERED), plan_fulfilments),
    Step("complete", ORDER, _states(S.FULFILLED), _states(S.COMPLETED), complete_orders),
)  # fmt: skip

FULFILMENT_STEPS = (
    Step("release", FULFILMENT, _states(F.PLANNED), _states(F.RELEASED), release),
    Step("label", FULFILMENT, _states(F.RELEASED), _states(F.LABELLED), label, plans="booking"),
    Step("hand_over", FULFILMENT, _states(F.LABELLED), _states(F.HANDED_OVER), hand_over),
    Step("arrive", FULFILMENT, _states(F.HANDED_OVER), _states(F.DELIVERED, F.RETURNED, F.LOST), arrive),
)

OUT = (Step("record", KEPT, frozenset({SENDING}), frozenset({"confirmed", "refused", "submitted"}), record_answers),)

FOLLOWS_UP: Mapping[F, tuple[str, ...]] = {
    F.HANDED_OVER: ("dispatch", "receivable"),
    F.DELIVERED: ("dispatch",),
}
"""Effects that are planned side by side when a fulfilment comes to a state."""

STEPS: Mapping[str, Step] = {step.name: step for step in (*IN, *ORDER_STEPS, *FULFILMENT_STEPS, *OUT)}


def steps_for(traveller: str, state: str) -> tuple[str, ...]:
    """The steps that may take a row that came to a state; the crank turns them when it is told."""
    if traveller == "cancel":
        return ("cancel",)
    return tuple(
        step.name
        for step in STEPS.values()
        if step.traveller.name == traveller and step.traveller is not CANCELLING and state in step.starts
    )
