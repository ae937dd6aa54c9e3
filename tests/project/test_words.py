"""Names say what a thing is in the trade; each area has one name in every layer."""

import ast
import re
from pathlib import PurePath

import pytest

from tests.project import sources

EMPTY = {"manager", "helper", "util", "common", "service", "processor", "handler", "base", "data", "info"}
"""Words that say nothing about what a thing is."""

TERMS = re.compile("data_?key|base_?url", re.IGNORECASE)
"""Terms that contain such a word: a data key is wrapped by a keyring, a base URL begins all addresses."""

AREAS = {
    "orders": {"order", "sales"},
    "stock": {"inventory", "warehouse", "stocks"},
    "routing": {"route", "router", "routes", "sourcing"},
    "shipping": {"ship", "shipment", "shipments", "logistics", "carriers"},
    "finance": {"accounting", "billing", "invoice", "invoices", "ledger", "ledgers"},
    "returns": {"return", "rma", "refund", "refunds"},
    "supply": {"purchase", "purchases", "purchasing", "procurement", "suppliers"},
    "connections": {"connection", "channel", "channels"},
    "people": {"person", "customer", "customers", "parties", "party", "contacts"},
}
"""What each area is called in every layer, and what it is not called."""


def words(name: str) -> set[str]:
    """`ProductInfo`, `product_infos` -> product, info."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", TERMS.sub("", name)).lower().split("_")
    return {form for word in split for form in (word, word.removesuffix("s"))}


def house() -> dict[str, ast.Module]:
    return sources.trees("hub", "connectors", "tests")


def test_no_name_is_empty():
    found = [
        f"{file}:{line} {name}"
        for file, tree in sources.trees("hub", "connectors").items()
        for line, name in [(0, PurePath(file).stem), *sources.names(tree)]
        if EMPTY & words(name)
    ]

    assert found == []


@pytest.mark.parametrize("name", ["ResultInfo", "order_utils", "HTTPHandler", "BaseConnector", "data"])
def test_an_empty_name_is_found(name):
    assert EMPTY & words(name)


@pytest.mark.parametrize("name", ["Database", "information", "commonwealth_basement", "Serviceable", "DataKeyRow"])
def test_a_full_name_passes(name):
    assert not EMPTY & words(name)


def test_an_area_goes_by_one_name():
    other_names = {other: area for area, others in AREAS.items() for other in others}
    found = {
        file: other_names[stem]
        for file in sources.trees("hub")
        if (stem := PurePath(file).stem.lstrip("_")) in other_names
    }

    assert found == {}


def test_each_module_opens_with_one_sentence():
    found = [
        file
        for file, tree in sources.trees("hub", "connectors", "mappings").items()
        if not re.match(r"[^\n]+[.?!:]($|\n)", ast.get_docstring(tree) or "")
    ]

    assert found == []


def test_annotations_are_real_objects():
    found = [file for file, tree in house().items() if "__future__.annotations" in sources.imported(tree).values()]

    assert found == []


def test_an_ignored_type_error_carries_a_code_and_a_reason():
    found = [
        f"{file}:{number}"
        for file in house()
        for number, line in enumerate((sources.ROOT / file).read_text().splitlines(), start=1)
        if re.search(r"#\stype: ignore(?!\[[\w, -]+\]\s+# \S)", line)
    ]

    assert found == []
