from decimal import Decimal

import pytest

from connectors.logistics.easypost.connector import Easypost
from hub.core.failures import InDoubt, Misconfigured, Untranslatable
from hub.core.json import dumps
from hub.core.shipping import RateFailure
from hub.sdk.capabilities import Raw, Wanted
from hub.sdk.guarantees import Idempotent
from hub.sdk.sim import Fault, FaultKind
from tests.connectors.logistics.easypost_account import (
    Account,
    a_parcel,
    a_shipment,
    scripted,
    the_rate,
    usd,
)
from tests.connectors.logistics.easypost_samples import a_rate, a_shipment_answer, an_order_answer
from tests.sdk.remotes import in_json


def read(answer, request=None):
    connector, _ = scripted(in_json({}))
    return connector.read_quote(request or a_shipment(), Raw(dumps(answer)))


def test_a_quote_names_all_offers_with_what_is_needed_to_buy_them():
    quote = Account().quote(a_shipment())

    assert quote.shipment_id == "shp_00000000000000000000000000000001"
    assert [(offer.carrier, offer.service, offer.total, offer.delivery_days) for offer in quote.rates] == [
        ("USPS", "Express", usd("30.06"), 2),
        ("USPS", "Priority", usd("8.37"), 3),
        ("USPS", "GroundAdvantage", usd("5.10"), 5),
        ("UPS", "Ground", usd("9.54"), 4),
        ("DHLExpress", "Express", usd("33.97"), 1),
    ]
    assert {offer.shipment_id for offer in quote.rates} == {quote.shipment_id}
    assert len({offer.id for offer in quote.rates}) == 5


def test_an_account_that_makes_no_offer_stands_beside_those_that_do():
    quote = Account().quote(a_shipment())

    assert quote.failures == (
        RateFailure(
            carrier="FedEx",
            account="ca_fedex",
            code="rate_error",
            message="This account carries nothing lighter than 16 oz",
        ),
    )


def test_where_nobody_offers_anything_every_account_says_why():
    account = Account()

    quote = account.quote(a_shipment(recipient=a_shipment().recipient.model_copy(update={"line1": None})))

    assert quote.rates == ()
    assert [failure.carrier for failure in quote.failures] == ["USPS"] * 3 + ["UPS", "DHLExpress", "FedEx"]


def test_asking_again_does_no_harm():
    account = Account(Fault(FaultKind.TIMED_OUT_AFTER, "POST /v2/shipments"))
    wanted = Wanted("t/f/1/quote/1", "HQUOTE", a_shipment())

    first, second = account.send("quote", wanted), account.send("quote", wanted)

    assert Easypost.quote_once == Idempotent()
    assert isinstance(first, InDoubt)
    assert len(account.connector.read_quote(wanted.request, second).rates) == 5
    assert account.connector.find_quote(wanted) is None
    assert account.sim.books() == {}


def test_a_quote_asks_the_account_that_the_shipment_names_else_those_of_the_settings():
    named = Account().quote(a_shipment(carrier_account="ca_ups"))
    connector, script = scripted(in_json(a_shipment_answer(), 201), carrier_accounts=["ca_1", "ca_2"])
    connector.send_quote([Wanted("k", "t", a_shipment())])

    assert [offer.account for offer in named.rates] == ["ca_ups"]
    assert b'"carrier_accounts":["ca_1","ca_2"]' in script.asked[0].content


def test_several_parcels_are_quoted_as_an_order_that_its_own_id_buys():
    quote = Account().quote(a_shipment(parcels=(a_parcel("1", "500"), a_parcel("2", "700"))))

    assert quote.shipment_id.startswith("order_")
    assert the_rate(quote, "USPS", "GroundAdvantage").shipment_id == quote.shipment_id
    assert the_rate(quote, "USPS", "GroundAdvantage").total == usd("11.90")


def test_two_accounts_with_one_service_cannot_be_told_apart_in_an_order():
    rates = (a_rate("rate_1"), a_rate("rate_2", carrier_account_id="ca_2"), a_rate("rate_3", service="Ground"))

    quote = read(an_order_answer(a_shipment_answer(), rates=list(rates)))

    assert [offer.id for offer in quote.rates] == ["rate_3"]
    assert [(found.account, found.code, found.message) for found in quote.failures] == [
        ("ca_1", "carrier.ambiguous_rate", "USPS Priority"),
        ("ca_2", "carrier.ambiguous_rate", "USPS Priority"),
    ]


def test_a_rate_that_cannot_be_read_does_not_hide_the_others():
    quote = read(a_shipment_answer(a_rate(), a_rate("rate_2", rate="8.375"), a_rate("rate_3", currency="XXX")))

    assert [offer.id for offer in quote.rates] == ["rate_1"]
    assert [failure.code for failure in quote.failures] == ["money.too_fine", "money.unknown_currency"]


def test_prices_and_days_are_read_as_they_stand():
    rate = a_rate(
        rate="1180", currency="JPY", list_rate="1300", list_currency="JPY", delivery_date="2026-11-25T00:00:00Z"
    )

    [offer] = read(a_shipment_answer(rate | {"delivery_date_guaranteed": True})).rates

    assert str(offer.total) == "1180 JPY"
    assert str(offer.list_price) == "1300 JPY"
    assert offer.negotiated
    assert offer.guaranteed
    assert offer.delivery_date.isoformat() == "2026-11-25"


def test_a_carrier_that_complains_in_a_structure_is_still_heard():
    message = {"carrier": "UPS", "carrier_account_id": "ca_9", "type": "rate_error", "message": {"no": 9}}

    [failure] = read(a_shipment_answer(messages=[message])).failures

    assert failure.message == '{"no":9}'


def test_names_and_streets_are_taken_out_of_complaints():
    message = {"carrier": "UPS", "type": "rate_error", "message": "ADA LOVELACE, 12 byron street: no such house"}

    [failure] = read(a_shipment_answer(messages=[message])).failures

    assert failure.message == "…, …: no such house"


@pytest.mark.parametrize("answer", [{}, {"rates": []}, []], ids=["empty", "without id", "a list"])
def test_an_answer_without_a_shipment_is_no_quote(answer):
    connector, _ = scripted(in_json(answer))

    [sent] = connector.send_quote([Wanted("k", "t", a_shipment())])

    assert isinstance(sent, InDoubt)
    with pytest.raises(Untranslatable, match=r"mapping\.missing"):
        read(answer)


def test_a_key_of_the_other_mode_is_found_out_before_anything_is_bought():
    connector, script = scripted(in_json(a_shipment_answer(mode="production"), 201))

    [sent] = connector.send_quote([Wanted("k", "t", a_shipment())])

    assert isinstance(sent, Misconfigured)
    assert sent.code == "carrier.wrong_mode"
    assert sent.params == {"mode": "production", "expected": "test"}
    assert len(script.asked) == 1


def test_the_weight_decides_the_price():
    light, heavy = (Account().quote(a_shipment(parcels=(a_parcel(grams=g),))) for g in ("100", "5000"))

    assert the_rate(light, "UPS", "Ground").total == usd("9.12")
    assert the_rate(heavy, "UPS", "Ground").total == usd("19.48")
    assert Decimal("8.90") + Decimal("0.06") * Decimal("176.4") == Decimal("19.484")
