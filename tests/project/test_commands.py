"""What the README and the pipeline of changes call is there."""

import re

import pytest

from tests.project.sources import ROOT

TARGETS = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("text", ["README.md", ".ci/run"])
def test_every_command_named_exists(text):
    named = set(re.findall(r"\bmake (?:--[\w-]+ )?([\w-]+)", (ROOT / text).read_text()))

    assert {"test"} <= named <= TARGETS


def test_changes_are_proved_by_tests_checks_and_strange_servers():
    called = re.findall(r"^make (?:--[\w-]+ )?([\w-]+)", (ROOT / ".ci/run").read_text(), re.MULTILINE)

    assert called == ["test", "check", "e2e"]
