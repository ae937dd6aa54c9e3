"""A connection is refused by the name of its setting, and never shows its key."""

import json

import pytest

from connectors.finance.tryton.connector import Tryton
from connectors.finance.tryton.sim import KEY, TrytonSim
from connectors.finance.tryton.sim_records import CURRENCIES
from hub.core.failures import BadInput, Failure, Misconfigured, Retryable
from hub.registry import Registry, checked, secret_settings
from hub.sdk.capabilities import Raw
from hub.sdk.mapping import check, sheet_of
from hub.sdk.sim import Fault, FaultKind
from tests.connectors.finance.tryton_ledger import NOON, World, a_line, an_invoice


def flaw(**settings):
    with pytest.raises(BadInput) as refused:
        checked(Tryton, {**TrytonSim().settings(), **settings})
    return refused.value.code, refused.value.field


def misfit(settings, **changes):
    """What `check` says of a connection with these settings, once the accountant has changed records."""
    world = World(settings)
    for model, (at, values) in changes.items():
        world.sim.change(model.replace("_", "."), at, **values)
    with pytest.raises(Misconfigured) as refused:
        world.tryton.check()
    return refused.value.code, refused.value.params.get("field")


def test_it_is_found_with_its_simulator_and_posts_documents():
    registry = Registry.load()

    found = registry.get("tryton")

    assert found is Tryton
    assert found.capabilities() == ("receivable", "credit")
    assert registry.simulator("tryton") is TrytonSim
    assert [broken.name for broken in registry.broken if "tryton" in broken.name] == []


def test_the_mapping_file_has_no_flaw():
    assert check(sheet_of("mappings.finance.tryton", "posting")) == []


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"company": "first"}, ("field.invalid", "company")),
        ({"journal": None}, ("field.wrong_type", "journal")),
        ({"accounts": {"revenue.nothing": 1}}, ("field.not_allowed", "accounts.revenue.nothing.[key]")),
        ({"party": None}, ("field.missing", "party")),
        ({"timezone": "Mars/Olympus"}, ("time.unknown_zone", "timezone")),
        ({"taxes": {"19": 1}}, ("rate.not_a_share", "taxes")),
        ({"taxes": {"DE XX 0.19": 1}}, ("ledger.tax_key", "taxes")),
        ({"taxes": {"": 1}}, ("ledger.tax_key", "taxes")),
        ({"currencies": {"EURO": 1}}, ("money.unknown_currency", "currencies")),
        ({"nonsense": 1}, ("field.unknown", "nonsense")),
    ],
)
def test_a_setting_that_cannot_be_right(settings, found):
    assert flaw(**settings) == found


def test_the_simulator_s_settings_fit():
    world = World({"currencies": {"EUR": CURRENCIES["EUR"], "JPY": CURRENCIES["JPY"]}})

    world.tryton.check()

    assert {call.split()[0] for call in world.calls} == {"GET"}


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"company": 7}, ("ledger.not_there", "company")),
        ({"journal": 7}, ("ledger.not_there", "journal")),
        ({"payment_term": 7}, ("ledger.not_there", "payment_term")),
        ({"unit": 7}, ("ledger.not_there", "unit")),
        ({"party": 7}, ("ledger.not_there", "party")),
        ({"accounts": {"receivable": 39, "rounding": 7}}, ("ledger.not_there", "accounts.rounding")),
        ({"accounts": {"receivable": 99}}, ("ledger.wrong_kind", "accounts.receivable")),
        ({"accounts": {"receivable": 39, "fees": 39}}, ("ledger.wrong_kind", "accounts.fees")),
        ({"accounts": {"revenue.goods": 99}}, ("ledger.no_account", "party")),
        ({"taxes": {"0.19": 777}}, ("ledger.not_there", "taxes.0.19")),
        ({"taxes": {"DE 0.19": 1}}, ("ledger.wrong_rate", "taxes.DE 0.19")),
        ({"currencies": {"USD": CURRENCIES["EUR"]}}, ("ledger.wrong_currency", "currencies.USD")),
    ],
)
def test_a_record_that_is_not_what_it_is_used_for(settings, found):
    assert misfit(settings) == found


@pytest.mark.parametrize(
    ("model", "at", "values", "found"),
    [
        ("account_account", 112, {"closed": 1}, ("ledger.closed", "accounts.rounding")),
        ("account_account", 99, {"company": 2}, ("ledger.other_company", "accounts.revenue.goods")),
        ("account_tax", 1, {"type": "fixed"}, ("ledger.wrong_rate", "taxes.0.005")),
        ("account_journal", 1, {"type": "expense"}, ("ledger.wrong_kind", "journal")),
        ("company_company", 1, {"timezone": "Asia/Shanghai"}, ("ledger.other_timezone", "company")),
        ("currency_currency", CURRENCIES["EUR"], {"digits": 4}, ("ledger.wrong_currency", "currencies.EUR")),
    ],
)
def test_a_record_that_the_accountant_changed(model, at, values, found):
    assert misfit({}, **{model: (at, values)}) == found


def test_a_party_without_an_address_cannot_be_billed():
    world = World()
    world.sim.remove("party.address", 2)

    with pytest.raises(Misconfigured) as refused:
        world.tryton.check()

    assert (refused.value.code, refused.value.params["field"]) == ("ledger.no_address", "party")
    assert world.refusal(an_invoice(a_line("10.00", "1.90"))).code == "ledger.missing_reference"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"key": "not-the-key"}, "http.unauthorised"),
        ({"base_url": "https://simulator.test/other"}, "http.not_found"),
    ],
    ids=["key", "database"],
)
def test_wrong_address_or_key(settings, code):
    with pytest.raises(Misconfigured) as refused:
        World(settings).tryton.check()

    assert refused.value.code == code


def test_a_user_who_may_not_look_is_a_matter_of_settings():
    world = World()
    world.answers = {"GET account.account": 403}

    with pytest.raises(Misconfigured) as refused:
        world.tryton.check()

    assert refused.value.code == "http.forbidden"


def test_a_ledger_that_is_away_is_no_matter_of_settings():
    world = World()
    world.sim.fail(Fault(FaultKind.UNAVAILABLE, times=None))

    with pytest.raises(Retryable):
        world.tryton.check()


def test_every_request_names_key_company_and_language():
    world = World()

    world.send(an_invoice(a_line("10.00", "1.90")))

    assert {
        (asked.headers["authorization"], asked.headers["accept-language"], asked.headers["x-tryton-context"])
        for asked in world.asked
    } == {(f"Bearer {KEY}", "en", "eyJfc2tpcF93YXJuaW5ncyI6dHJ1ZSwiY29tcGFueSI6MX0=")}


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind is not FaultKind.SLOW])
def test_the_key_is_never_shown(kind):
    world = World()
    world.sim.fail(Fault(kind, times=None))

    answer = world.send(an_invoice(a_line("10.00", "1.90")))

    assert isinstance(answer, Failure)
    shown = f"{answer!r} {answer} {world.tryton.config!r} {world.tryton.http!r} {world.tryton.ledger!r}"
    assert KEY not in shown
    assert secret_settings(Tryton) == {"key"}
    assert KEY not in json.dumps(world.tryton.config.model_dump(mode="json"))


def test_no_amount_is_ever_a_float():
    world = World()
    answer = world.send(an_invoice(a_line("0.10", "0.02", quantity=3)))
    assert isinstance(answer, Raw)

    def floats(value):
        if isinstance(value, dict):
            return [found for each in value.values() for found in floats(each)]
        if isinstance(value, list):
            return [found for each in value for found in floats(each)]
        return [value] if isinstance(value, float) else []

    sent = [json.loads(asked.content) for asked in world.asked if asked.content]
    assert floats(sent) == []
    assert floats(json.loads(answer.body)) == []
    assert world.clock.now() == NOON
