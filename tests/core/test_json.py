"""Foreign bodies: what is let in, what is refused and where; and the one form in which the hub writes."""

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.failures import BadInput
from hub.core.json import DEEPEST, JSON, LARGEST_BODY, digest, dumps, loads


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


def refusal(body: bytes) -> BadInput:
    with pytest.raises(BadInput) as caught:
        loads(body)
    return caught.value


def test_numbers_keep_every_digit() -> None:
    assert loads(b'{"price": 12.50, "id": 9007199254740993, "tiny": 5e-18}') == {
        "price": Decimal("12.50"),
        "id": 9007199254740993,
        "tiny": Decimal("5e-18"),
    }
    assert str(loads(b"12.50")) == "12.50"


def test_the_largest_id_is_that_of_a_database() -> None:
    assert loads(b"9223372036854775807") == 2**63 - 1
    assert loads(b"-9223372036854775807") == 1 - 2**63


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (b"\xef\xbb\xbf{}", "json.bom", ""),
        ("{}".encode("utf-16"), "json.bom", ""),
        (b'{"name": "Z\xf6e"}', "json.not_utf8", ""),
        (b'{"name": "\xed\xa0\x80"}', "json.not_utf8", ""),
        (b'{"name": "Zoe"', "json.torn", ""),
        (b"", "json.torn", ""),
        (b"{} {}", "json.torn", ""),
        (b"<html>", "json.torn", ""),
        (nested(DEEPEST + 1), "json.too_deep", ""),
        (nested(100_000), "json.too_deep", ""),
        (b'{"order": [{"id": 1, "sku": "A", "id": 2}]}', "json.duplicate_key", "order.0.id"),
        (b'{"total": NaN}', "json.not_a_number", "total"),
        (b'{"lines": [{}, {"total": -Infinity}]}', "json.not_a_number", "lines.1.total"),
        (b'{"total": 1e999}', "json.number_too_large", "total"),
        (b'{"total": 1e-999}', "json.number_too_large", "total"),
        (b'{"total": 1e99999999999999999999}', "json.number_too_large", "total"),
        (b'{"id": 9223372036854775808}', "json.number_too_large", "id"),
        (b'{"id": ' + b"9" * 5000 + b"}", "json.number_too_large", "id"),
        (b'{"note": "a\x00b"}', "json.nul", ""),
        (b'{"note": "a\\u0000b"}', "json.nul", "note"),
        (b'{"a\\u0000": 1}', "json.nul", ""),
        (b'{"lines": ["ok", "\\ud83d"]}', "json.surrogate", "lines.1"),
        (b'{"note": "\\uDE00\\uD83D"}', "json.surrogate", "note"),
    ],
)
def test_what_cannot_be_trusted_is_refused_with_its_place(body: bytes, code: str, field: str) -> None:
    found = refusal(body)

    assert (found.code, found.field) == (code, field)


def test_a_body_may_be_as_large_as_the_limit() -> None:
    assert loads(b'"' + b"a" * (LARGEST_BODY - 2) + b'"') == "a" * (LARGEST_BODY - 2)
    found = refusal(b'"' + b"a" * (LARGEST_BODY - 1) + b'"')
    assert (found.code, found.params["limit"]) == ("json.too_large", LARGEST_BODY)


def test_a_body_may_be_as_deep_as_the_limit() -> None:
    loads(nested(DEEPEST))


def test_brackets_in_texts_are_no_depth() -> None:
    assert loads(b'{"note": "' + b"[{" * 100 + b'"}') == {"note": "[{" * 100}


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert loads(b'"\\ud83d\\ude00 \\\\ud83d \\\\u0000"') == "\N{GRINNING FACE} \\ud83d \\u0000"


def test_a_long_number_is_shown_by_its_end() -> None:
    assert refusal(b'{"phone": 99999999999999999999123}').value == "…123"


def test_canonical_form() -> None:
    assert dumps({"b": [True, None], "a": Decimal("12.50"), "ä": "ö\n"}) == (
        '{"a":12.50,"b":[true,null],"ä":"ö\\n"}'.encode()
    )


def test_a_text_that_looks_like_our_mark_stays_a_text() -> None:
    assert loads(dumps('"\\u000012\\u0000"')) == '"\\u000012\\u0000"'


def test_what_has_no_canonical_form_is_our_mistake() -> None:
    with pytest.raises(TypeError):
        dumps({"when": object()})  # type: ignore[dict-item]  # wrong on purpose


def test_a_digest_does_not_see_order_of_keys_or_volatile_ones() -> None:
    first = loads(b'{"id": 1, "lines": [{"qty": 2, "seen": "now"}], "updatedAt": "10:00"}')
    second = loads(b'{"updatedAt": "11:00", "lines": [{"seen": "then", "qty": 2}], "id": 1}')

    assert digest(first) != digest(second)
    assert digest(first, drop={"updatedAt", "seen"}) == digest(second, drop={"updatedAt", "seen"})
    assert digest({"qty": 2}) != digest({"qty": 3})


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6)
values: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | st.integers(1 - 2**63, 2**63 - 1) | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_writing_and_reading_again_loses_nothing(value: JSON) -> None:
    assert loads(dumps(value)) == value
    assert dumps(loads(dumps(value))) == dumps(value)


@given(st.binary(max_size=200))
def test_no_body_breaks_the_reader(body: bytes) -> None:
    with suppress(BadInput):
        loads(body)


@given(st.recursive(st.none() | st.booleans() | st.integers(0, 9) | texts, st.lists, max_leaves=10))
def test_the_stock_reader_agrees(value: object) -> None:
    body = json.dumps(value).encode()

    assert loads(body) == json.loads(body)
