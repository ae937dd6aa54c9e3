"""Numbers that are no money: exact, bounded, never a float."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.document import Document, read, write
from hub.core.failures import BadInput
from hub.core.units import (
    ExchangeRate,
    PositiveQuantity,
    Quantity,
    Rate,
    UnitPrice,
    from_micro,
    grams,
    in_unit,
    micro,
    millimetres,
)


class Measured(Document):
    quantity: PositiveQuantity | None = None
    left: Quantity | None = None
    price: UnitPrice | None = None
    rate: Rate | None = None
    exchange: ExchangeRate | None = None


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("quantity", 2, "2"),
        ("quantity", "0.000001", "0.000001"),
        ("quantity", Decimal("1.5"), "1.5"),
        ("quantity", 10**12, "1000000000000"),
        ("left", "0", "0"),
        ("price", "-0.0415", "-0.0415"),
        ("price", "19.99000000000", "19.99000000000"),
        ("rate", "0.19", "0.19"),
        ("rate", 1, "1"),
        ("exchange", "0.006512345678", "0.006512345678"),
        ("exchange", "100.0", "100"),
    ],
)
def test_numbers_are_kept_as_they_came(field: str, value: object, kept: str) -> None:
    measured = Measured.accept({field: value})

    assert getattr(measured, field) == Decimal(kept)
    assert write(measured) == f'{{"{field}":"{kept}"}}'.encode()
    assert read(Measured, 1, write(measured)) == measured


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("quantity", 0, "quantity.not_positive"),
        ("quantity", "-1", "quantity.not_positive"),
        ("quantity", "0.0000001", "number.too_fine"),
        ("quantity", 10**12 + 1, "number.too_large"),
        ("quantity", 1.5, "number.not_a_number"),
        ("quantity", True, "number.not_a_number"),
        ("quantity", "two", "number.not_a_number"),
        ("quantity", "NaN", "number.not_a_number"),
        ("quantity", [2], "number.not_a_number"),
        ("left", "-0.5", "quantity.negative"),
        ("price", "Infinity", "number.not_a_number"),
        ("price", "1e30", "number.too_large"),
        ("price", "1e999999", "number.too_large"),
        ("rate", 19, "rate.not_a_share"),
        ("rate", "-0.19", "rate.not_a_share"),
        ("exchange", "0", "rate.not_positive"),
        ("exchange", "Infinity", "rate.not_positive"),
    ],
)
def test_numbers_that_cannot_be_meant_are_refused(field: str, value: object, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        Measured.accept({field: value})

    assert (caught.value.code, caught.value.field) == (code, field)


@given(st.integers(-(10**18), 10**18))
def test_what_is_stored_is_exact(millionths: int) -> None:
    assert micro(from_micro(millionths)) == millionths


@pytest.mark.parametrize(("millionths", "text"), [(20_000_000, "20"), (1_500_000, "1.5"), (-1, "-0.000001"), (0, "0")])
def test_stored_numbers_come_back_without_trailing_zeros(millionths: int, text: str) -> None:
    assert format(from_micro(millionths), "f") == str(from_micro(millionths)).replace("-1E-6", "-0.000001") == text


@pytest.mark.parametrize(
    ("amount", "unit", "weight"),
    [("2", "kg", "2000"), ("1.5", "lbs", "680.388555"), ("16", "OZ", "453.59237"), ("350", "g", "350")],
)
def test_weights_become_grams(amount: str, unit: str, weight: str) -> None:
    assert grams(Decimal(amount), unit) == Decimal(weight)


def test_lengths_become_millimetres() -> None:
    assert millimetres(Decimal(12), "in") == Decimal("304.8")
    assert millimetres(Decimal(30), "cm") == Decimal(300)


def test_a_carrier_is_told_no_less_than_there_is() -> None:
    assert in_unit(Decimal(100), "oz", step=Decimal("0.1")) == Decimal("3.6")
    assert in_unit(Decimal(1000), "kg", step=Decimal("0.5")) == Decimal("1.0")
    assert in_unit(Decimal(1), "lb", step=Decimal(1)) == 1


@pytest.mark.parametrize("convert", [grams, millimetres])
def test_unknown_units_are_refused(convert: type) -> None:
    with pytest.raises(BadInput) as caught:
        convert(Decimal(1), "stone")

    assert caught.value.code == "unit.unknown"
