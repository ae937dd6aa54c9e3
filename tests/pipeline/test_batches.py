"""Batches: the row that breaks a step is found alone, the others go on, and nothing is lost with a worker."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from hub.actions import orders as ordering
from hub.actions import steps as stepping
from hub.actions import stock as stocking
from hub.actions.permission import OWNER
from hub.core.failures import HouseDown, HubError
from hub.pipeline.batches import ALIKE, take, turn
from hub.pipeline.chores import chore
from hub.pipeline.hub import Hub
from hub.pipeline.journey import STEPS
from hub.pipeline.steps import Move, Moves, Step
from hub.sim.world import World, world
from hub.store import batches, chores, travellers
from hub.store.alarms import alarms
from hub.store.batches import DEAD_AFTER
from hub.store.tables import BatchRow, HoldRow, OrderRow
from hub.store.travellers import BACKFILL, Head
from hub.store.work import Work
from tests.company import a_basket, registry
from tests.crashes import Crash

REVIEW = STEPS["review"]
MINE = OWNER.tenant


class Floor:
    """Received orders, and a review that does what a test wants."""

    def __init__(self, made: World) -> None:
        self.world = made
        self.batches: list[list[int]] = []

    @property
    def hub(self) -> Hub:
        return self.world.hub

    def receive(self, count: int, shop: str = "corner", *, backfill: bool = False) -> list[int]:
        """Orders that wait for their review."""
        before = set(self.states())
        for _ in range(count):
            self.world.sims[shop].place(a_basket(), self.world.clock.now())  # type: ignore[attr-defined]  # a shop
        with self.hub.store.view(MINE) as view:
            pulls = [each.id for each in chores.due(view) if each.name == "pull"]
        for number in pulls:
            chore(self.hub, MINE, number)
        turn(self.hub, MINE, STEPS["intake"])
        made = sorted(set(self.states()) - before)
        with self.hub.store.work(MINE, "test") as work:
            lane = BACKFILL if backfill else travellers.LIVE
            work.run(update(OrderRow).where(OrderRow.id.in_(made)).values(lane=lane))
        self.world.clock.advance(timedelta(minutes=5))
        return made

    def review(self, poison: Callable[[list[int]], None]) -> Step:
        """The review, which first looks at its batch through the eyes of a test."""

        def work_on(hub: Hub, work: Work, heads: Sequence[Head]) -> Moves:
            ids = [head.id for head in heads]
            self.batches.append(ids)
            poison(ids)
            return [Move(number, "order.accepted", "accepted") for number in ids]

        return replace(REVIEW, work=work_on)

    def states(self) -> dict[int, str]:
        with self.hub.store.view(MINE) as view:
            return {row.id: row.state for row in view.all(select(OrderRow.id, OrderRow.state))}

    def held(self) -> dict[int, str]:
        with self.hub.store.view(MINE) as view:
            return {row.order_id: row.code for row in view.all(select(HoldRow.order_id, HoldRow.code))}

    def notes(self) -> list[tuple[int, int, bool]]:
        """Batches under way: how many rows, in which portions, begun or not."""
        with self.hub.store.view(MINE) as view:
            rows = view.all(select(BatchRow.rows, BatchRow.part, BatchRow.begun).order_by(BatchRow.id))
        return [(row.rows.count(",") + 1, row.part, row.begun) for row in rows]

    def alarms(self) -> list[str]:
        with self.hub.store.view(MINE) as view:
            return [f"{alarm.code} {alarm.subject}" for alarm in alarms(view)]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def floor(request, tmp_path: Path) -> Iterator[Floor]:
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with world(tmp_path, registry=registry(), url=url) as made:
        made.join("corner", "corner_shop")
        made.join("other", "corner_shop")
        stocking.add_items(made.hub, OWNER, [{"sku": "MUG", "title": "Mug"}])
        yield Floor(made)


def breaks_on(*rows: int, error: type[Exception] = ValueError) -> Callable[[list[int]], None]:
    """An exception of ours, for these rows."""

    def poison(ids: list[int]) -> None:
        if bad := set(rows) & set(ids):
            raise error(f"row {min(bad)}")

    return poison


def kills_on(*rows: int) -> Callable[[list[int]], None]:
    """The worker dies with these rows."""

    def poison(ids: list[int]) -> None:
        if set(rows) & set(ids):
            raise Crash

    return poison


def dies(floor: Floor, step: Step) -> None:
    """A worker takes a batch and dies with it; then so much time passes that it counts as dead."""
    with pytest.raises(Crash):
        turn(floor.hub, MINE, step)
    floor.world.clock.advance(DEAD_AFTER + timedelta(seconds=1))


def test_the_row_that_breaks_a_step_is_found_alone_and_the_others_are_kept(floor: Floor):
    made = floor.receive(9)
    bad = made[4]

    turn(floor.hub, MINE, floor.review(breaks_on(bad)))

    assert {number for number, state in floor.states().items() if state == "accepted"} == set(made) - {bad}
    assert (floor.states()[bad], floor.held()) == ("received", {bad: "step.failed"})
    assert floor.batches[0] == made
    assert floor.batches.count([bad]) == 1
    assert (floor.notes(), floor.alarms()) == ([], [])


def test_a_constraint_of_the_database_belongs_to_its_row(floor: Floor):
    made = floor.receive(4)

    def double_hold(hub: Hub, work: Work, heads: Sequence[Head]) -> Moves:
        if made[2] in {head.id for head in heads}:
            work.insert(OrderRow, [{"id": made[0]}])
        return [Move(head.id, "order.accepted", "accepted") for head in heads]

    turn(floor.hub, MINE, replace(REVIEW, work=double_hold))

    assert floor.held() == {made[2]: "step.failed"}
    assert sorted(floor.states().values()) == ["accepted", "accepted", "accepted", "received"]


def test_a_row_that_was_set_aside_is_taken_again_when_a_person_says_so(floor: Floor):
    [made] = floor.receive(1)
    turn(floor.hub, MINE, floor.review(breaks_on(made)))
    assert turn(floor.hub, MINE, REVIEW) == 0

    ordering.retry(floor.hub, OWNER, made)
    turn(floor.hub, MINE, REVIEW)
    assert floor.states() == {made: "accepted"}


def test_an_error_of_the_house_gives_the_whole_batch_back(floor: Floor):
    made = floor.receive(5)

    def no_disk(_ids: list[int]) -> None:
        raise HouseDown("database.disk_full", where="here")

    with pytest.raises(HouseDown):
        turn(floor.hub, MINE, floor.review(no_disk))
    assert (floor.batches, floor.notes(), floor.held()) == ([made], [], {})
    assert set(floor.states().values()) == {"received"}

    assert turn(floor.hub, MINE, REVIEW) == 5
    assert set(floor.states().values()) == {"accepted"}


def test_a_batch_that_died_is_left_alone_as_long_as_its_worker_may_live(floor: Floor):
    floor.receive(3)
    with pytest.raises(Crash):
        turn(floor.hub, MINE, floor.review(kills_on(1, 2, 3)))

    floor.world.clock.advance(DEAD_AFTER - timedelta(seconds=1))
    assert turn(floor.hub, MINE, REVIEW) == 0

    floor.world.clock.advance(timedelta(seconds=2))
    assert turn(floor.hub, MINE, REVIEW) == 3
    assert (set(floor.states().values()), floor.notes()) == ({"accepted"}, [])


def test_a_batch_that_died_comes_back_in_eighths_and_only_the_deadly_row_is_set_aside(floor: Floor):
    made = floor.receive(70)
    bad = made[0]
    deadly = floor.review(kills_on(bad))

    for size, notes in ((70, [(70, 500, True)]), (62, [(8, 62, False), (62, 62, True)])):
        dies(floor, deadly)
        assert (len(floor.batches[-1]), floor.notes()) == (size, notes)

    for _ in range(12):
        if floor.held():
            break
        try:
            turn(floor.hub, MINE, deadly)
        except Crash:
            floor.world.clock.advance(DEAD_AFTER + timedelta(seconds=1))
    while turn(floor.hub, MINE, deadly):
        pass

    assert [len(found) for found in floor.batches if bad in found] == [70, 62, 7, 1]
    assert floor.held() == {bad: "step.failed"}
    assert {number for number, state in floor.states().items() if state == "accepted"} == set(made) - {bad}
    assert floor.notes() == []


def test_a_worker_that_is_killed_once_is_no_fault_of_its_only_row(floor: Floor):
    [made] = floor.receive(1)
    dies(floor, floor.review(kills_on(made)))

    assert turn(floor.hub, MINE, REVIEW) == 1
    assert (floor.states(), floor.held()) == ({made: "accepted"}, {})


def test_a_row_that_kills_each_worker_alone_is_set_aside_in_the_end(floor: Floor):
    [made] = floor.receive(1)
    deadly = floor.review(kills_on(made))
    for _ in range(4):
        dies(floor, deadly)

    assert turn(floor.hub, MINE, deadly) == 0
    assert (floor.held(), floor.notes(), len(floor.batches)) == ({made: "step.failed"}, [], 4)


def test_two_workers_never_have_the_same_row(floor: Floor):
    made = floor.receive(6)
    first = take(floor.hub, MINE, REVIEW, 4)
    second = take(floor.hub, MINE, REVIEW, 4)

    assert first is not None
    assert second is not None
    assert sorted([*first.rows, *second.rows]) == made


def test_a_batch_that_was_taken_over_does_nothing_when_its_worker_wakes(floor: Floor):
    [made] = floor.receive(1)
    slow = take(floor.hub, MINE, REVIEW, 10)
    assert slow is not None
    floor.world.clock.advance(DEAD_AFTER + timedelta(seconds=1))
    assert turn(floor.hub, MINE, REVIEW) == 1

    with floor.hub.store.work(MINE, "test") as work:
        assert batches.drop(work, slow) is False
    assert floor.states() == {made: "accepted"}


def test_a_step_that_fails_for_the_first_eight_stops_with_one_alarm_and_its_rows_stay(floor: Floor):
    made = floor.receive(2 * ALIKE)

    turn(floor.hub, MINE, floor.review(breaks_on(*made)))

    assert floor.alarms() == ["step.stopped review"]
    assert set(floor.states().values()) == {"received"}
    assert len([found for found in floor.batches if len(found) == 1]) == ALIKE
    assert len(floor.held()) == ALIKE - 1
    assert floor.notes() == []
    assert turn(floor.hub, MINE, REVIEW) == 0

    assert stepping.resume(floor.hub, OWNER, "review") == ALIKE - 1
    while turn(floor.hub, MINE, REVIEW):
        pass
    assert (set(floor.states().values()), floor.alarms()) == ({"accepted"}, [])


def test_rows_that_fail_for_reasons_of_their_own_stop_nobody(floor: Floor):
    made = floor.receive(2 * ALIKE)
    turn(floor.hub, MINE, floor.review(breaks_on(*made[::2])))
    assert len(floor.held()) == ALIKE
    assert floor.alarms() == []


def test_a_refusal_of_the_house_never_stops_a_step(floor: Floor):
    made = floor.receive(ALIKE + 2)

    def refused(ids: list[int]) -> None:
        raise HubError("order.unpaid")

    turn(floor.hub, MINE, floor.review(refused))
    assert (len(floor.held()), floor.alarms()) == (len(made), [])


def test_each_connection_has_its_turn(floor: Floor):
    many = floor.receive(6)
    few = floor.receive(2, "other")

    batch = take(floor.hub, MINE, REVIEW, 4)
    assert batch is not None
    assert list(batch.rows) == [many[0], few[0], many[1], few[1]]


def test_live_work_goes_before_what_is_imported(floor: Floor):
    old = floor.receive(5, backfill=True)
    new = floor.receive(2, "other")

    first = take(floor.hub, MINE, REVIEW, 500)
    second = take(floor.hub, MINE, REVIEW, 500)
    assert first is not None
    assert second is not None
    assert (list(first.rows), list(second.rows)) == (new, old)


def test_a_batch_of_imports_is_small_so_that_live_work_never_waits_long(floor: Floor):
    old = floor.receive(5, backfill=True)

    with floor.hub.store.view(MINE) as view:
        assert travellers.due(view, REVIEW.traveller, REVIEW.starts, limit=500, small=3) == old[:3]


def test_an_error_that_the_database_tells_of_is_the_house_s(floor: Floor):
    made = floor.receive(3)

    def broken(hub: Hub, work: Work, heads: Sequence[Head]) -> Moves:
        raise OperationalError("SELECT 1", {}, sqlite3_full())

    with pytest.raises(HouseDown) as down:
        turn(floor.hub, MINE, replace(REVIEW, work=broken))
    assert (down.value.code, floor.notes(), floor.held()) == ("database.disk_full", [], {})
    assert turn(floor.hub, MINE, REVIEW) == len(made)


def sqlite3_full() -> sqlite3.OperationalError:
    """What SQLite says on a full disk."""
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error
