"""A shop and a ledger that others wrote, each on a free port with new books, gone when the block is left."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.e2e import installs
from tests.e2e.running import server
from tests.e2e.tryton.ledger import Ids, Tryton
from tests.e2e.vendure.seeding import seed
from tests.e2e.vendure.shop import Vendure

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LOGIN = "hub"
PASSWORD = "no-secret-to-anybody"
DATABASE = "erp"


@contextmanager
def vendure(folder: Path) -> Iterator[Vendure]:
    settings = {
        "NODE_PATH": str(installs.node_modules()),
        "SHOP_USER": LOGIN,
        "SHOP_PASSWORD": PASSWORD,
        "VENDURE_DISABLE_TELEMETRY": "true",
    }
    with (
        server(["node", HERE / "vendure" / "server.js"], folder, settings) as started,
        closing(Vendure(started["url"], LOGIN, PASSWORD)) as shop,
    ):
        shop.sign_in()
        seed(shop.staff)
        yield shop


@contextmanager
def tryton(folder: Path) -> Iterator[Tryton]:
    python = installs.tryton_python()
    configuration = folder / "trytond.conf"
    configuration.write_text(f"[database]\nuri = sqlite://\npath = {folder}\n")
    _create_database(python, configuration)
    serve: list[str | Path] = [
        python,
        "-m",
        "tests.e2e.tryton.serve",
        configuration,
        DATABASE,
        LOGIN,
        PASSWORD,
    ]
    with (
        server(serve, folder, {"PYTHONPATH": str(ROOT)}) as started,
        closing(Tryton(started["url"], started["key"], Ids(**started["ids"]), DATABASE)) as ledger,
    ):
        yield ledger


def _create_database(python: Path, configuration: Path) -> None:
    folder = configuration.parent
    (folder / f"{DATABASE}.sqlite").touch()
    (folder / "password").write_text(PASSWORD)
    create: list[str | Path] = [python, "-m", "trytond.cli.admin", "-c", configuration, "-d", DATABASE]
    made = subprocess.run(
        [*create, "--email", "staff@example.org", "--activate-dependencies", "--update", "account_invoice"],
        cwd=folder,
        env=os.environ | {"TRYTONPASSFILE": str(folder / "password")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise RuntimeError(f"Tryton makes no database:\n{made.stderr[-2000:]}")
