"""What the README and the pipeline of changes call is there."""

import re

import pytest

from tests.project.sources import ROOT

TARGETS = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def called(text: str) -> list[str]:
    """Targets that the text calls, a line each."""
    return re.findall(r"^make (?:--[\w-]+ )?([\w-]+)", (ROOT / text).read_text(), re.MULTILINE)


def test_the_readme_names_two_commands():
    assert called("README.md")[:2] == ["demo", "test"]


def test_changes_are_proved_by_tests_checks_and_strange_servers():
    assert called(".ci/run") == ["test", "check", "e2e"]


@pytest.mark.parametrize("text", ["README.md", ".ci/run"])
def test_every_command_named_exists(text):
    assert set(called(text)) - TARGETS == set()
