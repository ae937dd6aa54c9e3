import pytest

from hub.core.tracking import TrackingStatus, fold
from hub.sdk.capabilities import Delivery, DocumentKind, RawDocument, WebhookRequest
from hub.sdk.webhooks import Forged, content_id, sign
from tests.connectors.logistics.easypost_account import Account, a_shipment, scripted
from tests.connectors.logistics.easypost_samples import a_tracker, an_event
from tests.sdk.remotes import in_json

SECRET = "sécret"
SETTINGS = {"webhook_secret": SECRET}


def signed(event, secret=SECRET) -> WebhookRequest:
    body = event if isinstance(event, bytes) else in_json(event).content
    return WebhookRequest({"x-hmac-signature": f"hmac-sha256-hex={sign(body, secret, nfkd=True)}"}, body)


def read(request: WebhookRequest, **settings) -> Delivery:
    connector, script = scripted(in_json({}), **(SETTINGS | settings))
    delivery = connector.read_webhook(request)
    assert script.asked == []
    return delivery


@pytest.mark.parametrize("topic", ["tracker.created", "tracker.updated"])
def test_a_tracker_comes_whole(topic):
    assert read(signed(an_event(a_tracker(), topic))) == Delivery(
        id="evt_1", topic=topic, kind=DocumentKind.TRACKING, external_id="trk_1", complete=True
    )


@pytest.mark.parametrize(
    ("topic", "result"),
    [
        ("batch.updated", {"id": "batch_1", "object": "Batch"}),
        ("refund.successful", {"id": "rfnd_1", "object": "Refund"}),
        ("scan_form.created", {"id": "sf_1", "object": "ScanForm"}),
        ("something.new", {"id": "new_1", "object": "New"}),
    ],
)
def test_any_other_event_is_a_hint_that_leads_to_nothing(topic, result):
    connector, script = scripted(in_json({}), **SETTINGS)

    delivery = connector.read_webhook(signed(an_event(result, topic)))

    assert (delivery.topic, delivery.external_id, delivery.complete) == (topic, result["id"], False)
    assert connector.fetch_tracking([delivery.external_id]) == []
    assert script.asked == []


def test_an_event_without_id_is_known_by_its_bytes():
    request = signed({"description": "tracker.updated", "result": a_tracker()})

    assert read(request).id == content_id(request.body)


def test_a_signed_body_that_cannot_be_read_is_kept_to_be_parked():
    request = signed(b"\xff no json")

    delivery = read(request)

    assert (delivery.topic, delivery.complete) == ("unreadable", True)
    assert delivery.external_id.startswith("unreadable-")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda r: WebhookRequest(r.headers, r.body[:-1]), "webhook.wrong_signature"),
        (lambda r: WebhookRequest(r.headers, r.body.replace(b"94001", b"94002")), "webhook.wrong_signature"),
        (lambda r: WebhookRequest(r.headers, r.body + b" "), "webhook.wrong_signature"),
        (lambda r: WebhookRequest({}, r.body), "webhook.unsigned"),
        (lambda r: WebhookRequest({"x-hmac-signature": ""}, r.body), "webhook.unsigned"),
        (
            lambda r: WebhookRequest({"x-hmac-signature": r.headers["x-hmac-signature"][16:]}, r.body),
            "webhook.wrong_signature",
        ),
        (lambda r: signed(r.body, "another secret"), "webhook.wrong_signature"),
        (lambda r: WebhookRequest(r.headers, b"{" + b" " * 2_000_000 + b"}"), "webhook.too_large"),
    ],
    ids=["cut off", "changed", "longer", "no header", "empty", "no prefix", "another secret", "too large"],
)
def test_a_forged_delivery_is_refused(change, code):
    genuine = signed(an_event(a_tracker()))
    assert read(genuine).id == "evt_1"

    with pytest.raises(Forged) as refused:
        read(change(genuine))

    assert refused.value.code == code


def test_without_a_secret_nothing_is_believed():
    with pytest.raises(Forged, match="wrong_signature"):
        read(signed(an_event(a_tracker())), webhook_secret=None)


def test_the_secret_counts_in_its_decomposed_form():
    decomposed = "se\u0301cret"

    assert read(signed(an_event(a_tracker()), decomposed)).id == "evt_1"


def test_while_the_secret_changes_both_are_good():
    request = signed(an_event(a_tracker()), "former")

    assert read(request, former_webhook_secret="former").id == "evt_1"


def test_a_scan_is_told_by_a_delivery_that_brings_the_tracker():
    account = Account()
    [parcel] = account.book(a_shipment()).parcels

    account.sim.scan(parcel.tracking_number, TrackingStatus.DELIVERED, account.clock.now())

    [request] = account.sim.deliveries()
    delivery = account.connector.read_webhook(request)
    report = account.connector.to_tracking(RawDocument(delivery.kind, delivery.external_id, request.body))
    assert (delivery.external_id, report.tracking_number) == (parcel.tracking_id, parcel.tracking_number)
    assert fold(report.events).status is TrackingStatus.DELIVERED
