"""Writes that happen once, whatever the remote, the network or a connector does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.actions import connections as connecting
from hub.actions import effects as asking
from hub.actions import orders as ordering
from hub.actions.permission import OWNER
from hub.core.failures import InDoubt, Misconfigured, Refused, Rejected, Retryable
from hub.pipeline.backoff import ATTEMPTS
from hub.pipeline.chores import sweep
from hub.pipeline.effects import deliver
from hub.sdk.capabilities import Pending
from hub.sdk.guarantees import Blind, Doubt, Idempotent, Keyed
from hub.store.connections import OPENS_AFTER, Flow, Switch
from hub.store.tables import CircuitRow, ConnectionRow
from tests.crashes import Crash
from tests.pipeline.scripted import SETTLES, Happened, Yard, failures, yard

DEADLINE = timedelta(seconds=30)
LEASE = 2 * DEADLINE + SETTLES


@pytest.fixture
def lorry(tmp_path: Path) -> Iterator[Yard]:
    """A yard whose carrier can be asked what it sold."""
    with yard(tmp_path) as made:
        yield made


@pytest.fixture
def only(tmp_path: Path):
    """A yard with another promise."""

    @contextmanager
    def made(once=None, **limits):
        with yard(tmp_path, *([] if once is None else [once]), **limits) as found:
            yield found

    return made


def unreachable() -> Retryable:
    return Retryable("http.unreachable", host="lorry.test")


def broken_off() -> InDoubt:
    return InDoubt("http.broken_off", host="lorry.test")


def test_a_label_is_bought_and_its_subject_moves_on(lorry: Yard):
    lorry.buy()
    lorry.drain()

    assert (lorry.label().state, lorry.label().attempt, lorry.fulfilments()) == ("confirmed", 1, ["labelled"])
    assert lorry.script.calls == ["send"]
    assert lorry.shipments() == [lorry.label().reference]


def test_what_surely_did_not_happen_is_repeated_in_the_same_words(lorry: Yard):
    lorry.script.sends = [unreachable()]
    lorry.buy()
    lorry.drain()

    waiting = lorry.label()
    assert (waiting.state, waiting.code) == ("planned", "http.unreachable")
    assert lorry.now < waiting.due_at <= lorry.now + timedelta(seconds=10)

    lorry.wait_for_it()
    first, second = lorry.script.asked
    assert (first.token, first.request) == (second.token, second.request)
    assert (lorry.label().state, lorry.label().attempt) == ("confirmed", 2)


def test_a_pause_that_the_remote_asks_for_holds_for_the_whole_connection(lorry: Yard):
    lorry.script.sends = [Retryable("http.rate_limited", after=timedelta(minutes=10))]
    lorry.buy()
    lorry.drain()
    lorry.buy()
    lorry.drain()
    lorry.wait(timedelta(minutes=9))
    assert lorry.script.calls == ["send"]

    lorry.wait(timedelta(minutes=3))
    assert lorry.states() == ["confirmed", "confirmed"]


def test_after_the_last_attempt_a_person_is_asked_and_can_set_it_going(lorry: Yard):
    lorry.script.sends = failures(ATTEMPTS, unreachable)
    lorry.buy()
    lorry.drain()
    for _ in range(ATTEMPTS - 1):
        lorry.wait(timedelta(hours=2))
    assert (lorry.label().attempt, lorry.label().due_at) == (ATTEMPTS, None)
    assert "effect.exhausted" in lorry.alarms()

    lorry.wait(timedelta(days=2))
    assert len(lorry.script.calls) == ATTEMPTS

    ordering.retry(lorry.hub, OWNER, lorry.order_ids()[0])
    lorry.drain()
    assert lorry.states() == ["confirmed"]
    assert lorry.alarms() == []


def test_a_write_in_doubt_is_found(lorry: Yard):
    lorry.script.sends = [Happened(broken_off())]
    lorry.buy()
    lorry.drain()
    assert (lorry.label().state, lorry.label().due_at) == ("in_doubt", lorry.now + SETTLES)

    lorry.wait_for_it()
    assert lorry.script.calls == ["send", "find"]
    assert (lorry.states(), lorry.fulfilments()) == (["confirmed"], ["labelled"])


def test_a_write_in_doubt_that_is_absent_is_sent_again_in_the_same_words(lorry: Yard):
    lorry.script.sends = [broken_off()]
    lorry.buy()
    lorry.drain()
    lorry.wait_for_it()

    assert lorry.script.calls == ["send", "find", "send"]
    first, second = lorry.script.asked
    assert (first.token, first.request) == (second.token, second.request)
    assert lorry.states() == ["confirmed"]


def test_absent_counts_only_after_the_settling_time(lorry: Yard):
    lorry.script.sends = [broken_off()]
    lorry.buy()
    lorry.drain()
    sent_at = lorry.now

    lorry.world.clock.advance(SETTLES / 4)
    ordering.retry(lorry.hub, OWNER, lorry.order_ids()[0])
    lorry.drain()
    assert lorry.script.calls == ["send", "find"]
    assert lorry.label().state == "in_doubt"
    assert lorry.label().due_at >= sent_at + SETTLES

    lorry.wait_for_it()
    assert lorry.script.calls == ["send", "find", "find", "send"]
    assert lorry.states() == ["confirmed"]


def test_a_look_up_that_fails_is_repeated_and_sends_nothing(lorry: Yard):
    lorry.script.sends = [Happened(broken_off())]
    lorry.script.finds = [unreachable(), Rejected("http.refused")]
    lorry.buy()
    lorry.drain()
    for _ in range(3):
        lorry.wait_for_it()

    assert lorry.script.calls == ["send", "find", "find", "find"]
    assert (lorry.states(), len(lorry.script.sold)) == (["confirmed"], 1)


def test_a_keyed_write_in_doubt_is_repeated_under_its_key(only):
    with only(Keyed(timedelta(days=1))) as lorry:
        lorry.script.sends = [Happened(broken_off())]
        lorry.buy()
        lorry.drain()

        assert lorry.script.calls == ["send", "send"]
        assert len({wanted.token for wanted in lorry.script.asked}) == 1
        assert lorry.states() == ["confirmed"]


def test_a_keyed_write_in_doubt_stays_in_doubt_when_its_repeat_does_not_get_through(only):
    with only(Keyed(timedelta(days=1))) as lorry:
        lorry.script.sends = [Happened(broken_off()), unreachable()]
        lorry.buy()
        lorry.drain()
        assert lorry.script.calls == ["send", "send"]
        assert lorry.states() == ["in_doubt"]

        lorry.weigh(450)
        lorry.wait_for_it()
        assert lorry.states() == ["confirmed"]
        assert {wanted.request.shipment.parcels[0].weight_g for wanted in lorry.script.asked} == {300}


def test_the_window_of_a_key_counts_from_the_first_call(only):
    with only(Keyed(timedelta(minutes=30))) as lorry:
        lorry.script.sends = [Happened(broken_off()), Retryable("http.rate_limited", after=timedelta(minutes=50))]
        lorry.script.sends += [Retryable("http.rate_limited", after=timedelta(minutes=50))]
        lorry.buy()
        lorry.drain()
        for _ in range(4):
            lorry.wait(timedelta(hours=1))

        assert lorry.script.calls == ["send"] * 2
        assert (lorry.states(), lorry.label().due_at, lorry.alarms()) == (["in_doubt"], None, ["effect.ask"])


def test_a_key_that_the_remote_has_forgotten_is_not_used_again(only):
    with only(Keyed(timedelta(hours=1))) as lorry:
        lorry.script.sends = [Happened(Crash())]
        lorry.buy()
        with pytest.raises(Crash):
            lorry.drain()
        lorry.wait(timedelta(hours=2))

        assert lorry.script.calls == ["send"]
        assert (lorry.states(), lorry.label().due_at, lorry.alarms()) == (["in_doubt"], None, ["effect.ask"])


def test_an_idempotent_write_in_doubt_is_repeated(only):
    with only(Idempotent()) as lorry:
        lorry.script.sends = [broken_off()]
        lorry.buy()
        lorry.drain()

        assert lorry.script.calls == ["send", "send"]
        assert lorry.states() == ["confirmed"]


def test_a_write_that_stays_in_doubt_is_repeated_with_pauses_and_in_the_end_a_person_is_asked(only):
    with only(Idempotent()) as lorry:
        lorry.script.sends = failures(ATTEMPTS, broken_off)
        lorry.buy()
        lorry.drain()
        assert lorry.script.calls == ["send", "send"]

        for _ in range(ATTEMPTS):
            lorry.wait(timedelta(hours=2))
        assert len(lorry.script.calls) == ATTEMPTS
        assert (lorry.states(), lorry.label().due_at) == (["in_doubt"], None)
        assert "effect.exhausted" in lorry.alarms()


def test_a_blind_write_in_doubt_asks_and_a_person_says_it_did_not_happen(only):
    with only(Blind(Doubt.ASK)) as lorry:
        lorry.script.sends = [broken_off()]
        lorry.buy()
        lorry.drain()
        lorry.wait(timedelta(days=3))
        assert lorry.script.calls == ["send"]
        assert (lorry.states(), lorry.alarms()) == (["in_doubt"], ["effect.ask"])

        asking.resolve(lorry.hub, OWNER, lorry.label().key, reference=None)
        lorry.drain()
        assert lorry.script.calls == ["send", "send"]
        assert (lorry.states(), lorry.fulfilments(), lorry.alarms()) == (["confirmed"], ["labelled"], [])


def test_a_blind_write_in_doubt_asks_and_a_person_says_it_happened(only):
    with only(Blind(Doubt.ASK)) as lorry:
        lorry.script.sends = [Happened(broken_off())]
        lorry.buy()
        lorry.drain()

        asking.resolve(lorry.hub, OWNER, lorry.label().key, reference="L-BY-HAND")
        lorry.wait(timedelta(days=3))
        assert lorry.script.calls == ["send"]
        assert (lorry.label().state, lorry.label().reference, lorry.alarms()) == ("confirmed", "L-BY-HAND", [])


def test_nobody_resolves_what_is_not_in_doubt(lorry: Yard):
    lorry.buy()
    lorry.drain()

    with pytest.raises(Refused) as refused:
        asking.resolve(lorry.hub, OWNER, lorry.label().key, reference=None)
    assert refused.value.code == "effect.not_in_doubt"
    assert lorry.states() == ["confirmed"]


def test_a_blind_write_that_counts_as_sent_is_not_repeated(only):
    with only(Blind(Doubt.SENT)) as lorry:
        lorry.script.sends = [broken_off()]
        lorry.buy()
        lorry.drain()

        assert lorry.script.calls == ["send"]
        assert (lorry.label().state, lorry.label().code, lorry.alarms()) == ("confirmed", "effect.counts_as_sent", [])


def test_a_refused_label_holds_its_order_and_is_bought_in_the_next_generation(lorry: Yard):
    lorry.script.sends = [Rejected("http.refused", detail="no such street")]
    lorry.buy()
    lorry.drain()
    lorry.wait(timedelta(days=3))
    assert lorry.script.calls == ["send"]
    assert (lorry.states(), lorry.holds()) == (["refused"], ["carrier.refused"])

    ordering.retry(lorry.hub, OWNER, lorry.order_ids()[0])
    lorry.drain()
    first, second = lorry.labels()
    assert (first.state, second.state) == ("refused", "confirmed")
    assert (first.generation, second.generation) == (1, 2)
    assert first.token != second.token
    assert lorry.fulfilments() == ["labelled"]


def test_wrong_credentials_pause_the_connection_with_one_alarm(lorry: Yard):
    lorry.script.sends = [Misconfigured("http.unauthorised")]
    lorry.buy(3)
    lorry.drain()
    lorry.wait(timedelta(days=1))
    assert lorry.script.calls == ["send"]
    assert lorry.alarms() == ["connection.paused"]
    assert lorry.states() == ["planned", "planned", "planned"]

    connecting.resume(lorry.hub, OWNER, "lorry")
    lorry.drain()
    assert lorry.states() == ["confirmed", "confirmed", "confirmed"]
    assert lorry.raised() == ["connection.paused"]
    assert lorry.alarms() == []


def test_the_breaker_opens_after_failures_in_a_row_and_lets_one_call_try(lorry: Yard):
    lorry.script.sends = failures(OPENS_AFTER + 1, unreachable)
    lorry.buy(OPENS_AFTER + 1)
    lorry.drain()
    called = len(lorry.script.calls)
    assert called == OPENS_AFTER + 1
    assert lorry.alarms() == ["connection.failing"]

    lorry.wait(timedelta(seconds=29))
    assert len(lorry.script.calls) == called

    lorry.script.sends = [unreachable()]
    lorry.wait(timedelta(seconds=2))
    assert len(lorry.script.calls) == called + 1

    lorry.wait(timedelta(seconds=31))
    assert lorry.states() == ["confirmed"] * (OPENS_AFTER + 1)
    assert lorry.alarms() == []
    assert {row[1] for row in lorry.rows(CircuitRow.id, CircuitRow.failures)} == {0}


def test_the_rate_budget_lets_as_many_calls_go_as_the_remote_bears(only):
    with only(calls_per_second=1, burst=2) as lorry:
        lorry.buy(5)
        lorry.drain()
        assert lorry.script.calls == ["send"] * 2

        lorry.wait(timedelta(seconds=1))
        assert lorry.script.calls == ["send"] * 3

        lorry.wait(timedelta(seconds=2))
        assert lorry.states() == ["confirmed"] * 5


def test_changed_facts_withdraw_what_was_not_sent_and_plan_it_anew(lorry: Yard):
    lorry.script.sends = [unreachable()]
    lorry.buy()
    lorry.drain()
    lorry.weigh(450)
    lorry.wait(timedelta(minutes=5))

    old, new = lorry.labels()
    assert (old.state, old.code) == ("withdrawn", "effect.facts_changed")
    assert (new.state, new.generation) == ("confirmed", 2)
    assert [wanted.request.shipment.parcels[0].weight_g for wanted in lorry.script.asked] == [300, 450]


def test_a_write_that_may_have_happened_keeps_its_words_though_the_facts_change(lorry: Yard):
    lorry.script.sends = [Happened(broken_off())]
    [number] = lorry.buy()
    lorry.drain()
    lorry.corner.cancel(number, lorry.now)
    lorry.wait(timedelta(seconds=30))
    assert (lorry.states(), lorry.fulfilments()) == (["in_doubt"], ["released"])

    lorry.wait(SETTLES)
    assert lorry.script.calls == ["send", "find"]
    assert lorry.states() == ["confirmed"]
    assert lorry.fulfilments() == ["cancelled"]


def test_a_label_that_the_carrier_takes_back_from_nobody_is_looked_at_by_a_person(lorry: Yard):
    [number] = lorry.buy()
    lorry.drain()
    lorry.corner.cancel(number, lorry.now)
    lorry.drain()

    assert (lorry.script.calls, lorry.fulfilments(), lorry.alarms()) == (["send"], ["cancelled"], ["effect.refused"])
    voids = [(state, code) for _, what, state, code in lorry.effects() if what == "void"]
    assert voids == [("refused", "effect.not_offered")]


def test_what_a_dead_worker_left_in_flight_is_in_doubt_when_its_lease_ends(lorry: Yard):
    lorry.script.sends = [Happened(Crash())]
    lorry.buy()
    with pytest.raises(Crash):
        lorry.drain()
    assert (lorry.label().state, lorry.label().lease_until) == ("sending", lorry.now + LEASE)

    lorry.wait(LEASE - timedelta(seconds=1))
    assert lorry.script.calls == ["send"]

    lorry.wait(timedelta(minutes=1))
    assert lorry.script.calls == ["send", "find"]
    assert (lorry.states(), len(lorry.script.sold)) == (["confirmed"], 1)


def test_an_answer_that_comes_after_its_lease_changes_nothing(lorry: Yard):
    def somebody_else_takes_over() -> None:
        lorry.world.clock.advance(LEASE + timedelta(seconds=1))
        sweep(lorry.hub, OWNER.tenant)
        deliver(lorry.hub, OWNER.tenant, lorry.carrier_id())
        kept.append(lorry.label())

    kept: list[Any] = []
    lorry.script.sends = [somebody_else_takes_over]
    lorry.buy()
    lorry.drain()

    assert lorry.script.calls == ["send", "find"]
    assert (kept[0].attempt, lorry.label().attempt) == (2, 2)
    assert lorry.label().answer_id == kept[0].answer_id
    assert (lorry.states(), len(lorry.shipments())) == (["confirmed"], 1)


def test_a_bug_of_a_connector_is_a_write_in_doubt_and_ends_nobody(lorry: Yard):
    lorry.script.sends = [ValueError("oh")]
    lorry.buy(2)
    lorry.drain()
    assert sorted(lorry.states()) == ["confirmed", "in_doubt"]

    lorry.wait_for_it()
    assert lorry.states() == ["confirmed", "confirmed"]
    assert len(lorry.script.sold) == 2


def test_an_answer_that_cannot_be_read_is_kept_and_the_write_is_not_repeated(lorry: Yard):
    lorry.script.reads = [ValueError("not seen before")]
    lorry.buy()
    lorry.drain()
    lorry.wait(timedelta(days=3))
    assert lorry.script.calls == ["send"]
    assert (lorry.states(), lorry.alarms()) == (["sending"], ["effect.unreadable"])
    assert lorry.label().answer_id is not None

    ordering.retry(lorry.hub, OWNER, lorry.order_ids()[0])
    lorry.drain()
    assert lorry.script.calls == ["send"]
    assert (lorry.states(), lorry.fulfilments(), lorry.alarms()) == (["confirmed"], ["labelled"], [])


def test_work_that_the_remote_took_is_asked_for_until_it_is_done(lorry: Yard):
    lorry.script.reads = [Pending(timedelta(minutes=10)), Pending(timedelta(minutes=10))]
    lorry.buy()
    lorry.drain()
    assert (lorry.states(), lorry.label().due_at) == (["submitted"], lorry.now + timedelta(minutes=10))

    lorry.wait_for_it()
    assert (lorry.script.calls, lorry.states()) == (["send", "find"], ["submitted"])

    lorry.wait_for_it()
    assert (lorry.script.calls, lorry.states()) == (["send", "find", "find"], ["confirmed"])


def test_a_watched_connection_sends_nothing_until_it_is_switched_on(lorry: Yard):
    connecting.switch(lorry.hub, OWNER, "lorry", {Flow.DOCUMENTS_OUT: Switch.WATCH})
    lorry.buy()
    lorry.drain()
    lorry.wait(timedelta(days=1))
    assert (lorry.script.calls, lorry.states(), lorry.label().watched) == ([], ["planned"], "watch")

    connecting.switch(lorry.hub, OWNER, "lorry", {Flow.DOCUMENTS_OUT: Switch.ON})
    lorry.drain()
    assert (lorry.script.calls, lorry.states(), lorry.fulfilments()) == (["send"], ["confirmed"], ["labelled"])


def test_a_paused_connection_is_named_with_the_reason(lorry: Yard):
    lorry.script.sends = [Misconfigured("http.unauthorised")]
    lorry.buy()
    lorry.drain()

    paused = {
        name: code for _, name, code in lorry.rows(ConnectionRow.id, ConnectionRow.name, ConnectionRow.paused_code)
    }
    assert paused == {"corner": None, "lorry": "http.unauthorised"}
