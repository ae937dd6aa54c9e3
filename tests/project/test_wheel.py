"""The wheel holds the whole hub and runs where there is no checkout."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.project.sources import ROOT

PACKAGES = ("hub", "connectors", "mappings")

pytestmark = [pytest.mark.slow, pytest.mark.socket, pytest.mark.timeout(300)]


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    settings = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "HUB_"))}
    return subprocess.run(
        command, cwd=cwd, env=settings, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def succeed(*command: str | Path, cwd: Path) -> str:
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    succeed(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Programs of an environment that holds the wheel; it borrows what the lock names from this one."""
    folder = tmp_path_factory.mktemp("elsewhere")
    succeed(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    site = succeed(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    Path(site, "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    offline = ("--no-deps", "--no-index", "--ignore-installed", "--quiet")
    succeed(sys.executable, "-m", "pip", "--python", python, "install", *offline, wheel, cwd=folder)
    return python.parent


def test_it_holds_every_file_of_the_three_packages(wheel):
    ours = {
        str(file.relative_to(ROOT))
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert packed == ours


def test_it_runs_from_the_wheel_and_not_from_the_checkout(installed, tmp_path):
    places = succeed(
        installed / "python",
        "-c",
        "import hub, connectors, mappings; print(hub.__file__, connectors.__file__, *mappings.__path__)",
        cwd=tmp_path,
    ).split()

    assert [str(installed.parent) in place for place in places] == [True, True, True]


@pytest.fixture(scope="module")
def hub(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    command = installed / "hub"
    said = run(command, "demo", "--help", cwd=tmp_path_factory.mktemp("help")).stderr
    if "No module named 'hub.cli.app'" in said or "No such command" in said:
        pytest.skip("hub demo does not exist yet")
    return command


def test_it_knows_its_version(hub, tmp_path):
    assert succeed(hub, "--version", cwd=tmp_path).split()[-1] == version("crossdock")


def test_it_runs_the_demo(hub, tmp_path):
    succeed(hub, "demo", "--orders", "20", "--dir", tmp_path / "demo", cwd=tmp_path)
