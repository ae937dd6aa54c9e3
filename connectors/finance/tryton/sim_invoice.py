"""An invoice in the simulated ledger: what Tryton computes by itself, and how it numbers."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from connectors.finance.tryton.sim_records import Row, day_of, number
from hub.core.currencies import PLACES
from hub.core.money import Money


class Line(NamedTuple):
    """So much of something for a price without tax."""

    quantity: Decimal
    price: Decimal
    taxes: tuple[int, ...]

    @property
    def amount(self) -> Decimal:
        """Before it is rounded."""
        return self.quantity * self.price


@dataclass
class Invoice:
    """What is written on it, its state, and once it is posted its number. `rates` are those of all taxes."""

    id: int
    currency: str
    written: Row
    rates: Mapping[int, Decimal]
    lines: list[Line] = field(default_factory=list)
    state: str = "draft"
    number: str | None = None

    @property
    def reference(self) -> str:
        return str(self.written.get("reference"))

    @property
    def name(self) -> str:
        """As refusals call it."""
        return " ".join(part for part in (self.number, f"[{self.reference}]") if part)

    @property
    def untaxed(self) -> Decimal:
        return sum((self._rounded(line.amount) for line in self.lines), self._rounded(Decimal(0)))

    @property
    def tax(self) -> Decimal:
        """Rounded once for all lines with the same taxes and sign, half to even."""
        groups: dict[tuple[tuple[int, ...], bool], Decimal] = defaultdict(Decimal)
        for line in self.lines:
            rate = sum((self.rates[tax] for tax in line.taxes), Decimal(0))
            groups[line.taxes, line.amount >= 0] += line.amount * rate
        return sum(map(self._rounded, groups.values()), self._rounded(Decimal(0)))

    @property
    def total(self) -> Money:
        return Money.of(self.untaxed + self.tax, self.currency)

    @property
    def is_credit(self) -> bool:
        """With one amount above zero it is numbered as an invoice, even if it gives money back."""
        return all(line.amount <= 0 for line in self.lines) and self.total.minor < 0

    def day(self, name: str) -> date | None:
        """One of its dates."""
        said = self.written.get(name)
        return None if said is None else day_of(said)

    def shown(self) -> Row:
        """The record, with what the ledger computes."""
        due = self.total.amount if self.state == "posted" else Decimal(0)
        return {
            **self.written,
            "id": self.id,
            "state": self.state,
            "number": self.number,
            "untaxed_amount": number(self.untaxed),
            "tax_amount": number(self.tax),
            "total_amount": number(self.total.amount),
            "amount_to_pay": number(due),
        }

    def _rounded(self, amount: Decimal) -> Decimal:
        return amount.quantize(Decimal(1).scaleb(-PLACES[self.currency]), ROUND_HALF_EVEN)
