import ast
import re
from pathlib import Path

from hub.core.reasons import wording

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(
    r"(http|url|mapping|paging|webhook|registry|connector|json|text|boolean|country|number|money|time)\.[a-z_0-9]+"
)


def test_each_code_is_worded_in_both_languages():
    files = [*(ROOT / "hub/sdk").rglob("*.py"), *(ROOT / "hub/registry").rglob("*.py")]
    codes = {
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    }

    assert len(codes) > 70
    assert sorted(code for code in codes if wording(code) is None) == []
