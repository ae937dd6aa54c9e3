"""The README keeps its word: its picture is that of the tables, and what it names exists."""

import re

from hub.pipeline.picture import picture
from tests.project import sources

README = (sources.ROOT / "README.md").read_text()


def test_the_picture_is_drawn_from_the_tables():
    assert picture() in README


def test_every_file_and_folder_it_names_exists():
    named = set(re.findall(r"`((?:hub|connectors|mappings|docs|tests)/[\w./-]+)`", README))

    assert len(named) > 30
    assert sorted(name for name in named if not (sources.ROOT / name).exists()) == []
