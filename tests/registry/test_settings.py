from datetime import timedelta

import pytest

from hub.core.failures import BadInput, HubError
from hub.registry import build, refusals, secret_settings
from hub.sdk.mapping import Overlay
from tests.registry.offers import Acme, AcmeSettings
from tests.sdk.kiosk import Kiosk, KioskSim
from tests.sdk.remotes import Script, a_clock, in_json

SOUND = {"base_url": "https://acme.example", "token": "s3cret-canary"}


def told(settings) -> list[tuple[str, str, str]]:
    return [(bad.code, bad.field, bad.value) for bad in refusals(Acme, settings)]


def test_settings_make_a_connector_that_calls_out():
    script = Script(in_json({}))
    overlay = Overlay()

    acme = build(Acme, SOUND, clock=a_clock(), transport=script, overlay=overlay)
    acme.http.read("GET", "/orders")

    assert isinstance(acme, Acme)
    assert acme.config == AcmeSettings(base_url="https://acme.example", token="s3cret-canary")  # type: ignore[arg-type]  # pydantic makes it secret
    assert acme.overlay is overlay
    assert str(script.asked[0].url) == "https://acme.example/orders"


def test_limits_of_the_connector_bind_its_client():
    class Hasty(Kiosk):
        limits = type(Kiosk.limits)(deadline=timedelta(seconds=1))

    hasty = build(Hasty, {}, clock=a_clock(), transport=KioskSim().transport(a_clock()))

    assert 0.5 < hasty.http.deadline().left() <= 1


def test_secrets_of_the_settings_are_in_no_message():
    acme = build(Acme, SOUND, clock=a_clock(), transport=Script(in_json({"message": "no s3cret-canary"}, 400)))

    with pytest.raises(HubError) as refused:
        acme.http.read("GET", "/orders")

    assert "canary" not in f"{refused.value!r} {acme.config!r}"


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"token": None}, ("field.wrong_type", "token", "")),
        ({"token": 12345678}, ("field.wrong_type", "token", "")),
        ({"pages": "many"}, ("field.invalid", "pages", "many")),
        ({"shop": 7}, ("field.wrong_type", "shop", "7")),
        ({"base_url": "https://user:pass@acme.example"}, ("url.credentials", "base_url", "acme.example")),
        ({"base_url": "https://10.0.0.1"}, ("url.private", "base_url", "10.0.0.1")),
        ({"base_url": "http://acme.example"}, ("url.scheme", "base_url", "http")),
        ({"base_url": "acme"}, ("url.broken", "base_url", "")),
    ],
)
def test_a_wrong_setting_is_named_and_no_secret_shown(change, refused):
    assert told({**SOUND, **change}) == [refused]
    with pytest.raises(BadInput) as bad:
        build(Acme, {**SOUND, **change}, clock=a_clock())
    assert bad.value.code == refused[0]


def test_all_wrong_settings_are_told_at_once():
    assert told({"shop": 7, "tokn": "s3cret"}) == [
        ("field.missing", "base_url", ""),
        ("field.missing", "token", ""),
        ("field.wrong_type", "shop", "7"),
        ("field.unknown", "tokn", ""),
    ]


def test_an_unknown_setting_brings_the_nearest_name():
    assert refusals(Acme, {**SOUND, "tokne": "s3cret"})[0].params["near"] == "token"


def test_sound_settings_are_not_refused():
    assert refusals(Acme, SOUND) == []


def test_a_house_may_allow_private_addresses_for_all():
    settings = {"base_url": "http://127.0.0.1:9", "token": "x"}

    with pytest.raises(BadInput):
        build(Acme, settings, clock=a_clock())
    assert build(Acme, settings, clock=a_clock(), allow_private=True).http.base_url == "http://127.0.0.1:9"


def test_secret_settings_are_known_by_name():
    assert secret_settings(Acme) == {"token"}
    assert secret_settings(Kiosk) == frozenset()


def test_the_form_of_the_settings_is_their_json_schema():
    schema = AcmeSettings.model_json_schema()

    assert schema["required"] == ["base_url", "token"]
    assert schema["properties"]["token"]["writeOnly"] is True


def test_a_transport_of_the_network_is_made_where_none_is_given():
    acme = build(Acme, SOUND, clock=a_clock())

    assert repr(acme.http) == "<Http https://acme.example>"
    acme.http.close()
