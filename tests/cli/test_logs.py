"""The log says what happened to whom, and never a secret or a person."""

import json
import logging

import pytest

from hub.cli.logs import begin_logging, redacted
from hub.core.failures import HouseDown


@pytest.fixture
def lines(tmp_path):
    begin_logging(tmp_path, logging.INFO)

    def read():
        return [json.loads(line) for line in (tmp_path / "hub.log").read_text().splitlines()]

    return read


def test_a_line_has_its_event_and_whom_it_is_about(lines):
    extra = {"tenant": 1, "subject": "order/7", "connection": "web", "attempt": 3, "buyer": "Zoë Müller"}

    logging.getLogger("hub.pipeline").warning("effect.refused", extra=extra)

    [line] = lines()
    assert {name: line[name] for name in line if name != "at"} == {
        "level": "warning",
        "from": "hub.pipeline",
        "event": "effect.refused",
        "tenant": 1,
        "subject": "order/7",
        "connection": "web",
        "attempt": 3,
    }


def test_an_exception_is_its_kind_and_its_places(lines):
    try:
        try:
            raise KeyError("zoe@example.org")
        except KeyError as error:
            raise HouseDown("database.busy", where="s3cret") from error
    except HouseDown:
        logging.getLogger("hub").exception("step.row_failed")

    [line] = lines()
    assert line["exception"][1] == "KeyError"
    assert line["exception"][-1] == "HouseDown database.busy"
    assert "zoe" not in json.dumps(line)
    assert "s3cret" not in json.dumps(line)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("amqp://guest:s3cret@rabbit:5672", "…@…"),
        ("Authorization: Bearer abcdef", "Authorization: •••"),
        ("sent Bearer abcdef", "sent Bearer •••"),
        ("token=abcdef&page=2", "token=•••"),
        ("mail to zoe@example.org", "mail to …@…"),
        ("call +49 30 5550100", "call …100"),
    ],
)
def test_free_words_pass_one_redactor(said, shown):
    assert redacted(said) == shown


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path, capsys):
    begin_logging(tmp_path / "nowhere")

    logging.getLogger("hub").warning("step.stopped")

    assert capsys.readouterr().err == ""
    assert not (tmp_path / "nowhere").exists()
