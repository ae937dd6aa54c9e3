"""What every command is given: where the hub is, in which language and form to answer, and the shared options."""

import inspect
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec

import typer
from typer.core import TyperGroup

from hub.core.wording import Language

P = ParamSpec("P")
EVERYWHERE = "Everywhere"
NAMED = ("__module__", "__name__", "__qualname__", "__doc__")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody stands who gave a command."""

    folder: Path
    language: Language = Language.EN
    as_json: bool = False


def default_folder(env: Mapping[str, str], platform: str) -> Path:
    """`HUB_DIR`, else the place where this system keeps what programs write."""
    if named := env.get("HUB_DIR"):
        return Path(named)
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "crossdock"
    return Path(env.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "crossdock"


def _spoken(text: str | None) -> Language:
    wanted = (text or os.environ.get("HUB_LANG") or Language.EN).partition("_")[0].partition("-")[0].lower()
    try:
        return Language(wanted)
    except ValueError:
        languages = ", ".join(Language)
        raise typer.BadParameter(f"'{wanted}' is none of: {languages}.", param_hint="'--lang'") from None


Folder = Annotated[
    Path | None,
    typer.Option(
        "--dir",
        metavar="DIR",
        help="The folder of the hub; everything written stays in it. Else HUB_DIR, else the data folder of this user.",
        rich_help_panel=EVERYWHERE,
    ),
]
Lang = Annotated[
    str | None,
    typer.Option("--lang", metavar="zh|en", help="The language of answers. Else HUB_LANG.", rich_help_panel=EVERYWHERE),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.", rich_help_panel=EVERYWHERE)]


def desk(context: typer.Context, folder: Path | None, lang: str | None, *, as_json: bool) -> Desk:
    """From the options of a command, else those before it, else the environment."""
    before = context.obj or {}
    chosen = folder or before.get("folder") or default_folder(os.environ, sys.platform)
    return Desk(chosen.expanduser().absolute(), _spoken(lang or before.get("lang")), as_json)


def verb(function: Callable[Concatenate[Desk, P], None]) -> Callable[..., None]:
    """Make a command of a function that takes a desk: with the shared options, and with errors in a sentence."""

    @wraps(function, assigned=NAMED)
    def command(
        context: typer.Context,
        folder: Folder = None,
        lang: Lang = None,
        as_json: AsJson = False,
        **given: Any,  # noqa: ANN401  what the command itself takes
    ) -> None:
        from hub.cli.failing import told

        at = desk(context, folder, lang, as_json=as_json)
        with told(at):
            function(at, **given)  # type: ignore[call-arg]  # the signature below says what is given

    shared = list(inspect.signature(command, follow_wrapped=False).parameters.values())[:-1]
    own = list(inspect.signature(function).parameters.values())[1:]
    parameters = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in (*own, *shared)]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer asks for it
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command


class Listing(TyperGroup):
    """A group of commands of which `list` is meant where none is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  the context of whichever click
        begins_with_option = bool(args) and args[0].startswith("-") and args[0] != "--help"
        return super().parse_args(ctx, ["list", *args] if not args or begins_with_option else args)


def area(sentence: str) -> typer.Typer:
    """The commands about one thing; without a command they list it."""
    return typer.Typer(cls=Listing, help=sentence, rich_markup_mode="rich", add_completion=False)
