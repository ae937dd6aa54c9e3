"""`hub effects`: what is to happen outside, and a person's word where nobody can look it up."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer
from rich.text import Text

from hub.actions import effects as acting
from hub.actions.permission import OWNER
from hub.cli.desk import Desk, area, verb
from hub.cli.opening import looking, working
from hub.cli.screen import Page, answer, moment
from hub.cli.story import worded
from hub.core.states import EFFECT_OPEN, EffectState
from hub.store.reading.effects import EffectSeen, effects

app = area("What is to happen outside, once: labels, postings, messages to channels.")


class Which(StrEnum):
    """Effects to look at; `waiting` are those that are not done."""

    WAITING = "waiting"
    ALL = "all"
    PLANNED = "planned"
    SENDING = "sending"
    SUBMITTED = "submitted"
    IN_DOUBT = "in_doubt"
    REFUSED = "refused"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


CHOSEN: dict[Which, frozenset[EffectState]] = {
    Which.WAITING: EFFECT_OPEN | {EffectState.REFUSED},
    Which.ALL: frozenset(EffectState),
    **{Which(state.value): frozenset({state}) for state in EffectState},
}


@app.command("list")
@verb
def list_effects(
    desk: Desk,
    state: Annotated[Which, typer.Option(help="Which effects.")] = Which.WAITING,
    connection: Annotated[str | None, typer.Option(help="Only those of this connection.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="So many at most.")] = 25,
) -> None:
    """What is not done yet, newest first, and why."""
    with looking(desk) as view:
        found = effects(view, CHOSEN[state], connection, limit)
    answer(desk, found, lambda page: _draw(page, found))


def _draw(page: Page, found: Sequence[EffectSeen]) -> None:
    columns = ("Effect", "At", "State", "Order", "Tried", "Due", "Key and reason")
    table = page.table(*columns, right=("Order", "Tried"), fold=("Key and reason",))
    rows = [
        (
            page.word(each.capability),
            each.connection,
            page.word("watched") if each.watched else page.state(each.state),
            each.order_id,
            each.attempt,
            moment(each.due_at)[5:],
            _why(page, each),
        )
        for each in found
    ]
    page.rows(table, rows, "Nothing is waiting. What is done: hub effects list --state all")


def _why(page: Page, each: EffectSeen) -> Text:
    reason = "" if each.reason is None else f"\n{page.said(worded(each))}"
    return Text.assemble((each.key, "bright_black"), (reason, "yellow"))


@app.command("resolve")
@verb
def resolve(
    desk: Desk,
    key: Annotated[str, typer.Argument(help="The key of an effect in doubt.")],
    happened: Annotated[str | None, typer.Option(metavar="REFERENCE", help="It happened, under this number.")] = None,
    absent: Annotated[bool, typer.Option("--absent", help="It did not happen: it is sent again.")] = False,
) -> None:
    """Say whether a write happened that nobody can look up."""
    if (happened is None) == (not absent):
        raise typer.BadParameter("say either --happened REFERENCE or --absent.")
    with working(desk) as hub:
        acting.resolve(hub, OWNER, key, reference=happened)
    told = "It counts as done." if happened else "It is sent again."
    answer(desk, {"key": key, "happened": happened}, lambda page: page.say(page.word(told)))
