"""Celery as the crank: hints on a broker, workers in threads, everything in one process."""

import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import pytest
from kombu import Connection, Message, Queue
from sqlalchemy import select

from hub.actions.permission import OWNER
from hub.core.clock import FastClock
from hub.core.failures import HouseDown
from hub.pipeline import hints
from hub.pipeline.celery import MEMORY, CeleryCrank, working
from hub.pipeline.hints import LANES, TASKS, Follower, Hint, Task
from hub.store.tables import EffectRow, OrderRow
from tests.company import Company, a_line, company, doubled


def own_names() -> str:
    """Queues in memory are shared by all of a process, so each test has names of its own."""
    return f"test-{uuid4().hex[:8]}"


def ticking(firm: Company, speed: float) -> None:
    """Time goes by itself from here on."""
    clock = FastClock(firm.now, speed)
    firm.world.clock = firm.hub.clock = firm.hub.store.clock = clock  # type: ignore[assignment]  # as running hubs have


def wait_for(what: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.05)


def waiting(names: str, lane: str) -> list[Message]:
    """All messages in a lane."""
    found = []
    with Connection(MEMORY) as connection:
        queue = Queue(f"{names}.{lane}", channel=connection.channel())
        while (message := queue.get(no_ack=True)) is not None:
            found.append(message)
    return found


def size(message: Message) -> int:
    return len(message.body or "") + len(json.dumps(message.headers))


def test_what_a_commit_made_due_is_hinted_at_in_its_lane():
    wakes = {("inbox", "new"), ("order", "backordered"), ("effect", "sending"), ("cancel", "")}
    wakes |= {("deliver", "7"), ("feeds", "7"), ("feeds", ""), ("fetch", "8"), ("fulfilment", "returned")}

    found = sorted((hint.lane, hint.task, hint.about) for hint in hints.hints(1, wakes))

    assert found == [
        ("asking", "fetch", "8"),
        ("deliveries", "deliver", "7"),
        ("intake", "turn", "intake"),
        ("showing", "show", "7"),
        ("steps", "turn", "cancel"),
        ("steps", "turn", "record"),
        ("steps", "turn", "reserve"),
    ]


def test_a_message_is_a_hint_of_less_than_a_kilobyte():
    names = own_names()
    crank = CeleryCrank(MEMORY, names)

    crank.poke(1, {("inbox", "new"), ("deliver", str(2**62))})
    crank.close()

    [intake] = waiting(names, "intake")
    [delivery] = waiting(names, "deliveries")
    assert (intake.headers["task"], intake.payload[0]) == ("hub.turn", [1, "intake"])
    assert (delivery.headers["task"], delivery.payload[0]) == ("hub.deliver", [1, str(2**62)])
    assert max(size(intake), size(delivery)) < 1000


def test_a_burst_of_commits_rings_once():
    names = own_names()
    crank = CeleryCrank(MEMORY, names)

    for _ in range(1000):
        crank.poke(1, {("order", "received")})
    crank.close()

    assert 1 <= len(waiting(names, "steps")) == crank.sent < 100


@pytest.mark.socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_broker_that_is_down_fails_no_commit_and_is_told_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    with company(tmp_path) as firm, caplog.at_level(logging.WARNING, "hub.pipeline.celery"):
        firm.hub.crank = crank = CeleryCrank("amqp://127.0.0.1:1//", own_names())
        firm.stock("berlin", "MUG", 5)
        number = firm.buy(a_line("MUG", 2))
        firm.settle()
        crank.close()

        assert firm.state(number) == "fulfilled"
        assert [record.message for record in caplog.records] == ["broker.unreachable"]


def test_an_order_is_shipped_and_invoiced_by_workers_in_one_process(firm: Company):
    firm.stock("berlin", "MUG", 10)
    ticking(firm, speed=60)
    firm.hub.crank = crank = CeleryCrank(MEMORY, own_names())

    with working(firm.hub, crank, every=0.1):
        number = firm.buy(a_line("MUG", 2), shipping="4.90")
        firm.world._ring()
        wait_for(lambda: firm.rows(select(OrderRow.id).where(OrderRow.state == "fulfilled")))
        firm.world.clock.sleep(1)
        wait_for(lambda: not firm.rows(select(EffectRow.id).where(EffectRow.settled_at.is_(None))))
    crank.close()

    assert firm.state(number) == "fulfilled"
    assert [sum(shown.quantities.values()) for shown in firm.shop.shipments(number)] == [2]
    assert [str(posting.total) for posting in firm.ledger.postings()] == ["24.70 EUR"]
    assert [doubled(sim) for sim in firm.world.sims.values()] == [{}, {}, {}]


@pytest.mark.slow
def test_a_bulk_of_orders_costs_a_message_per_twenty_at_most(firm: Company):
    firm.stock("berlin", "MUG", 10_000)
    firm.shop.rings = False
    for _ in range(1000):
        firm.buy(a_line("MUG", 1))
    ticking(firm, speed=1)
    firm.hub.crank = crank = CeleryCrank(MEMORY, own_names())

    with working(firm.hub, crank, ["intake", "steps", "chores"]):
        wait_for(lambda: len(firm.rows(select(OrderRow.id).where(OrderRow.state == "fulfilling"))) == 1000, 60)
    crank.close()

    assert {row["state"] for row in firm.rows(select(OrderRow.state))} == {"fulfilling"}
    assert crank.sent <= 50


def test_all_that_is_due_is_found_without_any_message(firm: Company):
    firm.buy()
    firm.world._ring()

    found = {(hint.task, hint.about) for hint in hints.due(firm.hub)}

    assert ("turn", "intake") in found
    assert {task for task, _ in found} == {"turn", "chore"}


def test_a_hint_that_comes_while_it_is_followed_is_followed_once_more(firm: Company, monkeypatch: pytest.MonkeyPatch):
    hint, begun, go_on, turns = Hint("turn", OWNER.tenant, "review"), Event(), Event(), []

    def work(_hub: object, _tenant: int, step: str) -> int:
        turns.append(step)
        begun.set()
        go_on.wait(10)
        return 0

    monkeypatch.setitem(TASKS, "turn", Task("steps", work))
    follower = Follower(firm.hub, again=lambda _: None)
    first = Thread(target=follower.follow, args=(hint,))
    first.start()
    begun.wait(10)

    assert follower.nudge(hint)
    assert follower.follow(hint) == 0
    go_on.set()
    first.join()

    assert turns == ["review", "review"]
    assert not follower.nudge(hint)


def test_a_house_that_is_down_ends_the_task_and_leaves_the_work_due(firm: Company, monkeypatch: pytest.MonkeyPatch):
    def work(_hub: object, _tenant: int, _step: str) -> int:
        raise HouseDown("database.unreachable", where="there", detail="")

    monkeypatch.setitem(TASKS, "turn", Task("steps", work))
    rung: list[Hint] = []

    assert Follower(firm.hub, again=rung.extend).follow(Hint("turn", OWNER.tenant, "review")) == 0
    assert rung == []


def test_every_task_has_a_lane():
    assert {task.lane for task in TASKS.values()} | {"intake"} == set(LANES)
