"""`hub order`: what is on its way, one order's story, and what a person can do about it."""

import pytest

from hub.core.failures import InDoubt, Retryable
from hub.core.tracking import TrackingStatus
from tests.core.builders import a_line, an_event


@pytest.fixture
def sold(house):
    """An order that was handed over, invoiced and told to the shop."""
    house.sell("1001")
    house.settle()
    return house


def lines_with(text: str, page: str) -> list[str]:
    return [" ".join(line.split()) for line in page.splitlines() if text in line]


def test_orders_are_listed_newest_first(hub, sold):
    sold.sell("1002")
    sold.settle()

    found = hub.told("order", "list")["orders"]

    assert [(each["id"], each["number"], each["state"], each["total"]) for each in found] == [
        (2, "#1002", "fulfilled", "10.00 EUR"),
        (1, "#1001", "fulfilled", "10.00 EUR"),
    ]


def test_an_area_without_a_command_lists(hub, sold):
    assert hub.says("order") == hub.says("order", "list")


def test_a_long_list_says_where_it_goes_on(hub, sold):
    sold.sell("1002")
    sold.settle()

    first = hub.told("order", "list", "--limit", "1")

    assert [each["id"] for each in first["orders"]] == [2]
    assert [each["id"] for each in hub.told("order", "list", "--before", str(first["before"]))["orders"]] == [1]
    assert hub.says("order", "list", "--limit", "1").splitlines()[-1] == "More: hub order list --before 2"


def test_only_orders_in_a_state_are_listed(hub, sold):
    sold.sell("1002", a_line(quantity=50))
    sold.settle()

    assert [each["id"] for each in hub.told("order", "list", "--state", "backordered")["orders"]] == [2]
    assert [each["id"] for each in hub.told("order", "list", "--channel", "web", "--state", "fulfilled")["orders"]] == [
        1
    ]


def test_orders_that_wait_say_for_what(hub, sold):
    sold.sell("1002", total="12.34")
    sold.settle()

    [found] = hub.told("order", "list", "--held")["orders"]

    assert (found["id"], found["holds"][0]["code"]) == (2, "total.differs")
    assert found["holds"][0]["text"].startswith("the lines differ from the total of 12.34 EUR by 2.34 EUR")


def test_no_order_says_what_to_do(hub):
    assert hub.says("order", "list").splitlines()[-1] == "No order fits. New ones come with: hub pull"


def test_a_story_has_all_its_parts(hub, sold):
    [token] = sold.books("post").labels
    parcel = f"PP{token[1:9]}"
    sold.books("post").scans[parcel] = [an_event(TrackingStatus.DELIVERED, "2026-11-03T10:00:00Z")]
    sold.settle()

    page = hub.says("order", "show", "1")

    headings = [line for line in page.splitlines() if line.strip() and not line.startswith((" ", "─", "✓"))]
    assert headings[0].split() == ["Order", "1", "#1001", "·", "web", "completed"]
    assert headings[3:] == ["Lines", "Fulfilments", "Outside", "Invoices", "Known as", "What happened"]
    assert lines_with("ship to", page) == ["ship to Zoë Müller, Hauptstr. 5, 10115 Berlin, DE"]
    assert lines_with("● completed", page) == [
        "✓ received ✓ accepted ✓ reserved ✓ routed ✓ fulfilling ✓ fulfilled ● completed"
    ]
    assert lines_with("not paris", page) == ["not paris lacks 1 of MUG"]
    assert lines_with(parcel, page)[0] == f"parcel {parcel} delivered https://paper.test/track/{parcel}"
    assert [line for line in page.splitlines() if len(line.rstrip()) > 100] == []


def test_a_story_in_json_has_names_instead_of_numbers(hub, sold):
    story = hub.told("order", "show", "#1001")

    assert story["header"]["channel"] == "web"
    assert [(line["sku"], line["ordered"], line["handed_over"], line["open"]) for line in story["lines"]] == [
        ("MUG", "1", "1", "0")
    ]
    assert [(each["location"], each["state"]) for each in story["fulfilments"]] == [("berlin", "handed_over")]
    assert [(each["capability"], each["connection"], each["state"]) for each in story["effects"]] == [
        ("booking", "post", "confirmed"),
        ("dispatch", "web", "confirmed"),
        ("receivable", "books", "confirmed"),
    ]
    assert [(each["kind"], each["total"], each["number"]) for each in story["receivables"]] == [
        ("invoice", "10.00 EUR", "INV-1")
    ]
    assert [event["fact"]["code"] for event in story["events"]][:3] == [
        "order.received",
        "order.accepted",
        "order.reserved",
    ]


def test_answers_are_shown_without_secrets(hub, sold):
    answers = hub.told("order", "show", "1", "--answers")["answers"]

    [booking] = [answer for key, answer in answers.items() if "/booking/" in key]
    assert booking["account"] == "•••"
    assert booking["number"].startswith("PP")
    assert "s3cret" not in hub.says("order", "show", "1", "--answers")


def test_a_story_says_what_would_flip_it(hub, house):
    house.shelve("CUP", 2, "paris")
    house.sell("1001", a_line("CUP"))
    house.settle()

    page = hub.says("order", "show", "1")

    assert lines_with("not berlin", page) == ["not berlin lacks 1 of CUP"]
    assert lines_with("would flip it", page) == ["would flip it 1 more of CUP at berlin"]


def test_a_hold_is_told_with_its_remedy_and_its_end(hub, house):
    house.sell("1001", a_line("MYSTERY"))
    house.settle()

    assert lines_with("! line 1", hub.says("order", "show", "1"))[0].startswith(
        "! line 1: web sells MYSTERY, which is none of our items yet; run: hub listing map web MYSTERY SKU"
    )

    hub("listing", "map", "web", "MYSTERY", "MUG")
    house.settle()
    page = hub.says("order", "show", "1")

    assert lines_with("! line", page) == []
    assert lines_with("hold ended", page)[0].endswith("hold ended: listing.unmapped user:owner")


def test_the_story_is_told_in_chinese(hub, sold):
    page = hub.says("order", "show", "1", "--lang", "zh")

    assert lines_with("订单 1", page)[0].split() == ["订单", "1", "#1001", "·", "web", "已发出"]
    assert lines_with("step:review", page)[0].endswith("审核通过 step:review")
    assert hub.says("order", "show", "1", HUB_LANG="zh_CN.UTF-8") == page


@pytest.mark.parametrize("number", ["1", "1001", "#1001", "INV-1", "zoe@example.org", "030 123456"])
def test_an_order_is_found_by_any_number(hub, sold, number):
    assert [each["id"] for each in hub.told("order", "find", number)["orders"]] == [1]


def test_the_channel_is_asked_for_what_the_hub_does_not_know(hub, house):
    house.sell("2002")

    assert [each["number"] for each in hub.told("order", "find", "2002")["orders"]] == ["#2002"]
    assert hub.told("order", "show", "2002")["header"]["state"] == "received"


def test_an_order_that_nobody_knows_is_refused(hub, house):
    assert hub.refuses("order", "find", "9").startswith(
        "there is no order 9, neither here nor on a channel that can be asked"
    )


def test_a_channel_that_does_not_answer_is_named(hub, house):
    house.books("web").trouble.append(Retryable("http.timed_out", host="web.paper.test"))

    assert hub.refuses("order", "find", "9") == "there is no order 9 here, and these channels could not be asked: web"


def test_our_own_number_goes_before_a_strangers(hub, house):
    house.sell("2")
    house.settle()
    house.sell("1001")
    house.settle()

    assert hub.told("order", "show", "2")["header"]["number"] == "#1001"
    assert hub.told("order", "show", "#2")["header"]["id"] == 1


def test_of_several_orders_one_must_be_named(hub, sold):
    sold.sell("1002")
    sold.settle()

    refused = hub.refuses("order", "show", "zoe@example.org")

    assert refused == "2 orders answer to zoe@example.org: say which one, 2, 1"


def test_an_unknown_order_is_refused_with_the_nearest_numbers(hub, sold):
    assert hub.refuses("order", "show", "#1010") == (
        "there is no order #1010 here (nearest: #1001); to ask the channels as well: hub order find #1010"
    )


def test_what_has_not_left_is_cancelled(hub, house):
    house.sell("1001", a_line(quantity=50))
    house.settle()

    assert hub.says("order", "cancel", "#1001") == "Order 1 is being cancelled, as far as it has not left.\n"
    house.settle()

    story = hub.told("order", "show", "1")
    assert (story["lines"][0]["handed_over"], story["lines"][0]["cancelled"]) == ("10", "40")
    assert story["header"]["state"] == "fulfilled"


def test_what_has_left_is_not_cancelled(hub, sold):
    before = hub.told("order", "show", "1")

    refused = hub.refuses("order", "cancel", "1")

    assert refused == "order 1 is fulfilled: nothing of it can be cancelled any more, only returned"
    assert hub.told("order", "show", "1") == before


def test_a_person_releases_a_hold(hub, house):
    house.sell("1001", total="12.34")
    house.settle()

    assert hub.says("order", "release", "1") == "Order 1 goes on.\n"
    house.settle()

    assert hub.told("order", "show", "1")["header"]["state"] == "fulfilled"
    assert hub.refuses("order", "release", "1") == "order 1 has no hold"


def test_a_hold_that_ends_with_its_cause_is_not_released(hub, house):
    house.sell("1001", a_line("MYSTERY"))
    house.settle()

    refused = hub.refuses("order", "release", "1")

    assert refused == "a hold of listing.unmapped ends with its cause: hub listing map"
    assert hub.told("order", "list", "--held")["orders"][0]["id"] == 1


def test_what_stands_still_is_tried_again(hub, house):
    house.books("books").trouble.append(InDoubt("http.timed_out", host="books.paper.test"))
    house.sell("1001")
    house.settle()

    assert hub.told("order", "retry", "1") == {"order": 1, "retried": 1}


def test_an_order_that_runs_has_nothing_to_retry(hub, sold):
    assert hub.says("order", "retry", "1") == "Nothing of this order stands still.\n"


def test_a_label_that_is_late_is_told(hub, house):
    house.books("post").trouble.extend([Retryable("http.busy", host="post.paper.test")] * 3)
    house.sell("1001")
    house.settle(1)

    [booking] = hub.told("order", "show", "1")["effects"]

    assert (booking["state"], booking["reason"]["code"], booking["attempt"]) == ("planned", "http.busy", 1)
    assert "all connections to post.paper.test are in use" in hub.says("order", "show", "1")
