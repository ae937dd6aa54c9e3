"""Answers of EasyPost, written by us in the form of its documentation; all people are invented."""

ADDRESS_REFUSED = {
    "error": {
        "code": "ADDRESS.VERIFY.FAILURE",
        "message": "Unable to verify 12 Byron Street for Ada Lovelace",
        "errors": [
            {"field": "street1", "message": "No such street", "suggestion": "14 Byron Street, Columbus"},
            "Call ada@example.com or +1 614 5550142",
        ],
    }
}

ABSENT = {"error": {"code": "NOT_FOUND", "message": "The resource could not be found.", "errors": []}}


def a_rate(number: str = "rate_1", **changes):
    return {
        "id": number,
        "object": "Rate",
        "mode": "test",
        "service": "Priority",
        "carrier": "USPS",
        "rate": "8.37",
        "currency": "USD",
        "list_rate": "8.37",
        "list_currency": "USD",
        "delivery_days": 3,
        "delivery_date": None,
        "delivery_date_guaranteed": False,
        "shipment_id": "shp_1",
        "carrier_account_id": "ca_1",
        **changes,
    }


def a_shipment_answer(*rates, **changes):
    return {
        "id": "shp_1",
        "object": "Shipment",
        "mode": "test",
        "reference": None,
        "messages": [],
        "rates": list(rates or (a_rate(),)),
        "selected_rate": None,
        "postage_label": None,
        "tracking_code": None,
        "tracker": None,
        "refund_status": None,
        "order_id": None,
        "forms": [],
        "fees": [],
        **changes,
    }


def a_bought_answer(**changes):
    label = {
        "id": "pl_1",
        "created_at": "2026-11-22T12:00:00Z",
        "label_size": "4x6",
        "label_resolution": 300,
        "label_file_type": "image/png",
        "label_url": "https://files.easypost.test/label.png",
        "label_pdf_url": None,
        "label_zpl_url": None,
        "label_epl2_url": None,
        "label_file": None,
    }
    bought = {
        "tracking_code": "94001",
        "tracker": {"id": "trk_1", "public_url": "https://track.easypost.test/trk_1"},
        "selected_rate": a_rate(),
    }
    return a_shipment_answer(**{**bought, "postage_label": label | changes.pop("label", {}), **changes})


def an_order_answer(*parts, **changes):
    shared = {"id": "order_1", "object": "Order", "mode": "test", "messages": [], "rates": [a_rate()]}
    return {**shared, "shipments": list(parts), **changes}


def a_scan(at: str, status: str, detail: str | None = None, **place):
    return {
        "object": "TrackingDetail",
        "message": f"{status} at {at}",
        "status": status,
        "status_detail": detail,
        "datetime": at,
        "source": "USPS",
        "carrier_code": "",
        "tracking_location": {"city": None, "state": None, "country": None, "zip": None, **place},
    }


def a_tracker(*scans, **changes):
    return {
        "id": "trk_1",
        "object": "Tracker",
        "mode": "test",
        "tracking_code": "94001",
        "status": scans[-1]["status"] if scans else "unknown",
        "created_at": "2026-11-20T08:00:00Z",
        "updated_at": "2026-11-22T08:00:00Z",
        "signed_by": None,
        "est_delivery_date": None,
        "carrier": "USPS",
        "tracking_details": list(scans),
        "carrier_detail": None,
        **changes,
    }


def an_event(result, description: str = "tracker.updated", number: str = "evt_1"):
    return {"id": number, "object": "Event", "description": description, "mode": "test", "result": result}
