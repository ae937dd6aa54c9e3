"""`hub mapping`: flaws of mapping files, before a document finds them."""

from typing import Annotated

import typer
from rich.text import Text

from hub.cli.desk import Desk, verb
from hub.cli.screen import Page, answer
from hub.core.failures import Parameter
from hub.registry import Registry
from hub.sdk.mapping import Problem, check, names_in, sheet_of
from hub.store.reading.said import Said

app = typer.Typer(help="Mapping files of connectors.", no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def mappings() -> None:
    """Mapping files of connectors."""


@app.command("check")
@verb
def check_mappings(
    desk: Desk, connector: Annotated[str | None, typer.Argument(help="Only the files of this connector.")] = None
) -> None:
    """Find every flaw: unknown keys, converters and targets, broken paths, targets without a row."""
    registry = Registry.load()
    chosen = registry.all() if connector is None else (registry.get(connector),)
    packages = [kind.manifest.mapping_package for kind in chosen]
    sheets = [sheet_of(package, name) for package in packages for name in names_in(package)]
    found = {sheet.file: check(sheet) for sheet in sheets}
    flaws = sum(map(len, found.values()))
    value = [
        {"file": file, "flaws": [{"line": each.line, "field": each.field, "reason": _said(each)} for each in problems]}
        for file, problems in found.items()
    ]
    answer(desk, {"ok": not flaws, "files": value}, lambda page: _draw(page, found))
    if flaws:
        raise typer.Exit(1)


def _said(problem: Problem) -> Said:
    params: dict[str, Parameter] = {
        "file": problem.file, "line": problem.line, "field": problem.field, "value": problem.value,
        "near": problem.near,
    }  # fmt: skip
    return Said(problem.code, params)


def _draw(page: Page, found: dict[str, list[Problem]]) -> None:
    for file, problems in found.items():
        mark = Text("✗ ", style="red") if problems else Text("✓ ", style="green")
        page.say(mark + Text(file))
        for problem in problems:
            page.say(Text(f"  {page.said(_said(problem))}"))
    if not found:
        page.say(Text(page.word("There are no mapping files."), style="bright_black"))
