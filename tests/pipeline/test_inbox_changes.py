"""A change of an order meets it wherever it is on its way: cancels, fewer, more, added, removed, moved."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest

from hub.actions import connections as connecting
from hub.actions.permission import OWNER
from hub.sdk.sim import Basket, Buyer, ShipTo
from hub.sdk.sim.faults import Fault, FaultKind
from hub.store.connections import Flow, Switch
from tests.company import Company, a_line
from tests.doorbell import asked_for, lines, sent

PARIS = ShipTo(street="Rue de Rivoli 1", city="Paris", postal_code="75001", country="FR")
SOON = timedelta(minutes=3)


def basket(mugs: int = 3, cups: int = 1, pots: int = 0, **how) -> Basket:
    wanted = {"MUG": mugs, "CUP": cups, "POT": pots}
    return Basket(tuple(a_line(sku, quantity) for sku, quantity in wanted.items() if quantity), **how)


CHANGES: dict[str, Basket | None] = {
    "cancel": None,
    "fewer": basket(mugs=1),
    "more": basket(mugs=5),
    "added": basket(pots=2),
    "removed": basket(cups=0),
    "moved": basket(ship_to=PARIS),
    "renamed": basket(buyer=Buyer(name="Ada King", email="king@example.com")),
}
"""An order of three mugs and a cup becomes this; nothing stands for a cancel."""

IN_HOUSE = {
    "cancel": [{"ordered": 3, "cancelled": 3}, {"ordered": 1, "cancelled": 1}],
    "fewer": [{"ordered": 3, "cancelled": 2, "handed_over": 1}, {"ordered": 1, "handed_over": 1}],
    "more": [{"ordered": 5, "handed_over": 5}, {"ordered": 1, "handed_over": 1}],
    "added": [
        {"ordered": 3, "handed_over": 3},
        {"ordered": 1, "handed_over": 1},
        {"ordered": 2, "handed_over": 2},
    ],
    "removed": [{"ordered": 3, "handed_over": 3}, {"ordered": 1, "cancelled": 1}],
    "moved": [{"ordered": 3, "handed_over": 3}, {"ordered": 1, "handed_over": 1}],
    "renamed": [{"ordered": 3, "handed_over": 3}, {"ordered": 1, "handed_over": 1}],
}
"""What has left in the end of an order that was changed before anything left."""

GONE = {**IN_HOUSE, **dict.fromkeys(("cancel", "fewer", "removed"), IN_HOUSE["moved"])}
"""What has left of one that was changed too late."""


class Stage(NamedTuple):
    """Where the change finds the order: what is so before, what lets it go on, and what follows."""

    before: Callable[[Company], None]
    after: Callable[[Company], None]
    left: dict[str, list[dict[str, int]]]
    voided: int
    invoiced: int
    said: dict[str, str]
    payment: str = "paid"


def stocked(firm: Company, location: str = "berlin") -> None:
    for sku in ("MUG", "CUP", "POT"):
        firm.stock(location, sku, 99)


def nothing(firm: Company) -> None:
    """Nothing is special."""


def unstocked(firm: Company) -> None:
    firm.item("MUG", "CUP", "POT")


def paid(firm: Company) -> None:
    for order in firm.shop.orders():
        firm.shop.pay(order.external_id, firm.now)


def watched(firm: Company) -> None:
    """Labels are planned and not sent."""
    stocked(firm)
    connecting.switch(firm.hub, OWNER, "post", {Flow.DOCUMENTS_OUT: Switch.WATCH})


def sending(firm: Company) -> None:
    connecting.switch(firm.hub, OWNER, "post", {Flow.DOCUMENTS_OUT: Switch.ON})


def torn(firm: Company) -> None:
    """Labels are bought and the answers lost; then the carrier is silent."""
    stocked(firm)
    firm.carrier.fail(
        Fault(FaultKind.TIMED_OUT_AFTER, where="/buy", times=len(CHANGES)),
        Fault(FaultKind.UNREACHABLE, times=None, skip=len(CHANGES)),
    )


def healed(firm: Company) -> None:
    firm.carrier.heal()


def in_the_yard(firm: Company) -> None:
    """Labelled parcels stand in the yard until they are scanned."""
    firm.world.locate("yard", "DE", "post", hands_over="scan")
    stocked(firm, "yard")


WAITS = dict.fromkeys(("cancel", "fewer", "removed", "moved"), "order.cancel_waits")
LATE = {
    **dict.fromkeys(("cancel", "fewer", "removed"), "order.cancel_too_late"),
    "moved": "order.moved_too_late",
}

STAGES = {
    "held": Stage(stocked, paid, IN_HOUSE, 0, 24750, {}, payment="unpaid"),
    "short": Stage(unstocked, stocked, IN_HOUSE, 0, 24750, {}),
    "planned": Stage(watched, sending, IN_HOUSE, 0, 24750, {}),
    "in flight": Stage(torn, healed, IN_HOUSE, 4, 24750, WAITS),
    "labelled": Stage(in_the_yard, nothing, IN_HOUSE, 4, 24750, {}),
    "handed over": Stage(stocked, nothing, GONE, 0, 31680, LATE),
}
"""Cents are invoiced for what left: what was cancelled too late has left and is credited when it comes back."""


@pytest.mark.parametrize("name", STAGES)
def test_a_change_has_its_consequence_wherever_it_meets_the_order(firm: Company, name: str):
    stage = STAGES[name]
    stage.before(firm)
    numbers = {change: firm.shop.place(basket(), firm.now, payment=stage.payment) for change in CHANGES}
    firm.world.settle(SOON)

    for change, number in numbers.items():
        wanted = CHANGES[change]
        if wanted is None:
            firm.shop.cancel(number, firm.now)
        else:
            firm.shop.edit(number, wanted, firm.now)
    firm.world.settle(SOON)
    stage.after(firm)
    firm.settle()
    firm.deliver()

    assert {change: lines(firm, number) for change, number in numbers.items()} == stage.left
    assert sum(label.voided for label in firm.carrier.labels()) == stage.voided
    assert sum(posting.total.minor for posting in firm.ledger.postings()) == stage.invoiced
    assert {change: special(firm, number) for change, number in numbers.items() if special(firm, number)} == stage.said
    assert firm.state(numbers["cancel"]) == ("completed" if stage.left is GONE else "cancelled")


def special(firm: Company, number: str) -> str:
    """What was said of a change beside that it was made."""
    said = {"order.cancel_waits", "order.cancel_too_late", "order.moved_too_late"}
    return ", ".join(sorted(said & set(firm.events(number))))


@pytest.mark.parametrize(
    ("name", "cities"),
    [("planned", ["Paris"]), ("labelled", ["Berlin", "Paris"]), ("handed over", ["Berlin"])],
)
def test_a_new_address_gets_the_parcel_unless_it_has_left(firm: Company, name: str, cities: list[str]):
    stage = STAGES[name]
    stage.before(firm)
    number = firm.shop.place(basket(), firm.now)
    firm.world.settle(SOON)
    firm.shop.edit(number, basket(ship_to=PARIS), firm.now)
    firm.world.settle(SOON)
    stage.after(firm)
    firm.settle()

    assert asked_for(firm) == [(city, "confirmed") for city in cities]
    assert [label.voided for label in firm.carrier.labels()] == [True, False][-len(cities) :]


def test_what_was_only_planned_outside_is_withdrawn(firm: Company):
    watched(firm)
    number = firm.shop.place(basket(), firm.now)
    firm.world.settle(SOON)
    firm.shop.cancel(number, firm.now)
    firm.settle()

    assert sent(firm, "quote") == ["withdrawn"]
    assert firm.carrier.books() == {}
