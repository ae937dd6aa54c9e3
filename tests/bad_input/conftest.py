"""The company of story tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.company import Company, company


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Company]:
    """A small company on SQLite."""
    with company(tmp_path) as made:
        yield made
