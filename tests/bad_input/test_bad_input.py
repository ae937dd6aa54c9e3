"""Each row of the table: refused with its code, field and value; nothing changed, the document kept."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import cast

import pytest
from corner_shop.sim import SECRET, TOKEN, signed
from sqlalchemy import select

from hub.actions import connections as connecting
from hub.actions import effects as settling
from hub.actions import orders as ordering
from hub.actions import stock as stocking
from hub.actions.permission import OWNER
from hub.core import json
from hub.core.failures import BadInput
from hub.core.json import JSON
from hub.core.reasons import Language, render, wording
from hub.sdk.mapping import check
from hub.sdk.mapping_file import read_sheet
from hub.store.people import read_blob
from hub.store.tables import HoldRow, InboxRow, OrderRow
from tests.bad_input.page import PAGE, page
from tests.bad_input.table import HELD, MAPPINGS, OPERATORS, PARKED, Bad
from tests.company import Company, a_basket, a_line
from tests.doorbell import counted, lines, ring, work_off


def a_document(firm: Company) -> bytes:
    """An order of two mugs and a cup as the shop tells it."""
    firm.stock("berlin", "MUG", 99)
    firm.stock("berlin", "CUP", 99)
    firm.shop.tells_all, firm.shop.rings = True, True
    firm.shop.place(a_basket(a_line("MUG", 2), a_line("CUP", 1)), firm.now)
    [delivery] = firm.shop.deliveries()
    return delivery.body


def told(firm: Company, bad: tuple[Bad, ...]) -> dict[str, bytes]:
    """Deliver each spoilt document under an id of its own: the bytes by what is wrong with them."""
    sound = a_document(firm)
    bodies = {}
    for at, row in enumerate(bad):
        body = row.given(sound).replace(b'"id":"C1001"', b'"id":"C%d"' % (2000 + at))
        bodies[row.what] = body
        ring(firm, signed(f"evt_{row.what.encode().hex()}", body, firm.now))
    work_off(firm)
    return bodies


def said(row: Bad) -> tuple[str, str, str]:
    return (row.code, row.field, row.value)


def test_a_document_nobody_can_read_is_parked_with_its_reason_and_kept(firm: Company):
    connecting.change(firm.hub, OWNER, "corner", settings={"zone": "Europe/Berlin"})
    bodies = told(firm, PARKED)

    found = firm.rows(select(InboxRow.state, InboxRow.code, InboxRow.params, InboxRow.blob_id).order_by(InboxRow.id))
    params = [cast("dict[str, str]", json.loads(row["params"].encode())) for row in found]
    assert {
        what: (row["code"], values.get("field", ""), values.get("value", ""))
        for what, row, values in zip(bodies, found, params, strict=True)
    } == {row.what: said(row) for row in PARKED}
    assert {row["state"] for row in found} == {"parked"}
    with firm.hub.store.view(OWNER.tenant) as view:
        assert [read_blob(view, row["blob_id"]) for row in found] == list(bodies.values())
    assert counted(firm, OrderRow) == [0]


def test_a_document_that_reads_and_does_not_match_is_an_order_that_waits(firm: Company):
    told(firm, HELD)

    holds = firm.rows(select(HoldRow.code).order_by(HoldRow.order_id))
    assert [row["code"] for row in holds] == [row.code for row in HELD]
    assert counted(firm, OrderRow) == [len(HELD)]


def test_a_time_without_a_zone_waits_for_a_person(firm: Company):
    body = a_document(firm).replace(b"T08:00:00+00:00", b"T08:00:00")
    ring(firm, signed("evt_zone", body, firm.now))
    work_off(firm)

    [hold] = firm.rows(select(HoldRow.code, HoldRow.params))
    assert (hold["code"], json.loads(hold["params"].encode())) == (
        "order.placed_when",
        {"raw": "2026-11-02T08:00:00"},
    )


@pytest.mark.parametrize("sku", [" MUG ", "\uff2d\uff35\uff27", "M\u200bUG"])
def test_a_sku_in_other_clothes_is_the_same_article(firm: Company, sku: str):
    body = a_document(firm).replace(b'"sku":"MUG"', json.dumps({"sku": sku})[1:-1])
    ring(firm, signed("evt_sku", body, firm.now))
    firm.settle()

    assert lines(firm, "C1001")[0] == {"ordered": 2, "handed_over": 2}


def test_a_document_over_two_megabytes_is_parked_and_its_page_goes_on(firm: Company):
    firm.stock("berlin", "MUG", 9)
    firm.shop.rings = False
    large, other = firm.buy(), firm.buy()
    firm.shop.spoil(large, '"test":false', '"test":false,"x":"' + "x" * 2_000_000 + '"')
    firm.world.settle(timedelta(minutes=2))

    [row] = firm.rows(select(InboxRow.code, InboxRow.state).where(InboxRow.external_id == large))
    assert (row["code"], row["state"]) == ("json.too_large", "parked")
    assert firm.state(other) == "fulfilled"


@pytest.mark.parametrize("row", MAPPINGS, ids=lambda row: row.what)
def test_a_mapping_is_refused_with_file_and_line(row: Bad):
    with pytest.raises(BadInput) as refused:
        problems = check(read_sheet(str(row.given), "order.toml"))
        raise problems[0].refusal()

    bad = refused.value
    assert (bad.code, bad.field, bad.value) == said(row)
    assert {name: bad.params[name] for name in row.params} == row.params
    assert bad.params["file"] == "order.toml"


def settings(**changed: JSON) -> dict[str, JSON]:
    given = {"base_url": "https://shop.example", "token": TOKEN, "webhook_secret": SECRET, **changed}
    return {name: value for name, value in given.items() if value is not None}


def connects(firm: Company, connector: str = "corner_shop", **changed: JSON) -> None:
    connecting.connect(
        firm.hub, OWNER, "new", connector=connector, settings=settings(**changed), company="main", check=False
    )


ASKED: dict[str, Callable[[Company], object]] = {
    "order": lambda firm: ordering.find(firm.hub, OWNER, "C9999"),
    "item": lambda firm: stocking.receive_goods(firm.hub, OWNER, "MUGG", "berlin", Decimal(1), key="1"),
    "location": lambda firm: stocking.receive_goods(firm.hub, OWNER, "MUG", "berln", Decimal(1), key="1"),
    "connection": lambda firm: connecting.pull_now(firm.hub, OWNER, ["cornr"]),
    "connector": lambda firm: connects(firm, "corner_shp"),
    "effect": lambda firm: settling.resolve(firm.hub, OWNER, "1/order/9/booking/1", reference=None),
    "missing": lambda firm: connects(firm, token=None),
    "unknown": lambda firm: connects(firm, tokn="x"),
    "kind": lambda firm: connects(firm, webhook_secret=7),
    "private": lambda firm: connects(firm, base_url="https://127.0.0.1"),
    "credentials": lambda firm: connects(firm, base_url="https://me:secret@shop.example"),
    "url": lambda firm: connects(firm, base_url="shop"),
}


def test_what_a_person_types_is_refused_by_name(firm: Company):
    firm.item("MUG")
    found, nearest = {}, {}
    for row in OPERATORS:
        with pytest.raises(BadInput) as refused:
            ASKED[str(row.given)](firm)
        bad = refused.value
        found[row.what] = (bad.code, bad.field, bad.value)
        nearest[row.what] = {name: bad.params.get(name) for name in row.params}

    assert found == {row.what: said(row) for row in OPERATORS}
    assert nearest == {row.what: row.params for row in OPERATORS}


ROWS = (*PARKED, *HELD, *MAPPINGS, *OPERATORS)


def test_each_code_of_the_table_names_a_remedy_in_both_languages():
    assert [row.code for row in ROWS if wording(row.code) is None] == []
    assert [row.code for row in ROWS if not all(render(row.code, {}, language) for language in Language)] == []


def test_no_value_of_the_table_shows_more_than_it_may():
    assert [row.value for row in ROWS if len(row.value) > 40 or "secret" in row.value] == []


def test_the_page_says_what_the_table_says():
    assert PAGE.read_text(encoding="utf-8") == page()
