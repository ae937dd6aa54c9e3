from datetime import timedelta
from decimal import Decimal

import pytest

from connectors.logistics.easypost.connector import Easypost
from connectors.logistics.easypost.sim import API_KEY, EasypostSim
from hub.core.failures import BadInput, Misconfigured
from hub.registry import Registry, checked, secret_settings
from hub.sdk.capabilities import Wanted
from hub.sdk.connector import Kind
from hub.sdk.mapping import Overlay, check, sheet_of
from tests.connectors.logistics.easypost_account import a_shipment, scripted
from tests.connectors.logistics.easypost_samples import a_shipment_answer
from tests.sdk.remotes import in_json


def refused(**settings) -> str:
    with pytest.raises(BadInput) as refusal:
        checked(Easypost, {"api_key": API_KEY, **settings})
    return refusal.value.field


def test_it_is_found_with_all_it_can_do():
    registry = Registry.load()

    found = registry.get("easypost")

    assert found is Easypost
    assert found.manifest.kind is Kind.LOGISTICS
    assert found.manifest.demo
    assert found.capabilities() == ("webhooks", "tracking", "quote", "booking", "void")
    assert registry.simulator("easypost") is EasypostSim


def test_the_settings_that_are_needed_are_few():
    settings = checked(Easypost, {"api_key": API_KEY})

    assert settings.model_dump(exclude={"api_key"}) == {
        "base_url": "https://api.easypost.com/v2",
        "allow_private": False,
        "mode": "production",
        "webhook_secret": None,
        "former_webhook_secret": None,
        "carrier_accounts": (),
    }
    assert secret_settings(Easypost) == {"api_key", "webhook_secret", "former_webhook_secret"}


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"api_key": None}, "api_key"),
        ({"mode": "live"}, "mode"),
        ({"carrier_accounts": [f"ca_{n}" for n in range(61)]}, "carrier_accounts"),
        ({"carrier_accounts": [""]}, "carrier_accounts.0"),
        ({"base_url": "https://127.0.0.1/v2"}, "base_url"),
        ({"token": "x"}, "token"),
    ],
)
def test_a_wrong_setting_is_told_by_name(settings, field):
    assert refused(**settings) == field


def test_a_key_that_no_header_can_carry_is_a_typing_mistake():
    with pytest.raises(Misconfigured, match=r"http\.header"):
        scripted(in_json({}), api_key="EZTK…")


def test_the_limits_are_those_of_the_platform():
    limits = Easypost.limits

    assert (limits.calls_per_second, limits.deadline) == (Decimal(5), timedelta(seconds=60))


@pytest.mark.parametrize("name", ["rate", "shipment", "parcel", "tracker"])
def test_mapping_files_are_without_flaw(name):
    assert check(sheet_of(Easypost.manifest.mapping_package, name)) == []


def test_a_connection_may_map_a_row_otherwise():
    connector, _ = scripted(in_json({}))
    own = Easypost(connector.config, connector.http, Overlay.read('[rate.account]\ndefault = "ours"'))

    assert own.mapping("rate").apply(a_shipment_answer()["rates"][0])["account"] == "ours"
    assert own.read_quote(a_shipment(), raw_quote()).rates[0].account == "ours"


def raw_quote():
    connector, _ = scripted(in_json(a_shipment_answer(), 201))
    [raw] = connector.send_quote([Wanted("k", "t", a_shipment())])
    return raw
