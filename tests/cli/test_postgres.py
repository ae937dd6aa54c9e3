"""Every answer of the command line on PostgreSQL too: the same words, another database."""

import pytest

from tests.cli.conftest import Desk
from tests.core.builders import a_line
from tests.house import a_house

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

LOOKS = (
    ("order", "list", "--held"),
    ("order", "show", "1"),
    ("order", "show", "1", "--answers"),
    ("order", "find", "INV-1"),
    ("stock", "list"),
    ("stock", "show", "MUG"),
    ("item", "list", "mug"),
    ("location", "list"),
    ("connection", "list"),
    ("connection", "show", "web"),
    ("listing", "list", "--unmapped"),
    ("inbox", "list", "--state", "all"),
    ("inbox", "show", "1"),
    ("effects", "list", "--state", "all"),
    ("alarms",),
    ("step", "list"),
    ("company", "list"),
    ("db", "state"),
)


def test_every_look_answers_the_same_on_both_databases(tmp_path, plugged, postgres_url):
    answers = {}
    for kind, url in (("sqlite", None), ("postgresql", postgres_url)):
        folder = tmp_path / kind
        folder.mkdir()
        with a_house(folder, url, more=()) as house:
            house.sell("1001")
            house.sell("1002", a_line("MYSTERY"))
            house.settle()
            hub = Desk(folder)
            env = {} if url is None else {"HUB_DATABASE": url}
            answers[kind] = {look: hub.told(*look, **env) for look in LOOKS}
            assert hub.told("verify", **env)["ok"] is True

    for look in LOOKS:
        assert shape(answers["postgresql"][look]) == shape(answers["sqlite"][look]), look


def shape(value):
    """Names and kinds of what an answer has; keys, tokens and times differ from hub to hub."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items() if "/" not in name}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return type(value).__name__


def test_a_new_hub_is_made_on_a_server(nowhere, postgres_url):
    said = nowhere.says("db", "upgrade", HUB_DATABASE=postgres_url)

    assert said.startswith("A new hub is in 127.0.0.1:5432/")
    assert nowhere.told("company", HUB_DATABASE=postgres_url)[0]["code"] == "main"
    assert [path.name for path in nowhere.folder.iterdir()] == ["hub.key"]
