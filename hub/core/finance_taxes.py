"""The taxes of what a buyer pays for, as a ledger wants them: by category and rate, with who owes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from hub.core.finance_lines import FinanceTax, TaxCategory
from hub.core.money import Money
from hub.core.orders import CollectedBy, Order, TaxLine


@dataclass(frozen=True, slots=True)
class ChargedTax:
    """One tax of a charge: on top of its price (`added`) or contained in it.

    `base` is empty where it is the charge without its taxes, `rate` where nobody told it. What the channel
    collects it also pays to the state: the merchant does not owe it.
    """

    amount: Money
    added: bool
    rate: Decimal | None = None
    base: Money | None = None
    category: TaxCategory = TaxCategory.STANDARD
    jurisdiction: str | None = None
    code: str | None = None
    collected_by: CollectedBy = CollectedBy.MERCHANT

    def written(self, rate: Decimal, base: Money, amount: Money) -> FinanceTax:
        """As it stands on a document."""
        return FinanceTax(
            jurisdiction=self.jurisdiction,
            category=self.category,
            code=self.code,
            rate=rate,
            base=base,
            amount=amount,
            collected_by=self.collected_by,
        )


def taxes_of(order: Order, told: Sequence[TaxLine], *, adds: bool) -> tuple[ChargedTax, ...]:
    """What the channel tells of a line, a way of shipping or a fee; `adds`: its prices are without tax."""
    return tuple(_tax(order, tax, added=adds and not tax.included_in_price) for tax in told)


def only_rate(order: Order) -> Decimal | None:
    """The rate of an order that knows one rate alone."""
    rates = {tax.rate for tax in order.tax_summary}
    return rates.pop() if len(rates) == 1 else None


def _tax(order: Order, told: TaxLine, *, added: bool) -> ChargedTax:
    place = told.jurisdiction
    names = (place.country, place.region) if place else ()
    is_channels = CollectedBy.CHANNEL in {told.collected_by, told.remitted_by}
    return ChargedTax(
        amount=told.amount.shop,
        added=added,
        rate=told.rate,
        base=told.base.shop if told.base else None,
        category=TaxCategory.OUT_OF_SCOPE if is_channels else _category(order, told),
        jurisdiction="-".join(name for name in names if name) or None,
        code=told.rate_id,
        collected_by=CollectedBy.CHANNEL if is_channels else CollectedBy.MERCHANT,
    )


def _category(order: Order, told: TaxLine) -> TaxCategory:
    if told.rate or told.amount.shop:
        return TaxCategory.STANDARD
    return TaxCategory.EXEMPT if order.tax_exempt else TaxCategory.ZERO
