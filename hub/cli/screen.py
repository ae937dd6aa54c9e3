"""What a person sees: tables, states in colour, times, sentences, and bars while something takes long."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from hub.cli.desk import Desk
from hub.cli.plain import plain
from hub.cli.words import label
from hub.core import json
from hub.core.money import Money
from hub.core.reasons import render
from hub.store.reading.said import Said

WIDTH = 100
"""How wide an answer is that goes into a file or another program."""

COLOURS = {
    "green": {
        "completed", "delivered", "confirmed", "settled", "posted", "applied", "on", "fulfilled", "bought", "ok",
    },
    "cyan": {
        "accepted", "reserved", "routed", "fulfilling", "released", "labelled", "handed_over", "sending", "submitted",
        "in_transit", "picked_up", "out_for_delivery",
    },
    "yellow": {"received", "backordered", "planned", "new", "watch", "open", "pending", "exception", "attempted"},
    "red": {"in_doubt", "refused", "parked", "lost", "void_refused", "stopped", "paused"},
    "bright_black": {"cancelled", "archived", "withdrawn", "dropped", "off", "voided", "returned", "unknown"},
}  # fmt: skip
_COLOUR = {state: colour for colour, states in COLOURS.items() for state in states}


class Page:
    """An answer on its way to the screen."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False, soft_wrap=False)

    def word(self, text: str) -> str:
        """A label in the language of this desk."""
        return label(text, self.desk.language)

    def state(self, state: str) -> Text:
        """A state in its colour."""
        return Text(self.word(state.replace("_", " ")), style=_COLOUR.get(state, ""))

    def said(self, said: Said) -> str:
        """A reason as a sentence."""
        return render(said.code, said.params, self.desk.language)

    def say(self, *parts: RenderableType) -> None:
        """One line after the other, or whatever stands in its place; a sentence is as long as it is."""
        for part in parts:
            self.console.print(part, soft_wrap=isinstance(part, str | Text))

    def table(self, *columns: str, right: Sequence[str] = (), fold: Sequence[str] = ()) -> Table:
        """An empty table; columns in `right` are numbers, those in `fold` may take several lines."""
        made = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False, padding=(0, 1, 0, 0))
        for column in columns:
            made.add_column(
                self.word(column),
                justify="right" if column in right else "left",
                no_wrap=column not in fold,
                overflow="fold" if column in fold else "ellipsis",
                ratio=1 if column in fold else None,
            )
        return made

    def rows(self, table: Table, rows: Iterable[Sequence[object]], empty: str) -> None:
        """Show a table, or say what to do where there is nothing."""
        for row in rows:
            table.add_row(*map(cell, row))
        self.say(table if table.row_count else Text(self.word(empty), style="bright_black"))


def cell(value: object) -> RenderableType:
    """A value as it stands in a table."""
    if isinstance(value, datetime):
        return Text(moment(value))
    if isinstance(value, Decimal | Money | int) and not isinstance(value, bool):
        return Text(str(value))
    if value is None or value is False:
        return ""
    return value if isinstance(value, Text) else Text("✓" if value is True else str(value))


def moment(at: datetime | None) -> str:
    """A time to the minute, in UTC."""
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def second(at: datetime) -> str:
    """A time to the second, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def answer(desk: Desk, value: object, draw: Callable[[Page], None]) -> None:
    """JSON for programs, a page for people."""
    if desk.as_json:
        sys.stdout.write(json.dumps(plain(value, desk.language)).decode() + "\n")
    else:
        draw(Page(desk))


@contextmanager
def bar(desk: Desk, text: str, total: int | None) -> Iterator[Callable[[int, str], None]]:
    """A bar on the error stream while something takes long, on a terminal only; call it with how far it is."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(label(text, desk.language), total=total)

        def told(done: int, news: str = "") -> None:
            progress.update(task, completed=done, description=news or label(text, desk.language))

        yield told
