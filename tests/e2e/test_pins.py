"""What the servers of others are made of is pinned, and from where it comes is left to the reader."""

import json
import re

from tests.e2e.installs import HERE

REQUIREMENTS = (HERE / "tryton" / "requirements.txt").read_text()
LOCK = (HERE / "vendure" / "package-lock.json").read_text()
EXACT = re.compile(r"\d+\.\d+\.\d+")


def test_every_python_package_is_pinned_by_hash():
    shape = re.compile(r"[\w.-]+==[\w.]+( ; .+?)?(\s+--hash=sha256:[0-9a-f]{64})+")

    pins = REQUIREMENTS.replace("\\\n", " ").splitlines()
    assert [pin for pin in pins if not shape.fullmatch(pin)] == []


def test_every_node_package_is_pinned_by_hash():
    packages = json.loads(LOCK)["packages"]
    root = packages.pop("")

    assert [version for version in root["dependencies"].values() if not EXACT.fullmatch(version)] == []
    assert [place for place, package in packages.items() if "integrity" not in package] == []


def test_no_host_is_named():
    assert re.findall(r"://", REQUIREMENTS + LOCK) == []
