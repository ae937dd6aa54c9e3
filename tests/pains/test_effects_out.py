"""D17 to D19 and D23: what happens outside happens once, and nothing stays stuck."""

from datetime import timedelta

import httpx
import pytest

from hub.actions import connections as connecting
from hub.actions import orders as ordering
from hub.actions.permission import OWNER
from hub.pipeline import batches
from hub.pipeline.chores import LEASE
from hub.pipeline.journey import STEPS
from hub.sdk.sim.faults import Fault, FaultKind
from hub.store import chores, connections, inbox
from hub.store.connections import Flow, Switch
from tests.company import Company, a_basket, a_line, doubled
from tests.doorbell import alarmed, fulfilments, hint, ring, sent, work_off

LOST = [FaultKind.TIMED_OUT_AFTER, FaultKind.RESET_AFTER, FaultKind.ERROR_AFTER, FaultKind.TORN]


@pytest.mark.parametrize("kind", LOST)
def test_d17_an_invoice_whose_answer_is_lost_is_posted_once(firm: Company, kind: FaultKind):
    firm.stock("berlin", "MUG", 9)
    firm.buy(a_line("MUG", 2))
    firm.ledger.fail(Fault(kind, where="/post", times=2))
    firm.settle()

    assert [str(posting.total) for posting in firm.ledger.postings()] == ["19.80 EUR"]
    assert sent(firm, "receivable") == ["confirmed"]
    assert doubled(firm.ledger) == {}


def test_d18_an_order_cancelled_meanwhile_gets_no_label_and_no_invoice(firm: Company):
    firm.stock("berlin", "MUG", 9)
    for name in ("post", "books"):
        connecting.switch(firm.hub, OWNER, name, {Flow.DOCUMENTS_OUT: Switch.WATCH})
    number = firm.buy(a_line("MUG", 2))
    firm.settle()
    firm.shop.cancel(number, firm.now)
    firm.settle()

    for name in ("post", "books"):
        connecting.switch(firm.hub, OWNER, name, {Flow.DOCUMENTS_OUT: Switch.ON})
    firm.settle()

    assert firm.state(number) == "cancelled"
    assert (firm.carrier.labels(), firm.ledger.postings()) == ([], [])


def test_d18_what_was_cancelled_of_an_order_is_not_on_its_invoice(firm: Company):
    firm.stock("berlin", "MUG", 1)
    number = firm.buy(a_line("MUG", 3))
    firm.settle()
    ordering.cancel(firm.hub, OWNER, firm.order(number).id, reason="sold out")
    firm.settle()

    assert [str(posting.total) for posting in firm.ledger.postings()] == ["9.90 EUR"]


@pytest.mark.parametrize("kind", LOST)
def test_d19_a_label_whose_answer_is_lost_is_bought_once(firm: Company, kind: FaultKind):
    firm.stock("berlin", "MUG", 9)
    firm.buy(a_line("MUG", 2))
    firm.carrier.fail(Fault(kind, where="/buy", times=2))
    firm.settle()

    assert [label.voided for label in firm.carrier.labels()] == [False]
    assert sent(firm, "booking") == ["confirmed"]


def test_d19_a_label_that_was_taken_back_is_not_used_again(firm: Company):
    firm.world.locate("yard", "DE", "post", hands_over="scan")
    firm.stock("yard", "MUG", 9)
    number = firm.buy(a_line("MUG", 2))
    firm.settle()
    firm.shop.edit(number, a_basket(a_line("MUG", 1)), firm.now)
    firm.settle()

    old, new = firm.carrier.labels()
    assert (old.voided, new.voided) == (True, False)
    assert old.reference != new.reference


class Killed(BaseException):
    """The worker is no more."""


def killed_at(firm: Company, path: str) -> None:
    """The worker dies after the carrier has answered and before anybody has read it."""
    answer = firm.carrier.respond

    def last_words(request: httpx.Request, now) -> httpx.Response:
        said = answer(request, now)
        if path in request.url.path:
            del vars(firm.carrier)["respond"]
            raise Killed
        return said

    vars(firm.carrier)["respond"] = last_words
    with pytest.raises(Killed):
        firm.settle()


def test_d23_an_effect_whose_worker_died_is_swept_up_and_looked_up(firm: Company):
    firm.stock("berlin", "MUG", 9)
    number = firm.buy(a_line("MUG", 2))
    killed_at(firm, "/buy")
    assert sent(firm, "booking") == ["sending"]

    firm.world.clock.advance(timedelta(hours=1))
    firm.settle()

    assert firm.state(number) == "fulfilled"
    assert [label.voided for label in firm.carrier.labels()] == [False]


def test_d23_a_chore_whose_worker_died_comes_round_again(firm: Company):
    with firm.hub.store.work(OWNER.tenant, "a worker") as work:
        for chore in chores.due(work):
            chores.take(work, chore.id, LEASE)
    firm.shop.rings = False
    number = firm.buy()

    firm.world.turn()
    assert firm.order(number) is None

    firm.world.clock.advance(LEASE + timedelta(seconds=1))
    firm.world.turn()
    assert firm.order(number).external_id == number


def test_d23_a_fetch_whose_worker_died_is_asked_again(firm: Company):
    number = firm.buy()
    ring(firm, *firm.shop.deliveries(), hint(number, "evt_2", firm.now))
    with firm.hub.store.view(OWNER.tenant) as view:
        corner = connections.connection_named(view, "corner").id
    batches.turn(firm.hub, OWNER.tenant, STEPS["intake"])
    with firm.hub.store.work(OWNER.tenant, "a worker") as work:
        assert len(inbox.take_fetches(work, corner, "order", 50, work.now + LEASE)) == 1

    work_off(firm)
    assert firm.order(number) is None

    firm.world.clock.advance(LEASE + timedelta(seconds=1))
    work_off(firm)
    assert firm.order(number).external_id == number


def test_d23_a_slow_carrier_keeps_no_order_waiting_at_the_door(firm: Company):
    firm.stock("berlin", "MUG", 9)
    firm.carrier.fail(Fault(FaultKind.UNREACHABLE, times=None))
    numbers = [firm.buy(a_line("MUG", 1)) for _ in range(3)]
    firm.world.settle(timedelta(minutes=10))

    assert [firm.state(number) for number in numbers] == ["fulfilling"] * 3
    assert fulfilments(firm) == ["released"] * 3
    assert ("connection.failing", "post") in alarmed(firm)

    firm.carrier.heal()
    firm.settle()
    assert [firm.state(number) for number in numbers] == ["fulfilled"] * 3
