"""Deliveries: doubled, reordered, late, forged, torn."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from corner_shop.sim import signed
from sqlalchemy import select

from hub.core.failures import BadInput
from hub.pipeline import webhooks
from hub.sdk.capabilities import WebhookRequest
from hub.sdk.webhooks import Forged
from hub.store.people import read_blob
from hub.store.tables import InboxRow
from tests.company import Company, a_basket, a_line, company
from tests.doorbell import KEPT, counted, heard, hint, outcomes, ring, taken, work_off

APPLIED, DROPPED = "applied", "dropped"


def test_a_delivery_that_comes_twice_is_taken_once(firm: Company):
    number = firm.buy(a_line("MUG", 2))
    [delivery] = firm.shop.deliveries()

    assert ring(firm, delivery, delivery) == [True, False]
    work_off(firm)

    assert ring(firm, delivery) == [False]
    work_off(firm)
    assert taken(firm, number) == [
        ("order.created", APPLIED, "inbox.fetch_queued"),
        ("fetch", APPLIED, "inbox.new_order"),
    ]


def at_the_same_instant(firm: Company) -> list[bool]:
    firm.buy()
    [delivery] = firm.shop.deliveries()
    instant = Barrier(4)

    def deliver(_: int) -> bool:
        instant.wait()
        return webhooks.receive(firm.hub, 1, "corner", delivery)

    with ThreadPoolExecutor(4) as pool:
        return sorted(pool.map(deliver, range(4)))


def test_a_delivery_that_comes_four_times_at_the_same_instant_is_taken_once(firm: Company):
    assert at_the_same_instant(firm) == [False, False, False, True]
    assert counted(firm, *KEPT) == [1, 0, 1, 0]


def test_the_same_on_postgresql(tmp_path: Path, postgres_url: str):
    with company(tmp_path, url=postgres_url) as firm:
        assert at_the_same_instant(firm) == [False, False, False, True]
        assert counted(firm, *KEPT) == [1, 0, 1, 0]


def test_paid_before_created_is_one_paid_order(firm: Company):
    firm.stock("berlin", "MUG", 5)
    number = firm.shop.place(a_basket(a_line("MUG", 2)), firm.now, payment="unpaid")
    firm.shop.pay(number, firm.now)
    created, paid = firm.shop.deliveries()

    ring(firm, paid, created)
    work_off(firm)

    assert firm.state(number) == "fulfilled"
    assert firm.events(number).count("order.received") == 1
    assert [code for _, code in outcomes(firm, number)] == ["inbox.new_order"]


def test_a_cancel_for_an_order_never_seen_brings_the_order_cancelled(firm: Company):
    firm.stock("berlin", "MUG", 5)
    number = firm.buy(a_line("MUG", 2))
    firm.shop.cancel(number, firm.now)
    _, cancelled = firm.shop.deliveries()

    ring(firm, cancelled)
    work_off(firm)

    assert firm.state(number) == "cancelled"
    assert firm.carrier.labels() == []


def test_a_hint_of_yesterday_changes_nothing(firm: Company):
    firm.stock("berlin", "MUG", 5)
    number = firm.buy(a_line("MUG", 2))
    firm.settle()
    story = firm.events(number)
    firm.world.clock.advance(timedelta(hours=24))

    ring(firm, hint(number, "evt_late", firm.now, "order.created"))
    work_off(firm)

    assert firm.events(number) == story
    assert taken(firm, number)[-1] == ("order.created", APPLIED, "inbox.fetch_queued")


def test_a_document_of_yesterday_does_not_undo_what_came_after_it(firm: Company):
    firm.shop.tells_all = True
    number = firm.buy(a_line("MUG", 2))
    [first] = firm.shop.deliveries()
    firm.shop.edit(number, a_basket(a_line("MUG", 3)), firm.now)
    ring(firm, *firm.shop.deliveries())
    work_off(firm)
    firm.world.clock.advance(timedelta(hours=24))

    ring(firm, signed(first.headers["webhook-id"], first.body, firm.now))
    work_off(firm)

    assert outcomes(firm, number) == [(APPLIED, "inbox.new_order"), (DROPPED, "inbox.older_version")]
    assert firm.order(number).total == 2970


def tampered(delivery: WebhookRequest) -> WebhookRequest:
    return replace(delivery, body=delivery.body.replace(b"C1001", b"C1002"))


def without(header: str) -> Callable[[WebhookRequest], WebhookRequest]:
    def cut(delivery: WebhookRequest) -> WebhookRequest:
        return replace(delivery, headers={key: value for key, value in delivery.headers.items() if key != header})

    return cut


def with_header(header: str, value: str) -> Callable[[WebhookRequest], WebhookRequest]:
    return lambda delivery: replace(delivery, headers={**delivery.headers, header: value})


FORGERIES = {
    "wrong signature": (with_header("webhook-signature", "v1,d3Jvbmc="), "webhook.wrong_signature"),
    "tampered body": (tampered, "webhook.wrong_signature"),
    "truncated body": (lambda delivery: replace(delivery, body=delivery.body[:-7]), "webhook.wrong_signature"),
    "another event": (with_header("webhook-id", "evt_other"), "webhook.wrong_signature"),
    "no signature": (without("webhook-signature"), "webhook.unsigned"),
    "no id": (without("webhook-id"), "webhook.wrong_signature"),
    "no time": (without("webhook-timestamp"), "webhook.wrong_signature"),
    "another version of signing": (with_header("webhook-signature", "v2,d3Jvbmc="), "webhook.wrong_signature"),
    "too large": (lambda delivery: replace(delivery, body=b" " * 2_000_001), "webhook.too_large"),
}


def test_a_forged_delivery_leaves_nothing_behind(firm: Company):
    number = firm.buy()
    [delivery] = firm.shop.deliveries()
    forged = {name: (forge(delivery), code) for name, (forge, code) in FORGERIES.items()}
    for minutes in (6, -6):
        old = hint(number, "evt_1", firm.now - timedelta(minutes=minutes))
        forged[f"signed {minutes} minutes ago"] = (old, "webhook.not_recent")

    assert {name: refusal(firm, delivery) for name, (delivery, _) in forged.items()} == {
        name: code for name, (_, code) in forged.items()
    }
    assert counted(firm, *KEPT) == [0, 0, 0, 0]
    assert heard(firm) is None


def refusal(firm: Company, delivery: WebhookRequest) -> str:
    with pytest.raises(Forged) as forged:
        ring(firm, delivery)
    return forged.value.code


def test_a_delivery_for_a_connection_that_is_not_there_names_the_nearest(firm: Company):
    with pytest.raises(BadInput) as refused:
        webhooks.receive(firm.hub, 1, "cornr", hint("C1", "evt_1", firm.now))

    assert refused.value.params == {"field": "connection", "value": "cornr", "nearest": "corner"}


def test_a_signed_delivery_that_cannot_be_read_is_parked_with_its_bytes(firm: Company):
    body = b'{"type": "order.upd'
    ring(firm, signed("evt_torn", body, firm.now))
    work_off(firm)

    [row] = firm.rows(select(InboxRow.state, InboxRow.code, InboxRow.blob_id))
    assert (row["state"], row["code"]) == ("parked", "json.torn")
    with firm.hub.store.view(1) as view:
        assert read_blob(view, row["blob_id"]) == body


def test_an_order_that_is_gone_when_it_is_asked_for_is_said_to_be_gone(firm: Company):
    number = firm.buy()
    firm.shop.remove(number, firm.now)

    ring(firm, *firm.shop.deliveries())
    work_off(firm)

    assert taken(firm, number) == [
        ("order.created", APPLIED, "inbox.gone"),
        ("order.updated", APPLIED, "inbox.gone"),
    ]
    assert firm.order(number) is None
