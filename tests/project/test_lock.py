"""The lock pins everything by hash, and leaves it to the reader where files come from."""

import re
import tomllib

from tests.project.sources import ROOT

LOCK = (ROOT / "requirements.lock").read_text()
PINS = [pin.strip() for pin in LOCK.replace("\\\n", " ").splitlines()]


def wanted() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    listed = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    return {match[0].lower() for line in listed if (match := re.match(r"[\w.-]+", line))}


def test_every_line_is_a_pin_with_hashes():
    shape = re.compile(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+( ; .+?)?(\s+--hash=sha256:[0-9a-f]{64})+")

    assert [pin for pin in PINS if not shape.fullmatch(pin)] == []


def test_it_names_no_host_and_no_folder():
    assert re.findall(r"://|--\w*index|--find-links|--trusted-host|/", LOCK) == []


def test_it_holds_what_the_project_asks_for():
    pinned = {pin.partition("==")[0].partition("[")[0] for pin in PINS}

    assert wanted() - pinned == set()
