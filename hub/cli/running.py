"""`hub demo`: the hub at work."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from hub.cli.desk import Desk, verb
from hub.cli.house import draw_checks
from hub.cli.opening import make_folder
from hub.cli.screen import Page, answer, bar
from hub.core.money import Money
from hub.sim.demo import Progress, Report, run


@verb
def demo(
    desk: Desk,
    orders: Annotated[int, typer.Option(min=1, max=100_000, help="So many orders.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed plays the same days.")] = 7,
) -> None:
    """Play some days of trading on simulators, through faults, and check that nothing was lost or doubled."""
    make_folder(desk.folder)
    with bar(desk, "playing", orders) as told:

        def tell(progress: Progress) -> None:
            told(progress.done, progress.news)

        report = run(desk.folder, orders=orders, seed=seed, tell=tell)
    value = {**vars(report), "ok": report.ok, "hours": f"{report.hours:.1f}"}
    answer(desk, value, lambda page: _draw(page, report, desk.folder))
    if not report.ok:
        raise typer.Exit(1)


def _draw(page: Page, report: Report, folder: Path) -> None:
    numbers = ("Orders", "Completed", "Cancelled", "Waiting", "Parcels", "Invoices", "Ordered", "Invoiced")
    table = page.table("Channel", *numbers, right=numbers)
    rows = [
        (
            each.channel, each.orders, each.completed, each.cancelled, each.waiting, each.parcels, each.invoices,
            Money(each.ordered, each.currency), Money(each.invoiced, each.currency),
        )
        for each in report.channels
    ]  # fmt: skip
    page.rows(table, rows, "")
    page.say("")
    draw_checks(page, report.checks)
    for doubled in report.doubled:
        page.say(Text(f"✗ {page.word('done twice')}: {doubled}", style="bold red"))
    told = "{hours} hours of trading, {requests} requests, {faults} of them failed on the way."
    page.say(page.word(told).format(hours=f"{report.hours:.1f}", requests=report.requests, faults=report.faults))
    page.say("", Text(page.word("Orders worth a look:"), style="bold"))
    for story in report.stories:
        page.say(Text(f"  hub order show {story.number} --dir {folder}", style="cyan"))
        page.say(Text(f"      {page.word(story.what)}"))
