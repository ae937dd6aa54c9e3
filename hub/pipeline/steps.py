"""A step moves a batch of one kind of traveller; `advance` is the only way a state changes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from hub.core.failures import Parameter
from hub.core.states import FULFILMENT_FOLLOWS, FULFILMENT_STARTS, ORDER_FOLLOWS, ORDER_STARTS
from hub.store import travellers
from hub.store.trail import Event, record
from hub.store.travellers import Head, Traveller
from hub.store.work import Work

if TYPE_CHECKING:
    from hub.pipeline.hub import Hub

FOLLOWS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "order": ORDER_FOLLOWS,  # type: ignore[dict-item]  # a StrEnum is its text
    "fulfilment": FULFILMENT_FOLLOWS,  # type: ignore[dict-item]  # a StrEnum is its text
}


STARTS: Mapping[str, frozenset[str]] = {
    "order": frozenset(state.value for state in ORDER_STARTS),
    "fulfilment": frozenset(state.value for state in FULFILMENT_STARTS),
}


@dataclass(frozen=True, slots=True)
class Move:
    """What happened to one row: the new state (`None`: it stays), the event, and when it is due again.

    `due` of `None` lets the row wait until an effect, a hold or a delivery of goods wakes it; an empty `event` is
    no news and leaves no trace in the trail.
    """

    id: int
    event: str
    to: str | None = None
    params: Mapping[str, Parameter] = field(default_factory=dict)
    due: datetime | None = None
    inbox_id: int | None = None


Moves = Sequence[Move]
Work_ = Callable[["Hub", Work, Sequence[Head]], Moves]


@dataclass(frozen=True, slots=True)
class Step:
    """A local move of a batch: from one of `starts` to one of `ends`, in one transaction.

    `plans` names the effect after whose record the row really moves on; the step itself only plans it. `then`
    names the step that a small batch travels on to in the same transaction.
    """

    name: str
    traveller: Traveller
    starts: frozenset[str]
    ends: frozenset[str]
    work: Work_
    plans: str = ""
    then: str = ""


class IllegalMove(AssertionError):
    """A bug of ours: a move that the table of states does not know."""


def advance(work: Work, traveller: Traveller, moves: Iterable[Move], heads: Mapping[int, Head] | None = None) -> None:
    """Write new states, due times and events of rows that are locked. Several moves of one row are in order."""
    moves = list(moves)
    if not moves:
        return
    known = dict(heads) if heads is not None else travellers.heads(work, traveller, [move.id for move in moves])
    follows = FOLLOWS[traveller.name]
    rows: dict[int, dict[str, object]] = {}
    events = []
    for move in moves:
        head = known[move.id]
        state = head.state if move.to is None else str(move.to)
        if state != head.state and state not in follows[head.state]:
            msg = f"{traveller.name} {move.id}: {head.state} -> {state}"
            raise IllegalMove(msg)
        seq = head.seq + bool(move.event)
        known[move.id] = head._replace(state=state, seq=seq)
        due = move.due if state in STARTS[traveller.name] else None
        rows[move.id] = {"id": move.id, "state": state, "due_at": due, "seq": seq}
        if move.event:
            events.append(Event(traveller.name, move.id, seq, move.event, move.params, inbox_id=move.inbox_id))
        if due is not None and due <= work.now:
            work.wake(traveller.name, state, (move.id,))
    work.update(traveller.row, list(rows.values()))
    record(work, events)
