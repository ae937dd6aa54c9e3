"""Words of strangers: how article codes are compared, and what a message may show."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.failures import BadInput
from hub.core.text import LONGEST_SHOWN, masked, nearest, norm, sku


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("MUG-1", "MUG-1"),
        ("  MUG-1\t", "MUG-1"),
        ("MUG  1", "MUG 1"),
        ("MUG\u00a01", "MUG 1"),
        ("\uff2d\uff35\uff27\uff0d\uff11", "MUG-1"),
        ("Cafe\u0301", "Café"),
        ("\ufeffMUG\u200b-1", "MUG-1"),
        ("mug-1", "mug-1"),
        ("杯子", "杯子"),
    ],
)
def test_article_codes_are_compared_in_one_form(text: str, code: str) -> None:
    assert sku(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "sku.empty"), ("   ", "sku.empty"), ("\u200b", "sku.empty"), ("A\0B", "sku.control_character"),
     ("A\x1bB", "sku.control_character"), ("A\u202eB", "sku.control_character")],
)  # fmt: skip
def test_codes_that_nobody_can_read_are_refused(text: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        sku(text, field="lines.0.sku")

    assert (caught.value.code, caught.value.field) == (code, "lines.0.sku")


def test_letter_case_matters_to_articles_but_not_to_a_search() -> None:
    assert sku("mug") != sku("MUG")
    assert norm(" Straße 7 ") == norm("STRASSE 7")


@given(st.text())
def test_the_form_is_stable(text: str) -> None:
    try:
        once = sku(text)
    except BadInput:
        return
    assert sku(once) == once
    assert unicodedata.is_normalized("NFKC", once)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("MUG-1", "MUG-1"),
        ("write to zoe.mueller@example.org today", "write to …@… today"),
        ("+49 (170) 123-4567", "…567"),
        ("4111111111111111", "…111"),
        ("2026-03-29 02:30:00", "2026-03-29 02:30:00"),
        ("a\nb\0c", "a b c"),
        ("x" * 41, "x" * 39 + "…"),
        ("x" * 40, "x" * 40),
        (1.5, "1.5"),
    ],
)
def test_messages_show_no_person(value: object, shown: str) -> None:
    assert masked(value) == shown


@given(st.text(max_size=300))
def test_messages_stay_short_and_on_one_line(text: str) -> None:
    shown = masked(text)

    assert len(shown) <= LONGEST_SHOWN
    assert shown.isprintable()


def test_a_mistyped_name_finds_its_neighbours() -> None:
    assert nearest("Berln", ["berlin", "paris", "bern"]) == "berlin, bern"
    assert nearest("tokyo", ["berlin"]) == ""
