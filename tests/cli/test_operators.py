"""What operators do wrong, or find broken: one sentence with the remedy, exit status 1, and nothing changed."""

import base64
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from hub.cli.desk import Desk
from hub.cli.opening import make_folder, reach_broker, running, take_port
from hub.core.failures import HouseDown, Refused
from hub.core.reasons import render

ROOT = Path(__file__).parents[2]
OTHER_KEY = base64.b64encode(bytes(range(32))).decode()


def set_revision(folder: Path, revision: str) -> None:
    with closing(sqlite3.connect(folder / "hub.sqlite")) as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        database.commit()


def test_where_no_hub_is(nowhere):
    assert nowhere.refuses("order", "list") == (
        f"there is no hub in {nowhere.folder}; choose another folder with --dir, or make one here: hub db upgrade"
    )
    assert not nowhere.folder.exists()


def test_a_folder_that_cannot_be_written(nowhere, tmp_path):
    tmp_path.joinpath("file").touch()
    folder = tmp_path / "file" / "hub"

    assert nowhere.refuses("db", "upgrade", "--dir", str(folder)) == (
        f"{folder} cannot be written: choose another folder with --dir, or change its owner"
    )


@pytest.mark.parametrize(
    ("code", "remedy"),
    [("database.older", "run: hub db upgrade"), ("database.disk_full", "make room for /srv/hub.sqlite")],
)
def test_what_a_test_cannot_break_names_its_remedy_all_the_same(code, remedy):
    assert remedy in render(code, {"where": "/srv/hub.sqlite"})


def test_a_database_newer_than_the_code(hub, house):
    house.hub.store.dispose()
    set_revision(house.folder, "9999")

    for verb in (("order", "list"), ("db", "upgrade")):
        assert hub.refuses(*verb).startswith(
            f"the database {house.folder / 'hub.sqlite'} was upgraded by a newer release"
        )


def test_a_file_that_is_no_database(nowhere):
    nowhere.folder.mkdir()
    nowhere.folder.joinpath("hub.sqlite").write_text("not a database, but longer than a header" * 9)

    assert nowhere.refusal("order", "list")[0] == "database.damaged"


def test_a_missing_key(hub, house):
    house.hub.store.dispose()
    house.folder.joinpath("hub.key").unlink()

    for verb in (("order", "list"), ("db", "upgrade")):
        assert hub.refuses(*verb).startswith(
            f"the key of this hub is gone: put it back at {house.folder / 'hub.key'}, or into HUB_KEY"
        )
    assert not house.folder.joinpath("hub.key").exists()


def test_a_wrong_key(hub, house):
    house.hub.store.dispose()

    assert hub.refusal("order", "list", HUB_KEY=OTHER_KEY)[0] == "key.wrong"
    assert hub.refusal("order", "list", HUB_KEY="short")[0] == "key.malformed"


def test_a_database_that_does_not_answer(hub):
    refused = hub.refuses("order", "list", HUB_DATABASE="postgresql://hub:s3cret@127.0.0.1:1/hub")

    assert refused.startswith("the database 127.0.0.1:1/hub does not answer")
    assert "s3cret" not in refused


def test_an_address_of_no_database(hub):
    assert hub.refusal("order", "list", HUB_DATABASE="mysql://x")[0] == "database.unknown_kind"


def test_a_second_hub_on_one_file(house):
    """In processes of their own: the lock belongs to a process."""
    house.hub.store.dispose()
    second = (
        "from pathlib import Path; import sys\nfrom hub.cli.desk import Desk\nfrom hub.cli.opening import running\n"
        "from hub.core.failures import Refused\n"
        "try:\n    with running(Desk(Path(sys.argv[1]))): print('runs')\n"
        "except Refused as refused: print(refused.code, refused.params['pid'])"
    )

    with running(Desk(house.folder)):
        done = subprocess.run(
            [sys.executable, "-c", second, str(house.folder)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )

    assert done.stdout.split() == ["hub.already_running", str(os.getpid())]


@pytest.mark.socket
def test_a_port_that_is_taken():
    with closing(take_port("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refused) as refused:
            take_port("127.0.0.1", port)

    assert (refused.value.code, refused.value.params) == ("port.taken", {"port": port})


@pytest.mark.socket
def test_a_broker_that_does_not_answer():
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        port = listening.getsockname()[1]
        reach_broker(f"amqp://guest:s3cret@127.0.0.1:{port}//")
    reach_broker("memory://")

    with pytest.raises(HouseDown) as down:
        reach_broker(f"redis://:s3cret@127.0.0.1:{port}/0")

    assert down.value.code == "broker.unreachable"
    assert down.value.params["where"] == f"127.0.0.1:{port}"


def test_a_folder_is_made_with_those_above_it(tmp_path):
    make_folder(tmp_path / "a" / "b")

    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_bug_of_ours_is_a_sentence_and_a_line_in_the_log(hub, house):
    house.hub.store.dispose()
    with closing(sqlite3.connect(house.folder / "hub.sqlite")) as database:
        database.execute("DROP TABLE steps")
        database.commit()

    refused = hub.refuses("step", "list")

    log = house.folder / "hub.log"
    assert refused == f"this should not have happened (OperationalError); the log has the rest: {log}"
    assert '"event": "command.failed"' in log.read_text()
    assert "SELECT" not in log.read_text()


def test_a_refusal_for_programs_is_json_on_the_error_stream(hub):
    assert hub.refusal("stock", "show", "MUGG") == (
        "item.unknown",
        {"field": "sku", "value": "MUGG", "nearest": "MUG"},
    )
