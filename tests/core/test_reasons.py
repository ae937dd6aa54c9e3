"""Whatever the hub says is a code, and every code has its sentence in both languages."""

import ast
import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import NamedTuple

import pytest

from hub.core.failures import HubError
from hub.core.reasons import TABLES, Language, render, wording
from tests.project import sources

CODE = re.compile(r"[a-z]+\.[a-z_][a-z0-9_]*")
CHINESE = re.compile("[\u4e00-\u9fff]")

PARAMS_AT = {
    "Move": 3,
    "Hold": 2,
    "Reason": 1,
    "Outcome": 3,
    "Event": 4,
    "open_alarm": 3,
    "want_cancel": 4,
    "hold_orders": 3,
}
"""What takes a code, and where its parameters stand."""

SAY = {*PARAMS_AT, "Withdraw", "Settled", "Kept", "SealProblem", "Problem", "refusal", "_flaw", "Flaw"}
"""What takes a code beside the failures."""

BAD = {"BadInput", "refusal", "_flaw"}
"""What refuses a value that somebody else can correct."""

ELSEWHERE = {"info", "warning", "error", "exception", "permit", "get_logger"}
"""Log lines have names and verbs have permissions: neither is said to anybody."""

NO_CODES = {"hub.key", "hub.sqlite", "hub.log", "hub.cli", "demo.txt"}
"""Files, and the name of a logger."""


class Said(NamedTuple):
    """A code where the source says it: by which call, with which parameters where they stand there."""

    code: str
    place: str
    call: str
    params: frozenset[str] | None


def failures(kind: type[HubError] = HubError) -> set[str]:
    return {kind.__name__}.union(*(failures(below) for below in kind.__subclasses__()))


def name_of(call: ast.Call) -> str:
    return sources.dotted(call.func).rpartition(".")[2]


def codes_in(node: ast.AST) -> Iterator[ast.Constant]:
    """Codes of an argument, also of both sides of a choice; what another call within it says is its own."""
    if isinstance(node, ast.Call):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
        yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(node, ast.Dict):
            yield from codes_in(child)


def params_of(call: ast.Call) -> frozenset[str] | None:
    """The parameters of a call, `None` where they do not stand there."""
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    if name_of(call) in failures():
        return None if None in keywords else frozenset(filter(None, keywords))
    at = PARAMS_AT.get(name_of(call))
    if at is None:
        return None
    params = keywords.get("params", call.args[at] if len(call.args) > at else ast.Dict([], []))
    if not isinstance(params, ast.Dict) or not all(isinstance(key, ast.Constant) for key in params.keys):
        return None
    return frozenset(str(key.value) for key in params.keys if isinstance(key, ast.Constant))


def said(*folders: str) -> Iterator[Said]:
    """Every code that the source passes to what says it."""
    for file, tree in sources.trees(*folders).items():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if name_of(call) in SAY | failures():
                named = [keyword.value for keyword in call.keywords if keyword.arg in {"code", "event", "reason"}]
                for argument in (*call.args, *named):
                    for code in codes_in(argument):
                        place = f"{file}:{code.lineno}"
                        yield Said(str(code.value), place, name_of(call), params_of(call))


def written(*folders: str) -> Iterator[tuple[str, str]]:
    """Every text that looks like a code of an area that has codes, wherever it stands."""
    areas = {code.partition(".")[0] for table in TABLES for code in table}
    for file, tree in sources.trees(*folders).items():
        if "/migrations/" in file:
            continue
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and name_of(node) in ELSEWHERE]
        unsaid = {id(node) for call in calls for node in ast.walk(call)}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if CODE.fullmatch(text) and text.partition(".")[0] in areas and id(node) not in unsaid:
                yield text, f"{file}:{getattr(node, 'lineno', 0)}"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def listed(found: set[str]) -> str:
    """One a line, so that whoever broke the rule sees all of them."""
    return "\n".join(sorted(found))


def test_the_scan_finds_codes():
    codes = {found.code for found in said("hub")}

    assert {"money.too_fine", "order.routed", "route.nowhere", "effect.ask", "connection.paused"} <= codes
    assert {"order.received", "order.short", "order.unpaid"} <= {code for code, _ in written("hub")}


def test_every_code_that_is_said_has_its_words():
    missing = {f"{found.place} {found.code}" for found in said("hub", "connectors") if wording(found.code) is None}

    assert listed(missing) == ""


def test_every_code_that_is_written_down_has_its_words():
    codes = {(code, place) for code, place in written("hub") if code not in NO_CODES}

    assert listed({f"{place} {code}" for code, place in codes if wording(code) is None}) == ""


def test_whoever_says_a_code_gives_what_its_words_speak_of():
    lacking = {
        f"{found.place} {found.code} {{{name}}}"
        for found in said("hub", "connectors")
        if found.params is not None and (words := wording(found.code)) is not None
        for name in placeholders(words.en) - found.params
        if not (found.call in BAD and name in {"field", "value"})
    }

    assert listed(lacking) == ""


def test_what_somebody_can_correct_is_said_with_its_remedy():
    """What is wrong; what to do."""
    refused = {found.code for found in said("hub", "connectors") if found.call in BAD}
    texts = {code: words for code in refused if (words := wording(code)) is not None}

    assert listed({code for code, (en, zh) in texts.items() if "; " not in en or "；" not in zh}) == ""


@pytest.mark.parametrize("table", TABLES, ids=lambda table: next(iter(table)))
def test_both_languages_say_the_same(table: Mapping[str, tuple[str, str]]):
    for code, (english, chinese) in table.items():
        assert placeholders(english) == placeholders(chinese), code
        assert CHINESE.search(chinese), code
        assert not CHINESE.search(english), code


def test_a_code_has_one_place():
    codes = [code for table in TABLES for code in table]

    assert sorted({code for code in codes if codes.count(code) > 1}) == []


def test_a_sentence_in_each_language():
    params = {"field": "totals.grand_total", "value": "10.5", "currency": "JPY"}

    assert render("money.too_fine", params) == (
        "totals.grand_total is 10.5, finer than JPY allows; round it where it comes from"
    )
    assert render("money.too_fine", params, Language.ZH) == (
        "totals.grand_total 为 10.5，超出 JPY 的精度；请在来源处取整"
    )


def test_what_has_no_name_is_spoken_of_all_the_same():
    assert render("quantity.not_positive", {"field": "", "value": "0"}) == "the value is 0; send more than zero"
    assert render("quantity.not_positive", {"field": "", "value": "0"}, Language.ZH) == "该值 为 0；请发送大于零的数"
    assert render("route.not_served", {"country": None}) == "does not serve –"


def test_a_parameter_that_is_not_given_stays_visible():
    assert render("route.not_served", {}) == "does not serve {country}"


def test_a_code_of_a_remote_is_shown_as_it_is():
    assert render("TAX_7", {"line": 3, "detail": "no rate"}) == "TAX_7 line=3 detail=no rate"


def test_words_of_strangers_are_no_patterns():
    assert render("route.not_served", {"country": "{country}"}) == "does not serve {country}"
