"""The command `hub`: every verb of the house, each loaded when it is asked for."""

import importlib
from importlib.metadata import version
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from hub.cli.desk import Folder, Lang


class Entry(NamedTuple):
    """Where a command lives and what it is for; `hub --help` reads no more than this."""

    place: str
    sentence: str
    panel: str


START, WORK, SET_UP, LOOK = "Begin", "Orders and stock", "Connections", "The house"

COMMANDS = {
    "demo": Entry("running:demo", "Play some days of trading on simulators, through faults.", START),
    "up": Entry("serving:up", "Run the hub: webhooks and workers in one process.", START),
    "worker": Entry("serving:worker", "Run one worker beside others.", START),
    "sim": Entry("serving:sim", "Serve the simulator of a connector on a port.", START),
    "order": Entry("orders:app", "Orders: list, show, find, retry, cancel, release.", WORK),
    "stock": Entry("stock:app", "Stock: show, set, receive.", WORK),
    "item": Entry("stock:item", "Items that are stored and shipped.", WORK),
    "location": Entry("stock:location", "Places that ship.", WORK),
    "connectors": Entry("connections:connectors", "Kinds of outside systems that the hub can talk to.", SET_UP),
    "connect": Entry("connections:connect", "Connect an account; at first it only watches.", SET_UP),
    "connection": Entry("connections:app", "Connections: list, show, set, check, resume.", SET_UP),
    "pull": Entry("connections:pull", "Read channels now.", SET_UP),
    "listing": Entry("listings:app", "What channels list, and which item it is: list, map.", SET_UP),
    "mapping": Entry("mappings:app", "Mapping files of connectors: check.", SET_UP),
    "inbox": Entry("inbox:app", "What came in and waits: list, show, retry.", LOOK),
    "effects": Entry("effects:app", "What is to happen outside: list, resolve.", LOOK),
    "alarms": Entry("house:alarms", "What a person must look at.", LOOK),
    "step": Entry("house:step", "Steps of the journeys: list, resume.", LOOK),
    "company": Entry("house:company", "Companies that sell and post: list, add.", LOOK),
    "db": Entry("house:db", "The database: upgrade, state.", LOOK),
    "verify": Entry("house:verify", "Check every invariant of the database, and the seals.", LOOK),
    "bench": Entry("benching:bench", "Measure the hub beside hand-written floors.", LOOK),
}


class House(TyperGroup):
    """All commands by name; the module of one is imported when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002  the context of whichever click
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002  as above
        """Name and sentence of a command; `resolve_command` loads it."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        return TyperCommand(cmd_name, help=entry.sentence, rich_help_panel=entry.panel, rich_markup_mode="rich")

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:  # noqa: ANN401  as above
        self.commands = dict.fromkeys(COMMANDS)  # type: ignore[assignment]  # for the nearest names
        name, command, rest = super().resolve_command(ctx, args)
        return name, command if name is None else loaded(name), rest


def loaded(name: str) -> Any:  # noqa: ANN401  a command of whichever click
    """The command itself."""
    module, _, attribute = COMMANDS[name].place.partition(":")
    found = getattr(importlib.import_module(f"hub.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        return typer.main.get_group(found)
    single = typer.Typer(add_completion=False, rich_markup_mode="rich")
    single.command()(found)
    return typer.main.get_command(single)


app = typer.Typer(cls=House, rich_markup_mode="rich", no_args_is_help=True, pretty_exceptions_enable=False)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"crossdock {version('crossdock')}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    release: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which release this is.")
    ] = False,
    folder: Folder = None,
    lang: Lang = None,
) -> None:
    """One hub between your sales channels, warehouses, carriers and ledgers."""
    del release
    context.obj = {"folder": folder, "lang": lang}


def main() -> None:
    """Run the command line."""
    app()
