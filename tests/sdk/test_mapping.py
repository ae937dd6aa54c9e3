import json
from decimal import Decimal

import pytest

from hub.core.failures import BadInput, Untranslatable
from hub.core.json import JSON, loads
from hub.core.money import Money
from hub.core.times import iso
from hub.sdk.mapping import Mapping, Overlay, names_in, sheet_of
from hub.sdk.mapping_file import read_sheet

ORDER = """
[placed_at]
from = "created_at"
as = "datetime"
required = true

["ship_to.country"]
from = "address.country"
lookup = { Germany = "DE", Italy = "IT" }

[ship_to]
city = { from = "address.city", as = "text" }

[channel]
default = "web"

[status]
from = "state"
default = "open"
[status.lookup]
done = "closed"
true = "closed"
7 = "closed"

[lines]
from = "items"
each.sku   = { from = "variant.sku", as = "sku", required = true }
each.price = { from = "price", as = "money", currency = "$.currency" }
each.tags  = { from = "tags[?public].name" }
"""


def a_mapping(text: str) -> Mapping:
    return Mapping(read_sheet(text, "order.toml"))


def an_order(**changes) -> dict[str, object]:
    order = {
        "created_at": "2026-11-22T10:00:00Z",
        "currency": "eur",
        "address": {"country": "Germany", "city": " Berlin "},
        "state": "done",
        "items": [
            {"variant": {"sku": "\uff2d\uff35\uff27  1"}, "price": "12.50", "tags": [{"name": "new", "public": True}]}
        ],
    }
    return {**order, **changes}


def applied(order: object, text: str = ORDER) -> dict[str, object]:
    return a_mapping(text).apply(loads(json.dumps(order).encode()))


def test_a_document_is_put_into_other_words():
    assert applied(an_order()) == {
        "placed_at": iso("2026-11-22T10:00:00Z"),
        "channel": "web",
        "status": "closed",
        "lines": [{"sku": "MUG 1", "price": Money(1250, "EUR"), "tags": ["new"]}],
        "ship_to": {"country": "DE", "city": "Berlin"},
    }


def test_what_is_absent_is_left_out():
    assert applied({"created_at": "2026-11-22T10:00:00Z", "address": None, "items": None, "state": ""}) == {
        "placed_at": iso("2026-11-22T10:00:00Z"),
        "channel": "web",
        "status": "open",
    }


@pytest.mark.parametrize("state", ["done", True, 7])
def test_a_table_is_entered_by_the_text_of_the_value(state):
    assert applied(an_order(state=state))["status"] == "closed"


def test_an_unknown_value_gets_the_default():
    assert applied(an_order(state="strange"))["status"] == "open"


@pytest.mark.parametrize(
    ("change", "code", "field", "value"),
    [
        ({"created_at": None}, "mapping.missing", "placed_at", ""),
        ({"created_at": " "}, "mapping.missing", "placed_at", ""),
        ({"created_at": "soon"}, "time.not_a_time", "placed_at", "soon"),
        ({"created_at": ["x"]}, "text.not_a_text", "placed_at", "list"),
        ({"address": {"country": "Atlantis"}}, "mapping.no_hit", "ship_to.country", "Atlantis"),
        ({"items": {"0": {}}}, "mapping.not_a_list", "lines", "dict"),
        ({"items": [{"variant": {"sku": "A"}}, {}]}, "mapping.missing", "lines.1.sku", ""),
        (
            {"items": [{"variant": {"sku": "A"}, "price": "1.005"}]},
            "money.too_fine",
            "lines.0.price",
            "1.005",
        ),
        ({"items": [{"variant": {"sku": "A"}, "price": "x"}]}, "money.not_an_amount", "lines.0.price", "x"),
        ({"currency": None}, "money.no_currency", "lines.0.price", "12.50"),
        ({"currency": "ABC"}, "money.unknown_currency", "lines.0.price", "ABC"),
        ({"items": ["text"]}, "mapping.missing", "lines.0.sku", ""),
    ],
)
def test_what_does_not_fit_is_named_by_field_and_value(change, code, field, value):
    with pytest.raises(Untranslatable) as misfit:
        applied(an_order(**change))

    shown = misfit.value.params
    assert (misfit.value.code, shown["field"], shown["value"]) == (code, field, value)


def test_personal_values_are_masked_in_what_is_said():
    with pytest.raises(Untranslatable) as misfit:
        applied(an_order(address={"country": "ada@example.com, +49 30 5550100"}))

    assert misfit.value.params["value"] == "…@… …100"


def test_nested_lists_tell_the_whole_place():
    text = """
[parcels]
from = "parcels"
each.lines = { from = "lines", each.count = { from = "n", as = "integer" } }
"""
    with pytest.raises(Untranslatable) as misfit:
        applied({"parcels": [{}, {"lines": [{"n": 1}, {"n": "1.5"}]}]}, text)

    assert misfit.value.params["field"] == "parcels.1.lines.1.count"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a.b", 1),
        ("a", {"b": 1}),
        ("list[0].x", 5),
        ("list[-1].x", 6),
        ("list[9].x", None),
        ("list.x", None),
        ("a.b.c", None),
        ('"odd-name"."a b"', 2),
        ("@", "whole"),
        ("$.a.b", 1),
        ("list[*].x", [5, 6]),
        ("list[?x > `5`].x | [0]", 6),
        ("missing || a.b", 1),
        ("'EUR'", "EUR"),
        ("length(list)", 2),
    ],
)
def test_paths_are_jmespath(path, found):
    document = {"a": {"b": 1}, "list": [{"x": 5}, {"x": 6}], "odd-name": {"a b": 2}}
    row = f"[out]\nfrom = '''{path}'''\n"

    expected = {} if found is None else {"out": document if found == "whole" else found}
    assert applied(document, row) == expected


def test_a_connection_replaces_single_rows_and_adds_its_own():
    overlay = Overlay.read(
        """
[order.placed_at]
from = "paid_at"
as = "datetime:Europe/Berlin"
[order.note]
from = "remark"
[other.note]
default = "not for this mapping"
"""
    )
    plain = Mapping.load("tests.sdk.samples", "order")
    own = Mapping.load("tests.sdk.samples", "order", overlay)
    order: JSON = {"created_at": "2026-11-22T10:00:00Z", "paid_at": "2026-11-22 12:00:00", "remark": "ring twice"}

    assert str(plain.apply(order)["placed_at"]) == "2026-11-22T10:00:00+00:00 utc - 2026-11-22T10:00:00Z"
    assert own.apply(order)["note"] == "ring twice"
    assert str(own.apply(order)["placed_at"]).startswith("2026-11-22T11:00:00+00:00 zone Europe/Berlin")
    assert plain is Mapping.load("tests.sdk.samples", "order", Overlay())


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("[order.placed_at]\nform = 'x'\n", "mapping.unknown_key", 2),
        ("[order]\n\nplaced_at = { from = 'x[' }\n", "mapping.broken_path", 3),
    ],
)
def test_a_flaw_of_an_overlay_has_a_line_too(text, code, line):
    with pytest.raises(BadInput) as refused:
        Mapping.load("tests.sdk.samples", "order", Overlay.read(text))

    assert (refused.value.code, refused.value.params["file"], refused.value.params["line"]) == (
        code,
        "overlay",
        line,
    )


def test_an_overlay_that_is_no_toml_is_refused():
    with pytest.raises(BadInput) as refused:
        Overlay.read("[order\n")

    assert (refused.value.code, refused.value.params["line"]) == ("mapping.syntax", 1)


@pytest.mark.parametrize(("package", "name"), [("tests.sdk.samples", "nothing"), ("tests.sdk.nowhere", "order")])
def test_a_mapping_that_is_not_there_is_named(package, name):
    with pytest.raises(BadInput) as refused:
        Mapping.load(package, name)

    assert (refused.value.code, refused.value.value) == (
        "mapping.no_file",
        f"{package.replace('.', '/')}/{name}.toml",
    )


def test_the_mappings_of_a_package_are_listed():
    assert names_in("tests.sdk.samples") == ("order", "strange")
    assert names_in("tests.sdk.nowhere") == ()


def test_a_file_that_is_not_utf8_is_a_flaw():
    sheet = sheet_of("tests.sdk.samples", "strange")

    assert [problem.code for problem in sheet.problems] == ["mapping.not_utf8"]


def test_numbers_stay_exact():
    text = '[total]\nfrom = "total"\nas = "decimal"\n[raw]\nfrom = "total"\n'

    assert applied({"total": 0.1}, text) == {"total": Decimal("0.1"), "raw": Decimal("0.1")}
