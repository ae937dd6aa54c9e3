"""Quantities, unit prices and rates: exact, at most six places; weights and lengths in g and mm."""

from collections.abc import Mapping
from decimal import (
    ROUND_CEILING,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DecimalException,
    Inexact,
    InvalidOperation,
)
from typing import Annotated

from hub.core.failures import BadInput
from hub.core.fields import Value
from hub.core.text import masked

PLACES = 6
LARGEST = 10**12
_MICRO = Decimal(1).scaleb(-PLACES)
_ONE = Decimal(1)
_FINEST_RATE = Decimal(1).scaleb(-12)
_STRICT = Context(prec=40, traps=[Inexact, InvalidOperation])
_ROUNDING = Context(prec=60, rounding=ROUND_HALF_UP)

_GRAMS = {
    "g": Decimal(1),
    "kg": Decimal(1000),
    "lb": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
    "t": Decimal(1_000_000),
    "mg": Decimal("0.001"),
}
_MILLIMETRES = {
    "mm": Decimal(1),
    "cm": Decimal(10),
    "m": Decimal(1000),
    "in": Decimal("25.4"),
    "ft": Decimal("304.8"),
}


def decimal(value: object) -> Decimal:
    """An exact number of at most six places and at most 10¹², from a Decimal, an integer or a text."""
    if not isinstance(value, Decimal):
        value = _number(value)
    if not value.is_finite():
        raise BadInput("number.not_a_number", field="", value=masked(value))
    try:
        _STRICT.quantize(value, _MICRO)
    except Inexact:
        raise BadInput("number.too_fine", field="", value=masked(value), places=PLACES) from None
    except InvalidOperation:
        raise BadInput("number.too_large", field="", value=masked(value), limit=LARGEST) from None
    if -LARGEST <= value <= LARGEST:
        return value
    raise BadInput("number.too_large", field="", value=masked(value), limit=LARGEST)


def quantity(value: object) -> Decimal:
    """How much of something there is; nothing is fine, less than nothing is not."""
    found = decimal(value)
    if found >= 0:
        return found
    raise BadInput("quantity.negative", field="", value=masked(found))


def positive_quantity(value: object) -> Decimal:
    """How much of something is wanted."""
    found = decimal(value)
    if found > 0:
        return found
    raise BadInput("quantity.not_positive", field="", value=masked(found))


def rate(value: object) -> Decimal:
    """A share of one: 0.19 for nineteen percent."""
    found = decimal(value)
    if 0 <= found <= 1:
        return found
    raise BadInput("rate.not_a_share", field="", value=masked(found))


def exchange_rate(value: object) -> Decimal:
    """How much one unit of the first currency is worth in the second; at most twelve places."""
    found = value if isinstance(value, Decimal) else _number(value)
    if not found.is_finite() or not 0 < found <= LARGEST:
        raise BadInput("rate.not_positive", field="", value=masked(found))
    return tidy(_ROUNDING.quantize(found, _FINEST_RATE))


def micro(value: Decimal) -> int:
    """As stored: whole millionths. Raises BadInput for what does not fit exactly."""
    return int(decimal(value).scaleb(PLACES))


def from_micro(millionths: int) -> Decimal:
    """What `micro` stored, without trailing zeros."""
    return tidy(Decimal(millionths).scaleb(-PLACES))


def tidy(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent."""
    whole = value.to_integral_value()
    return whole.quantize(_ONE) if whole == value else value.normalize(_ROUNDING)


def grams(amount: Decimal, unit: str) -> Decimal:
    """A weight of any unit that carriers and shops use, rounded to a millionth of a gram."""
    return _converted(amount, unit, _GRAMS)


def millimetres(amount: Decimal, unit: str) -> Decimal:
    """A length of any unit that carriers and shops use."""
    return _converted(amount, unit, _MILLIMETRES)


def in_unit(amount: Decimal, unit: str, *, step: Decimal) -> Decimal:
    """Grams or millimetres in a carrier's unit, rounded up to its step: less than there is costs extra."""
    factor = _GRAMS.get(unit) or _MILLIMETRES.get(unit)
    if factor is None:
        raise BadInput("unit.unknown", field="", value=masked(unit))
    return (amount / factor / step).to_integral_value(ROUND_CEILING) * step


def _converted(amount: Decimal, unit: str, table: Mapping[str, Decimal]) -> Decimal:
    factor = table.get(unit.strip().lower().removesuffix("s"))
    if factor is None:
        raise BadInput("unit.unknown", field="", value=masked(unit))
    return tidy(_ROUNDING.quantize(_ROUNDING.multiply(decimal(amount), factor), _MICRO))


def _number(value: object) -> Decimal:
    if isinstance(value, str | int) and not isinstance(value, bool):
        try:
            return Decimal(value)
        except DecimalException:
            pass
    raise BadInput("number.not_a_number", field="", value=masked(value))


Quantity = Annotated[Decimal, Value(quantity)]
"""Nothing or more, in the unit that stands beside it."""

PositiveQuantity = Annotated[Decimal, Value(positive_quantity)]
"""More than nothing."""

UnitPrice = Annotated[Decimal, Value(decimal)]
"""Per unit, in the currency of the document; finer than money, because only totals are rounded."""

Rate = Annotated[Decimal, Value(rate)]
"""A share of one: a tax rate of nineteen percent is 0.19."""

ExchangeRate = Annotated[Decimal, Value(exchange_rate)]
"""One unit of the first currency in the second."""

Number = Annotated[Decimal, Value(decimal)]
"""An exact decimal that is neither money nor a quantity."""
