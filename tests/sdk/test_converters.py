from datetime import date
from decimal import Decimal

import pytest

from hub.core.failures import BadInput
from hub.core.money import Money
from hub.core.times import iso, unix
from hub.sdk.converters import CONVERTERS, MONEY


def converted(name: str, value: object) -> object:
    named, _, argument = name.partition(":")
    return CONVERTERS[named].make(argument)(value)  # type: ignore[arg-type]  # foreign values of all sorts


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("text", "  Straße ", "Straße"),
        ("text", 7, "7"),
        ("text", Decimal("1.50"), "1.50"),
        ("text", " ", None),
        ("lower", "PAID ", "paid"),
        ("lower", "", None),
        ("upper", "de", "DE"),
        ("sku", " a \u3000 b ", "a b"),
        ("sku", "", None),
        ("integer", "12", 12),
        ("integer", Decimal("12.0"), 12),
        ("integer", "", None),
        ("decimal", "1.250000", Decimal("1.250000")),
        ("decimal", 3, Decimal(3)),
        ("quantity", "0", Decimal(0)),
        ("rate", "0.19", Decimal("0.19")),
        ("percent", "19", Decimal("0.19")),
        ("percent", Decimal("7.7"), Decimal("0.077")),
        ("percent", 0, Decimal(0)),
        ("bool", True, True),
        ("bool", "Yes", True),
        ("bool", 0, False),
        ("bool", "", None),
        ("country", "de", "DE"),
        ("country", "", None),
        ("currency", "eur", "EUR"),
        ("datetime", "2026-11-22T10:00:00Z", iso("2026-11-22T10:00:00Z")),
        ("datetime", "", None),
        ("date", "2026-11-22", date(2026, 11, 22)),
        ("date", " ", None),
        ("unix", 1_795_000_000, unix(1_795_000_000)),
        ("unix", 0, None),
        ("unix_ms", "1795000000123", unix(1_795_000_000_123, per_second=1000)),
        ("mail_date", "", None),
        ("grams", "1.5", Decimal("1.5")),
        ("grams:kg", "1.5", Decimal("1.5E+3")),
        ("grams:oz", 1, Decimal("28.349523")),
        ("millimetres:in", 1, Decimal("25.4")),
        ("amount", "12.50 EUR", "12.50"),
        ("minor", "12.50 EUR", 1250),
        ("minor", "1250 JPY", 1250),
    ],
)
def test_a_value_is_converted(name, value, found):
    assert converted(name, value) == found


def test_a_time_without_zone_belongs_to_the_named_place():
    assert str(converted("datetime:Asia/Shanghai", "2026-11-22 18:00:00")).startswith("2026-11-22T10:00:00+00:00")
    assert str(converted("datetime", "2026-11-22 18:00:00")) == "- unknown - 2026-11-22 18:00:00"


def test_a_mail_date_is_read():
    found = converted("mail_date", "Tue, 20 Nov 2012 00:00:00 +0000")

    assert str(found).startswith("2012-11-20T00:00:00+00:00")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("text", True, "text.not_a_text"),
        ("text", {}, "text.not_a_text"),
        ("sku", "a\x07b", "sku.control_character"),
        ("integer", "1.5", "number.not_whole"),
        ("decimal", "1.0000001", "number.too_fine"),
        ("decimal", "one", "number.not_a_number"),
        ("decimal", [], "number.not_a_number"),
        ("decimal", True, "number.not_a_number"),
        ("decimal", 10**12 + 1, "number.too_large"),
        ("quantity", "-1", "quantity.negative"),
        ("rate", "19", "rate.not_a_share"),
        ("percent", "119", "rate.not_a_share"),
        ("bool", "maybe", "boolean.neither"),
        ("bool", 2, "boolean.neither"),
        ("country", "DEU", "country.no_code"),
        ("country", "d1", "country.no_code"),
        ("currency", "XXQ", "money.unknown_currency"),
        ("datetime", "22.11.2026", "time.not_a_time"),
        ("datetime", "0001-01-01T00:00:00Z", "time.implausible"),
        ("datetime:Europe/Berlin", "2026-03-29 02:30:00", "time.in_gap"),
        ("date", "22.11.2026", "time.not_a_day"),
        ("unix", "soon", "time.not_a_time"),
        ("unix", 99_999_999_999, "time.implausible"),
        ("unix", 10**30, "time.not_a_time"),
    ],
)
def test_a_value_that_cannot_be_converted_is_refused(name, value, code):
    with pytest.raises(BadInput) as refused:
        converted(name, value)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("name", "value", "currency", "minor"),
    [
        ("money", "12.50", "EUR", 1250),
        ("money", Decimal("12.5"), "EUR", 1250),
        ("money", 12, "JPY", 12),
        ("money", "-0.500", "KWD", -500),
        ("money_minor", 1250, "EUR", 1250),
        ("money_minor", "1250", "JPY", 1250),
    ],
)
def test_money_is_read_in_its_currency(name, value, currency, minor):
    assert MONEY[name](value, currency) == Money(minor, currency)


@pytest.mark.parametrize("name", ["money", "money_minor"])
def test_no_amount_is_no_money(name):
    assert MONEY[name](" ", "EUR") is None


@pytest.mark.parametrize(
    ("name", "value", "currency", "code"),
    [
        ("money", "10.5", "JPY", "money.too_fine"),
        ("money", "x", "EUR", "money.not_an_amount"),
        ("money", {}, "EUR", "number.not_a_number"),
        ("money_minor", "12.5", "EUR", "number.not_whole"),
        ("money", "1", "XYZ", "money.unknown_currency"),
    ],
)
def test_money_that_cannot_be_is_refused(name, value, currency, code):
    with pytest.raises(BadInput) as refused:
        MONEY[name](value, currency)

    assert refused.value.code == code
