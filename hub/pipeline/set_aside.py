"""A row that breaks its step waits for a person, with the reason; everything else goes on."""

from hub.core.failures import HubError, Parameter
from hub.core.text import masked
from hub.pipeline.steps import Move, Step, advance
from hub.store import alarms, effects, inbox, orders, shipping, travellers
from hub.store.inbox import InboxState, Outcome
from hub.store.orders import Hold
from hub.store.work import Work

CODE = "step.failed"


def set_aside(work: Work, step: Step, row: int, error: Exception) -> None:
    """Hold the order, park the document or stop the effect that cannot be worked on."""
    params = {"step": step.name, **_said(error)}
    name = step.traveller.name
    if name == "order":
        _hold(work, [row], params)
    elif name == "fulfilment":
        travellers.lock_fulfilments(work, [row])
        shipping.sleep(work, row)
        _hold(work, travellers.orders_of(work, [row]), {**params, "fulfilment": row})
    elif name == "inbox":
        inbox.settle(work, [Outcome(row, InboxState.PARKED, CODE, params)])
    else:
        effects.sleep(work, row, CODE)
        alarms.open_alarm(work, "effect.unreadable", str(row), {"effect": row, **params})


def _hold(work: Work, ids: list[int], params: dict[str, Parameter]) -> None:
    heads = travellers.heads(work, travellers.ORDER, ids)
    orders.open_holds(work, [Hold(order, CODE, params) for order in ids])
    due = orders.due_times(work, ids)
    advance(work, travellers.ORDER, [Move(o, "order.held", params={"code": CODE}, due=due[o]) for o in ids], heads)
    orders.awake_cancels(work, ids)


def _said(error: Exception) -> dict[str, Parameter]:
    if isinstance(error, HubError):
        return {"error": error.code}
    return {"error": masked(type(error).__name__)}


def take_back(work: Work, step: str) -> int:
    """A step that was itself at fault: what it set aside is due again. Answers how many orders there were."""
    held = orders.held_by(work, CODE, step)
    travellers.lock_orders(work, held)
    orders.close_holds(work, held, CODE)
    orders.awake(work, held)
    shipping.awake(work, [number for found in shipping.fulfilments_of(work, held).values() for number in found])
    if step == "record":
        for number in effects.wake_kept(work):
            alarms.close_alarm(work, "effect.unreadable", str(number))
    return len(held)
