"""Clocks and chance: real, fast, or moved by hand."""

from datetime import UTC, datetime, timedelta

from hub.core.clock import FastClock, ManualClock, SystemClock, seeded_chance, system_chance

NOON = datetime(2026, 5, 8, 12, tzinfo=UTC)


def test_the_wall_clock_is_aware_and_goes_on() -> None:
    clock = SystemClock()
    before = clock.now()
    clock.sleep(0.001)

    assert clock.now() - before >= timedelta(milliseconds=1)
    assert before.utcoffset() == timedelta(0)


def test_a_fast_clock_makes_an_hour_of_a_second() -> None:
    clock = FastClock(NOON, speed=3600)
    clock.sleep(36)

    assert clock.now() - NOON >= timedelta(seconds=36)


def test_a_clock_moved_by_hand_moves_when_somebody_sleeps() -> None:
    seen: list[datetime] = []
    clock = ManualClock(NOON, woken=seen.append)

    clock.advance(timedelta(hours=1))
    clock.sleep(90)

    assert clock.now() == NOON + timedelta(hours=1, seconds=90)
    assert seen == [NOON + timedelta(hours=1), NOON + timedelta(hours=1, seconds=90)]


def test_chance_repeats_itself_where_it_should() -> None:
    assert seeded_chance(7).getrandbits(64) == seeded_chance(7).getrandbits(64)
    assert system_chance().getrandbits(128) != system_chance().getrandbits(128)
    assert 0 <= seeded_chance(7).random() < 1
