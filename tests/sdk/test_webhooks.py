from datetime import UTC, datetime, timedelta

import pytest

from hub.sdk.capabilities import WebhookRequest
from hub.sdk.webhooks import (
    Encoding,
    Forged,
    content_id,
    sign,
    sign_standard,
    verify,
    verify_recent,
    verify_standard,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BODY = b'{"key": "value"}'
SHOPIFY_BODY = '{"id":1,"note":"café"}'.encode()
STANDARD = WebhookRequest(
    {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
    b'{"test": 2432232314}',
)
STANDARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
STANDARD_TIME = datetime.fromtimestamp(1614265330, UTC)


def test_published_vectors_are_met():
    assert sign(BODY, "secretkey") == "1eed4b3d41f4653ac64fd56f1bf1cbfd349e4482cbc11dff7134bd93e5da4b0a"
    assert sign(SHOPIFY_BODY, "hush", encoding=Encoding.BASE64) == "foEjqc88nIdg5LAnXXzRsDrJnpNZJKbyPLSa9+F3LXU="
    assert verify_standard(STANDARD, [STANDARD_SECRET], STANDARD_TIME) == "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_a_good_signature_is_accepted_in_either_writing():
    verify(BODY, sign(BODY, "key"), ["key"])
    verify(BODY, sign(BODY, "key").upper(), ["key"])
    verify(BODY, sign(BODY, "key", encoding=Encoding.BASE64), ["key"], encoding=Encoding.BASE64)
    verify(BODY, f"hmac-sha256-hex={sign(BODY, 'key')}", ["key"], prefix="hmac-sha256-hex=")
    verify(BODY, sign(BODY, "key", algorithm="sha1"), ["key"], algorithm="sha1")


@pytest.mark.parametrize(
    ("claimed", "code"),
    [
        (None, "webhook.unsigned"),
        ("", "webhook.unsigned"),
        (" ", "webhook.wrong_signature"),
        ("0" * 64, "webhook.wrong_signature"),
        (sign(BODY, "other"), "webhook.wrong_signature"),
        (sign(BODY + b" ", "key"), "webhook.wrong_signature"),
        (sign(BODY, "key")[:-1], "webhook.wrong_signature"),
        (sign(BODY, "key", encoding=Encoding.BASE64), "webhook.wrong_signature"),
        ("naïve \ud800", "webhook.wrong_signature"),
    ],
)
def test_anything_else_is_forged(claimed, code):
    with pytest.raises(Forged) as forged:
        verify(BODY, claimed, ["key"])

    assert forged.value.code == code


def test_without_a_secret_everything_is_forged():
    with pytest.raises(Forged):
        verify(BODY, sign(BODY, ""), [])


def test_a_signature_without_its_prefix_is_forged():
    with pytest.raises(Forged):
        verify(BODY, sign(BODY, "key"), ["key"], prefix="sha256=")


def test_two_secrets_are_active_while_one_is_replaced():
    verify(BODY, sign(BODY, "old"), ["new", "old"])
    verify(BODY, sign(BODY, "new"), ["new", "old"])


def test_one_of_several_signatures_is_enough():
    claimed = f"v1={sign(BODY, 'other')} v1={sign(BODY, 'key')}"

    verify(BODY, claimed, ["key"], prefix="v1=")


def test_a_secret_in_words_can_be_normalised_first():
    composed, decomposed = "caf\u00e9", "cafe\u0301"

    assert sign(BODY, composed, nfkd=True) == sign(BODY, decomposed)
    assert sign(BODY, composed) != sign(BODY, decomposed)
    verify(BODY, sign(BODY, decomposed), [composed], nfkd=True)
    with pytest.raises(Forged):
        verify(BODY, sign(BODY, decomposed), [composed])


def test_a_delivery_may_have_two_megabytes():
    verify(b"x" * 2_000_000, sign(b"x" * 2_000_000, "key"), ["key"])
    with pytest.raises(Forged) as forged:
        verify(b"x" * 2_000_001, sign(b"x" * 2_000_001, "key"), ["key"])

    assert forged.value.code == "webhook.too_large"


@pytest.mark.parametrize("minutes", [-5, 0, 5])
def test_a_recent_time_is_accepted(minutes):
    verify_recent(str(int((NOW + timedelta(minutes=minutes)).timestamp())), NOW)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_time_far_from_now_is_a_replay(seconds):
    with pytest.raises(Forged) as forged:
        verify_recent(str(int((NOW + timedelta(seconds=seconds)).timestamp())), NOW)

    assert forged.value.params == {"seconds": -seconds}


@pytest.mark.parametrize("sent", [None, "", "soon", "9" * 30, "1.5"])
def test_a_time_that_is_none_is_forged(sent):
    with pytest.raises(Forged) as forged:
        verify_recent(sent, NOW)

    assert forged.value.code == "webhook.no_time"


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_other"},
        {"webhook-timestamp": "1614265331"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
    ],
)
def test_a_standard_delivery_is_signed_with_its_id_and_time(change):
    with pytest.raises(Forged):
        verify_standard(WebhookRequest({**STANDARD.headers, **change}, STANDARD.body), [STANDARD_SECRET], STANDARD_TIME)


def test_a_standard_delivery_without_headers_is_forged():
    with pytest.raises(Forged):
        verify_standard(WebhookRequest({}, b"{}"), [STANDARD_SECRET], NOW)


def test_our_own_standard_signature_is_accepted():
    for secret in (STANDARD_SECRET, "not base64!"):
        headers = sign_standard("evt_1", NOW, BODY, secret)

        assert verify_standard(WebhookRequest(headers, BODY), [secret], NOW) == "evt_1"


def test_the_same_bytes_are_the_same_delivery():
    assert content_id(BODY) == content_id(bytes(BODY))
    assert content_id(BODY) != content_id(BODY + b" ")
