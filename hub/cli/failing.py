"""Errors as people read them: one sentence with the remedy, never a traceback."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from hub.cli.desk import Desk
from hub.cli.logs import LOG, begin_logging
from hub.core.failures import BadInput, HubError
from hub.core.reasons import render

log = logging.getLogger("hub.cli")
INTERRUPTED = 130
NAMING = (".unknown", ".unknown_so_far", ".not_here", ".taken")
"""Ends of codes whose sentences say what kind of thing the value is."""


@contextmanager
def told(desk: Desk) -> Iterator[None]:
    """Run a command; whatever it raises becomes a sentence and an exit status."""
    begin_logging(desk.folder)
    try:
        yield
    except HubError as error:
        tell(desk, error)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        tell(desk, HubError("hub.interrupted"))
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        sys.stdout = None  # whoever read the answer is gone
        raise typer.Exit(1) from None
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except Exception as error:
        log.exception("command.failed", extra={"error": type(error).__name__})
        tell(desk, HubError("hub.unexpected", error=type(error).__name__, log=str(desk.folder / LOG)))
        raise typer.Exit(1) from None


def tell(desk: Desk, error: HubError) -> None:
    """One sentence on the error stream; an object there for programs."""
    sentence = worded(desk, error)
    if desk.as_json:
        said = {"error": {"code": error.code, "params": error.params, "text": sentence}}
        typer.echo(json.dumps(said, ensure_ascii=False), err=True)
        return
    typer.secho("hub: ", fg="red", bold=True, nl=False, err=True)
    typer.echo(sentence, err=True)


def worded(desk: Desk, error: HubError) -> str:
    """The sentence; where the words of a bad value do not name its field, the field stands in front."""
    sentence = render(error.code, error.params, desk.language)
    field = error.field if isinstance(error, BadInput) and not error.code.endswith(NAMING) else ""
    return sentence if not field or field in sentence else f"{field}: {sentence}"
