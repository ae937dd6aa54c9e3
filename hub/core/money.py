"""Money that is exact: whole minor units of one currency, so that parts always add up to their sum."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException, Inexact, InvalidOperation
from math import lcm
from typing import Annotated, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema

from hub.core.currencies import PLACES
from hub.core.failures import BadInput
from hub.core.fields import Value
from hub.core.text import masked
from hub.core.units import exchange_rate

LARGEST = 10**12
"""No amount on the wire is larger, be it written in major or in minor units."""

_STRICT = Context(prec=40, traps=[Inexact, InvalidOperation])
_ROUNDING = Context(prec=60, rounding=ROUND_HALF_UP)
_STEP = {places: Decimal(1).scaleb(-places) for places in set(PLACES.values())}
_UNIT = Decimal(1)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole minor units, written `"12.50 EUR"`; two currencies never meet."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal | str | int, currency: str, *, field: str = "") -> Self:
        """Read a major amount. Raises BadInput for an unknown currency and an amount it cannot have."""
        places = _places(currency, field)
        try:
            units = int(_STRICT.quantize(Decimal(amount), _STEP[places]).scaleb(places))
        except Inexact:
            raise BadInput("money.too_fine", field=field, value=masked(amount), currency=currency) from None
        except (DecimalException, ValueError):
            raise BadInput("money.not_an_amount", field=field, value=masked(amount)) from None
        return cls(_bounded(units, LARGEST * 10**places, field), currency)

    @classmethod
    def of_minor(cls, minor: int, currency: str, *, field: str = "") -> Self:
        """Read minor units as a platform counts them: cents, fen, yen."""
        _places(currency, field)
        return cls(_bounded(minor, LARGEST, field), currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str) -> Self:
        """The nearest amount of money, half up and away from zero."""
        places = _places(currency, "")
        return cls(int(_ROUNDING.quantize(amount, _STEP[places]).scaleb(places)), currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls.of_minor(0, currency)

    @classmethod
    def total(cls, amounts: Iterable["Money"], currency: str) -> "Money":
        """The sum, zero of `currency` for no amounts at all."""
        return sum(amounts, start=cls.zero(currency))

    @classmethod
    def read(cls, value: object) -> "Money":
        """Money as itself or from its text form."""
        if isinstance(value, Money):
            return value
        if not isinstance(value, str):
            raise BadInput("money.not_an_amount", field="", value=masked(value))
        amount, _, currency = value.partition(" ")
        return cls.of(amount, currency)

    @property
    def amount(self) -> Decimal:
        """In major units, with as many places as the currency has."""
        return Decimal(self.minor).scaleb(-PLACES[self.currency])

    def times(self, factor: Decimal | int) -> "Money":
        """Rounded half up, away from zero."""
        return Money(int(_ROUNDING.quantize(_ROUNDING.multiply(Decimal(self.minor), factor), _UNIT)), self.currency)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def __bool__(self) -> bool:
        return self.minor != 0

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.minor), self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._alike(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._alike(other), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._alike(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._alike(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._alike(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._alike(other)

    def _alike(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise BadInput("money.two_currencies", field="", value=f"{self.currency}, {other.currency}")
        return other.minor

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return Value(cls.read).schema()


@dataclass(frozen=True, slots=True)
class DualMoney:
    """One amount as the shop counts it and, where told, as the buyer saw it and as it was paid out.

    `rate` is the platform's own: presentment = shop × rate. In JSON the shop's amount alone is a plain text.
    """

    shop: Money
    presentment: Money | None = None
    settlement: Money | None = None
    rate: Decimal | None = None

    @classmethod
    def of(cls, amount: Decimal | str | int, currency: str) -> Self:
        return cls(Money.of(amount, currency))

    @classmethod
    def read(cls, value: object) -> "DualMoney":
        """From itself, from plain money, or from the JSON form of either."""
        if isinstance(value, DualMoney):
            return value
        if not isinstance(value, dict):
            return cls(Money.read(value))
        if not {"shop"} <= value.keys() <= {"shop", "presentment", "settlement", "rate"}:
            raise BadInput("money.not_an_amount", field="", value=masked(", ".join(map(str, value))))
        money = {name: Money.read(part) for name, part in value.items() if name != "rate" and part is not None}
        return cls(**money, rate=_rate(value.get("rate")))

    def written(self) -> str | dict[str, str]:
        if self.presentment is None and self.settlement is None and self.rate is None:
            return str(self.shop)
        parts = {"shop": self.shop, "presentment": self.presentment, "settlement": self.settlement}
        said = {name: str(part) for name, part in parts.items() if part is not None}
        return said if self.rate is None else {**said, "rate": str(self.rate)}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return Value(cls.read, cls.written).schema()


def currency_code(value: object) -> str:
    """An ISO 4217 code that is money."""
    if isinstance(value, str):
        _places(value, "")
        return value
    raise BadInput("money.unknown_currency", field="", value=masked(value))


Currency = Annotated[str, Value(currency_code)]
"""ISO 4217."""


def share(whole: Money, weights: Sequence[Decimal | int]) -> tuple[Money, ...]:
    """Deal money by weight so that the parts add up exactly: largest remainder, ties to the earlier part.

    A negative amount is dealt like its absolute value; where all weights are zero every part weighs the same.
    """
    if not weights:
        raise BadInput("money.no_parts", field="weights")
    if any(weight < 0 for weight in weights):
        raise BadInput("money.negative_weight", field="weights")
    parts = _dealt(abs(whole.minor), weights if any(weights) else [1] * len(weights))
    sign = -1 if whole.minor < 0 else 1
    return tuple(Money(sign * part, whole.currency) for part in parts)


def within_rounding(difference: Money, lines: int) -> bool:
    """Small enough to be rounding: one minor unit per line, at most five."""
    return abs(difference.minor) <= min(max(lines, 1), MOST_ROUNDING)


MOST_ROUNDING = 5


def _places(currency: str, field: str) -> int:
    try:
        return PLACES[currency]
    except KeyError:
        raise BadInput("money.unknown_currency", field=field, value=masked(currency)) from None


def _bounded(minor: int, largest: int, field: str) -> int:
    if -largest <= minor <= largest:
        return minor
    raise BadInput("money.too_large", field=field, value=masked(minor))


def _rate(value: object) -> Decimal | None:
    return None if value is None else exchange_rate(value)


def _dealt(whole: int, weights: Sequence[Decimal | int]) -> list[int]:
    shares = _whole_numbers(weights)
    every = sum(shares)
    parts = [whole * share // every for share in shares]
    missing = whole - sum(parts)
    by_remainder = sorted(range(len(shares)), key=lambda at: -(whole * shares[at] % every))
    for at in by_remainder[:missing]:
        parts[at] += 1
    return parts


def _whole_numbers(weights: Sequence[Decimal | int]) -> list[int]:
    """The same proportions without fractions, so that nothing is rounded on the way."""
    ratios = [Decimal(weight).as_integer_ratio() for weight in weights]
    common = lcm(*(below for _, below in ratios))
    return [above * (common // below) for above, below in ratios]
