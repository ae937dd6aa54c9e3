"""Signing in, refusals inside a success, and secrets that nobody gets to see."""

import logging

import httpx
import pytest

from connectors.shop.vendure.connector import Vendure, VendureConfig
from connectors.shop.vendure.sim import KEY, PASSWORD, USER, VendureSim
from hub.core.clock import ManualClock
from hub.core.failures import BadInput, InDoubt, Misconfigured, Rejected, Retryable
from hub.core.json import JSON, dumps
from hub.registry import Registry, build
from hub.registry.settings import refusals, secret_settings
from hub.sdk.capabilities import Raw
from hub.sdk.sim import Fault, FaultKind
from tests.connectors.shop.vendure import NOON, World, a_cancel, a_push, a_remote, a_world, line

URL = "https://shop.example/admin-api"


@pytest.fixture
def world() -> World:
    return a_world()


def error(code: str, message: str = "No way") -> JSON:
    return {"errors": [{"message": message, "extensions": {"code": code} if code else {}}], "data": None}


def asked(world: World) -> list[httpx.Request]:
    """What the shop is asked from now on."""
    requests: list[httpx.Request] = []
    respond = world.sim.respond

    def listening(request: httpx.Request, now: object) -> httpx.Response:
        requests.append(request)
        return respond(request, world.clock.now())

    world.sim.respond = listening  # type: ignore[method-assign]  # an ear at the wall
    return requests


def test_the_registry_knows_it():
    connector = Registry.load().get("vendure")

    assert connector is Vendure
    assert Registry.load().simulator("vendure") is VendureSim
    assert connector.capabilities() == ("orders", "stock", "stock read-back", "items", "dispatch", "cancel")


def test_a_check_reads_and_changes_nothing(world):
    world.shop.check()

    assert world.sim.books() == {}


def test_one_sign_in_serves_all_calls(world):
    requests = asked(world)

    world.shop.check()
    world.shop.check()

    assert [request.content.decode().split("{")[1].split("(")[0].strip() for request in requests] == [
        '"query":"mutation Login',
        '"query":"query Check',
        '"query":"query Check',
    ]
    assert {request.headers.get("authorization") for request in requests[1:]} == {"Bearer session-1"}


def test_a_session_that_is_over_is_renewed_once(world):
    world.shop.check()
    world.sim.sign_everybody_out()

    world.shop.check()


def test_a_write_is_sent_again_under_a_new_session(world):
    order = world.buy(line())
    world.shop.check()
    world.sim.sign_everybody_out()

    [answer] = world.shop.send_dispatch([a_push(order, (world.lines(order)[0], 1))])

    assert isinstance(answer, Raw)
    assert world.sim.books()["dispatch"] == (f"{order}/1Z999",)


def test_a_wrong_password_pauses_the_connection():
    world = a_world(password="only-guessed")

    with pytest.raises(Misconfigured) as caught:
        world.shop.check()

    assert caught.value.code == "channel.no_entry"
    assert caught.value.params["reason"] == "INVALID_CREDENTIALS_ERROR"


def test_a_shop_that_hands_out_cookies_only_is_named():
    answers: list[JSON] = [{"data": {"login": {"__typename": "CurrentUser"}}}]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=dumps(answers[0])))
    settings: dict[str, JSON] = {"base_url": URL, "username": USER, "password": PASSWORD}
    shop = build(Vendure, settings, clock=ManualClock(NOON), transport=transport)

    with pytest.raises(Misconfigured, match=r"channel\.no_bearer"):
        shop.check()


def test_an_api_key_needs_no_sign_in(world):
    requests = asked(world)
    settings: dict[str, JSON] = {"base_url": world.sim.settings()["base_url"], "api_key": KEY}
    shop = build(Vendure, settings, clock=world.clock, transport=world.sim.transport(world.clock))

    shop.check()

    assert [request.headers["vendure-api-key"] for request in requests] == [KEY]


def test_the_sales_channel_goes_along():
    world = a_world(channel_token="second-channel")
    requests = asked(world)

    world.shop.check()

    assert {request.headers["vendure-token"] for request in requests} == {"second-channel"}


@pytest.mark.parametrize(
    ("code", "failure", "named"),
    [
        ("FORBIDDEN", Misconfigured, "channel.not_permitted"),
        ("UNAUTHORIZED", Misconfigured, "channel.not_permitted"),
        ("CHANNEL_NOT_FOUND", Misconfigured, "channel.unknown_sales_channel"),
        ("ENTITY_NOT_FOUND", Rejected, "channel.not_found"),
        ("USER_INPUT_ERROR", Rejected, "channel.refused"),
        ("INTERNAL_SERVER_ERROR", Retryable, "channel.failed"),
        ("", Retryable, "channel.failed"),
    ],
)
def test_errors_of_a_read_by_their_code(code, failure, named):
    with pytest.raises(failure) as caught:
        a_remote(error(code)).fetch_orders(["1"])

    assert (caught.value.code, caught.value.params["detail"]) == (named, "No way")


@pytest.mark.parametrize(
    ("code", "failure"),
    [("FORBIDDEN", Misconfigured), ("ENTITY_NOT_FOUND", Rejected), ("INTERNAL_SERVER_ERROR", InDoubt), ("", InDoubt)],
)
def test_an_exception_of_the_shop_leaves_a_write_in_doubt(code, failure):
    shop = a_remote({"data": {"order": None}}, error(code))

    [answer] = shop.send_cancel([a_cancel("1")])

    assert type(answer) is failure


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"data":{}', b'{"data":null}', b"[]", b"null"])
def test_an_answer_that_says_nothing_clear(body):
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    settings: dict[str, JSON] = {"base_url": URL, "api_key": KEY}
    shop = build(Vendure, settings, clock=ManualClock(NOON), transport=transport)
    assert isinstance(shop, Vendure)

    with pytest.raises(Retryable, match=r"http\.unreadable"):
        shop.check()
    with pytest.raises(Retryable, match=r"http\.unreadable"):
        shop.fetch_orders(["1"])


def test_a_release_that_does_not_know_our_fields_pauses_the_connection():
    with pytest.raises(Misconfigured, match=r"channel\.other_api"):
        a_remote(error("GRAPHQL_VALIDATION_FAILED"), status=400).check()


def test_any_other_bad_request_is_a_refusal():
    with pytest.raises(Rejected, match=r"http\.refused"):
        a_remote({"errors": [{"message": "no"}]}, status=400).check()
    with pytest.raises(Rejected, match=r"http\.refused"):
        a_remote("no", status=400).check()


def test_a_refusal_inside_a_success_carries_its_code_and_no_address():
    told = "The customer zoe.moeller@example.org may not"
    result: JSON = {"errorCode": "SOME_NEW_ERROR", "message": told}

    [answer] = a_remote({"data": {"order": None}}, {"data": {"cancelOrder": result}}).send_cancel([a_cancel("1")])

    assert isinstance(answer, Rejected)
    assert (answer.code, answer.params) == (
        "channel.refused",
        {"reason": "SOME_NEW_ERROR", "detail": "The customer …@… may not"},
    )


def test_why_a_transition_failed_is_told():
    refusal: JSON = {
        "errorCode": "FULFILLMENT_STATE_TRANSITION_ERROR",
        "message": "errorResult.FULFILLMENT_STATE_TRANSITION_ERROR",
        "transitionError": "Cannot transition",
    }
    half: JSON = {"id": "5", "state": "Pending", "method": "ups", "trackingCode": "1Z999", "lines": []}
    shop = a_remote(
        {"data": {"order": {"id": "1", "fulfillments": []}}},
        {"data": {"addFulfillmentToOrder": half}},
        {"data": {"transitionFulfillmentToState": refusal}},
    )

    [answer] = shop.send_dispatch([a_push("1", ("2", 1))])

    assert isinstance(answer, Rejected)
    assert (answer.code, answer.params["detail"]) == ("channel.not_now", "Cannot transition")


def test_secrets_are_seen_nowhere(world, caplog):
    caplog.set_level(logging.DEBUG)
    shown = [repr(world.shop), repr(world.shop.config), repr(world.shop.client), repr(world.shop.http)]
    world.sim.fail(Fault(FaultKind.ERROR_PAGE, times=None))
    with pytest.raises(Retryable) as unreadable:
        world.shop.check()
    world.sim.heal()
    with pytest.raises(Misconfigured) as refused:
        a_world(password="wrong-" + PASSWORD).shop.check()

    words = " ".join([*shown, repr(unreadable.value), repr(refused.value), caplog.text])
    assert PASSWORD not in words
    assert "session-" not in words


def test_an_echoed_secret_is_blackened():
    shop = a_remote({"message": "the key k3y-of-the-shop is unknown"}, status=401)

    with pytest.raises(Misconfigured) as caught:
        shop.check()

    assert caught.value.params["detail"] == "the key ••• is unknown"


def test_an_echoed_secret_is_blackened_in_a_refusal_of_graphql():
    shop = a_remote(error("FORBIDDEN", "the key k3y-of-the-shop is unknown"))

    with pytest.raises(Misconfigured) as caught:
        shop.check()

    assert caught.value.params["detail"] == "the key ••• is unknown"


def test_passwords_and_keys_are_never_arguments():
    assert secret_settings(Vendure) == {"password", "api_key"}


@pytest.mark.parametrize(
    ("settings", "field", "code"),
    [
        ({"base_url": URL}, "username", "field.missing"),
        ({"base_url": URL, "username": "hub"}, "password", "field.missing"),
        ({"base_url": URL, "api_key": KEY, "list_limit": 10}, "list_limit", "field.invalid"),
        ({"base_url": URL, "api_key": KEY, "stock_locaton": "x"}, "stock_locaton", "field.unknown"),
    ],
)
def test_a_wrong_setting_is_named(settings, field, code):
    [bad] = refusals(Vendure, settings)

    assert isinstance(bad, BadInput)
    assert (bad.field, bad.code) == (field, code)


def test_the_form_of_the_settings_shows_no_secret():
    schema = VendureConfig.model_json_schema()

    assert {name for name, field in schema["properties"].items() if "password" in str(field)} == {
        "password",
        "api_key",
    }
