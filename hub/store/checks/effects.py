"""Effects and feeds: what each state needs, keys and tokens, and who had to go first."""

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from hub.core.ids import token
from hub.core.states import EffectState as E
from hub.store.checks.offenders import NAMED, offenders
from hub.store.founding import house
from hub.store.tables import EffectRow, FeedRow, FulfilmentRow, OrderRow, ReceivableRow
from hub.store.tables.row import Owned
from hub.store.work import View

SETTLED = (E.CONFIRMED.value, E.REFUSED.value, E.WITHDRAWN.value)
DUE = (E.PLANNED.value, E.SUBMITTED.value, E.IN_DOUBT.value)
BEFORE = (E.CONFIRMED.value, E.WITHDRAWN.value)
SUBJECTS: dict[str, type[Owned]] = {"order": OrderRow, "fulfilment": FulfilmentRow, "receivable": ReceivableRow}


def state(view: View) -> list[str]:
    """A lease or a kept answer while it is sent, a time when it is settled, due only to be sent or recorded."""
    is_sending = EffectRow.state == E.SENDING.value
    leased, kept = EffectRow.lease_until.is_not(None), EffectRow.kept_at.is_not(None)
    wrong = or_(
        and_(is_sending, leased == kept),
        and_(~is_sending, or_(leased, kept)),
        EffectRow.settled_at.is_not(None) != EffectRow.state.in_(SETTLED),
        and_(EffectRow.due_at.is_not(None), EffectRow.state.not_in(DUE), ~kept),
        and_(
            EffectRow.state.not_in([E.PLANNED.value, E.WITHDRAWN.value]),
            or_(EffectRow.request_id.is_(None), EffectRow.sent_at.is_(None), EffectRow.attempt == 0),
        ),
    )
    return _offending(view, wrong)


def once(view: View) -> list[str]:
    """No key stands twice."""
    broken = (
        select(func.min(EffectRow.id))
        .where(EffectRow.tenant_id == view.tenant)
        .group_by(EffectRow.key)
        .having(func.count() > 1)
    )
    return offenders(view, "effect", func.min(EffectRow.id), broken)


def key(view: View) -> list[str]:
    """The key says whose it is, capability and generation, and the token is made of it."""
    rows = view.all(
        select(EffectRow.id, EffectRow.key, EffectRow.token, EffectRow.capability, EffectRow.generation)
        .where(EffectRow.tenant_id == view.tenant)
        .order_by(EffectRow.id)
    )
    mine = f"{house(view)}-{view.tenant}/"
    wrong = [
        row.id
        for row in rows
        if row.token != token(row.key)
        or not row.key.startswith(mine)
        or not row.key.endswith(f"/{row.capability}/{row.generation}")
    ]
    named = [f"effect {number}" for number in wrong[:NAMED]]
    return named if len(wrong) <= NAMED else [*named, f"{len(wrong)} in all"]


def order(view: View) -> list[str]:
    """What waits for another effect was sent after that one was confirmed, or withdrawn."""
    former = aliased(EffectRow)
    broken = (
        select(EffectRow.id)
        .join(former, and_(former.tenant_id == EffectRow.tenant_id, former.id == EffectRow.after_id))
        .where(EffectRow.tenant_id == view.tenant, EffectRow.sent_at.is_not(None), former.state.not_in(BEFORE))
    )
    return offenders(view, "effect", EffectRow.id, broken)


def watched(view: View) -> list[str]:
    """An effect of a flow that is only watched never leaves the house."""
    return _offending(view, and_(EffectRow.watched == "watch", EffectRow.sent_at.is_not(None)))


def subjects(view: View) -> list[str]:
    """What an effect is about exists."""
    known = [
        and_(
            EffectRow.subject == name,
            select(row.id).where(row.tenant_id == EffectRow.tenant_id, row.id == EffectRow.subject_id).exists(),
        )
        for name, row in SUBJECTS.items()
    ]
    return _offending(view, ~or_(*known))


def feeds(view: View) -> list[str]:
    """No version was sent that was never wanted."""
    broken = select(FeedRow.id).where(FeedRow.tenant_id == view.tenant, FeedRow.sent_version > FeedRow.version)
    return offenders(view, "feed", FeedRow.id, broken)


def _offending(view: View, wrong: ColumnElement[bool]) -> list[str]:
    broken = select(EffectRow.id).where(EffectRow.tenant_id == view.tenant, wrong)
    return offenders(view, "effect", EffectRow.id, broken)
