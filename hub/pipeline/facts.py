"""What a recipe of an effect takes and gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hub.core.document import Document
from hub.pipeline.hub import Hub
from hub.store.connections import Flow
from hub.store.effects import Effect
from hub.store.work import Work


class Withdraw(NamedTuple):
    """The facts no longer want the effect; the code says which fact."""

    code: str


class Recorded(NamedTuple):
    """An effect, the words that were sent, and the answer in canonical words."""

    effect: Effect
    request: Document
    result: Document


@dataclass(frozen=True, slots=True)
class Recipe:
    """The parts of an effect that know the trade; the runner knows the rest.

    `prepare` tells the request by the facts of now, `record` lets the subjects move on and answers the remote's
    references, `refused` says who looks at a refusal. All run inside the runner's transaction, subjects locked.
    """

    flow: Flow
    prepare: Callable[[Hub, Work, Sequence[Effect]], Mapping[int, Document | Withdraw]]
    record: Callable[[Hub, Work, Sequence[Recorded]], Sequence[str | None]]
    refused: Callable[[Hub, Work, Effect], None]
