"""What one document takes of a charge when goods leave in parts: what is owed after it less what was before.

So each amount is rounded once, and all parts add up to the whole. Taxes and discounts follow the price of
their charge, payments follow what it costs: nobody taxes or pays a cent that is not charged.
"""

from decimal import Decimal
from operator import sub
from typing import NamedTuple

from hub.core.finance_charges import Charge
from hub.core.finance_lines import FinanceDiscount, FinanceTax
from hub.core.money import Money
from hub.core.units import from_micro, micro


class Portion(NamedTuple):
    """How much of an order line is invoiced, in millionths of the item's base unit.

    `of` is the quantity that the line's total pays for: what is cancelled of it is never invoiced.
    """

    before: int
    now: int
    of: int


class Payable(NamedTuple):
    """A charge, what of it is paid, and what of that by gift card."""

    charge: Charge
    paid: Money
    gift_card: Money


class _Owed(NamedTuple):
    """What is owed of a charge once so much of it has left, in minor units; `net` is without any tax."""

    net: int
    paid: int
    gift_card: int
    taxes: tuple[int, ...]
    bases: tuple[int, ...]
    discounts: tuple[int, ...]

    def less(self, before: "_Owed") -> "_Owed":
        return _Owed(
            net=self.net - before.net,
            paid=self.paid - before.paid,
            gift_card=self.gift_card - before.gift_card,
            taxes=tuple(map(sub, self.taxes, before.taxes)),
            bases=tuple(map(sub, self.bases, before.bases)),
            discounts=tuple(map(sub, self.discounts, before.discounts)),
        )


def _owed(payable: Payable, left: int, of: int) -> _Owed:
    charge, paid, card = payable
    price = upto(charge.price.minor, left, of)
    here = (price, charge.price.minor) if charge.price else (left, of)
    taxes = tuple(upto(tax.amount.minor, *here) for tax in charge.taxes)
    net = price - sum(amount for tax, amount in zip(charge.taxes, taxes, strict=True) if not tax.added)
    bases = (charge.base(tax) for tax in charge.taxes)
    paid_for = (net + sum(taxes), charge.gross.minor)
    return _Owed(
        net=net,
        paid=upto(paid.minor, *paid_for),
        gift_card=upto(card.minor, *paid_for),
        taxes=taxes,
        bases=tuple(net if base == charge.net else upto(base.minor, *here) for base in bases),
        discounts=tuple(upto(part.amount.minor, *here) if part.amount else 0 for part in charge.discounts),
    )


def upto(whole: int, until: int, of: int) -> int:
    """This share of a whole, rounded half up and away from zero."""
    if not of:
        return 0
    rounded = (2 * abs(whole * until) + abs(of)) // (2 * abs(of))
    return rounded if whole * until * of >= 0 else -rounded


class Part(NamedTuple):
    """What one invoice takes of a charge."""

    charge: Charge
    portion: Portion
    now: _Owed

    @property
    def quantity(self) -> Decimal:
        """In the channel's unit."""
        if self.charge.line is None:
            return Decimal(1)
        before, now, of = self.portion
        whole = micro(self.charge.line.quantity)
        return from_micro(upto(whole, before + now, of) - upto(whole, before, of))

    @property
    def taxes(self) -> tuple[FinanceTax, ...]:
        currency = self.charge.price.currency
        told = zip(self.charge.taxes, self.now.bases, self.now.taxes, strict=True)
        return tuple(
            tax.written(self.charge.rate(tax), Money(base, currency), Money(amount, currency))
            for tax, base, amount in told
        )

    @property
    def discounts(self) -> tuple[FinanceDiscount, ...]:
        given = zip(self.charge.discounts, self.now.discounts, strict=True)
        currency = self.charge.price.currency
        return tuple(
            discount.model_copy(update={"amount": Money(amount, currency)}) for discount, amount in given if amount
        )


def part_of(payable: Payable, portion: Portion) -> Part:
    before, now, of = portion
    return Part(payable.charge, portion, _owed(payable, before + now, of).less(_owed(payable, before, of)))
