"""`hub up`: everything in one process, one of them per file, ended by a signal."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

HUB = str(Path(sys.executable).with_name("hub"))

pytestmark = [pytest.mark.socket, pytest.mark.slow]


@contextmanager
def running(*words: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, object]]]:
    """A command that runs until it is ended, and what it says first."""
    process = subprocess.Popen([HUB, *words, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        said = process.stdout.readline()
        assert said, process.stderr.read()
        yield process, json.loads(said)
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()
        process.stderr.close()


def ran(*words: str) -> tuple[int, str]:
    done = subprocess.run([HUB, *words], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stderr


def test_a_hub_makes_its_database_answers_and_ends_cleanly(tmp_path: Path):
    with running("up", "--dir", str(tmp_path), "--port", "0") as (process, said):
        well = httpx.get(f"{said['listens']}/health")
        nobody = httpx.post(f"{said['listens']}/hooks/nobody", content=b"{}")

        second = ran("up", "--dir", str(tmp_path), "--port", "0")
        worker = ran("worker", "--dir", str(tmp_path))
        beside = ran("order", "list", "--dir", str(tmp_path))
        process.terminate()

        assert process.wait(30) == 0
    assert (well.status_code, well.json()) == (200, {"ok": True})
    assert nobody.status_code == 404
    assert (second[0], worker[0], beside[0]) == (1, 1, 0)
    assert f"a hub is running on {tmp_path / 'hub.sqlite'} already" in second[1]


def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path: Path):
    with running("sim", "easypost", "--port", "0") as (_, said):
        port = str(said["listens"]).rpartition(":")[2]

        status, told = ran("up", "--dir", str(tmp_path), "--port", port)

    assert (status, told.count("\n")) == (1, 1)
    assert f"port {port} is taken" in told


def test_a_simulator_answers_on_a_port_and_says_the_settings_of_a_connection_to_it():
    with running("sim", "easypost", "--port", "0") as (_, said):
        settings = said["settings"]
        assert isinstance(settings, dict)
        answer = httpx.get(f"{settings['base_url']}/nowhere")

    assert str(settings["base_url"]).startswith(str(said["listens"]))
    assert answer.status_code in {401, 404}


def test_a_broker_or_database_that_is_away_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HUB_BROKER", "amqp://guest:secret@127.0.0.1:1//")
    with_no_broker = ran("up", "--dir", str(tmp_path), "--port", "0")
    monkeypatch.setenv("HUB_DATABASE", "postgresql://somebody:secret@127.0.0.1:1/hub")
    with_no_database = ran("worker", "--dir", str(tmp_path))

    assert with_no_broker[0] == with_no_database[0] == 1
    assert with_no_broker[1].startswith("hub: the broker 127.0.0.1:1 does not answer")
    assert with_no_database[1].startswith("hub: the database 127.0.0.1:1/hub does not answer")
    assert "secret" not in with_no_broker[1] + with_no_database[1]
