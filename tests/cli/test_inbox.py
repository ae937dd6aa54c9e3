"""`hub inbox`: what came in and waits."""

import pytest

from tests.core.builders import an_order
from tests.house import tampered


@pytest.fixture
def parked(house):
    """A document whose currency nobody knows waits in the inbox."""
    house.garble("1001", tampered(an_order(external_id="1001"), currency="XXQ"))
    house.settle()
    return house


def test_what_waits_is_told_with_its_reason(hub, parked):
    [found] = hub.told("inbox")["entries"]

    assert (found["state"], found["external_id"], found["reason"]["code"]) == (
        "parked",
        "1001",
        "money.unknown_currency",
    )
    assert "currency is XXQ" in " ".join(hub.says("inbox").split())


def test_nothing_waits_says_where_the_rest_is(hub):
    assert hub.says("inbox").splitlines()[-1] == ("Nothing waits. Everything that came in: hub inbox --state all")


def test_an_entry_is_shown_with_its_document(hub, parked):
    shown = hub.told("inbox", "show", "1")

    assert shown["document"]["external_id"] == "1001"
    assert "currency: XXQ" in hub.says("inbox", "show", "1")


def test_a_document_that_is_no_json_is_shown_as_it_came(hub, house):
    house.garble("1001", b"\xff{")
    house.settle()

    assert hub.told("inbox", "show", "1")["document"] == "\\xff{"


def test_parked_entries_are_tried_again(hub, parked):
    assert hub.told("inbox", "retry") == {"retried": 1, "parked": [1]}
    assert hub.told("inbox", "retry", "--code", "order.no_lines") == {"retried": 0, "parked": []}
    assert hub.told("inbox", "retry", "1") == {"retried": 1, "parked": [1]}


def test_only_parked_entries_are_tried_again(hub, house):
    house.sell("1001")
    house.settle()

    assert hub.refuses("inbox", "retry", "1") == "entry 1 is applied: only parked ones are tried again"
    assert [each["state"] for each in hub.told("inbox", "--state", "all")["entries"]] == ["applied"]


def test_an_unknown_entry_is_refused(hub):
    assert hub.refuses("inbox", "show", "7") == "there is no inbox entry 7; hub inbox shows them"
