import pytest

from hub.core.failures import BadInput
from hub.sdk.mapping import Mapping, check
from hub.sdk.mapping_file import Problem, lines_of, read_sheet


def problems(text: str) -> list[Problem]:
    return check(read_sheet(text, "order.toml"))


def told(text: str) -> list[tuple[str, int, str, str, str]]:
    return [(flaw.code, flaw.line, flaw.field, flaw.value, flaw.near) for flaw in problems(text)]


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("[a]\nfrom =\n", "mapping.syntax 2  Invalid value "),
        ("[a]\nfrom = 'x'\n[a]\n", "mapping.syntax 3  Cannot declare ('a',) twice "),
        ("\n[a]\nfrom = 'x'\nform = 'y'\n", "mapping.unknown_key 4 a form from"),
        ("a = 'x'\n", "mapping.not_a_row 1 a  "),
        ("[a]\nas = 'text'\n", "mapping.no_source 1 a  "),
        ("[a]\nfrom = 7\n", "mapping.wrong_type 2 a from "),
        ("[a]\nfrom = 'x'\ndefault = 1.5\n", "mapping.wrong_type 3 a default "),
        ("[a]\nfrom = 'x'\nlookup = 'y'\n", "mapping.wrong_type 3 a lookup "),
        ("[a]\nfrom = 'x'\nlookup.y = [1]\n", "mapping.wrong_type 3 a lookup.y "),
        ("[a]\nfrom = 'x'\neach = 'y'\n", "mapping.wrong_type 3 a each "),
        ("[a]\nfrom = 'x'\nrequired = 'yes'\n", "mapping.wrong_type 3 a required "),
        ("[a]\nfrom = 'x[?'\n", "mapping.broken_path 1 a x[? "),
        ("[a]\nfrom = ''\n", "mapping.broken_path 1 a  "),
        ("[a]\nfrom = 'x'\nas = 'mony'\ncurrency = 'c'\n", "mapping.unknown_converter 1 a mony money"),
        ("[a]\nfrom = 'x'\nas = 'datetme'\n", "mapping.unknown_converter 1 a datetme datetime"),
        ("[a]\nfrom = 'x'\nas = 'money'\n", "mapping.currency 1 a money "),
        ("[a]\nfrom = 'x'\nas = 'text'\ncurrency = 'c'\n", "mapping.currency 1 a text "),
        ("[a]\nfrom = 'x'\nas = 'text:loud'\n", "mapping.no_argument 1 a loud "),
        ("[a]\nfrom = 'x'\nas = 'datetime:Mars/Base'\n", "mapping.bad_argument 1 a Mars/Base "),
        ("[a]\nfrom = 'x'\nas = 'grams:stone'\n", "mapping.bad_argument 1 a stone "),
        ("[a]\nfrom = 'x'\nas = 'text'\neach.b = { from = 'y' }\n", "mapping.each_alone 1 a  "),
        ("[a]\nfrom = 'x'\neach.b = { form = 'y' }\n", "mapping.unknown_key 3 a.each.b form from"),
        (
            "[a]\nfrom = 'x'\neach.b = { from = 'y', as = 'sko' }\n",
            "mapping.unknown_converter 3 a.each.b sko sku",
        ),
        ("[mapping]\ninot = 'x'\n", "mapping.unknown_key 2 mapping inot into"),
        ("[mapping]\nby_code = 'x'\n", "mapping.wrong_type 2 mapping by_code "),
        ("[mapping]\ninto = 'hub.core.none.X'\n", "mapping.unknown_document 1 mapping hub.core.none.X "),
        ("[mapping]\ninto = 'os.path'\n", "mapping.unknown_document 1 mapping os.path "),
    ],
)
def test_each_flaw_has_a_code_a_line_and_the_nearest_name(text, flaw):
    assert flaw in [" ".join(map(str, found)) for found in told(text)]


def test_all_flaws_are_told_at_once():
    text = "[a]\nfrom = 'x['\n\n[b]\nform = 'y'\n\n['c.d']\nfrom = 'z'\nas = 'nope'\n"

    assert [(flaw.line, flaw.field) for flaw in problems(text)] == [(1, "a"), (5, "b"), (7, "c.d")]


def test_a_broken_mapping_cannot_be_used():
    with pytest.raises(BadInput) as refused:
        Mapping(read_sheet("\n[a]\nform = 'x'\n", "shop/acme/order.toml"))

    assert refused.value.params == {
        "field": "a",
        "value": "form",
        "file": "shop/acme/order.toml",
        "line": 3,
        "near": "from",
    }


HEADER = "[mapping]\ninto = 'hub.core.orders.Order'\n"


def test_targets_are_fields_of_the_document():
    text = HEADER + "['people.shipping_address.cuontry']\nfrom = 'x'\n[plased_at]\nfrom = 'y'\n"
    flaws = [flaw for flaw in told(text) if flaw[0] == "mapping.unknown_target"]

    assert flaws == [
        ("mapping.unknown_target", 3, "people.shipping_address.cuontry", "cuontry", "country"),
        ("mapping.unknown_target", 5, "plased_at", "plased_at", "placed_at"),
    ]


def test_targets_in_lists_are_fields_of_the_elements():
    text = HEADER + "[lines]\nfrom = 'items'\neach.quantty = { from = 'n' }\n"
    flaws = [flaw for flaw in told(text) if flaw[0] == "mapping.unknown_target"]

    assert flaws[0][1:3] == (5, "lines.quantty")


def test_a_platform_s_own_facts_take_any_name():
    text = HEADER + "['extensions.vendor_id']\nfrom = 'x'\n"

    assert not [flaw for flaw in told(text) if flaw[0] == "mapping.unknown_target"]


def test_a_field_cannot_be_entered_below_a_plain_value():
    text = HEADER + "['number.deep']\nfrom = 'x'\n"

    assert ("mapping.unknown_target", 3, "number.deep", "deep", "") in told(text)


def test_a_required_target_without_a_row_is_told():
    missing = {flaw.field for flaw in problems(HEADER) if flaw.code == "mapping.target_without_row"}

    assert {"lines", "placed_at"} <= missing


def test_what_code_fills_needs_no_row():
    missing = [flaw.field for flaw in problems(HEADER)]
    text = f"[mapping]\ninto = 'hub.core.orders.Order'\nby_code = {missing}\n"

    assert problems(text) == []


def test_required_fields_of_an_element_that_code_completes_need_no_row():
    text = HEADER.replace("\n", "\nby_code = ['lines']\n", 1) + "[lines]\nfrom = 'items'\neach.title = { from = 't' }\n"
    missing = {flaw.field for flaw in problems(text)}

    assert not {field for field in missing if field.startswith("lines")}


def test_lines_are_known_however_a_key_is_written():
    text = """# a comment
[plain]
from = "x"

["a.b"]
from = "x"
[lines] # trailing
'each' = {}
each.one.two = 1
"odd key" = 2
"""

    assert lines_of(text) == {
        "plain": 2,
        "plain.from": 3,
        "a.b": 5,
        "a.b.from": 6,
        "lines": 7,
        "lines.each": 8,
        "lines.each.one.two": 9,
        "lines.odd key": 10,
    }
