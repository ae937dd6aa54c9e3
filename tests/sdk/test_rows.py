import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.failures import BadInput
from hub.sdk.rows import RawRow, split

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(st.lists(VALUES, max_size=6), st.dictionaries(st.text(), VALUES, max_size=3), st.sampled_from([None, 2]))
def test_any_list_is_cut_into_its_elements(elements, around, indent):
    page = {**around, "wanted": {"list": elements}, "after": around}

    found = split(json.dumps(page, indent=indent).encode(), "wanted.list")

    assert [json.loads(row.body) for row in found.rows] == elements
    assert isinstance(found.around, dict)
    assert found.around["wanted"] == {"list": []}


def test_the_bytes_of_a_document_stay_as_they_came():
    body = b'{"n": 2, "orders" : [ {"id": 1.10, "a": "\\u00e9]"} ,\n{ "id":2 } ] }'

    assert [row.body for row in split(body, "orders").rows] == [b'{"id": 1.10, "a": "\\u00e9]"}', b'{ "id":2 }']


def test_a_body_that_is_the_list_itself():
    assert [row.body for row in split(b'[{"id": 1}, 2, "x,y", []]', "").rows] == [b'{"id": 1}', b"2", b'"x,y"', b"[]"]


@pytest.mark.parametrize(
    "poison",
    [
        b'{"id": 7, "n": NaN}',
        b'{"id": 7, "n": 1e999}',
        b'{"id": 7, "id": 7}',
        b'{"id": 7, "n": 99999999999999999999999999999999999999999999}',
        b'{"id": 7, "t": "\\ud800"}',
        b'{"id": 7, "t": "\xff"}',
    ],
)
def test_a_poisonous_document_harms_no_other(poison):
    rows = split(b'{"orders": [{"id": 1}, %s, {"id": 2}]}' % poison, "orders").rows

    assert [row.external_id("id") for row in rows] == ["1", "7", "2"]
    assert rows[1].body == poison


@pytest.mark.parametrize("poison", [b"{}", b"[]", b"5", b'{"id": nonsense}', b'{"id": [1]}', b'{"id": true}'])
def test_a_document_without_readable_id_goes_by_its_digest(poison):
    row = RawRow(poison)

    assert row.external_id("id").startswith("unreadable-")
    assert row.external_id("id") == RawRow(poison).external_id("id")


def test_a_deep_document_harms_no_other():
    deep = b'{"id": 7, "a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    rows = split(b'{"orders": [{"id": 1}, %s]}' % deep, "orders").rows

    assert rows[1].body == deep
    assert rows[1].peek("id") is None


def test_an_id_may_lie_deeper():
    assert RawRow(b'{"order": {"id": "A-1"}}').external_id("order.id") == "A-1"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"orders": [{"id": 1}, {"id"', "json.torn"),
        (b'{"orders": [{"id": 1}', "json.torn"),
        (b'{"orders": [{"id": "a', "json.torn"),
        (b'{"orders": [1}]', "json.torn"),
        (b"", "json.torn"),
        (b"<html>[]</html>", "json.torn"),
        (b'{"orders": {}}', "json.no_list"),
        (b'{"orders": null}', "json.no_list"),
        (b'{"other": [[{"orders": 1}]]}', "json.no_list"),
        (b'{"data": {"orders": []}}', "json.no_list"),
        (b'{"orders": [], "n": NaN}', "json.not_a_number"),
        (b'\xef\xbb\xbf{"orders": []}', "json.bom"),
    ],
)
def test_a_page_without_its_whole_list_is_refused(body, code):
    with pytest.raises(BadInput) as refused:
        split(body, "orders")

    assert refused.value.code == code


def test_a_list_of_the_same_name_elsewhere_is_another():
    body = b'{"a": {"orders": [1]}, "b": [{"orders": [2]}], "orders": [3]}'

    assert [row.body for row in split(body, "orders").rows] == [b"3"]
