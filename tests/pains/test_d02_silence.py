"""D2: webhooks missed, never registered or silently dead."""

from datetime import timedelta

from hub.actions import connections as connecting
from hub.actions.permission import OWNER
from hub.core.habits import learned, patience
from hub.store.connections import Flow, Switch
from tests.company import Company, a_line
from tests.doorbell import alarmed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def trade(firm: Company, days: int) -> None:
    """Somebody buys each day at nine, twelve and fifteen o'clock."""
    for _ in range(days):
        for pause in (3 * HOUR, 3 * HOUR, 18 * HOUR):
            firm.buy(a_line("MUG"))
            firm.world.turn()
            firm.world.clock.advance(pause)
            firm.world.turn()


def test_d02_what_no_webhook_told_is_found_by_reading(firm: Company):
    firm.stock("berlin", "MUG", 5)
    firm.shop.rings = False
    number = firm.buy(a_line("MUG", 2))
    firm.settle()

    assert firm.state(number) == "fulfilled"


def test_d02_what_no_cursor_brought_is_found_by_comparing(firm: Company):
    firm.stock("berlin", "MUG", 5)
    firm.buy(a_line("MUG", 1))
    firm.settle()
    firm.shop.rings = False
    number = firm.shop.hide(firm.buy(a_line("MUG", 2)))
    firm.settle()
    assert firm.order(number) is None

    firm.world.clock.advance(HOUR)
    firm.settle()

    assert firm.state(number) == "fulfilled"


def test_d02_a_channel_silent_beyond_its_habit_raises_one_alarm(firm: Company):
    trade(firm, 8)
    assert alarmed(firm) == []

    firm.world.clock.advance(8 * HOUR)
    firm.world.turn()
    assert alarmed(firm) == []

    firm.world.clock.advance(2 * HOUR)
    firm.world.turn()
    firm.world.clock.advance(10 * DAY)
    firm.world.turn()
    assert alarmed(firm) == [("connection.silent", "corner")]

    firm.buy(a_line("MUG"))
    firm.world.turn()
    assert alarmed(firm) == []


def test_d02_a_channel_nobody_listens_to_may_be_silent(firm: Company):
    trade(firm, 8)
    connecting.switch(firm.hub, OWNER, "corner", {Flow.ORDERS_IN: Switch.OFF})

    firm.world.clock.advance(30 * DAY)
    firm.world.turn()

    assert alarmed(firm) == []


def test_d02_a_habit_knows_its_nights_and_weekends():
    habit = timedelta(0)
    for week in range(6):
        for silence in (*[HOUR, 2 * HOUR, 15 * HOUR] * 5, 60 * HOUR):
            assert not week or silence <= patience(habit)
            habit = learned(habit, silence, settled=week > 0)

    assert habit == 60 * HOUR


def test_d02_an_outage_is_no_habit():
    habit = learned(18 * HOUR, 20 * DAY, settled=True)

    assert habit == 27 * HOUR
    for _ in range(21):
        habit = learned(habit, 8 * HOUR, settled=True)
    assert habit < 18 * HOUR
