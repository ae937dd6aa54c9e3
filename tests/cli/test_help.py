"""`hub --help` is quick and complete, and a wrong use is told as one."""

import subprocess
import sys
from importlib.metadata import version

import pytest

from hub.cli.app import COMMANDS, loaded
from hub.cli.desk import default_folder

SLOW = {
    "alembic", "celery", "httpx", "hub.pipeline", "hub.store", "pydantic", "rich.progress", "sqlalchemy", "starlette",
    "uvicorn",
}  # fmt: skip
"""What `hub --help` has no time for."""


def test_help_loads_nothing_of_the_house():
    asked = (
        "import sys\nfrom hub.cli.app import app\n"
        "try: app(['--help'])\nexcept SystemExit: pass\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60)
    modules = set(done.stderr.split())

    assert "connect" in done.stdout
    assert SLOW & modules == set()


def test_help_names_every_command(nowhere):
    page = nowhere.says("--help")

    assert [name for name in COMMANDS if f" {name} " not in page] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_has_the_shared_options(nowhere, name):
    command = loaded(name)
    verbs = getattr(command, "commands", None) or {name: command}

    for verb, each in verbs.items():
        assert {"--dir", "--lang", "--json"} <= {option for param in each.params for option in param.opts}, verb
        assert each.help, verb


def test_the_release_is_told(nowhere):
    assert nowhere.says("--version") == f"crossdock {version('crossdock')}\n"


def test_no_words_are_answered_with_help(nowhere):
    assert "COMMAND [ARGS]" in nowhere("--help").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ordr", "list"), "No such command 'ordr'. Did you mean 'order'"),
        (("order", "shw"), "No such command 'shw'. Did you mean 'show'?"),
        (("order", "show"), "Missing argument"),
        (("order", "list", "--limit", "'--limit'"), "'--limit'"),
        (("order", "list", "--state", "lost"), "'lost' is not one of"),
        (("order", "list", "--lang", "fr"), "'fr' is none of: en, zh."),
        (("connection", "set", "web", "--orders-in", "maybe"), "'maybe' is not one of 'off', 'watch', 'on'"),
    ],
)
def test_a_wrong_use_ends_with_status_2(nowhere, words, said):
    assert said in nowhere.misused(*words)


def test_options_may_stand_before_the_command(hub, house, tmp_path):
    house.sell("1001")
    house.settle()

    said = hub.says("--dir", str(house.folder), "--lang", "zh", "order", "list", HUB_DIR=str(tmp_path))

    assert "已发出" in said


@pytest.mark.parametrize(
    ("env", "platform", "folder"),
    [
        ({"HUB_DIR": "/srv/hub", "XDG_DATA_HOME": "/x"}, "linux", "/srv/hub"),
        ({"XDG_DATA_HOME": "/x"}, "linux", "/x/crossdock"),
        ({}, "linux", "~/.local/share/crossdock"),
        ({}, "darwin", "~/Library/Application Support/crossdock"),
    ],
)
def test_without_a_folder_the_data_folder_of_the_user_is_taken(env, platform, folder, monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")

    assert str(default_folder(env, platform)) == folder.replace("~", "/home/ada")
