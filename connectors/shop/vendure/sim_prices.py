"""How Vendure reckons: whole hundredths, list prices with or without tax, discounts spread over the pieces.

After `OrderLine`, `ShippingLine` and the default tax calculation of Vendure 3.7: each amount is rounded by
itself, halves upwards, and a total is the sum of rounded lines.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from hub.core.json import JSON

HALF: Final = Fraction(1, 2)
PROMOTION: Final = "PROMOTION:1"


class Adjustment(NamedTuple):
    """What lowers a list price: for a whole line, in the terms (with or without tax) of its list price."""

    source: str
    type: str
    description: str
    amount: int


@dataclass(slots=True)
class Price:
    """A list price per piece, the tax on it, and what was taken off."""

    list_price: int
    with_tax: bool
    tax: str
    percent: Decimal
    placed: int = 1
    quantity: int = 1
    adjustments: list[Adjustment] = field(default_factory=list)

    @property
    def pieces(self) -> int:
        """Adjustments were made for so many pieces."""
        return max(self.placed, self.quantity)

    def unit(self) -> tuple[int, int]:
        """One piece before discounts: net, gross."""
        return self._both(Fraction(self.list_price))

    def whole(self) -> tuple[int, int]:
        """All pieces before discounts: net, gross."""
        return self._both(Fraction(self.list_price), self.quantity)

    def reduced_unit(self) -> tuple[int, int]:
        """One piece after discounts: net, gross."""
        return self._both(self.list_price + self._off())

    def reduced(self) -> tuple[int, int]:
        """All pieces after discounts: net, gross."""
        return self._both(self.list_price + self._off(), self.quantity)

    def tax_lines(self) -> list[JSON]:
        return [{"description": self.tax, "taxRate": _number(self.percent)}]

    def discounts(self) -> list[JSON]:
        return [self._discount(one) for one in self.adjustments]

    def _discount(self, one: Adjustment) -> JSON:
        net, gross = self._both(Fraction(one.amount * self.quantity, self.pieces or 1))
        return {
            "adjustmentSource": one.source,
            "type": one.type,
            "description": one.description,
            "amount": net,
            "amountWithTax": gross,
        }

    def _off(self) -> Fraction:
        if self.quantity == 0:
            return Fraction(0)
        return sum((Fraction(one.amount, self.pieces) for one in self.adjustments), Fraction(0))

    def _both(self, price: Fraction, quantity: int = 1) -> tuple[int, int]:
        factor = 1 + Fraction(self.percent) / 100
        net, gross = (price / factor, price) if self.with_tax else (price, price * factor)
        return rounded(net * quantity), rounded(gross * quantity)


def rounded(amount: Fraction) -> int:
    return math.floor(amount + HALF)


def hundredths(amount: Decimal) -> int:
    """Major units as the default money strategy stores them, in every currency."""
    return rounded(Fraction(amount) * 100)


def tax_summary(prices: Iterable[Price]) -> list[JSON]:
    """Base and tax by name and rate."""
    sums: dict[tuple[str, Decimal], list[int]] = {}
    for price in prices:
        net, gross = price.reduced()
        row = sums.setdefault((price.tax, price.percent), [0, 0])
        row[0] += net
        row[1] += gross - net
    return [
        {"description": tax, "taxRate": _number(percent), "taxBase": base, "taxTotal": total}
        for (tax, percent), (base, total) in sums.items()
    ]


def together(parts: Sequence[Sequence[JSON]]) -> list[JSON]:
    """Discounts of all parts of an order, one row per source."""
    rows: dict[JSON, dict[str, JSON]] = {}
    for discount in (dict(one) for part in parts for one in part if isinstance(one, Mapping)):
        known = rows.setdefault(discount["adjustmentSource"], {**discount, "amount": 0, "amountWithTax": 0})
        for name in ("amount", "amountWithTax"):
            known[name] = int(str(known[name])) + int(str(discount[name]))
    return list(rows.values())


def _number(percent: Decimal) -> JSON:
    return int(percent) if percent == percent.to_integral_value() else percent
