"""`hub effects`: what is to happen outside, and a person's word on it."""

import pytest

from hub.core.failures import InDoubt


@pytest.fixture
def key(house, hub):
    """An invoice whose posting is in doubt at a ledger that cannot be asked."""
    house.books("books").trouble.append(InDoubt("http.timed_out", host="books.paper.test"))
    house.sell("1001")
    house.settle()
    [found] = hub.told("effects")
    return found["key"]


def test_what_is_not_done_is_told_with_the_remedy(hub, key):
    [found] = hub.told("effects", "list", "--state", "in_doubt")

    assert (found["capability"], found["connection"], found["order_id"], found["state"]) == (
        "receivable",
        "books",
        1,
        "in_doubt",
    )
    assert f"hub effects resolve {key}" in " ".join(hub.says("effects").split())


def test_all_of_a_connection_are_listed(hub, key):
    assert [each["capability"] for each in hub.told("effects", "--state", "all", "--connection", "post")] == ["booking"]


def test_what_happened_is_confirmed_under_its_reference(hub, house, key):
    assert hub.says("effects", "resolve", key, "--happened", "INV-77") == "It counts as done.\n"
    house.settle()

    assert hub.told("effects") == []
    assert hub.told("order", "show", "1")["receivables"][0]["number"] == "INV-77"


def test_what_did_not_happen_is_sent_again(hub, house, key):
    house.books("books").postings.clear()

    assert hub.says("effects", "resolve", key, "--absent") == "It is sent again.\n"
    house.settle()

    assert hub.told("effects") == []
    assert len(house.books("books").postings) == 1


def test_one_of_both_is_said(hub, key):
    assert "say either --happened REFERENCE or --absent" in hub.misused("effects", "resolve", key)
    assert "say either" in hub.misused("effects", "resolve", key, "--absent", "--happened", "X")


def test_only_what_is_in_doubt_is_resolved(hub, house, key):
    [done] = hub.told("effects", "--state", "all", "--connection", "post")

    refused = hub.refuses("effects", "resolve", done["key"], "--absent")

    assert refused == f"only an effect in doubt can be resolved; {done['key']} is confirmed"
    assert len(house.books("post").labels) == 1


def test_an_unknown_key_is_refused(hub):
    assert hub.refuses("effects", "resolve", "x", "--absent") == "there is no effect x; hub effects list shows them"


def test_nothing_waiting_says_where_the_rest_is(hub):
    assert hub.says("effects").splitlines()[-1] == "Nothing is waiting. What is done: hub effects list --state all"
