"""A stranger's distribution is found by its entry point; a broken one is listed as broken and stops nobody."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.project.sources import ROOT

STRANGER = ROOT / "tests" / "stranger"
LIST = """
import json
from hub.registry import Registry

found = Registry.load()
broken = [(each.name, each.reason, each.detail) for each in found.broken]
print(json.dumps({"known": [row["id"] for row in found.listed()], "broken": broken}))
"""


def installed(folder: Path, name: str, entries: dict[str, str]) -> None:
    """What an installer writes of a distribution beside its modules."""
    noted = folder / f"{name}-1.0.0.dist-info"
    noted.mkdir()
    (noted / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0.0\n")
    lines = "\n".join(f"{entry} = {module}" for entry, module in entries.items())
    (noted / "entry_points.txt").write_text(f"[crossdock.connectors]\n{lines}\n")


def listed(*folders: Path) -> dict[str, list[object]]:
    """What a fresh process of the hub finds with these folders on its path."""
    path = os.pathsep.join(map(str, (ROOT, *folders)))
    ran = subprocess.run(
        [sys.executable, "-c", LIST], env={**os.environ, "PYTHONPATH": path}, capture_output=True, check=True, text=True
    )
    found: dict[str, list[object]] = json.loads(ran.stdout)
    return found


def test_a_stranger_is_found_by_its_entry_point(tmp_path: Path):
    project = tomllib.loads((STRANGER / "pyproject.toml").read_text())["project"]
    installed(tmp_path, "corner_shop_crossdock", project["entry-points"]["crossdock.connectors"])

    assert "corner_shop" not in listed(STRANGER)["known"]
    found = listed(STRANGER, tmp_path)

    assert "corner_shop" in found["known"]
    assert found["broken"] == []


def test_a_broken_stranger_is_listed_as_broken_and_stops_nobody(tmp_path: Path):
    (tmp_path / "torn_shop.py").write_text("raise RuntimeError('half installed')\n")
    (tmp_path / "empty_shop.py").write_text("")
    installed(tmp_path, "torn_shop", {"torn": "torn_shop", "gone": "no_such_module", "empty": "empty_shop"})
    installed(tmp_path, "corner_shop_crossdock", {"corner_shop": "corner_shop"})

    found = listed(STRANGER, tmp_path)

    assert {"corner_shop", "easypost", "tryton", "vendure"} <= set(found["known"])
    assert found["broken"] == [
        ["empty", "registry.offers_nothing", ""],
        ["gone", "registry.plugin_failed", "ModuleNotFoundError: No module named 'no_such_module'"],
        ["torn", "registry.plugin_failed", "RuntimeError: half installed"],
    ]
