"""Whatever happens on the way, a document stands in the books once."""

from dataclasses import replace

import pytest

from connectors.finance.tryton.sim import TrytonSim
from hub.core.clock import seeded_chance
from hub.core.failures import InDoubt, Misconfigured, Rejected, Retryable
from hub.core.ids import token
from hub.sdk.capabilities import Raw
from hub.sdk.guarantees import Findable
from hub.sdk.sim import Fault, FaultKind
from tests.connectors.finance.tryton_ledger import KEY, World, a_line, an_invoice

UNEVEN = an_invoice(a_line("1.50", "0.29"))
"""Needs a rounding line: every kind of request is made for it."""

LOOK_UP = r"GET .*/account\.invoice "
DRAFT = r"POST .*/account\.invoice \{"
ROUND = r"PUT "
POST = r"POST .*/post "
DELETE = r"DELETE "
PLACES = {
    "look-up": (LOOK_UP, 0),
    "draft": (DRAFT, 0),
    "look-up again": (LOOK_UP, 1),
    "rounding": (ROUND, 0),
    "posting": (POST, 0),
}
ONCE = [(token(KEY), "INV2026-1", "1.79 EUR")]


def a_posting_doubled_by(world: World) -> None:
    """The same request comes a second time, as from a proxy that repeats it."""

    def again(request):
        if request.url.path.endswith("/post"):
            world.sim.respond(request, world.clock.now())

    world.meanwhile = again


def leave_a_draft(world: World, key: str = KEY) -> None:
    """A worker that died before it could post."""
    world.sim.fail(Fault(FaultKind.UNREACHABLE, POST, times=None))
    world.send(UNEVEN, key)
    world.sim.heal()
    world.asked.clear()


def test_it_promises_to_find_what_it_did():
    tryton = World().tryton

    assert tryton.receivable_once == tryton.credit_once
    assert isinstance(tryton.receivable_once, Findable)
    assert tryton.receivable_once.by == "reference"
    assert tryton.limits.deadline < tryton.receivable_once.settles


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", FaultKind)
def test_one_failure_anywhere(kind, place):
    where, skip = PLACES[place]
    world = World()
    world.sim.fail(Fault(kind, where, skip=skip))

    answer = world.settle(UNEVEN)

    assert isinstance(answer, Raw)
    assert str(world.tryton.read_receivable(UNEVEN, answer).total) == "1.79 EUR"
    assert (world.posted, world.drafts) == (ONCE, [])
    assert world.sim.books() == {"receivable": (token(KEY),)}


@pytest.mark.parametrize("seed", range(8))
def test_a_ledger_that_fails_every_third_time(seed):
    world = World(sim=TrytonSim(seeded_chance(seed)))
    kinds = [kind for kind in FaultKind if kind is not FaultKind.SLOW]
    world.sim.fail(*(Fault(kind, times=4, probability=0.03) for kind in kinds))
    keys = [f"1/order/{at}/invoice/1/receivable/1" for at in range(12)]

    answers = [world.settle(UNEVEN, key) for key in keys]

    assert [type(answer) for answer in answers] == [Raw] * 12
    assert [reference for reference, _, _ in world.posted] == [token(key) for key in keys]
    assert world.drafts == []


@pytest.mark.parametrize(
    ("kind", "where", "failure", "code"),
    [
        (FaultKind.UNAVAILABLE, LOOK_UP, Retryable, "http.server_error"),
        (FaultKind.TIMED_OUT, LOOK_UP, Retryable, "http.timed_out"),
        (FaultKind.UNAUTHORISED, LOOK_UP, Misconfigured, "http.unauthorised"),
        (FaultKind.RATE_LIMITED, DRAFT, Retryable, "http.rate_limited"),
        (FaultKind.UNREACHABLE, DRAFT, Retryable, "http.unreachable"),
        (FaultKind.UNAUTHORISED, DRAFT, Misconfigured, "http.unauthorised"),
    ],
)
def test_before_a_draft_stands_surely_nothing_happened(kind, where, failure, code):
    world = World()
    world.sim.fail(Fault(kind, where, times=None))

    answer = world.send(UNEVEN)

    assert (type(answer), getattr(answer, "code", None)) == (failure, code)
    assert (world.posted, world.drafts) == ([], [])


@pytest.mark.parametrize(
    ("kind", "where", "code"),
    [
        (FaultKind.TIMED_OUT_AFTER, DRAFT, "http.timed_out"),
        (FaultKind.ERROR_AFTER, DRAFT, "http.server_error"),
        (FaultKind.TORN, DRAFT, "http.unreadable"),
        (FaultKind.RATE_LIMITED, ROUND, "http.rate_limited"),
        (FaultKind.UNREACHABLE, POST, "http.unreachable"),
        (FaultKind.UNAUTHORISED, POST, "http.unauthorised"),
        (FaultKind.ERROR, POST, "http.server_error"),
    ],
)
def test_once_a_draft_may_stand_nobody_says_that_nothing_happened(kind, where, code):
    world = World()
    world.sim.fail(Fault(kind, where, times=None))

    answer = world.send(UNEVEN)

    assert isinstance(answer, InDoubt)
    assert answer.code == code
    assert (world.posted, world.drafts) == ([], [token(KEY)])


def test_the_same_words_twice_are_one_posting():
    world = World()

    first, second = world.send(UNEVEN), world.send(UNEVEN)

    assert isinstance(first, Raw)
    assert first == second
    assert world.posted == ONCE


def test_a_list_is_answered_item_by_item():
    world = World()
    good, bad = an_invoice(a_line("10.00", "1.90")), an_invoice(a_line("10.00", "9.90"))

    answers = world.send_all([good, bad, good])

    assert [type(answer) for answer in answers] == [Raw, Rejected, Raw]
    assert [reference for reference, _, _ in world.posted] == [token("0"), token("2")]


def test_nothing_is_found_of_what_was_never_sent():
    world = World()

    assert world.find(UNEVEN) is None
    assert world.calls == ["GET account.invoice"]


def test_what_is_posted_is_found():
    world = World()

    sent = world.send(UNEVEN)

    assert world.find(UNEVEN) == sent


def test_a_draft_that_was_left_is_compared_and_posted():
    world = World()
    leave_a_draft(world)

    found = world.find(UNEVEN)

    assert isinstance(found, Raw)
    assert world.calls == ["GET account.invoice", "POST account.invoice/1/post"]
    assert (world.posted, world.drafts) == (ONCE, [])


def test_a_draft_that_was_left_is_not_made_again():
    world = World()
    leave_a_draft(world)

    answer = world.send(UNEVEN)

    assert isinstance(answer, Raw)
    assert [made.id for made in world.sim.invoices()] == [1]
    assert (world.posted, world.drafts) == (ONCE, [])


def test_of_two_drafts_the_younger_goes():
    world = World()
    leave_a_draft(world)
    [first] = world.sim.invoices()
    twin = replace(first, id=world.sim.number(), lines=list(first.lines))
    world.sim.put(twin)

    found = world.find(UNEVEN)

    assert isinstance(found, Raw)
    assert [made.id for made in world.sim.invoices()] == [first.id]
    assert world.posted == ONCE


def test_a_draft_with_another_total_is_taken_away_and_absent():
    world = World()
    leave_a_draft(world)

    found = world.find(an_invoice(a_line("10.00", "1.90")))

    assert found is None
    assert (world.posted, world.drafts) == ([], [])


def test_a_draft_beside_a_posted_one_goes():
    world = World()

    def another_worker(request):
        if request.method == "POST" and request.url.path.endswith("account.invoice"):
            world.meanwhile = lambda _: None
            World(sim=world.sim, clock=world.clock).send(UNEVEN)

    world.meanwhile = another_worker
    answer = world.send(UNEVEN)

    assert isinstance(answer, Raw)
    assert (world.posted, world.drafts) == (ONCE, [])


def test_posted_twice_is_understood_by_reading():
    world = World()
    a_posting_doubled_by(world)

    answer = world.send(UNEVEN)

    assert isinstance(answer, Raw)
    assert world.calls[-2:] == ["POST account.invoice/1/post", "GET account.invoice"]
    assert world.tryton.read_receivable(UNEVEN, answer).number == "INV2026-1"
    assert world.posted == ONCE


def test_a_draft_that_a_person_deleted_is_in_doubt_and_then_absent():
    world = World()

    def deleted(request):
        if request.method == "GET" and world.drafts:
            world.sim.drop(1)

    world.meanwhile = deleted
    answer = world.send(UNEVEN)

    assert isinstance(answer, InDoubt)
    assert answer.code == "ledger.draft_gone"
    assert world.find(UNEVEN) is None


@pytest.mark.parametrize(
    ("number", "found"), [("INV2026-1", True), (None, False)], ids=["it was posted", "it was a draft"]
)
def test_what_a_person_cancelled(number, found):
    world = World()
    world.send(UNEVEN)
    [made] = world.sim.invoices()
    made.state, made.number = "cancelled", number

    assert (world.find(UNEVEN) is not None) is found


def test_a_paid_invoice_is_found():
    world = World()
    world.send(UNEVEN)
    [made] = world.sim.invoices()
    made.state = "paid"

    found = world.find(UNEVEN)

    assert found is not None
    assert world.tryton.read_receivable(UNEVEN, found).status == "paid"


def test_a_reference_that_another_document_has_is_for_a_person():
    world = World()
    world.send(UNEVEN)

    refused = world.refusal(an_invoice(a_line("10.00", "1.90")))

    assert (refused.code, refused.params["number"]) == ("ledger.reference_taken", "INV2026-1")
    assert (refused.params["ours"], refused.params["theirs"]) == ("11.90 EUR", "1.79 EUR")
    assert world.posted == ONCE


def test_a_draft_that_cannot_be_taken_away_stays_in_doubt():
    world = World()
    far = an_invoice(a_line("10.00", "9.90"))
    world.sim.fail(Fault(FaultKind.ERROR, DELETE, times=None))

    answer = world.send(far)
    world.sim.heal()

    assert isinstance(answer, InDoubt)
    assert world.drafts == [token(KEY)]
    assert world.find(far) is None
    assert world.drafts == []


def test_a_lock_is_waited_for():
    world = World()
    world.answers = {"POST account.invoice": 423}

    answer = world.send(UNEVEN)

    assert isinstance(answer, Retryable)
    assert answer.code == "http.locked"


def test_a_question_that_nobody_can_answer_is_for_a_person():
    world = World()
    world.answers = {"POST account.invoice": 409}

    assert world.refusal(UNEVEN).code == "ledger.warning"


def test_a_key_that_may_not_post_leaves_no_draft():
    world = World()
    world.answers = {"POST account.invoice/1/post": 403}

    assert world.refusal(UNEVEN).code == "http.forbidden"
    assert (world.posted, world.drafts) == ([], [])


def test_wrong_credentials_end_a_list():
    world = World()
    world.sim.fail(Fault(FaultKind.UNAUTHORISED, times=None))
    items = [an_invoice(a_line("10.00", "1.90"))] * 2

    answers = world.send_all(items)

    assert [type(answer) for answer in answers] == [Misconfigured, Misconfigured]
    assert world.calls == ["GET account.invoice"]
