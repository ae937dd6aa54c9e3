"""A flood on one channel keeps no other channel waiting: counted in batches, not in seconds."""

from pathlib import Path

from sqlalchemy import select

from hub.actions.permission import OWNER
from hub.pipeline.batches import turn
from hub.pipeline.journey import STEPS
from hub.pipeline.pulls import pull
from hub.sdk.sim import ShopSim
from hub.store import connections
from hub.store.tables import ConnectionRow, InboxRow, OrderRow
from tests.company import Company, a_basket, a_line, company

FLOOD = 1200


def two_channels(firm: Company) -> ShopSim:
    """Beside the corner shop a second one; its order comes last."""
    other = firm.world.join("second", "corner_shop")
    assert isinstance(other, ShopSim)
    firm.stock("berlin", "MUG", 10_000)
    return other


def read(firm: Company, name: str) -> None:
    with firm.hub.store.view(OWNER.tenant) as view:
        connection = connections.connection_named(view, name)
    pull(firm.hub, OWNER.tenant, connection)


def state(firm: Company, number: str) -> str:
    """Of the second channel's order; both shops count alike."""
    second = select(ConnectionRow.id).where(ConnectionRow.name == "second").scalar_subquery()
    order = select(OrderRow.state).where(OrderRow.external_id == number, OrderRow.connection_id == second)
    [row] = firm.rows(order)
    return str(row["state"])


def unread(firm: Company) -> int:
    return len(firm.rows(select(InboxRow.id).where(InboxRow.state == "new")))


def through(firm: Company, *steps: str) -> None:
    """One batch of each step."""
    for step in steps:
        turn(firm.hub, OWNER.tenant, STEPS[step])


def test_an_order_waits_for_no_more_than_one_batch_of_another_channels_import(tmp_path: Path):
    with company(tmp_path) as firm:
        other = two_channels(firm)
        for _ in range(FLOOD):
            firm.buy(a_line("MUG", 1))
        read(firm, "corner")
        number = other.place(a_basket(a_line("MUG", 1)), firm.now)
        read(firm, "second")

        through(firm, "intake", "review", "reserve", "route")

        assert state(firm, number) == "routed"
        assert unread(firm) > FLOOD // 2


def test_a_first_import_goes_in_small_batches_behind_live_orders(tmp_path: Path):
    with company(tmp_path) as firm:
        other = two_channels(firm)
        read(firm, "second")
        for _ in range(FLOOD):
            firm.buy(a_line("MUG", 1))
        read(firm, "corner")
        through(firm, "intake")
        before = unread(firm)
        number = other.place(a_basket(a_line("MUG", 1)), firm.now)
        read(firm, "second")

        through(firm, "intake", "review", "reserve", "route")

        assert FLOOD - before == 200
        assert state(firm, number) == "routed"
