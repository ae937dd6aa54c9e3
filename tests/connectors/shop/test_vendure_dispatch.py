"""A shipment and a cancel happen once in the shop, however a call ends and how often it is repeated."""

from decimal import Decimal

import pytest

from connectors.shop.vendure.connector import Vendure
from connectors.shop.vendure.sim import VendureSim
from hub.core.document import Native
from hub.core.failures import InDoubt, Misconfigured, Rejected, Retryable
from hub.core.order_fulfilment import Package
from hub.core.shipping import PushedState, StatusPush
from hub.sdk.capabilities import Raw, Wanted
from hub.sdk.guarantees import Findable
from hub.sdk.sim import Fault, FaultKind, ShownShipment
from tests.connectors.shop.vendure import World, a_cancel, a_push, a_world, basket, line

ADD, MOVE, CANCEL = "AddFulfilment", "MoveFulfilment", "mutation Cancel"
LOST = [FaultKind.TIMED_OUT_AFTER, FaultKind.RESET_AFTER, FaultKind.ERROR_AFTER, FaultKind.TORN]
NOTHING_DONE = [FaultKind.TIMED_OUT, FaultKind.RESET, FaultKind.ERROR, FaultKind.ERROR_PAGE]


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def order(world: World) -> str:
    return world.buy(line("MUG-BLUE", 3), line("TEA-SET", 1))


@pytest.fixture
def push(world: World, order: str) -> Wanted[StatusPush]:
    mugs, tea = world.lines(order)
    return a_push(order, (mugs, 3), (tea, 1))


def sent(world: World, wanted: Wanted[StatusPush]) -> object:
    [answer] = world.shop.send_dispatch([wanted])
    return answer


def settled(world: World, wanted: Wanted[StatusPush]) -> object:
    """What the hub does with a write: a doubt is looked up, what is absent is sent again."""
    answer = sent(world, wanted)
    for _ in range(3):
        if isinstance(answer, InDoubt):
            world.sim.heal()
            answer = world.shop.find_dispatch(wanted)
        if answer is None or isinstance(answer, Retryable):
            answer = sent(world, wanted)
    return answer


def test_what_is_declared():
    assert isinstance(Vendure.dispatch_once, Findable)
    assert isinstance(Vendure.cancel_once, Findable)
    assert Vendure.dispatch_once.by == "trackingCode"


def test_the_buyer_sees_the_parcel(world, order, push):
    answer = sent(world, push)

    assert isinstance(answer, Raw)
    pushed = world.shop.read_dispatch(push.request, answer)
    assert world.sim.shipments(order) == [
        ShownShipment("1Z999", "ups", {"MUG-BLUE": Decimal(3), "TEA-SET": Decimal(1)})
    ]
    assert (pushed.state, [native.kind for native in pushed.shipments]) == ("Shipped", ["fulfillment"])
    assert world.order(order).fulfilment_state == "shipped"


def test_a_repeat_answers_what_is_there(world, order, push):
    first, again = sent(world, push), sent(world, push)

    assert isinstance(first, Raw)
    assert isinstance(again, Raw)
    assert world.shop.read_dispatch(push.request, first) == world.shop.read_dispatch(push.request, again)
    assert world.sim.books()["dispatch"] == (f"{order}/1Z999",)


@pytest.mark.parametrize("where", [ADD, MOVE])
@pytest.mark.parametrize("kind", LOST + NOTHING_DONE)
def test_once_although_the_answer_is_lost_or_the_call_fails(world, order, push, where, kind):
    world.sim.fail(Fault(kind, where=where))

    first = sent(world, push)
    world.sim.heal()
    looked_up = world.shop.find_dispatch(push)
    last = looked_up or sent(world, push)

    assert isinstance(first, InDoubt)
    assert (looked_up is not None) == (where == MOVE and kind in LOST)
    assert isinstance(last, Raw)
    assert world.sim.books()["dispatch"] == (f"{order}/1Z999",)
    assert [shown.tracking_number for shown in world.sim.shipments(order)] == ["1Z999"]


@pytest.mark.parametrize("kind", [FaultKind.UNREACHABLE, FaultKind.RATE_LIMITED])
def test_what_surely_did_not_arrive_is_no_doubt(world, order, push, kind):
    world.sim.fail(Fault(kind, where=ADD, times=3, seconds=60))

    answer = sent(world, push)

    assert isinstance(answer, Retryable)
    assert world.sim.books() == {}


def test_a_look_up_that_fails_leaves_everything_open(world, push):
    world.sim.fail(Fault(FaultKind.UNAVAILABLE, where="query Fulfilments", times=None, seconds=600))

    with pytest.raises(Retryable):
        world.shop.find_dispatch(push)
    assert isinstance(sent(world, push), Retryable)
    assert world.sim.books() == {}


def test_any_number_of_faults_ends_in_one_shipment(world, order, push):
    world.sim.fail(Fault(FaultKind.TIMED_OUT_AFTER, where=ADD), Fault(FaultKind.ERROR_AFTER, where=MOVE))

    answer = settled(world, push)

    assert isinstance(answer, Raw)
    assert world.sim.books()["dispatch"] == (f"{order}/1Z999",)


def test_a_fulfilment_left_half_made_is_finished(world, order, push):
    half = world.sim.shop.fulfil(
        [{"orderLineId": name, "quantity": many} for name, many in zip(world.lines(order), (3, 1), strict=True)],
        "ups",
        "1Z999",
    )
    assert isinstance(half, tuple)
    assert world.shop.find_dispatch(push) is None

    answer = sent(world, push)

    assert isinstance(answer, Raw)
    assert (half[1].state, "dispatch" in world.sim.books()) == ("Shipped", False)


def test_what_staff_sent_by_hand_under_the_same_number_is_that_shipment(world, order, push):
    sent(world, push)
    staff = world.sim.shop.orders[order].fulfilments[0]
    staff.method = "by hand"

    assert world.shop.find_dispatch(push) is not None


def test_goods_that_somebody_else_has_sent_are_refused(world, order, push):
    mugs, tea = world.lines(order)
    sent(world, a_push(order, (mugs, 3), (tea, 1), code="OTHER"))

    answer = sent(world, push)

    assert isinstance(answer, Rejected)
    assert answer.code == "channel.already_shipped"
    assert answer.params["reason"] == "ITEMS_ALREADY_FULFILLED_ERROR"
    assert world.sim.books()["dispatch"] == (f"{order}/OTHER",)


def test_a_shipment_that_arrives_between_look_and_send_is_found_after_the_refusal(world, push):
    world.sim.fail(Fault(FaultKind.TIMED_OUT_AFTER, where=ADD))
    late = world.shop.find_dispatch(push)
    sent(world, push)

    found = world.shop._add_fulfilment(push.request)

    assert late is None
    assert isinstance(found, dict)
    assert found["trackingCode"] == "1Z999"


def test_one_parcel_after_the_other(world, order):
    mugs, tea = world.lines(order)
    first = a_push(order, (mugs, 2), code="A1")
    second = a_push(order, (mugs, 1), (tea, 1), code="A2", shipment="HSHIPMENT2")

    answers = world.shop.send_dispatch([first, second])

    assert all(isinstance(answer, Raw) for answer in answers)
    assert [shown.quantities for shown in world.sim.shipments(order)] == [
        {"MUG-BLUE": Decimal(2)},
        {"MUG-BLUE": Decimal(1), "TEA-SET": Decimal(1)},
    ]
    assert world.order(order).fulfilment_state == "shipped"


def test_the_same_lines_in_two_shipments_are_two(world, order):
    mugs, _ = world.lines(order)
    first, second = (a_push(order, (mugs, 1), code=code, shipment=f"S-{code}") for code in ("A1", "A2"))

    world.shop.send_dispatch([first, second, first])

    assert world.sim.books()["dispatch"] == (f"{order}/A1", f"{order}/A2")


def test_several_parcels_of_one_shipment_are_one_code(world, order, push):
    parcels = (Package(tracking_number="P1", carrier_native="DHL"), Package(tracking_number="P2"))
    mugs, tea = world.lines(order)
    wanted = a_push(order, (mugs, 3), (tea, 1), packages=parcels)

    sent(world, wanted)
    sent(world, wanted)

    assert [(one.tracking_number, one.carrier) for one in world.sim.shipments(order)] == [("P1, P2", "DHL")]


def test_a_letter_without_a_number_is_known_by_our_reference(world, order):
    mugs, _ = world.lines(order)
    letters = [a_push(order, (mugs, 1), code=None, shipment=reference) for reference in ("HLETTER1", "HLETTER2")]

    for wanted in (*letters, *letters):
        sent(world, wanted)

    assert [(one.tracking_number, one.carrier) for one in world.sim.shipments(order)] == [
        ("", "ups HLETTER1"),
        ("", "ups HLETTER2"),
    ]


def test_arrival_moves_the_same_fulfilment(world, order, push):
    answer = sent(world, push)
    assert isinstance(answer, Raw)
    former = world.shop.read_dispatch(push.request, answer).shipments
    arrived = Wanted(
        push.key, push.token, push.request.model_copy(update={"state": PushedState.DELIVERED, "former": former})
    )

    told = [sent(world, arrived), sent(world, arrived)]

    assert [world.shop.read_dispatch(arrived.request, one).state for one in told if isinstance(one, Raw)] == [
        "Delivered",
        "Delivered",
    ]
    assert world.order(order).state == "closed"
    assert world.sim.books()["dispatch"] == (f"{order}/1Z999",)


def test_shipped_is_not_told_after_delivered(world, order, push):
    sent(world, push)
    world.sim.shop.move(world.sim.shop.orders[order].fulfilments[0].id, "Delivered")

    answer = sent(world, push)

    assert isinstance(answer, Raw)
    assert world.shop.read_dispatch(push.request, answer).state == "Delivered"


def test_a_shipment_that_is_recalled(world, order, push):
    answer = sent(world, push)
    assert isinstance(answer, Raw)
    former = world.shop.read_dispatch(push.request, answer).shipments
    recalled = Wanted(
        push.key, push.token, push.request.model_copy(update={"state": PushedState.CANCELLED, "former": former})
    )

    told = [sent(world, recalled), sent(world, recalled)]

    assert [world.shop.read_dispatch(recalled.request, one).state for one in told if isinstance(one, Raw)] == [
        "Cancelled",
        "Cancelled",
    ]
    assert world.sim.shipments(order) == []


def test_a_recall_of_what_was_never_told_does_nothing(world, order, push):
    recalled = Wanted(push.key, push.token, push.request.model_copy(update={"state": PushedState.CANCELLED}))

    answer = sent(world, recalled)

    assert isinstance(answer, Raw)
    assert world.shop.read_dispatch(recalled.request, answer).shipments == ()
    assert world.sim.books() == {}


def test_the_shop_has_no_word_for_returned_goods(world, order, push):
    returned = Wanted(push.key, push.token, push.request.model_copy(update={"state": PushedState.RETURNED}))

    answer = sent(world, returned)

    assert isinstance(answer, Rejected)
    assert (answer.code, answer.params) == ("channel.no_such_state", {"reason": "returned"})


def test_a_shop_without_the_goods_refuses_and_says_so():
    world = a_world(VendureSim(tracks_stock=True))
    order = world.buy(line("MUG-RED", 1))

    answer = sent(world, a_push(order, (world.lines(order)[0], 1)))

    assert isinstance(answer, Rejected)
    assert answer.code == "channel.too_little_stock"
    assert world.sim.books() == {}


def test_half_a_piece_is_refused_before_anything_is_sent(world, order):
    mugs, _ = world.lines(order)
    wanted = a_push(order, (mugs, 1))
    half = wanted.request.lines[0].model_copy(update={"quantity": Decimal("0.5")})

    answer = sent(world, Wanted(wanted.key, wanted.token, wanted.request.model_copy(update={"lines": (half,)})))

    assert isinstance(answer, Rejected)
    assert (answer.code, answer.params) == ("channel.whole_pieces", {"quantity": "0.5"})


def test_an_order_that_is_not_there(world):
    answer = sent(world, a_push("4711", ("1", 1)))

    assert isinstance(answer, Rejected)
    assert answer.code == "channel.not_found"


def test_without_rights_the_rest_of_the_list_is_not_tried(world, order, push):
    mugs, _ = world.lines(order)
    world.sim.fail(Fault(FaultKind.UNAUTHORISED, times=None))

    answers = world.shop.send_dispatch([push, a_push(order, (mugs, 1), code="A2")])

    assert [type(answer) for answer in answers] == [Misconfigured, Misconfigured]


def test_a_whole_order_is_cancelled_with_its_shipping(world, order):
    wanted = a_cancel(order)

    [answer] = world.shop.send_cancel([wanted])

    assert isinstance(answer, Raw)
    result = world.shop.read_cancel(wanted.request, answer)
    assert (result.native, result.state, result.refunded) == (
        Native(id=order, kind="order"),
        "Cancelled",
        None,
    )
    after = world.order(order)
    assert (after.state, str(after.totals.grand_total.shop)) == ("cancelled", "0.00 EUR")
    assert world.sim.books()["cancel"] == (f"{order}/out_of_stock [{wanted.token}]",)


@pytest.mark.parametrize("kind", LOST + NOTHING_DONE)
def test_a_part_is_cancelled_once_although_the_answer_is_lost(world, order, kind):
    mugs, _ = world.lines(order)
    wanted = a_cancel(order, (mugs, 1))
    world.sim.fail(Fault(kind, where=CANCEL))

    [first] = world.shop.send_cancel([wanted])
    found = world.shop.find_cancel(wanted)
    [again] = world.shop.send_cancel([wanted])

    assert isinstance(first, InDoubt)
    assert (found is not None) == (kind in LOST)
    assert isinstance(again, Raw)
    line_of_mugs = world.order(order).lines[0]
    assert line_of_mugs.quantities is not None
    assert (line_of_mugs.quantity, line_of_mugs.quantities.current) == (3, 2)


def test_the_same_part_may_be_cancelled_for_another_reason(world, order):
    mugs, _ = world.lines(order)

    world.shop.send_cancel([a_cancel(order, (mugs, 1)), a_cancel(order, (mugs, 1), generation=2)])

    assert world.order(order).lines[0].quantities.current == 1


def test_what_the_buyer_has_cancelled_already_is_done(world, order):
    world.sim.cancel(order, world.clock.now())

    [answer] = world.shop.send_cancel([a_cancel(order)])

    assert isinstance(answer, Raw)
    assert world.sim.books() == {}


def test_more_than_is_left_cannot_be_cancelled(world, order):
    mugs, _ = world.lines(order)

    [answer] = world.shop.send_cancel([a_cancel(order, (mugs, 4))])

    assert isinstance(answer, Rejected)
    assert (answer.code, answer.params["reason"]) == ("channel.too_many", "QUANTITY_TOO_GREAT_ERROR")
    assert world.order(order).lines[0].quantities.current == 3


def test_our_own_word_is_no_change(world, order, push):
    world.pull()
    before = world.order(order)
    sent(world, push)
    after = world.order(order)

    assert before.lines[0].quantity == after.lines[0].quantity
    assert before.totals.grand_total == after.totals.grand_total


def test_an_edit_after_the_push_asks_for_the_rest_only(world, order, push):
    sent(world, push)
    world.sim.edit(order, basket(line("MUG-BLUE", 5), line("TEA-SET", 1)), world.clock.now())
    mugs, _ = world.lines(order)

    answer = sent(world, a_push(order, (mugs, 2), code="MORE", shipment="HSHIPMENT2"))

    assert isinstance(answer, Raw)
    assert world.order(order).fulfilment_state == "shipped"
