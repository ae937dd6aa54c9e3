"""Every label of the command line has its Chinese."""

import ast
import re
from collections.abc import Iterator

import pytest

from hub.cli.words import CHINESE
from hub.core.states import EffectState, FulfilmentState, OrderState
from hub.core.tracking import TrackingStatus
from hub.sdk.capabilities import Capability, DocumentKind
from hub.sdk.connector import Kind
from hub.store.connections import Switch
from hub.store.inbox import InboxState
from hub.store.migrate import State
from hub.store.stock import Counterpart
from tests.project import sources

SAYING = {"word": 0, "label": 0, "bar": 1, "rows": 2, "_say_where": 2}
"""Calls that say something, and which argument it is."""

TABLES = {"told", "empty", "columns", "numbers", "counters", "counts", "parts", "shown", "FLOWS"}
"""Names that labels are given before they are said."""

SHOWN = (
    OrderState, FulfilmentState, EffectState, InboxState, TrackingStatus, Switch, State, Capability, Kind, Counterpart,
    DocumentKind,
)  # fmt: skip


def labels() -> set[str]:
    trees = [*sources.trees("hub/cli").values(), sources.trees("hub/sim")["hub/sim/demo.py"]]
    found = {text for tree in trees for node in ast.walk(tree) for text in said(node)}
    return {text for text in found if re.search("[A-Za-z]", text) and "task." not in text}


def said(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "table":
            yield from (text for each in node.args for text in plain(each))
        elif name in SAYING and len(node.args) > SAYING[name]:
            yield from plain(node.args[SAYING[name]])
    if isinstance(node, ast.keyword) and node.arg == "what":
        yield from plain(node.value)
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in TABLES:
        yield from plain(node.value)
    if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") in TABLES and node.value is not None:
        yield from plain(node.value)


def plain(node: ast.AST) -> Iterator[str]:
    """Texts that stand there, alone or as one of several."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from (*plain(body), *plain(other))
        case ast.Tuple(elts=parts):
            yield from (text for part in parts for text in plain(part))
        case ast.Dict(keys=keys, values=values):
            yield from (text for part in (*keys, *values) if part is not None for text in plain(part))
        case ast.Subscript(value=table):
            yield from plain(table)


def test_every_label_has_its_chinese():
    found = labels()

    assert {"Waits for", "why here", "All {count} checks hold.", "All is well.", "documents out"} <= found
    assert sorted(found - CHINESE.keys()) == []


@pytest.mark.parametrize("words", SHOWN, ids=lambda words: words.__name__)
def test_every_state_has_its_chinese(words):
    assert [each.value for each in words if each.value.replace("_", " ") not in CHINESE] == []


def test_both_languages_have_the_same_places():
    places = re.compile(r"\{\w+\}")

    assert [text for text in CHINESE if sorted(places.findall(text)) != sorted(places.findall(CHINESE[text]))] == []


def test_no_word_stands_there_for_nothing():
    states = {each.value.replace("_", " ") for words in SHOWN for each in words}
    elsewhere = {
        "cancelling", "watched", "open", "posted", "settled", "bought", "void requested", "voided", "void refused",
        "alias", "posting", "shipment", "invoice", "credit note", "piece", "inbox", "fulfilment", "effect", "label",
        "company", "#",
    }  # fmt: skip

    assert sorted(CHINESE.keys() - labels() - states - elsewhere) == []
