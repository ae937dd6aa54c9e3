"""EasyPost's objects as its API writes them: what the simulator has, put into the wire format."""

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from connectors.logistics.easypost.sim_state import Sale, Scanned, Shipment, Tariff, Tracker
from hub.core.json import JSON

MODE: Final = "test"

IMAGES: Final[Mapping[str, tuple[str, str, bytes]]] = {
    "PNG": ("png", "image/png", b"\x89PNG\r\n\x1a\n label of the simulator"),
    "PDF": ("pdf", "application/pdf", b"%PDF-1.4\n% label of the simulator\n%%EOF\n"),
    "ZPL": ("zpl", "application/zpl", b"^XA^FO50,50^FDlabel of the simulator^FS^XZ"),
    "EPL2": ("epl2", "application/epl2", b'N\nA50,50,0,1,1,1,N,"label of the simulator"\nP1\n'),
}
"""Label formats: the ending of the file, its type, its bytes."""

PLACE: Final[JSON] = {
    "object": "TrackingLocation",
    "city": "COLUMBUS",
    "state": "OH",
    "country": "US",
    "zip": "43085",
}
"""Where the simulator scans all its parcels."""


def moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def number(prefix: str, count: int) -> str:
    """An id as EasyPost gives them: a prefix and 32 hexadecimal digits."""
    return f"{prefix}_{count:032x}"


def shipment(
    found: Shipment, now: datetime, after: timedelta, origin: str, *, label_file: bool = False
) -> dict[str, JSON]:
    """A shipment; the bytes of the label come in the answer to the purchase only."""
    sale = found.sale
    sender, receiver = (_address(found, name, count) for count, name in enumerate(("from_address", "to_address")))
    return {
        "id": found.id,
        "created_at": moment(found.created_at),
        "is_return": False,
        "messages": list(found.messages),
        "mode": MODE,
        "options": _options(found),
        "reference": found.reference,
        "status": sale.tracker.status if sale else "unknown",
        "tracking_code": sale.tracker.code if sale else None,
        "updated_at": moment(found.updated_at or found.created_at),
        "batch_id": None,
        "batch_status": None,
        "batch_message": None,
        "customs_info": _customs(found),
        "from_address": sender,
        "insurance": sale.insurance if sale else None,
        "order_id": found.order_id,
        "parcel": _parcel(found),
        "postage_label": _label(found, origin, label_file=label_file) if sale else None,
        "rates": [rate(found, *one) for one in found.rates],
        "refund_status": sale.refund_status(now, after) if sale else None,
        "scan_form": None,
        "selected_rate": rate(found, sale.rate_id, sale.tariff) if sale else None,
        "tracker": tracker(sale.tracker) if sale else None,
        "to_address": receiver,
        "usps_zone": 4,
        "return_address": sender,
        "buyer_address": receiver,
        "forms": [],
        "fees": _fees(found, sale, now, after) if sale else [],
        "object": "Shipment",
    }


def rate(found: Shipment, rate_id: str, tariff: Tariff, total: Decimal | None = None) -> dict[str, JSON]:
    """A rate. Of an order it has the total of all parcels, and names the first of them."""
    price = tariff.rate(found.ounces) if total is None else total
    born = moment(found.created_at)
    return {
        "id": rate_id,
        "object": "Rate",
        "created_at": born,
        "updated_at": born,
        "mode": MODE,
        "service": tariff.service,
        "carrier": tariff.carrier,
        "rate": f"{price:f}",
        "currency": "USD",
        "retail_rate": f"{price * 2:f}",
        "retail_currency": "USD",
        "list_rate": f"{price:f}",
        "list_currency": "USD",
        "billing_type": "easypost",
        "delivery_days": tariff.days,
        "delivery_date": None,
        "delivery_date_guaranteed": False,
        "est_delivery_days": tariff.days,
        "shipment_id": found.id,
        "carrier_account_id": tariff.account,
    }


def tracker(found: Tracker) -> dict[str, JSON]:
    """A tracker with all its scans."""
    return {
        "id": found.id,
        "object": "Tracker",
        "mode": MODE,
        "tracking_code": found.code,
        "status": found.status,
        "status_detail": found.scans[-1].detail if found.scans else "unknown",
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
        "signed_by": None,
        "weight": None,
        "est_delivery_date": None,
        "shipment_id": found.shipment_id,
        "carrier": found.carrier,
        "tracking_details": [_detail(scan, found.carrier) for scan in found.scans],
        "fees": [],
        "carrier_detail": _carrier_detail() if found.scans else None,
        "public_url": f"https://track.easypost.test/{found.id}",
    }


def event(count: int, description: str, result: JSON, previous: JSON, now: datetime) -> dict[str, JSON]:
    """What a webhook brings."""
    at = now.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {
        "description": description,
        "mode": MODE,
        "previous_attributes": previous,
        "created_at": at,
        "pending_urls": ["https://hub.test/easypost"],
        "completed_urls": [],
        "updated_at": at,
        "id": number("evt", count),
        "user_id": number("user", 1),
        "status": "pending",
        "object": "Event",
        "result": result,
    }


def error(code: str, message: str, *errors: JSON) -> JSON:
    return {"error": {"code": code, "message": message, "errors": list(errors)}}


def _detail(scan: Scanned, carrier: str) -> JSON:
    return {
        "object": "TrackingDetail",
        "message": scan.message,
        "description": "",
        "status": scan.status,
        "status_detail": scan.detail,
        "datetime": moment(scan.at),
        "source": carrier,
        "carrier_code": "",
        "tracking_location": PLACE,
        "est_delivery_date": None,
    }


def _carrier_detail() -> JSON:
    """What a carrier adds once it knows the parcel; this one knows little."""
    unknown = (
        *("service", "container_type", "est_delivery_date_local", "est_delivery_time_local"),
        *("destination_tracking_location", "guaranteed_delivery_date"),
        *("alternate_identifier", "initial_delivery_attempt"),
    )
    return {
        "object": "CarrierDetail",
        **dict.fromkeys(unknown),
        "origin_location": "COLUMBUS OH, 43085",
        "origin_tracking_location": PLACE,
        "destination_location": "COLUMBUS OH, 43085",
    }


def _options(found: Shipment) -> JSON:
    given = found.wanted.get("options")
    usual: dict[str, JSON] = {"currency": "USD", "payment": {"type": "SENDER"}, "date_advance": 0}
    return {**usual, **(given if isinstance(given, dict) else {})}


def _address(found: Shipment, name: str, count: int) -> JSON:
    given = found.wanted.get(name)
    said = given if isinstance(given, dict) else {}
    born = found.created_at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    names = ("name", "company", "street1", "street2", "city", "state", "zip", "country", "phone", "email")
    later = ("carrier_facility", "residential", "federal_tax_id", "state_tax_id")
    return {
        "id": number("adr", int(found.id[4:], 16) * 2 + count),
        "object": "Address",
        "created_at": born,
        "updated_at": born,
        **{field: said.get(field) for field in names},
        "mode": MODE,
        **{field: said.get(field) for field in later},
        "verifications": {},
    }


def _parcel(found: Shipment) -> JSON:
    given = found.wanted.get("parcel")
    said = given if isinstance(given, dict) else {}
    born = moment(found.created_at)
    names = ("length", "width", "height", "predefined_package", "weight")
    return {
        "id": number("prcl", int(found.id[4:], 16)),
        "object": "Parcel",
        "created_at": born,
        "updated_at": born,
        **{field: said.get(field) for field in names},
        "mode": MODE,
    }


def _customs(found: Shipment) -> JSON:
    given = found.wanted.get("customs_info")
    if not isinstance(given, dict):
        return None
    born = {"created_at": moment(found.created_at), "updated_at": moment(found.created_at), "mode": MODE}
    items = given.get("customs_items")
    usual = dict.fromkeys(("manufacturer", "currency", "eccn", "printed_commodity_identifier"))
    unsaid: dict[str, JSON] = {"contents_explanation": "", "restriction_comments": None, "declaration": None}
    return {
        **unsaid,
        **given,
        **born,
        "id": number("cstinfo", int(found.id[4:], 16)),
        "object": "CustomsInfo",
        "customs_items": [
            {**usual, **item, **born, "id": number("cstitem", count), "object": "CustomsItem"}
            for count, item in enumerate(items if isinstance(items, list) else [])
            if isinstance(item, dict)
        ],
    }


def _label(found: Shipment, origin: str, *, label_file: bool) -> JSON:
    options = _options(found)
    wanted = options.get("label_format", "PNG") if isinstance(options, dict) else "PNG"
    ending, kind, image = IMAGES[str(wanted)]
    born = moment(found.updated_at or found.created_at)
    return {
        "object": "PostageLabel",
        "id": number("pl", int(found.id[4:], 16)),
        "created_at": born,
        "updated_at": born,
        "date_advance": 0,
        "integrated_form": "none",
        "label_date": born,
        "label_resolution": 300,
        "label_size": "4x6",
        "label_type": "default",
        "label_file_type": kind,
        "label_url": f"{origin}/files/postage_label/{found.id}.{ending}",
        "label_pdf_url": None,
        "label_zpl_url": None,
        "label_epl2_url": None,
        "label_file": base64.b64encode(image).decode() if label_file else None,
    }


def _fees(found: Shipment, sale: Sale, now: datetime, after: timedelta) -> list[JSON]:
    back = sale.refund_status(now, after) == "refunded"
    amounts = [("PostageFee", sale.tariff.rate(found.ounces))]
    if sale.insurance is not None:
        amounts.append(("InsuranceFee", Decimal(sale.insurance) / 200))
    return [
        {"object": "Fee", "type": kind, "amount": f"{amount:.5f}", "charged": True, "refunded": back}
        for kind, amount in amounts
    ]
