import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hub.cli.app import app
from hub.cli.logs import Quiet
from hub.core.clock import SystemClock
from tests import paper
from tests.house import House, a_house


@dataclass
class Desk:
    """The command line of a hub; what it does is done by the wall clock, after which the house goes on."""

    folder: Path
    house: House | None = None

    def __call__(self, *words: str, status: int = 0, **env: str) -> Result:
        """Give a command; its exit status is as expected, and no traceback is shown."""
        plain = {"HUB_DIR": str(self.folder), "HUB_LANG": "en", "COLUMNS": "100", "NO_COLOR": "1"}
        unset = dict.fromkeys({"HUB_DATABASE", "HUB_KEY"} - env.keys())
        result = CliRunner().invoke(app, list(words), env={**plain, **unset, **env})
        assert result.exit_code == status, (result.output, result.exception)
        assert "Traceback" not in result.output
        if self.house is not None:
            self.house.clock.time = max(self.house.clock.time, SystemClock().now())
        return result

    def says(self, *words: str, **env: str) -> str:
        """What it answers."""
        return self(*words, status=0, **env).stdout

    def told(self, *words: str, **env: str):
        """What it answers to a program."""
        return json.loads(self(*words, "--json", status=0, **env).stdout)

    def refuses(self, *words: str, **env: str) -> str:
        """The sentence of a refusal, on the error stream and nowhere else."""
        result = self(*words, status=1, **env)
        assert result.stdout == ""
        assert result.stderr.startswith("hub: ")
        return result.stderr.removeprefix("hub: ").strip()

    def refusal(self, *words: str, **env: str):
        """Code and parameters of a refusal, as a program reads them."""
        result = self(*words, "--json", status=1, **env)
        assert result.stdout == ""
        error = json.loads(result.stderr.splitlines()[-1])["error"]
        return error["code"], error["params"]

    def misused(self, *words: str, **env: str) -> str:
        """What is said to a wrong use, in one line."""
        said = self(*words, status=2, **env).stderr
        return " ".join(said.replace("│", " ").split())


@pytest.fixture(autouse=True)
def no_log_stays_open() -> Iterator[None]:
    """The log of a command belongs to its folder, which goes with the test."""
    yield
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, Quiet)]:
        root.removeHandler(handler)
        handler.close()


@pytest.fixture
def plugged(tmp_path, monkeypatch) -> Path:
    """The paper trade is installed, as a stranger's distribution is."""
    folder = paper.distribution(tmp_path / "site")
    monkeypatch.syspath_prepend(str(folder))
    return folder


@pytest.fixture
def house(tmp_path, plugged) -> Iterator[House]:
    """A company on paper with a shop, a carrier, a ledger and ten mugs."""
    folder = tmp_path / "house"
    folder.mkdir()
    with a_house(folder, more=()) as house:
        yield house


@pytest.fixture
def hub(house) -> Desk:
    """The command line beside that company."""
    return Desk(house.folder, house)


@pytest.fixture
def nowhere(tmp_path, plugged) -> Desk:
    """A command line where no hub is yet."""
    return Desk(tmp_path / "nowhere")
