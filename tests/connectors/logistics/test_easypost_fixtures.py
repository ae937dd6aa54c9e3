import json
from collections.abc import Callable

import pytest

from hub.core.failures import Rejected, Untranslatable
from hub.core.json import JSON, dumps
from hub.core.shipping import BookingRequest, LabelFormat, LabelRequest
from hub.core.times import Basis
from hub.core.tracking import TrackingStatus, fold
from hub.sdk.capabilities import DocumentKind, Pending, Raw, RawDocument, Wanted, WebhookRequest
from hub.sdk.webhooks import sign
from tests.connectors.logistics.easypost_account import (
    a_parcel,
    a_shipment,
    a_void,
    scripted,
    usd,
)
from tests.connectors.logistics.easypost_recorded import answers, recorded
from tests.sdk.remotes import in_json

PNG = a_shipment(label=LabelRequest(format=LabelFormat.PNG))


@pytest.fixture
def easypost():
    connector, _ = scripted(in_json({}), webhook_secret="sécret")
    return connector


def quote(connector, answer: JSON):
    return connector.read_quote(a_shipment(), Raw(dumps(answer)))


def booking(connector, answer: JSON, request=PNG):
    return connector.read_booking(BookingRequest(shipment=request), Raw(dumps(answer)))


def tracking(connector, answer: JSON):
    return connector.to_tracking(RawDocument(DocumentKind.TRACKING, "trk", dumps(answer)))


def refusal(status: int, answer: JSON) -> Rejected:
    connector, _ = scripted(in_json(answer, status))
    [sent] = connector.send_quote([Wanted("k", "t", a_shipment())])
    assert isinstance(sent, Rejected)
    return sent


def bought_shipment(easypost, folder):
    found = booking(easypost, recorded(folder, "shipment-buy.json"))

    assert found.shipment_id == "shp_40b6f049f00348b18de3804a26f7fd62"
    assert (found.carrier, found.service, found.billed) == ("USPS", "GroundAdvantage", usd("8.20"))
    assert (found.metadata["insurance"], found.metadata["zone"]) == ("249.99", 4)
    [parcel] = found.parcels
    assert parcel.tracking_number == "9434600208303109842228"
    assert parcel.tracking_id == "trk_bebe7357cc7e4ebc9248bdd7191084af"
    assert (parcel.label.format, parcel.label.size, parcel.label.dpi) == (LabelFormat.PNG, "4x6", 300)
    assert parcel.label.url.endswith("/20250509/e8bbb027b8222f4578ab4250487ed98fc6.png")
    assert len(quote(easypost, recorded(folder, "shipment-buy.json")).rates) == 3


def refund(easypost, folder):
    answer = recorded(folder, "shipment-refund-submitted.json")
    found = booking(easypost, answer)

    assert isinstance(easypost.read_void(a_void(found).request, Raw(dumps(answer))), Pending)
    assert found.billed == usd("11.01")


def order(easypost, folder):
    answer = recorded(folder, "order-buy-multi-parcel.json")
    two = a_shipment(parcels=(a_parcel("left"), a_parcel("right")))
    found = booking(easypost, answer, two)

    assert found.shipment_id == "order_dae84134c5d54a01a57ff6eab32c34a2"
    assert [(one.parcel_id, one.tracking_number, one.cost) for one in found.parcels] == [
        ("left", "9400100208303109837512", usd("5.21")),
        ("right", "9434600208303109842303", usd("6.53")),
    ]
    offers = easypost.read_quote(two, Raw(dumps(answer))).rates
    assert [(offer.service, offer.total) for offer in offers] == [
        ("Express", usd("72.55")),
        ("Priority", usd("15.64")),
        ("GroundAdvantage", usd("11.74")),
    ]
    assert {offer.shipment_id for offer in offers} == {found.shipment_id}
    assert found.billed == usd("11.74")


def quoted_return(easypost, folder):
    found = quote(easypost, recorded(folder, "return-shipment-create.json"))

    assert [(offer.service, offer.total, offer.negotiated) for offer in found.rates] == [
        ("Express", usd("51.20"), False),
        ("Priority", usd("11.01"), False),
        ("GroundAdvantage", usd("8.20"), True),
    ]
    assert found.failures == ()
    with pytest.raises(Untranslatable, match=r"carrier\.no_label"):
        booking(easypost, recorded(folder, "return-shipment-create.json"))


def rates_alone(easypost, folder):
    answer = recorded(folder, "shipment-rerate.json")

    with pytest.raises(Untranslatable, match=r"mapping\.missing field='id'"):
        quote(easypost, answer)
    assert len(quote(easypost, {**answer, "id": "shp_1"}).rates) == 3


def tracker(easypost, folder):
    report = tracking(easypost, recorded(folder, "tracker-retrieve-pre-transit.json"))

    assert (report.tracking_number, report.carrier) == ("EZ1000000001", "USPS")
    assert [event.description for event in report.events] == [
        "Pre-Shipment Info Sent to USPS",
        "Shipping Label Created",
    ]
    assert report.estimated_delivery is None
    assert fold(report.events).status is TrackingStatus.INFO_RECEIVED


def out_of_order(easypost, folder):
    report = tracking(easypost, recorded(folder, "webhook-tracker-updated-out-of-order.json"))
    folded = fold(report.events)

    assert report.signed_by == "John Tester"
    assert folded.events == 6
    # the sample dates its delivery three days before the other scans, which open the parcel again
    assert folded.status is TrackingStatus.OUT_FOR_DELIVERY


def signed_event(easypost, folder):
    report = tracking(easypost, recorded(folder, "webhook-event-body-signed.json"))
    folded = fold(report.events)

    assert (report.tracking_id, report.carrier, len(report.events)) == ("trk_1", "FedEx", 7)
    assert [event.carrier_code for event in report.events] == ["OC", "PU", "AR", "DP", "IT", "IT", "AR"]
    assert (folded.status, folded.handed_over) == (TrackingStatus.IN_TRANSIT, True)
    assert (report.estimated_delivery.at.raw, report.estimated_delivery.at.basis) == ("2024-08-05", Basis.DATE)


def signature(easypost, folder):
    vector = recorded(folder, "client-webhook-signature-fixture.json")["webhooks"]
    event = json.loads((folder / "logistics/easypost/webhook-event-body-signed.json").read_bytes())
    body = json.dumps(event, separators=(",", ":")).encode()

    delivery = easypost.read_webhook(WebhookRequest({"x-hmac-signature": vector["hmac_signature"]}, body))

    assert vector["secret"] == "sécret"
    assert vector["hmac_signature"] == f"hmac-sha256-hex={sign(body, 'sécret', nfkd=True)}"
    assert (delivery.id, delivery.topic, delivery.external_id, delivery.complete) == (
        "evt_1",
        "tracker.updated",
        "trk_1",
        True,
    )


def batch_event(easypost, folder):
    body = dumps(recorded(folder, "webhook-batch-updated.json"))
    headers = {"x-hmac-signature": f"hmac-sha256-hex={sign(body, 'sécret', nfkd=True)}"}

    delivery = easypost.read_webhook(WebhookRequest(headers, body))

    assert (delivery.topic, delivery.external_id, delivery.complete) == ("batch.updated", "batch_...", False)
    assert easypost.fetch_tracking([delivery.external_id]) == []
    with pytest.raises(Untranslatable, match=r"mapping\.missing field='tracking_number'"):
        tracking(easypost, recorded(folder, "webhook-batch-updated.json"))


def refused_address(easypost, folder):
    found = refusal(422, recorded(folder, "error-address-verify-failure.json"))

    assert found.params["detail"] == (
        "ADDRESS.VERIFY.FAILURE; Address not found; address: Address not found; street1: House number is missing"
    )


def missing_parameter(easypost, folder):
    [(status, body)] = answers(folder, "cassette-error-parameter-required.yaml")

    assert refusal(status, body).params["detail"] == (
        "PARAMETER.REQUIRED; Missing required parameter.; shipment: cannot be blank"
    )


def unverified_address(easypost, folder):
    (created, address), (status, body) = answers(folder, "cassette-address-verify-invalid.yaml")

    assert (created, address["object"]) == (201, "Address")
    with pytest.raises(Untranslatable, match=r"carrier\.no_label"):
        booking(easypost, address)
    assert refusal(status, body).params["detail"] == (
        "ADDRESS.VERIFY.FAILURE; Unable to verify address.; "
        "address: Address not found; street1: House number is missing"
    )


REPLAYED: dict[str, Callable[..., None]] = {
    "cassette-address-verify-invalid.yaml": unverified_address,
    "cassette-error-parameter-required.yaml": missing_parameter,
    "client-webhook-signature-fixture.json": signature,
    "error-address-verify-failure.json": refused_address,
    "order-buy-multi-parcel.json": order,
    "return-shipment-create.json": quoted_return,
    "shipment-buy.json": bought_shipment,
    "shipment-refund-submitted.json": refund,
    "shipment-rerate.json": rates_alone,
    "tracker-retrieve-pre-transit.json": tracker,
    "webhook-batch-updated.json": batch_event,
    "webhook-event-body-signed.json": signed_event,
    "webhook-tracker-updated-out-of-order.json": out_of_order,
}


@pytest.mark.parametrize("name", REPLAYED)
def test_a_recorded_payload_becomes_a_document_or_a_clear_refusal(name, easypost, fixtures_dir):
    REPLAYED[name](easypost, fixtures_dir)


def test_every_recorded_payload_is_replayed(fixtures_dir):
    there = {file.name for file in (fixtures_dir / "logistics" / "easypost").iterdir()}

    assert there == set(REPLAYED)
