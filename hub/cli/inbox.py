"""`hub inbox`: what came in and waits, with the document as it came."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer
from rich.text import Text

from hub.actions import inbox as inboxes
from hub.actions.permission import OWNER
from hub.cli.desk import Desk, area, verb
from hub.cli.opening import looking, working
from hub.cli.screen import Page, answer, moment
from hub.cli.story import pretty
from hub.core import json
from hub.core.failures import BadInput
from hub.core.json import JSON
from hub.store.inbox import InboxState
from hub.store.reading.inbox import InboxFilter, InboxSeen, body, entries, entry

app = area("What came in and waits: documents that nobody could read or apply yet.")


class Which(StrEnum):
    """Entries to look at; `waiting` are those that are new or parked."""

    WAITING = "waiting"
    ALL = "all"
    NEW = "new"
    PARKED = "parked"
    APPLIED = "applied"
    DROPPED = "dropped"


CHOSEN = {
    Which.WAITING: (InboxState.NEW, InboxState.PARKED),
    Which.ALL: tuple(InboxState),
    **{Which(state.value): (state,) for state in InboxState},
}


@app.command("list")
@verb
def list_inbox(
    desk: Desk,
    state: Annotated[Which, typer.Option(help="Which entries.")] = Which.WAITING,
    connection: Annotated[str | None, typer.Option(help="Only what came over this connection.")] = None,
    code: Annotated[str | None, typer.Option(help="Only entries with this reason.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="So many at most.")] = 25,
    before: Annotated[int | None, typer.Option(help="Go on below this entry, where a list ended.")] = None,
) -> None:
    """What came in and why it waits, newest first."""
    with looking(desk) as view:
        found = entries(view, InboxFilter(CHOSEN[state], connection, code, before), limit)
    more = found[-1].id if len(found) == limit else None
    answer(desk, {"entries": found, "before": more}, lambda page: _draw(page, found))


def _draw(page: Page, found: Sequence[InboxSeen]) -> None:
    columns = ("Entry", "Received", "Connection", "Document", "State", "Order", "Reason")
    table = page.table(*columns, right=("Entry", "Order"), fold=("Reason",))
    rows = [
        (
            each.id, moment(each.received_at)[5:], each.connection, f"{page.word(each.kind)} {each.external_id}",
            page.state(each.state), each.order_id, page.said(each.reason) if each.reason else "",
        )
        for each in found
    ]  # fmt: skip
    page.rows(table, rows, "Nothing waits. Everything that came in: hub inbox --state all")


@app.command("show")
@verb
def show(desk: Desk, number: Annotated[int, typer.Argument(metavar="ENTRY", help="The number of the entry.")]) -> None:
    """One entry with the document as it came."""
    with looking(desk) as view:
        found = entry(view, number)
        document = _opened(body(view, number))
    answer(desk, {**found._asdict(), "document": document}, lambda page: _draw_one(page, found, document))


def _opened(raw: bytes) -> JSON:
    try:
        return json.loads(raw)
    except BadInput:
        return raw.decode(errors="backslashreplace")


def _draw_one(page: Page, found: InboxSeen, document: JSON) -> None:
    _draw(page, [found])
    page.say("", Text(pretty(document)))


@app.command("retry")
@verb
def retry(
    desk: Desk,
    numbers: Annotated[list[int] | None, typer.Argument(metavar="ENTRY", help="Which entries; all for none.")] = None,
    code: Annotated[str | None, typer.Option(help="Only what is parked for this reason.")] = None,
    connection: Annotated[str | None, typer.Option(help="Only what came over this connection.")] = None,
) -> None:
    """Try parked entries again: the mapping, the catalogue or the release has changed."""
    with working(desk) as hub:
        done = (
            inboxes.retry(hub, OWNER, numbers)
            if numbers
            else inboxes.retry_all(hub, OWNER, code=code, connection=connection)
        )
        inboxes.take_in(hub, OWNER)
        with hub.store.view(OWNER.tenant) as view:
            left = entries(view, InboxFilter((InboxState.PARKED,), connection, code), done + 1) if done else []
    value = {"retried": done, "parked": [each.id for each in left]}
    told = "Tried again: {count}"
    answer(desk, value, lambda page: page.say(page.word(told).format(count=done)))
