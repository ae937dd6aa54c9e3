"""Every code that the core refuses with has its words in both languages."""

import re
from pathlib import Path

import hub.core
from hub.core.document import CODES
from hub.core.reasons import wording

CODE = re.compile(r'(?:BadInput|refusal|NewerDocument|self\._flaw)\(\s*"([a-z_]+\.[a-z0-9_]+)"')


def test_every_refusal_of_the_core_has_words() -> None:
    files = Path(hub.core.__file__).parent.glob("*.py")
    codes = {code for file in files for code in CODE.findall(file.read_text())} | set(CODES.values())

    assert {"money.too_fine", "json.duplicate_key", "order.no_lines", "field.missing"} <= codes
    assert sorted(code for code in codes if wording(code) is None) == []
