"""Write the first revision anew from the tables: `python -m hub.store.migrations.draft`.

To be used until the first release only; from then on each change of the tables is a revision of its own.
"""

import subprocess
import sys
from pathlib import Path
from typing import Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from sqlalchemy import BigInteger, create_engine

from hub.store.tables import Row
from hub.store.types import Utc

FIRST = Path(__file__).parent / "versions" / "0001_first.py"
HEAD = '''"""The first tables."""

import sqlalchemy as sa
from alembic import op

from hub.store import types

revision = "0001"
down_revision = None


def upgrade() -> None:
'''
TAIL = """
    if op.get_context().dialect.name == "postgresql":
        for table in {}:
            op.execute(f"CREATE SEQUENCE {{table}}_ids")
"""


def draft() -> str:
    """The first revision as Python."""
    with create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": Row.metadata})
        found = produce_migrations(context, Row.metadata)
        ops = found.upgrade_ops
        if ops is None:
            raise ValueError("there are no tables")
        body = render_python_code(ops, migration_context=context, render_item=_render)
    lines = (line for line in body.splitlines() if line.strip() and "###" not in line)
    return HEAD + "\n".join((*lines, TAIL.format(sorted(Row.metadata.tables)))) + "\n"


def _render(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    if kind == "type" and isinstance(item, Utc):
        return "types.Utc()"
    if kind == "type" and isinstance(item, BigInteger):
        return "types.Long"
    return False


def main() -> None:
    FIRST.write_text(draft())
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", FIRST], check=True)  # noqa: S603 - our own words


if __name__ == "__main__":
    main()
