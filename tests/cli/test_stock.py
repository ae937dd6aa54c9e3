"""`hub stock`, `hub item`, `hub location`: goods and where they lie."""

from tests.core.builders import a_line


def test_goods_are_told_per_place(hub, house):
    house.sell("1001", a_line(quantity=3))
    hub("connection", "set", "post", "--documents-out", "off")
    house.settle()

    [found] = hub.told("stock")

    assert found == {
        "sku": "MUG", "title": "Mug", "unit": "piece", "location": "berlin", "lot": "", "kind": "shelf",
        "on_hand": "10", "reserved": "3", "free": "7",
    }  # fmt: skip


def test_one_item_is_told_with_its_channels_and_movements(hub, house):
    house.sell("1001")
    house.settle()

    shown = hub.told("stock", "show", "MUG")

    assert [(each["connection"], each["wanted"], each["seen"]) for each in shown["channels"]] == [("web", "9", "9")]
    assert [(each["quantity"], each["source"], each["target"]) for each in shown["movements"]] == [
        ("1", "berlin", "customer"),
        ("10", "difference", "berlin"),
    ]


def test_counting_books_the_difference(hub):
    assert hub.says("stock", "set", "MUG", "berlin", "4") == "Booked, with a difference of -6.\n"
    assert hub.told("stock")[0]["on_hand"] == "4"


def test_a_receipt_is_booked_once(hub, house):
    assert hub.told("stock", "receive", "MUG", "paris", "5", "--key", "PO-1")["new"] is True
    assert hub.says("stock", "receive", "MUG", "paris", "5", "--key", "PO-1") == (
        "This receipt was booked before; nothing changed.\n"
    )
    assert [each["on_hand"] for each in hub.told("stock", "--location", "paris")] == ["5"]


def test_goods_go_to_whom_waits(hub, house):
    house.sell("1001", a_line("CUP"))
    house.settle()
    hub("item", "add", "CUP", "--title", "A cup", "--grams", "200")
    hub("listing", "map", "web", "CUP", "CUP")
    house.settle()
    assert hub.told("order", "show", "1")["header"]["state"] == "backordered"

    hub("stock", "receive", "CUP", "berlin", "1", "--key", "PO-2")
    house.settle()

    assert hub.told("order", "show", "1")["header"]["state"] == "fulfilled"


def test_an_unknown_item_or_place_changes_nothing(hub):
    assert hub.refuses("stock", "set", "MUGG", "berlin", "4").startswith("there is no item MUGG; nearest: MUG")
    assert hub.refuses("stock", "set", "MUG", "berln", "4").startswith("there is no location berln; nearest: berlin")
    assert hub.refusal("stock", "list", "--location", "berln")[0] == "location.unknown"
    assert hub.refusal("stock", "set", "MUG", "berlin", "four")[0] == "number.not_a_number"
    assert hub.refuses("stock", "set", "MUG", "berlin", "--", "-1").startswith("quantity is -1")
    assert hub.refusal("stock", "receive", "MUG", "berlin", "0", "--key", "PO")[0] == "quantity.not_positive"
    assert hub.told("stock")[0]["on_hand"] == "10"


def test_an_item_that_exists_stays(hub):
    assert hub.told("item", "add", "MUG", "--title", "Another") == {"sku": "MUG"}
    assert [(each["sku"], each["title"]) for each in hub.told("item", "list", "mug")] == [("MUG", "Mug")]


def test_a_place_is_added_with_its_carrier(hub):
    address = ("--country", "de", "--city", "Hamburg", "--postal-code", "20095", "--street", "Kai 1")

    hub("location", "add", "hall", *address, "--rank", "3", "--hands-over", "scan", "--carrier", "post")

    assert hub.told("location")[-1] == {
        "code": "hall", "name": "hall", "country": "DE", "rank": 3, "hands_over": "scan", "carrier": "post",
        "is_open": True,
    }  # fmt: skip


def test_a_code_of_a_place_is_taken_once(hub):
    address = ("--country", "DE", "--city", "Berlin", "--postal-code", "10115", "--street", "Kai 1")

    assert hub.refuses("location", "add", "berlin", *address).startswith("there is a location berlin already")
    assert hub.refusal("location", "add", "b2", *address, "--carrier", "pst")[0] == "connection.unknown"
    assert [each["code"] for each in hub.told("location")] == ["berlin", "paris"]
