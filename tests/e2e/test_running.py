"""A server lives as long as the block that started it."""

import os
import sys

import pytest

from tests.e2e.running import server

WAITS = """
import os, sys
os.write(int(sys.argv[1]), b'{"url": "http://127.0.0.1:1", "pid": %d}\\n' % os.getpid())
sys.stdin.read()
"""


def test_it_names_its_address_and_ends_with_the_block(tmp_path):
    with server([sys.executable, "-c", WAITS], tmp_path, {}) as started:
        os.kill(started["pid"], 0)

    assert started["url"] == "http://127.0.0.1:1"
    with pytest.raises(ProcessLookupError):
        os.kill(started["pid"], 0)


def test_it_gets_its_settings(tmp_path):
    says = "import json, os, sys; os.write(int(sys.argv[1]), json.dumps({'user': os.environ['SHOP']}).encode())"

    with server([sys.executable, "-c", says], tmp_path, {"SHOP": "staff"}) as started:
        assert started == {"user": "staff"}


def test_one_that_does_not_start_leaves_its_last_words(tmp_path):
    with (
        pytest.raises(RuntimeError, match="port taken"),
        server([sys.executable, "-c", "raise SystemExit('port taken')"], tmp_path, {}),
    ):
        pytest.fail("it has not started")
