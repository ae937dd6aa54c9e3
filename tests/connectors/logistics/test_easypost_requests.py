from datetime import date
from decimal import Decimal

import pytest

from hub.core.failures import Rejected
from hub.core.money import Money
from hub.core.order_fulfilment import Size
from hub.core.people import Address, AddressType, Sealed, TaxId, TaxOwner
from hub.core.shipping import (
    Customs,
    CustomsContents,
    CustomsItem,
    LabelFormat,
    LabelRequest,
    Options,
    Signature,
)
from hub.sdk.capabilities import Wanted
from tests.connectors.logistics.easypost_account import (
    ADA,
    Account,
    a_booking,
    a_parcel,
    a_shipment,
    said,
    scripted,
    usd,
)
from tests.connectors.logistics.easypost_samples import ABSENT, a_bought_answer, a_shipment_answer, an_order_answer
from tests.sdk.remotes import in_json


def entered(request):
    """What EasyPost is sent to enter a shipment or order."""
    connector, script = scripted(in_json(a_shipment_answer(), 201))
    connector.send_quote([Wanted("k", "HTOKEN", request)])
    [asked] = script.asked
    [(kind, body)] = said(asked).items()
    assert asked.url.path == f"/v2/{kind}s"
    return body


def refused(request):
    connector, script = scripted(in_json({}))
    [answer] = connector.send_quote([Wanted("k", "HTOKEN", request)])
    assert script.asked == []
    return answer


def goods(quantity="2", **changes) -> CustomsItem:
    pieces = Decimal(quantity)
    return CustomsItem(description="Mug", value=usd("40.00"), quantity=pieces, weight_g=Decimal(600), **changes)


@pytest.mark.parametrize(
    ("grams", "ounces"),
    [
        ("28.349523", "1"),
        ("28.349524", "1.1"),
        ("0.000001", "0.1"),
        ("300", "10.6"),
        ("453.59237", "16"),
        ("1000", "35.3"),
    ],
)
def test_weights_are_tenths_of_an_ounce_rounded_up(grams, ounces):
    assert entered(a_shipment(parcels=(a_parcel(grams=grams),)))["parcel"]["weight"] == Decimal(ounces)


def test_lengths_are_inches_rounded_up_to_the_hundredth():
    size = Size(length_mm=Decimal(254), width_mm=Decimal(100), height_mm=Decimal("0.1"))

    parcel = entered(a_shipment(parcels=(a_parcel(size=size, packaging="FlatRateEnvelope"),)))["parcel"]

    assert (parcel["length"], parcel["width"], parcel["height"]) == (10, Decimal("3.94"), Decimal("0.01"))
    assert parcel["predefined_package"] == "FlatRateEnvelope"


def test_a_parcel_of_unknown_size_says_its_weight_alone():
    assert entered(a_shipment())["parcel"] == {"weight": Decimal("10.6")}


def test_addresses_are_told_in_two_lines():
    recipient = Address(
        first_name="Ada",
        last_name="Lovelace",
        company="Analytical Engines",
        street_name="Unter den Linden",
        house_number="1a",
        line2="Hinterhaus",
        line3="3. Stock",
        city="Berlin",
        province="Berlin",
        postal_code="10117",
        country="DE",
        phone=Sealed(masked="+49 30 •••"),
        type=AddressType.RESIDENTIAL,
    )

    assert entered(a_shipment(recipient=recipient))["to_address"] == {
        "name": "Ada Lovelace",
        "company": "Analytical Engines",
        "street1": "Unter den Linden 1a",
        "street2": "Hinterhaus, 3. Stock",
        "city": "Berlin",
        "state": "Berlin",
        "zip": "10117",
        "country": "DE",
        "phone": "+49 30 •••",
        "residential": True,
    }


def test_what_nobody_said_is_not_sent():
    body = entered(a_shipment())

    assert sorted(body) == ["from_address", "options", "parcel", "reference", "to_address"]
    assert body["from_address"] == {
        "company": "Crossdock Ltd",
        "street1": "1 Dock Road",
        "city": "Newark",
        "state": "NJ",
        "country": "US",
    }
    assert body["options"] == {
        "label_format": "PDF",
        "postage_label_inline": True,
        "print_custom_1": "HFULFILMENT1",
    }


def test_returns_go_where_they_should():
    assert entered(a_shipment(return_to=ADA))["return_address"]["street1"] == "12 Byron Street"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(LabelFormat.PDF, "PDF"), (LabelFormat.PNG, "PNG"), (LabelFormat.ZPL, "ZPL"), (LabelFormat.EPL, "EPL2")],
)
def test_label_formats_have_their_names(ours, theirs):
    options = entered(a_shipment(label=LabelRequest(format=ours, size="4x6")))["options"]

    assert (options["label_format"], options["label_size"]) == (theirs, "4x6")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Signature.NONE, None),
        (Signature.ANY, "SIGNATURE"),
        (Signature.ADDRESSEE, "SIGNATURE_RESTRICTED"),
        (Signature.ADULT, "ADULT_SIGNATURE"),
    ],
)
def test_signatures_have_their_names(ours, theirs):
    body = entered(a_shipment(options=Options(signature=ours)))

    assert body["options"].get("delivery_confirmation") == theirs


def test_wishes_beyond_carrying_are_told():
    wishes = Options(saturday=True, cash_on_delivery=usd("12.50"), hold_at="PO-7", dangerous_goods="LIMITED_QUANTITY")

    body = entered(a_shipment(options=wishes, ship_date=date(2026, 11, 24)))

    assert body["options"]["saturday_delivery"] is True
    assert body["options"]["cod_amount"] == "12.50"
    assert body["options"]["hold_for_pickup"] is True
    assert body["options"]["hazmat"] == "LIMITED_QUANTITY"
    assert body["options"]["label_date"] == "2026-11-24T12:00:00Z"
    assert body["to_address"]["carrier_facility"] == "PO-7"


def test_customs_are_declared():
    customs = Customs(
        incoterm="DDP",
        invoice_number="R-77",
        items=(goods(hs_code="691200", origin_country="DE", sku="MUG"), goods("2.5")),
        tax_ids=(TaxId(scheme="ioss", value="IM2760000000", country="DE", owner=TaxOwner.SELLER),),
    )

    body = entered(a_shipment(customs=customs))

    assert body["options"]["incoterm"] == "DDP"
    assert body["options"]["invoice_number"] == "R-77"
    assert body["tax_identifiers"] == [
        {"entity": "SENDER", "tax_id": "IM2760000000", "tax_id_type": "IOSS", "issuing_country": "DE"}
    ]
    assert body["customs_info"] == {
        "contents_type": "merchandise",
        "customs_certify": True,
        "customs_signer": "Crossdock Ltd",
        "eel_pfc": "NOEEI 30.37(a)",
        "non_delivery_option": "return",
        "restriction_type": "none",
        "customs_items": [
            {
                "description": "Mug",
                "quantity": 2,
                "value": "40.00",
                "currency": "USD",
                "weight": Decimal("21.2"),
                "hs_tariff_number": "691200",
                "origin_country": "DE",
                "code": "MUG",
            },
            {
                "description": "Mug",
                "quantity": 3,
                "value": "40.00",
                "currency": "USD",
                "weight": Decimal("21.2"),
            },
        ],
    }


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        (CustomsContents.GIFT, {"contents_type": "gift"}),
        (CustomsContents.RETURN, {"contents_type": "returned_goods"}),
        (CustomsContents.OTHER, {"contents_type": "other", "contents_explanation": "Mug, Mug"}),
    ],
)
def test_contents_are_named_and_others_explained(contents, said):
    declared = entered(a_shipment(customs=Customs(contents=contents, items=(goods(), goods()))))["customs_info"]

    assert {name: declared[name] for name in declared if name.startswith("contents")} == said


def test_the_american_export_phrase_is_for_american_senders():
    sender = ADA.model_copy(update={"country": "CA"})

    plain = entered(a_shipment(sender=sender, customs=Customs(items=(goods(),))))
    filed = entered(a_shipment(customs=Customs(items=(goods(),), export_declaration="AES X2026")))

    assert "eel_pfc" not in plain["customs_info"]
    assert filed["customs_info"]["eel_pfc"] == "AES X2026"


def test_insurance_is_told_with_the_purchase():
    insured = a_shipment(options=Options(insurance=usd("249.99")))
    connector, script = scripted(in_json(a_bought_answer()))
    offer = Account().quote(a_shipment()).rates[0]

    connector.send_booking([a_booking(insured, offer)])

    assert script.asked[0].url.path == f"/v2/shipments/{offer.shipment_id}/buy"
    assert said(script.asked[0]) == {"rate": {"id": offer.id}, "insurance": "249.99"}


def test_a_parcel_that_is_insured_is_insured():
    insured = a_shipment(parcels=(a_parcel(insured_value=usd("80.00")),))
    connector, script = scripted(in_json(a_bought_answer()))

    connector.send_booking([a_booking(insured, Account().quote(a_shipment()).rates[0])])

    assert said(script.asked[0])["insurance"] == "80.00"


def test_insurance_in_another_currency_buys_nothing():
    account = Account()
    insured = a_shipment(options=Options(insurance=Money.of(100, "EUR")))

    answer = account.book(insured, account.quote(a_shipment()).rates[0])

    assert isinstance(answer, Rejected)
    assert (answer.code, answer.params) == ("carrier.not_offered", {"detail": "insurance in EUR"})
    assert account.sim.books() == {}


def test_several_parcels_are_one_order_and_carry_their_numbers():
    body = entered(a_shipment(parcels=(a_parcel("left", "28"), a_parcel("right", "56"))))

    assert sorted(body) == ["from_address", "reference", "shipments", "to_address"]
    assert [(part["reference"], part["parcel"]) for part in body["shipments"]] == [
        ("HFULFILMENT1_P1", {"weight": 1}),
        ("HFULFILMENT1_P2", {"weight": 2}),
    ]
    assert body["shipments"][0]["options"]["label_format"] == "PDF"


def test_an_order_is_bought_by_carrier_and_by_the_name_of_the_service():
    two = a_shipment(parcels=(a_parcel("1"), a_parcel("2")))
    connector, script = scripted(in_json(an_order_answer(a_bought_answer(), a_bought_answer())))
    offer = Account().quote(two).rates[1]

    connector.send_booking([a_booking(two, offer)])

    assert script.asked[0].url.path == f"/v2/orders/{offer.shipment_id}/buy"
    assert said(script.asked[0]) == {"carrier": "USPS", "service": "Priority"}


@pytest.mark.parametrize(
    "wish",
    [{"customs": Customs(items=(goods(),))}, {"options": Options(insurance=usd("10.00"))}],
    ids=["customs", "insurance"],
)
def test_what_an_order_cannot_be_told_is_refused_before_anything_is_sent(wish):
    answer = refused(a_shipment(parcels=(a_parcel("1"), a_parcel("2")), **wish))

    assert isinstance(answer, Rejected)
    assert answer.code == "carrier.not_offered"


def test_a_booking_without_offer_has_a_reference_of_its_own():
    connector, script = scripted(in_json(ABSENT, 404), in_json(a_shipment_answer(), 201), in_json(a_bought_answer()))

    connector.send_booking([a_booking(a_shipment())])

    assert [(asked.method, asked.url.path) for asked in script.asked] == [
        ("GET", "/v2/shipments/HFULFILMENT1_HTOKEN"),
        ("POST", "/v2/shipments"),
        ("POST", "/v2/shipments/shp_1/buy"),
    ]
    assert said(script.asked[1])["shipment"]["reference"] == "HFULFILMENT1_HTOKEN"
