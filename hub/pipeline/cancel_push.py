"""Telling a channel that an order of its was cancelled here."""

from collections.abc import Mapping, Sequence

from hub.core.document import Document
from hub.core.shipping import CancelPush, CancelPushed
from hub.pipeline.facts import Recorded, Withdraw
from hub.pipeline.hub import Hub
from hub.store import orders
from hub.store.effects import Effect
from hub.store.work import Work


def facts(hub: Hub, work: Work, mine: Sequence[Effect]) -> Mapping[int, Document | Withdraw]:
    """The whole order is cancelled; one that was revived meanwhile is left alone."""
    known = orders.summaries(work, sorted({effect.subject_id for effect in mine}))
    return {
        effect.id: CancelPush(external_id=order.external_id, number=order.number, reason="cancelled")
        if (order := known[effect.subject_id]).state == "cancelled"
        else Withdraw("order.not_cancelled")
        for effect in mine
    }


def record(hub: Hub, work: Work, told: Sequence[Recorded]) -> list[str | None]:
    """Nothing follows: the channel's own document will say so too."""
    return [result.native.id if isinstance(result, CancelPushed) and result.native else None for _, _, result in told]
