"""Effects side by side and one after the other: channels, carriers and ledgers that do not wait for each other."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy import select

from hub.actions import orders as ordering
from hub.actions import stock as stocking
from hub.actions.permission import OWNER
from hub.core.failures import Failure, Rejected
from hub.core.finance import Posting
from hub.sdk.capabilities import PostsReceivables, Raw
from hub.sdk.connector import Connector, ConnectorConfig, Kind, Manifest
from hub.sdk.guarantees import Guarantee, Idempotent
from hub.sdk.sim import Fault, FaultKind, Simulator
from hub.sdk.writes import one_by_one
from hub.sim.world import World, world
from hub.store.alarms import alarms
from hub.store.tables import EffectRow, ReceivableRow
from tests.company import Company, a_basket, a_line, doubled
from tests.pipeline.scripted import plugged


def states(made: World, capability: str) -> list[str]:
    with made.hub.store.view(OWNER.tenant) as view:
        wanted = select(EffectRow.state).where(EffectRow.capability == capability)
        return view.scalars(wanted.order_by(EffectRow.id))


def test_what_comes_after_waits_until_what_was_before_is_confirmed(firm: Company):
    firm.stock("berlin", "MUG", 10)
    firm.shop.fail(Fault(FaultKind.UNAVAILABLE, "POST /orders", times=4))
    number = firm.buy(a_line("MUG", 1))
    while not states(firm.world, "dispatch"):
        firm.world.turn()
    firm.deliver()

    told = [shipment["state"] for shipment in firm.shop._placed[number].shipments]
    assert told == ["shipped", "delivered"]
    assert states(firm.world, "dispatch") == ["confirmed", "confirmed"]
    assert doubled(firm.shop) == {}


def test_a_dead_ledger_keeps_no_tracking_number_from_a_customer(firm: Company):
    firm.stock("berlin", "MUG", 10)
    firm.ledger.fail(Fault(FaultKind.UNREACHABLE, times=None))
    number = firm.buy(a_line("MUG", 1))
    firm.world.settle(timedelta(minutes=10))
    assert len(firm.shop.shipments(number)) == 1
    assert states(firm.world, "receivable") == ["planned"]

    firm.ledger.heal()
    firm.deliver()
    assert (firm.state(number), len(firm.ledger.postings())) == ("completed", 1)


class NoSettings(ConnectorConfig):
    """Nothing but an address."""


class Ledgerette(Connector[NoSettings], PostsReceivables):
    """A ledger that refuses as long as it has reasons to."""

    manifest = Manifest(id="ledgerette", kind=Kind.FINANCE, title="Ledgerette", api="1")
    config_model = NoSettings
    receivable_once: ClassVar[Guarantee] = Idempotent()
    reasons: ClassVar[list[Failure]] = []
    tokens: ClassVar[list[str]] = []

    def check(self) -> None:
        """Always there."""

    @one_by_one
    def send_receivable(self, wanted):
        self.tokens.append(wanted.token)
        if self.reasons:
            raise self.reasons.pop(0)
        return Raw(wanted.token.encode())

    def find_receivable(self, wanted):
        return None

    def read_receivable(self, request, raw):
        return Posting(id=raw.body.decode(), number="R-1", total=request.totals.gross)


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[World]:
    """A company whose ledger refuses its first document."""
    ledger = type(
        "Strict", (Ledgerette,), {"reasons": [Rejected("http.refused", detail="period closed")], "tokens": []}
    )
    with world(tmp_path, registry=plugged(ledger)) as made:
        made.join("corner", "corner_shop")
        made.join("post", "easypost")
        made.join("books", "ledgerette", Simulator())
        made.locate("berlin", "DE", "post")
        stocking.add_items(made.hub, OWNER, [{"sku": "MUG", "title": "Mug", "weight_grams": 300}])
        stocking.set_stock(made.hub, OWNER, "MUG", "berlin", Decimal(10))
        yield made


def test_a_refused_posting_raises_an_alarm_and_is_posted_in_the_next_generation(strict: World):
    strict.sims["corner"].place(a_basket(), strict.clock.now())  # type: ignore[attr-defined]  # a shop
    strict.settle()
    with strict.hub.store.view(OWNER.tenant) as view:
        assert [alarm.code for alarm in alarms(view)] == ["effect.refused"]
        assert view.scalars(select(ReceivableRow.state)) == ["refused"]

    ordering.retry(strict.hub, OWNER, 1)
    strict.settle()
    assert states(strict, "receivable") == ["refused", "confirmed"]
    with strict.hub.store.view(OWNER.tenant) as view:
        first, second = view.all(
            select(EffectRow.token, EffectRow.generation)
            .where(EffectRow.capability == "receivable")
            .order_by(EffectRow.id)
        )
        assert (first.generation, second.generation) == (1, 2)
        assert first.token != second.token
        assert list(alarms(view)) == []
        assert view.scalars(select(ReceivableRow.state)) == ["settled"]
