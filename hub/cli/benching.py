"""`hub bench`: the hub beside hand-written floors."""

import sys
from collections.abc import Container
from decimal import Decimal
from typing import Annotated

import typer
from rich.text import Text

from hub.bench.measures import SIZES, Measured
from hub.bench.run import MEASURES, Skipped, run
from hub.cli.desk import Desk, verb
from hub.cli.screen import Page, bar
from hub.core import json
from hub.core.failures import BadInput

SizeOption = Annotated[str, typer.Option(help=f"How much is measured: {', '.join(SIZES)}.")]
RoundsOption = Annotated[int, typer.Option(min=1, max=99, help="Rounds of floor and hub in turn; medians count.")]
OnlyOption = Annotated[str | None, typer.Option(help=f"One measure alone: {', '.join(MEASURES)}.")]
ServerOption = Annotated[
    str | None, typer.Option("--postgres", help="Where to make a throw-away PostgreSQL database.", metavar="URL")
]

MEANINGS = {
    "backlog": "orders from the inbox until they are routed; one process, batches of 500, three lines each",
    "beside": "the same against three Celery tasks per order, a statement per row, two worker processes",
    "import": "orders stored in the inbox as a backfill and brought in until they are routed",
    "latency": "from an order's arrival until its goods are seen reserved, at 200 orders a second (median)",
    "effects": "effects prepared, called, kept and recorded, against the calls alone; the remote answers at once",
    "broker": "messages that a backlog costs through Celery, against those allowed",
}
"""What each measure is, by the first word of its name."""


@verb
def bench(
    desk: Desk,
    size: SizeOption = "small",
    rounds: RoundsOption = 3,
    only: OnlyOption = None,
    postgres: ServerOption = None,
) -> None:
    """Measure the hub beside floors that write the same facts by hand, in turn, on PostgreSQL and SQLite."""
    _known("size", size, SIZES)
    _known("only", only or next(iter(MEASURES)), MEASURES)
    measured: list[Measured] = []
    skipped: list[Skipped] = []
    with bar(desk, "measuring", None) as told:
        for found in run(size, rounds, only, postgres):
            if isinstance(found, Skipped):
                skipped.append(found)
            else:
                measured.append(found)
                told(len(measured), f"{found.name}, {found.database}")
    for what, reason in skipped:
        sys.stderr.write(f"{what}: {reason}\n")
    if desk.as_json:
        sys.stdout.write(json.dumps([_numbers(each) for each in measured]).decode() + "\n")
    else:
        _draw(Page(desk), measured)


def _numbers(each: Measured) -> json.JSON:
    """Numbers, not texts: programs compare them."""
    rounded = {
        name: value if isinstance(value, str) else round(Decimal(value), 4) for name, value in vars(each).items()
    }
    return {**rounded}


def _known(field: str, value: str, names: Container[str]) -> None:
    if value not in names:
        raise BadInput("field.not_allowed", field=field, value=value)


def _draw(page: Page, measured: list[Measured]) -> None:
    numbers = ("Floor", "Hub", "Ratio", "Aim")
    table = page.table("Measure", "Database", *numbers, right=numbers, fold=("Measure",))
    page.rows(table, [_row(each) for each in measured], "Nothing was measured.")
    for word in dict.fromkeys(each.name.partition(",")[0].split()[0] for each in measured):
        page.say(Text(f"{word}: {MEANINGS[word]}", style="bright_black"))


def _row(each: Measured) -> tuple[object, ...]:
    colour = "green" if each.ratio >= each.aim else "yellow"
    shown = Text(f"{each.ratio:.2f}", style=colour)
    return each.name, each.database, f"{each.floor:,.2f}", f"{each.hub:,.2f}", shown, f"{each.aim:.2f}"
