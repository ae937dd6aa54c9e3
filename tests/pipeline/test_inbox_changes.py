"""A change of an order meets it wherever it is on its way."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest

from hub.actions import connections as connecting
from hub.actions.permission import OWNER
from hub.sdk.sim import Basket, ShipTo
from hub.sdk.sim.faults import Fault, FaultKind
from hub.store.connections import Flow, Switch
from tests.company import Company, a_basket, a_line
from tests.doorbell import fulfilments, asked_for, lines, sent

PARIS = ShipTo(street="Rue de Rivoli 1", city="Paris", postal_code="75001", country="FR")


def three_mugs(**how) -> Basket:
    return Basket(a_basket(a_line("MUG", 3), a_line("CUP", 1)).lines, **how)


SOON = timedelta(minutes=15)


class Stage(NamedTuple):
    """Where the change finds the order: what is prepared before, and what lets it go on."""

    before: Callable[[Company], None]
    after: Callable[[Company], None]
    payment: str = "paid"


def nothing(firm: Company) -> None:
    """Nothing special."""


def stocked(firm: Company) -> None:
    firm.stock("berlin", "MUG", 9)
    firm.stock("berlin", "CUP", 9)


def watching(firm: Company) -> None:
    stocked(firm)
    connecting.switch(firm.hub, OWNER, "post", {Flow.DOCUMENTS_OUT: Switch.WATCH})


def sending(firm: Company) -> None:
    connecting.switch(firm.hub, OWNER, "post", {Flow.DOCUMENTS_OUT: Switch.ON})


def torn(firm: Company) -> None:
    """The label is bought and the answer lost; then the carrier is silent."""
    stocked(firm)
    firm.carrier.fail(Fault(FaultKind.TIMED_OUT_AFTER, where="/buy"), Fault(FaultKind.UNREACHABLE, times=None, skip=1))


def healed(firm: Company) -> None:
    firm.carrier.heal()


def in_the_yard(firm: Company) -> None:
    """Labelled parcels stand in the yard until they are scanned."""
    firm.world.locate("yard", "DE", "post", hands_over="scan")
    firm.stock("yard", "MUG", 9)
    firm.stock("yard", "CUP", 9)


STAGES = {
    "held": Stage(stocked, lambda firm: firm.shop.pay("C1001", firm.now), payment="unpaid"),
    "short": Stage(lambda firm: firm.item("MUG", "CUP"), stocked),
    "planned": Stage(watching, sending),
    "in flight": Stage(torn, healed),
    "labelled": Stage(in_the_yard, nothing),
    "handed over": Stage(stocked, nothing),
}


def change(firm: Company, stage: str, what: Callable[[str], None]) -> str:
    """An order at a stage, changed, and settled after that."""
    before, after, payment = STAGES[stage]
    before(firm)
    number = firm.shop.place(three_mugs(), firm.now, payment=payment)
    firm.world.settle(SOON)
    what(number)
    firm.world.settle(SOON)
    after(firm)
    firm.world.settle()
    return number


def voided(firm: Company) -> list[bool]:
    return [label.voided for label in firm.carrier.labels()]


CANCELLED = {
    "held": ("cancelled", [], []),
    "short": ("cancelled", [], []),
    "planned": ("cancelled", ["cancelled"], []),
    "in flight": ("cancelled", ["cancelled"], [True]),
    "labelled": ("cancelled", ["cancelled"], [True]),
    "handed over": ("fulfilled", ["handed_over"], [False]),
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_cancel_takes_back_what_has_not_left(firm: Company, stage: str):
    number = change(firm, stage, lambda number: firm.shop.cancel(number, firm.now))

    assert (firm.state(number), fulfilments(firm), voided(firm)) == CANCELLED[stage]


def test_what_was_only_planned_outside_is_withdrawn(firm: Company):
    change(firm, "planned", lambda number: firm.shop.cancel(number, firm.now))

    assert sent(firm, "quote") == ["withdrawn"]
    assert firm.carrier.books() == {}


def test_a_cancel_waits_for_what_is_in_flight(firm: Company):
    number = change(firm, "in flight", lambda number: firm.shop.cancel(number, firm.now))

    assert firm.events(number)[-2:] == ["order.cancel_waits", "order.cancelled"]
    assert (sent(firm, "booking"), sent(firm, "void")) == (["confirmed"], ["confirmed"])


def test_a_cancel_of_what_has_left_says_that_it_is_too_late(firm: Company):
    number = change(firm, "handed over", lambda number: firm.shop.cancel(number, firm.now))

    assert firm.events(number)[-1] == "order.cancel_too_late"
    assert (sent(firm, "void"), sent(firm, "receivable")) == ([], ["confirmed"])


FEWER = {
    "held": [False],
    "short": [False],
    "planned": [False],
    "in flight": [True, False],
    "labelled": [True, False],
}


@pytest.mark.parametrize("stage", FEWER)
def test_fewer_of_a_line_leave_and_are_paid_for(firm: Company, stage: str):
    number = change(
        firm, stage, lambda number: firm.shop.edit(number, a_basket(a_line("MUG", 1), a_line("CUP", 1)), firm.now)
    )
    scan(firm)

    assert voided(firm) == FEWER[stage]
    assert lines(firm, number) == [{"ordered": 3, "cancelled": 2, "handed_over": 1}, {"ordered": 1, "handed_over": 1}]
    assert [str(posting.total) for posting in firm.ledger.postings()] == ["19.80 EUR"]


@pytest.mark.parametrize("stage", STAGES)
def test_more_of_a_line_leave_and_are_paid_for(firm: Company, stage: str):
    number = change(
        firm, stage, lambda number: firm.shop.edit(number, a_basket(a_line("MUG", 5), a_line("CUP", 1)), firm.now)
    )
    scan(firm)

    assert lines(firm, number) == [{"ordered": 5, "handed_over": 5}, {"ordered": 1, "handed_over": 1}]
    assert sum(posting.total.minor for posting in firm.ledger.postings()) == 5940


@pytest.mark.parametrize("stage", STAGES)
def test_an_added_line_leaves_too(firm: Company, stage: str):
    firm.stock("berlin", "POT", 9)
    basket = Basket((*three_mugs().lines, a_line("POT", 2)))
    number = change(firm, stage, lambda number: firm.shop.edit(number, basket, firm.now))
    scan(firm)

    assert lines(firm, number)[2] == {"ordered": 2, "handed_over": 2}
    assert sum(posting.total.minor for posting in firm.ledger.postings()) == 5940


@pytest.mark.parametrize("stage", FEWER)
def test_a_removed_line_stays(firm: Company, stage: str):
    number = change(firm, stage, lambda number: firm.shop.edit(number, a_basket(a_line("MUG", 3)), firm.now))
    scan(firm)

    assert lines(firm, number) == [{"ordered": 3, "handed_over": 3}, {"ordered": 1, "cancelled": 1}]
    assert sum(posting.total.minor for posting in firm.ledger.postings()) == 2970


def test_fewer_of_a_line_that_has_left_is_too_late(firm: Company):
    number = change(
        firm,
        "handed over",
        lambda number: firm.shop.edit(number, a_basket(a_line("MUG", 1), a_line("CUP", 1)), firm.now),
    )

    assert firm.events(number)[-1] == "order.cancel_too_late"
    assert lines(firm, number) == [{"ordered": 3, "handed_over": 3}, {"ordered": 1, "handed_over": 1}]


MOVED = {
    "held": [("Paris", "confirmed")],
    "short": [("Paris", "confirmed")],
    "planned": [("Paris", "confirmed")],
    "in flight": [("Berlin", "confirmed"), ("Paris", "confirmed")],
    "labelled": [("Berlin", "confirmed"), ("Paris", "confirmed")],
    "handed over": [("Berlin", "confirmed")],
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_new_address_gets_the_parcel_unless_it_has_left(firm: Company, stage: str):
    number = change(firm, stage, lambda number: firm.shop.edit(number, three_mugs(ship_to=PARIS), firm.now))
    scan(firm)

    assert asked_for(firm) == MOVED[stage]
    assert voided(firm) == [False] if len(MOVED[stage]) == 1 else [True, False]
    assert ("order.moved_too_late" in firm.events(number)) == (stage == "handed over")


def test_a_new_telephone_number_takes_no_label_back(firm: Company):
    buyer = three_mugs().buyer
    renamed = type(buyer)(name=buyer.name, email="other@example.com")
    change(firm, "labelled", lambda number: firm.shop.edit(number, three_mugs(buyer=renamed), firm.now))

    assert voided(firm) == [False]


def scan(firm: Company) -> None:
    """What is still in the yard is fetched by the carrier."""
    firm.deliver()
