"""What the hub wants carried, in the words of EasyPost: ounces, inches, money as text. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Final

from connectors.logistics.easypost.translate import Consignment
from hub.core.failures import Rejected
from hub.core.json import JSON
from hub.core.money import Money
from hub.core.people import Address, TaxId, TaxOwner
from hub.core.shipping import (
    Customs,
    CustomsContents,
    CustomsItem,
    LabelFormat,
    Options,
    Parcel,
    RateOffer,
    RateQuote,
    ShipmentRequest,
    Signature,
)
from hub.core.units import in_unit, tidy

OUNCE_STEP: Final = Decimal("0.1")
INCH_STEP: Final = Decimal("0.01")
INSURED_IN: Final = "USD"
NO_EXPORT_FILING: Final = "NOEEI 30.37(a)"
"""What the United States ask of goods that need no export filing (each kind worth at most 2,500 dollars)."""

FORMATS: Final[Mapping[LabelFormat, str]] = {
    LabelFormat.PDF: "PDF",
    LabelFormat.PNG: "PNG",
    LabelFormat.ZPL: "ZPL",
    LabelFormat.EPL: "EPL2",
}

SIGNATURES: Final[Mapping[Signature, str]] = {
    Signature.ANY: "SIGNATURE",
    Signature.ADDRESSEE: "SIGNATURE_RESTRICTED",
    Signature.ADULT: "ADULT_SIGNATURE",
}

CONTENTS: Final[Mapping[CustomsContents, str]] = {
    CustomsContents.MERCHANDISE: "merchandise",
    CustomsContents.GIFT: "gift",
    CustomsContents.SAMPLE: "sample",
    CustomsContents.RETURN: "returned_goods",
    CustomsContents.DOCUMENTS: "documents",
    CustomsContents.OTHER: "other",
}

PERSONAL: Final = (
    *("name", "first_name", "last_name", "company", "email", "phone"),
    *("line1", "line2", "line3", "line4", "street_name", "city", "postal_code"),
)
COMMON: Final = frozenset(
    {"apt", "avenue", "box", "city", "floor", "north", "road", "south", "street", "suite", "unit"}
)
"""Words of addresses that name nobody, and that refusals are hard to understand without."""

_WORD: Final = re.compile(r"\w{3,}")


def kind_of(request: ShipmentRequest) -> Consignment:
    """Several parcels are an order."""
    return Consignment.ORDER if len(request.parcels) > 1 else Consignment.SHIPMENT


def consignment(request: ShipmentRequest, reference: str, accounts: Sequence[str]) -> JSON:
    """The shipment or order to enter. Raises Rejected for a wish that EasyPost cannot be told."""
    wanted = (request.carrier_account,) if request.carrier_account else tuple(accounts)
    shared: dict[str, JSON] = {
        "reference": reference,
        "to_address": _address(request.recipient, request.options.hold_at),
        "from_address": _address(request.sender),
        "return_address": _address(request.return_to) if request.return_to else None,
        "carrier_accounts": list(wanted) or None,
    }
    if kind_of(request) is Consignment.SHIPMENT:
        return _said({**shared, **_carried(request, request.parcels[0])})
    if request.customs is not None or _insurance(request) is not None:
        raise Rejected("carrier.not_offered", detail="customs or insurance of several parcels at once")
    parcels: list[JSON] = [
        _said({**_carried(request, parcel), "reference": f"{reference}_P{number}"})
        for number, parcel in enumerate(request.parcels, start=1)
    ]
    return _said({**shared, "shipments": parcels})


def purchase(offer: RateOffer, request: ShipmentRequest) -> JSON:
    """What is bought: a shipment at the id of a rate; an order has no other way than carrier and service."""
    if kind_of(request) is Consignment.ORDER:
        return {"carrier": offer.carrier, "service": offer.service}
    return _said({"rate": {"id": offer.id}, "insurance": _insurance(request)})


def cheapest(quote: RateQuote, request: ShipmentRequest) -> RateOffer:
    """The best of the offers that fit the wishes for account and service: by price, then by days.

    Raises Rejected with what the carriers said.
    """
    fitting = [
        offer
        for offer in quote.rates
        if request.carrier_account in {None, offer.account} and request.carrier_service in {None, offer.service}
    ]
    if not fitting:
        said = "; ".join(failure.message for failure in quote.failures[:3])
        raise Rejected("carrier.no_rates", detail=said)
    if len({offer.total.currency for offer in fitting}) > 1:
        raise Rejected("carrier.two_currencies", detail="")
    return min(fitting, key=_cost)


def hiding(request: ShipmentRequest) -> Callable[[str], str]:
    """Takes the names, streets, towns and numbers of a shipment out of a carrier's words."""
    people = (request.sender, request.recipient, *filter(None, (request.return_to,)))
    said = {str(value) for person in people for name in PERSONAL if (value := getattr(person, name))}
    words = said | {word for whole in said for word in _WORD.findall(whole) if word.lower() not in COMMON}
    if not words:
        return str
    found = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    pattern = re.compile(rf"(?<!\w)(?:{found})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub("…", text)


def _cost(offer: RateOffer) -> tuple[int, int, str]:
    days = 99 if offer.delivery_days is None else offer.delivery_days
    return offer.total.minor, days, offer.id or ""


def _carried(request: ShipmentRequest, parcel: Parcel) -> dict[str, JSON]:
    return {
        "parcel": _parcel(parcel),
        "options": _options(request),
        "customs_info": _customs(request.customs, request.sender) if request.customs else None,
        "tax_identifiers": [_tax_id(found) for found in _tax_ids(request)] or None,
    }


def _address(address: Address, facility: str | None = None) -> JSON:
    """Two lines of street is all there is: the further ones share the second."""
    street = " ".join(str(part) for part in (address.street_name, address.house_number) if part)
    further = ", ".join(str(line) for line in (address.line2, address.line3, address.line4) if line)
    names = " ".join(str(part) for part in (address.first_name, address.last_name) if part)
    return _said(
        {
            "name": str(address.name or names) or None,
            "company": _word(address.company),
            "street1": str(address.line1 or street) or None,
            "street2": further or None,
            "city": _word(address.city),
            "state": address.province_code or _word(address.province),
            "zip": _word(address.postal_code),
            "country": address.country,
            "phone": _word(address.phone),
            "email": _word(address.email),
            "residential": address.residential,
            "carrier_facility": facility,
        }
    )


def _parcel(parcel: Parcel) -> JSON:
    sizes = {"length": "length_mm", "width": "width_mm", "height": "height_mm"}
    measures: dict[str, JSON] = (
        {name: _inches(getattr(parcel.size, ours)) for name, ours in sizes.items()} if parcel.size else {}
    )
    return _said({**measures, "weight": _ounces(parcel.weight_g), "predefined_package": parcel.packaging})


def _options(request: ShipmentRequest) -> JSON:
    drawn, customs = request.label, request.customs
    return _said(
        {
            "label_format": FORMATS[drawn.format],
            "label_size": drawn.size,
            "postage_label_inline": True,
            "print_custom_1": request.reference,
            "label_date": f"{request.ship_date.isoformat()}T12:00:00Z" if request.ship_date else None,
            "incoterm": customs.incoterm if customs else None,
            "invoice_number": customs.invoice_number if customs else None,
            **_wishes(request.options),
        }
    )


def _wishes(wishes: Options) -> dict[str, JSON]:
    collected = wishes.cash_on_delivery
    return {
        "delivery_confirmation": SIGNATURES.get(wishes.signature),
        "saturday_delivery": wishes.saturday or None,
        "cod_amount": _amount(collected) if collected else None,
        "hold_for_pickup": True if wishes.hold_at else None,
        "hazmat": wishes.dangerous_goods,
    }


def _customs(customs: Customs, sender: Address) -> JSON:
    filing = customs.export_declaration or (NO_EXPORT_FILING if sender.country == "US" else None)
    other = customs.contents is CustomsContents.OTHER
    return _said(
        {
            "contents_type": CONTENTS[customs.contents],
            "contents_explanation": ", ".join(item.description for item in customs.items) if other else None,
            "customs_certify": True,
            "customs_signer": _word(sender.name) or _word(sender.company),
            "eel_pfc": filing,
            "non_delivery_option": "return",
            "restriction_type": "none",
            "customs_items": [_customs_item(item) for item in customs.items],
        }
    )


def _customs_item(item: CustomsItem) -> JSON:
    """Value and weight are of the whole quantity there too; pieces are counted whole."""
    return _said(
        {
            "description": item.description,
            "quantity": int(item.quantity.to_integral_value(ROUND_CEILING)),
            "value": _amount(item.value),
            "currency": item.value.currency,
            "weight": _ounces(item.weight_g),
            "hs_tariff_number": item.hs_code,
            "origin_country": item.origin_country,
            "code": item.sku,
        }
    )


def _tax_ids(request: ShipmentRequest) -> tuple[TaxId, ...]:
    return request.customs.tax_ids if request.customs else ()


def _tax_id(found: TaxId) -> JSON:
    return _said(
        {
            "entity": "RECEIVER" if found.owner is TaxOwner.BUYER else "SENDER",
            "tax_id": _word(found.value),
            "tax_id_type": found.scheme.upper(),
            "issuing_country": found.country,
        }
    )


def _insurance(request: ShipmentRequest) -> str | None:
    """EasyPost insures in dollars of the United States only."""
    insured = request.options.insurance or next(filter(None, (p.insured_value for p in request.parcels)), None)
    if insured is None:
        return None
    if insured.currency != INSURED_IN:
        raise Rejected("carrier.not_offered", detail=f"insurance in {insured.currency}")
    return _amount(insured)


def _ounces(grams: Decimal) -> Decimal:
    return tidy(in_unit(grams, "oz", step=OUNCE_STEP))


def _inches(millimetres: Decimal) -> Decimal:
    return tidy(in_unit(millimetres, "in", step=INCH_STEP))


def _amount(money: Money) -> str:
    return f"{money.amount:f}"


def _word(value: object) -> str | None:
    return str(value) or None if value is not None else None


def _said(fields: Mapping[str, JSON]) -> dict[str, JSON]:
    """Without what nobody said: EasyPost takes `null` for a value."""
    return {name: value for name, value in fields.items() if value is not None}
