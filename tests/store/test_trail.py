"""Events are told in the order of sealing, none is passed over, and none can be changed unnoticed."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hub.core.failures import HouseDown
from hub.store import trail
from hub.store.trail import START, Event, SealProblem
from tests.store.builders import NOON, TENANT


def an_event(subject_id=1, seq=1, **fields):
    return Event("order", subject_id, seq, **({"name": "order.received"} | fields))


def told(store, *events):
    with store.work(TENANT, "test") as work:
        trail.record(work, events)


def seal(store, limit=1000):
    with store.work(TENANT, "seal") as work:
        return trail.seal(work, limit)


def read(store, after=START, limit=1000):
    with store.view(TENANT) as view:
        return trail.read_sealed(view, after, limit)


def problems(store):
    with store.view(TENANT) as view:
        return trail.verify_seals(view)


def tamper(store, statement):
    with store.work(TENANT, "thief") as work:
        work.run(text(statement))


def three_blocks(store):
    for block in range(3):
        told(store, an_event(block, 1), an_event(block, 2))
        seal(store)


def test_an_event_says_who_what_when_and_from_which_document(store):
    told(store, an_event(7, 3, name="order.short", params={"item": "MUG", "missing": 2}))

    with store.view(TENANT) as view:
        [event] = trail.story(view, "order", 7)

    assert event == (1, "order", 7, 3, "order.short", "test", '{"item":"MUG","missing":2}', None, NOON)


def test_the_story_of_a_subject_is_told_first_to_last(store):
    told(store, an_event(7, 2), an_event(8, 1), an_event(7, 1))

    with store.view(TENANT) as view:
        assert [event.seq for event in trail.story(view, "order", 7)] == [1, 2]


def test_a_number_of_a_subject_is_given_once(store):
    with pytest.raises(IntegrityError):
        told(store, an_event(7, 1), an_event(7, 1))

    with store.view(TENANT) as view:
        assert trail.story(view, "order", 7) == []


def test_nothing_to_record_and_nothing_to_seal(store):
    told(store)

    assert seal(store) == 0
    assert read(store) == []
    assert problems(store) == []


def test_events_are_sealed_in_portions_and_read_in_order(store):
    told(store, *(an_event(1, seq) for seq in range(1, 6)))

    assert [seal(store, 2) for _ in range(4)] == [2, 2, 1, 0]
    assert [event.place for event in read(store)] == [(1, 1), (1, 2), (2, 3), (2, 4), (3, 5)]
    assert [event.event.seq for event in read(store)] == [1, 2, 3, 4, 5]
    assert problems(store) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_a_reader_goes_on_where_it_stood(store, limit):
    three_blocks(store)

    seen, place = [], START
    while page := read(store, place, limit):
        seen += page
        place = page[-1].place

    assert seen == read(store)
    assert len(seen) == 6


def test_what_is_not_sealed_is_not_read_yet(store):
    told(store, an_event(1, 1))
    seal(store)
    told(store, an_event(1, 2))

    assert [event.event.seq for event in read(store)] == [1]


def test_a_low_number_that_is_committed_late_is_not_lost(postgres_store):
    """Two transactions: the first takes the lower id and commits last."""
    store = postgres_store
    with store.work(TENANT, "slow") as slow:
        trail.record(slow, [an_event(1, 1)])
        with store.work(TENANT, "fast") as fast:
            trail.record(fast, [an_event(2, 1)])

        assert seal(store) == 1
        before = read(store)
        assert [event.event.id for event in before] == [2]

    assert seal(store) == 1
    after = read(store, before[-1].place)
    assert [(event.place, event.event.id) for event in after] == [((2, 1), 1)]
    assert problems(store) == []


def test_two_sealers_wait_for_each_other(postgres_store):
    store = postgres_store
    told(store, *(an_event(1, seq) for seq in (1, 2)))

    with store.work(TENANT, "first") as first:
        trail.seal(first, 1)
        with pytest.raises(HouseDown, match=r"database\.busy"), store.work(TENANT, "second") as second:
            second.run(text("SET LOCAL lock_timeout = '20ms'"))
            trail.seal(second, 1)

    assert seal(store) == 1
    assert problems(store) == []


def test_each_tenant_has_a_chain_of_its_own(store):
    told(store, an_event())
    with store.work(2, "test") as work:
        trail.record(work, [an_event()])

    assert seal(store) == 1
    with store.view(2) as view:
        assert trail.read_sealed(view, START, 10) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET params = '[]' WHERE id = 3",
        "UPDATE events SET actor = 'somebody' WHERE id = 3",
        "UPDATE events SET subject_id = 99 WHERE id = 3",
        "DELETE FROM events WHERE id = 3",
        "UPDATE events SET block_id = NULL WHERE id = 3",
        "UPDATE blocks SET digest = 'x' WHERE number = 2",
    ],
    ids=["params", "actor", "subject", "deleted", "unsealed", "digest"],
)
def test_a_change_after_sealing_is_found(store, statement):
    three_blocks(store)
    assert problems(store) == []

    tamper(store, statement)

    assert SealProblem("seal.changed", 2) in problems(store)


def test_an_event_put_in_later_is_found(store):
    three_blocks(store)
    told(store, an_event(9, 1))

    tamper(store, "UPDATE events SET block_id = (SELECT id FROM blocks WHERE number = 1) WHERE subject_id = 9")

    assert problems(store) == [SealProblem("seal.changed", 1)]


def test_a_block_that_is_gone_is_found(store):
    three_blocks(store)

    tamper(store, "DELETE FROM events WHERE block_id = (SELECT id FROM blocks WHERE number = 2)")
    tamper(store, "DELETE FROM blocks WHERE number = 2")

    assert problems(store) == [SealProblem("seal.missing", 2)]


def test_a_block_with_a_fitting_digest_breaks_the_chain(store):
    """Whoever rewrites one block would have to rewrite all that follow."""
    three_blocks(store)
    tamper(store, "UPDATE events SET actor = 'thief' WHERE id = 3")
    with store.view(TENANT) as view:
        fitting = next(
            trail._digest(view, block.number, block.previous, events)
            for block, events in trail._blocks(view)
            if block.number == 2
        )

    tamper(store, f"UPDATE blocks SET digest = '{fitting}' WHERE number = 2")

    assert problems(store) == [SealProblem("seal.relinked", 3)]


def test_long_chains_are_checked_to_the_end(sqlite_store):
    told(sqlite_store, *(an_event(1, seq) for seq in range(1, 252)))
    assert sum(seal(sqlite_store, 1) for _ in range(251)) == 251
    assert problems(sqlite_store) == []

    tamper(sqlite_store, "UPDATE events SET actor = 'x' WHERE id = 251")

    assert problems(sqlite_store) == [SealProblem("seal.changed", 251)]
