"""The table as a page: `python -m tests.bad_input.page` writes docs/bad-input.md."""

from collections.abc import Iterator, Mapping

from hub.core.reasons import render
from tests.bad_input.table import HELD, MAPPINGS, OPERATORS, PARKED, Bad
from tests.project.sources import ROOT

PAGE = ROOT / "docs" / "bad-input.md"
PARTS: Mapping[str, tuple[Bad, ...]] = {
    "Documents that nobody can read are parked, byte for byte, and nothing else changes": PARKED,
    "Documents that read but do not match become orders that wait": HELD,
    "Mapping files are refused with file and line": MAPPINGS,
    "What a person types is refused by name": OPERATORS,
}


def page() -> str:
    """The whole page."""
    return "\n".join(_rows()) + "\n"


def _rows() -> Iterator[str]:
    yield "# Bad input"
    yield ""
    yield "What comes in, and what a person is shown. Each row is a test; the page is written from the tests."
    for title, rows in PARTS.items():
        yield from ("", f"## {title}", "", "| What comes in | Code | Field | Value | Shown |", "|---|---|---|---|---|")
        yield from (_row(row) for row in rows)


def _row(row: Bad) -> str:
    shown = render(row.code, {"field": row.field, "value": row.value, "file": "order.toml", **row.params})
    cells = (row.what, f"`{row.code}`", row.field, row.value, shown)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
