"""Programs that others wrote, installed once per set of pins and kept between runs.

HUB_E2E_CACHE names the folder. It holds what npm and pip bring and nothing that a server writes.
"""

import fcntl
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from tests.servers import absent

CACHE = Path(os.environ.get("HUB_E2E_CACHE") or "~/.cache/crossdock-e2e").expanduser()
HERE = Path(__file__).resolve().parent


def node_modules() -> Path:
    """What Vendure is made of; npm runs no script of any package."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            absent(f"Vendure needs {program}, which is not installed")

    def install(folder: Path) -> None:
        for pins in (HERE / "vendure").glob("package*.json"):
            shutil.copy(pins, folder)
        _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)

    return _installed("vendure", HERE / "vendure" / "package-lock.json", install) / "node_modules"


def tryton_python() -> Path:
    """The interpreter of an environment that holds Tryton."""
    pins = HERE / "tryton" / "requirements.txt"

    def install(folder: Path) -> None:
        _run(sys.executable, "-m", "venv", "--without-pip", "--clear", "venv", cwd=folder)
        pip = (sys.executable, "-m", "pip", "--python", "venv/bin/python", "install", "--quiet")
        _run(*pip, "--disable-pip-version-check", "--require-hashes", "-r", str(pins), cwd=folder)

    return _installed("tryton", pins, install) / "venv" / "bin" / "python"


def _installed(name: str, pins: Path, install: Callable[[Path], None]) -> Path:
    """A finished installation; runs beside each other wait for the one that makes it."""
    machine = f"{sys.base_prefix} {sys.version_info[:2]} {sys.platform} {platform.machine()}".encode()
    folder = CACHE / f"{name}-{sha256(pins.read_bytes() + machine).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    finished = folder / ".finished"
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not finished.exists():
            install(folder)
            finished.touch()
    return folder


def _run(*command: str, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        absent(f"{command[0]} installs nothing: {(done.stdout + done.stderr).strip()[-500:]}")
