"""What a new shop is given through its own admin API: places, taxes, shipping, payment, goods."""

from dataclasses import dataclass

from tests.e2e.vendure.session import REFUSAL, Found, Session

COUNTRIES = {"DE": "Germany", "FR": "France", "GB": "United Kingdom"}


@dataclass(frozen=True)
class Goods:
    sku: str
    name: str
    price: int
    """Cents without tax."""
    stock: int
    tax: str = "standard"


GOODS = (
    Goods("TEA-GREEN-100", "Green tea 100 g", 750, 40, tax="reduced"),
    Goods("TEA-BLACK-100", "Black tea 100 g", 690, 25, tax="reduced"),
    Goods("MUG-BLUE", "Mug, blue", 1200, 50),
    Goods("MUG-RED", "Mug, red", 1200, 3),
    Goods("KETTLE-1L", "Kettle 1 l", 3999, 5),
    Goods("GIFT-WRAP-Ü", "Gift wrap “ünïcode” & <more>", 199, 100),
)
"""Mugs in red and kettles are few, tea is taxed at 7 %, the rest at 19 %."""


def seed(staff: Session) -> None:
    zone = _europe(staff)
    taxes = {name: _tax(staff, zone, name, percent) for name, percent in (("standard", 19), ("reduced", 7))}
    _channel(staff, zone)
    _shipping(staff)
    _payment(staff)
    for goods in GOODS:
        _goods(staff, goods, taxes[goods.tax])


def _create(staff: Session, kind: str, **fields: object) -> str:
    made = staff.ask(f"mutation ($new: Create{kind}Input!) {{ create{kind}(input: $new) {{ id }} }}", new=fields)
    return str(made["id"])


def _english(**texts: str) -> list[Found]:
    return [{"languageCode": "en", **texts}]


def _europe(staff: Session) -> str:
    countries = [
        _create(staff, "Country", code=code, enabled=True, translations=_english(name=name))
        for code, name in COUNTRIES.items()
    ]
    return _create(staff, "Zone", name="Europe", memberIds=countries)


def _tax(staff: Session, zone: str, name: str, percent: int) -> str:
    category = _create(staff, "TaxCategory", name=name, isDefault=name == "standard")
    _create(staff, "TaxRate", name=f"VAT {percent}", enabled=True, value=percent, categoryId=category, zoneId=zone)
    return category


def _channel(staff: Session, zone: str) -> None:
    staff.ask(
        f"mutation ($new: UpdateChannelInput!) {{ updateChannel(input: $new) {{ {REFUSAL} }} }}",
        new={
            "id": staff.ask("{ activeChannel { id } }")["id"],
            "defaultCurrencyCode": "EUR",
            "availableCurrencyCodes": ["EUR"],
            "defaultTaxZoneId": zone,
            "defaultShippingZoneId": zone,
            "pricesIncludeTax": False,
            "trackInventory": True,
            "outOfStockThreshold": 0,
        },
    )


def _shipping(staff: Session) -> None:
    rate = {"rate": "500", "includesTax": "auto", "taxRate": "19"}
    _create(
        staff,
        "ShippingMethod",
        code="standard",
        fulfillmentHandler="manual-fulfillment",
        checker={
            "code": "default-shipping-eligibility-checker",
            "arguments": [{"name": "orderMinimum", "value": "0"}],
        },
        calculator={
            "code": "default-shipping-calculator",
            "arguments": [{"name": name, "value": value} for name, value in rate.items()],
        },
        translations=_english(name="Standard parcel", description=""),
    )


def _payment(staff: Session) -> None:
    _create(
        staff,
        "PaymentMethod",
        code="card",
        enabled=True,
        handler={
            "code": "dummy-payment-handler",
            "arguments": [{"name": "automaticSettle", "value": "true"}],
        },
        translations=_english(name="Card", description=""),
    )


def _goods(staff: Session, goods: Goods, tax: str) -> None:
    texts = _english(name=goods.name, slug=goods.sku.lower(), description="")
    product = _create(staff, "Product", enabled=True, translations=texts)
    staff.ask(
        "mutation ($new: [CreateProductVariantInput!]!) { createProductVariants(input: $new) { id } }",
        new=[
            {
                "productId": product,
                "sku": goods.sku,
                "price": goods.price,
                "stockOnHand": goods.stock,
                "trackInventory": "TRUE",
                "taxCategoryId": tax,
                "translations": _english(name=goods.name),
            }
        ],
    )
