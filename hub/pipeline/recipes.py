"""What each effect is made of: how it is prepared, recorded, and who looks at a refusal."""

from collections.abc import Mapping

from hub.pipeline import cancel_push, dispatch, finance, labels
from hub.pipeline.facts import Recipe
from hub.sdk.capabilities import Capability
from hub.store.connections import Flow

RECIPES: Mapping[Capability, Recipe] = {
    Capability.QUOTE: Recipe(Flow.DOCUMENTS_OUT, labels.quote_facts, labels.keep_quotes, labels.refuse_label),
    Capability.BOOKING: Recipe(Flow.DOCUMENTS_OUT, labels.booking_facts, labels.keep_bookings, labels.refuse_label),
    Capability.VOID: Recipe(Flow.DOCUMENTS_OUT, labels.void_facts, labels.keep_voids, labels.refuse_void),
    Capability.DISPATCH: Recipe(Flow.STATUS_OUT, dispatch.facts, dispatch.record, dispatch.refused),
    Capability.CANCEL: Recipe(Flow.STATUS_OUT, cancel_push.facts, cancel_push.record, dispatch.refused),
    Capability.RECEIVABLE: Recipe(Flow.DOCUMENTS_OUT, finance.facts, finance.record, finance.refused),
}
