"""What is asked of carriers and channels, and what they answer."""

import pytest

from hub.core.document import read, write
from hub.core.failures import BadInput
from hub.core.ids import token
from hub.core.shipping import (
    Booking,
    BookingRequest,
    CancelPush,
    Label,
    LabelFormat,
    RateQuote,
    ShipmentRequest,
    StatusPush,
)
from hub.core.shipping_warehouses import FulfilmentOrder

ZOE = {
    "name": "Zoë Müller",
    "line1": "Hauptstr. 5",
    "city": "Berlin",
    "postal_code": "10115",
    "country": "DE",
}
SHIPMENT = {
    "reference": token("acme/order/1001/booking/1"),
    "order_ids": ["1001"],
    "location": "berlin",
    "sender": {"company": "Acme", "line1": "Lager 1", "city": "Berlin", "country": "DE"},
    "recipient": ZOE,
    "parcels": [
        {"id": "1", "weight_g": 700, "size": {"length_mm": 300, "width_mm": 200, "height_mm": 100},
         "items": [{"order_id": "1001", "line_id": "1", "quantity": 2}]}
    ],
    "customs": {"items": [
        {"description": "mug", "quantity": 2, "value": "20.00 EUR", "weight_g": 700}]},
    "options": {"cash_on_delivery": "29.16 EUR", "signature": "adult"},
    "label": {"format": "zpl", "dpi": 203},
}  # fmt: skip
RATE = {
    "id": "rate_1", "shipment_id": "shp_1", "carrier": "usps", "service": "Priority", "total": "5.95 USD",
    "parts": {"fuel": "0.45 USD"}, "delivery_days": 2, "delivery_date": "2026-05-12",
}  # fmt: skip


def refused(model: type[ShipmentRequest], values: dict[str, object]) -> tuple[str, str]:
    with pytest.raises(BadInput) as caught:
        model.accept(values)
    return caught.value.code, caught.value.field


def test_a_shipment_is_kept_whole() -> None:
    shipment = ShipmentRequest.accept(SHIPMENT)
    booking = BookingRequest.accept({"shipment": shipment, "rate": RATE})

    assert read(ShipmentRequest, 1, write(shipment)) == shipment
    assert read(BookingRequest, 1, write(booking)) == booking


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"reference": "x" * 31}, "field.wrong_form", "reference"),
        ({"reference": "order 1001"}, "field.wrong_form", "reference"),
        ({"parcels": []}, "field.empty", "parcels"),
        ({"order_ids": []}, "field.empty", "order_ids"),
        ({"parcels": [{"id": "1", "weight_g": 0}]}, "quantity.not_positive", "parcels.0.weight_g"),
        ({"customs": {"items": []}}, "field.empty", "customs.items"),
    ],
)
def test_what_no_carrier_takes_is_refused(changed: dict[str, object], code: str, field: str) -> None:
    assert refused(ShipmentRequest, SHIPMENT | changed) == (code, field)


def test_one_broken_account_does_not_hide_the_other_s_rates() -> None:
    quote = RateQuote.accept({"rates": [RATE], "failures": [{"carrier": "ups", "message": "account suspended"}]})

    assert [rate.service for rate in quote.rates] == ["Priority"]
    assert [failure.message for failure in quote.failures] == ["account suspended"]


def test_a_booking_without_a_parcel_is_none() -> None:
    bought = {
        "shipment_id": "shp_1",
        "carrier": "usps",
        "parcels": [{"tracking_number": "9400100000000000000000"}],
    }

    assert Booking.accept(bought).parcels[0].tracking_number == "9400100000000000000000"
    with pytest.raises(BadInput):
        Booking.accept(bought | {"parcels": []})


def test_a_label_is_its_bytes_or_where_they_are() -> None:
    assert Label(format=LabelFormat.ZPL, content_base64="XlhBXlha").content == b"^XA^XZ"
    assert Label(format=LabelFormat.PDF, url="https://labels.example/1.pdf").content is None


def test_a_channel_is_told_of_lines_and_numbers() -> None:
    push = StatusPush.accept(
        {
            "external_id": "1001",
            "shipment": token("acme/order/1001/dispatch/1"),
            "at": "2026-05-09T10:00:00+02:00",
            "lines": [{"line_id": "1", "quantity": 2, "group_id": "fo-1", "group_line_id": "fol-1"}],
            "packages": [{"tracking_number": "003404", "carrier_hub": "dhl", "carrier_native": "DHL"}],
        }
    )

    assert read(StatusPush, 1, write(push)) == push
    with pytest.raises(BadInput) as caught:
        StatusPush.accept(push.model_dump(mode="json") | {"at": "2026-05-09T10:00:00"})
    assert (caught.value.code, caught.value.field) == ("field.invalid", "at")


def test_a_cancel_without_lines_is_of_the_whole_order() -> None:
    assert CancelPush(external_id="1001", reason="out_of_stock").lines == ()


def test_a_3pl_is_told_lines_and_never_parcels() -> None:
    order = FulfilmentOrder.accept(
        {
            "reference": "H1",
            "order_ids": ["1001"],
            "location": "3pl",
            "recipient": ZOE,
            "lines": [{"line_id": "1", "sku": "MUG", "quantity": 2}],
        }
    )

    assert read(FulfilmentOrder, 1, write(order)) == order
