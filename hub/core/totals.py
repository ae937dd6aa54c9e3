"""Whether the parts of an order add up to what the channel says, by the sum rule of its platform.

The channel's total is the truth. A difference that rounding explains becomes a rounding line with its origin;
one that it does not holds the order and shows the difference.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from hub.core.document import Violation
from hub.core.finance import FinanceDocument
from hub.core.money import DualMoney, Money, within_rounding
from hub.core.orders import (
    Fee,
    FeeKind,
    Line,
    LineRole,
    Order,
    PaymentKind,
    PaymentOutcome,
    Quantities,
    ShippingLine,
)


class SumRule(StrEnum):
    """How a platform adds up an order; a connector declares it.

    *Tax*: already in lines, shipping and fees; to be added to them; or as the order's `prices_include_tax`
    says. *Discounts*: already taken off the line totals; or apart, in `totals.items_discount` and
    `.shipping_discount`. Gift cards, credit and points are payments: a connector adds back what its
    platform took off the total for them.
    """

    TAX_INCLUDED = "tax_included"
    TAX_ADDED = "tax_added"
    TAX_AS_STATED = "tax_as_stated"
    TAX_INCLUDED_DISCOUNTS_APART = "tax_included_discounts_apart"
    TAX_ADDED_DISCOUNTS_APART = "tax_added_discounts_apart"
    TAX_AS_STATED_DISCOUNTS_APART = "tax_as_stated_discounts_apart"

    def adds_tax(self, order: Order) -> bool:
        if self.startswith("tax_as_stated"):
            return not order.prices_include_tax
        return self.startswith("tax_added")

    @property
    def discounts_apart(self) -> bool:
        return self.endswith("discounts_apart")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of totals found: nothing, a rounding to book, or a difference that nobody can explain.

    `difference` is the stated total less the sum of the parts; `origin` says where a rounding arose.
    """

    difference: Money
    rounding: Money | None
    origin: str

    @property
    def unexplained(self) -> bool:
        return bool(self.difference) and self.rounding is None


def check_totals(order: Order, rule: SumRule, *, origin: str = "channel") -> Checked:
    """Compare the parts with the stated total: as the shop counts, and as the buyer saw it where told."""
    lines = sum(line.carries_money for line in order.lines)
    found = {name: _difference(order, rule, side) for name, side in _SIDES.items()}
    for name, difference in found.items():
        if difference and not within_rounding(difference, lines):
            return Checked(difference, None, f"{origin}:{rule}:{name}")
    shop = found["shop"] or Money.zero(order.currency)
    return Checked(shop, shop or None, f"{origin}:{rule}")


def check_ledger(document: FinanceDocument, ledger_total: Money, *, origin: str = "ledger") -> Checked:
    """Compare our gross with that of a ledger that computes for itself; the ledger lacks the difference."""
    difference = document.totals.gross - ledger_total
    rounding = difference if difference and within_rounding(difference, len(document.lines)) else None
    return Checked(difference, rounding, origin)


def violations(order: Order) -> tuple[Violation, ...]:
    """What does not hold in an order beside its total; none of it keeps the order out."""
    return tuple(found for rule in RULES for found in rule(order))


def allocations_make_discounts(order: Order) -> Iterator[Violation]:
    """What was spread over lines is what its payers gave, and belongs to a discount of this order."""
    spread: dict[str, list[DualMoney]] = defaultdict(list)
    parts: list[Line | ShippingLine] = [*order.lines, *order.shipping_lines]
    for part in parts:
        for allocation in part.discount_allocations:
            spread[allocation.application_id].append(allocation.amount)
    rule = "allocations_make_discounts"
    for application in order.discount_applications:
        given = _shop_total(order, spread.pop(application.id, []))
        funded = _shop_total(order, (funding.amount for funding in application.funder_split))
        if application.funder_split and given != funded:
            yield Violation(rule, f"discount_applications.{application.id}", str(funded), str(given))
    for stray in spread:
        yield Violation(rule, f"discount_applications.{stray}", "", "absent")


def quantities_fit(order: Order) -> Iterator[Violation]:
    """Nobody ships more than was ordered and not cancelled, or gives back more than was ordered."""
    for line in order.lines:
        said = line.quantities or Quantities()
        ordered = line.quantity if said.ordered is None else said.ordered
        kept = ordered - (said.cancelled or 0)
        for name, found, most in (("shipped", said.shipped, kept), ("refunded", said.refunded, ordered)):
            if found is not None and found > most:
                yield Violation("quantities_fit", f"lines.{line.id}.quantities.{name}", str(most), str(found))


def payments_fit(order: Order) -> Iterator[Violation]:
    """Paid and refunded are what the payments say; no more is given back than came in, unless meant so."""
    taken = _moved(order, {PaymentKind.SALE, PaymentKind.CAPTURE}) - _moved(order, {PaymentKind.CHANGE})
    given = _moved(order, {PaymentKind.REFUND})
    stated = {"totals.paid": (order.totals.paid, taken), "totals.refunded": (order.totals.refunded, given)}
    for field, (said, found) in stated.items():
        if order.payments and said is not None and said.shop != found:
            yield Violation("payments_fit", field, str(said.shop), str(found))
    refunds = _shop_total(order, (refund.total for refund in order.refunds))
    if order.payments and refunds > taken and not any(refund.allow_over for refund in order.refunds):
        yield Violation("payments_fit", "refunds", str(taken), str(refunds))


RULES = (allocations_make_discounts, quantities_fit, payments_fit)

_Side: TypeAlias = Callable[[DualMoney], Money | None]


def _shop(amount: DualMoney) -> Money | None:
    return amount.shop


def _presentment(amount: DualMoney) -> Money | None:
    return amount.presentment


_SIDES: Mapping[str, _Side] = {"shop": _shop, "presentment": _presentment}


def _difference(order: Order, rule: SumRule, side: _Side) -> Money | None:
    """Stated total less parts; `None` where the platform does not tell all of them on this side."""
    left = side(order.totals.grand_total)
    if left is None:
        return None
    for sign, amount in _parts(order, rule):
        part = side(amount)
        if part is None:
            return None
        left = left - part if sign > 0 else left + part
    return left


def _parts(order: Order, rule: SumRule) -> Iterator[tuple[int, DualMoney]]:
    """All that makes up the total, each with its sign."""
    apart, totals = rule.discounts_apart, order.totals
    yield from ((1, _line_price(line, before_discount=apart)) for line in order.lines if line.carries_money)
    yield from _told(
        1,
        [_shipping_price(way, before_discount=apart) for way in order.shipping_lines if not way.removed],
        totals.shipping,
    )
    yield from _told(1, [fee.amount for fee in order.fees], totals.fees)
    if not any(fee.kind is FeeKind.WRAP for fee in order.fees):
        yield from _told(1, [], totals.gift_wrap)
    if not any(line.role is LineRole.TIP for line in order.lines):
        yield from _told(1, [], totals.tips)
    if not order.duties_included:
        yield from _told(1, [duty.amount for line in order.lines for duty in line.duties], totals.duties)
    if apart:
        yield from _told(-1, [], totals.items_discount)
        yield from _told(-1, [], totals.shipping_discount)
    if rule.adds_tax(order):
        yield from _taxes(order)
    yield from _told(1, [], totals.rounding)


def _told(sign: int, parts: Sequence[DualMoney], total: DualMoney | None) -> Iterator[tuple[int, DualMoney]]:
    """The parts, or the platform's sum of them where it tells only that."""
    yield from ((sign, part) for part in parts)
    if not parts and total is not None:
        yield sign, total


def _taxes(order: Order) -> Iterator[tuple[int, DualMoney]]:
    if order.totals.tax_total is not None:
        yield 1, order.totals.tax_total
        return
    priced = (line for line in order.lines if line.carries_money)
    chosen = (way for way in order.shipping_lines if not way.removed)
    parts: list[Line | ShippingLine | Fee] = [*priced, *chosen, *order.fees]
    for part in parts:
        yield from ((1, tax.amount) for tax in part.tax_lines if not tax.included_in_price)


def _line_price(line: Line, *, before_discount: bool) -> DualMoney:
    return (line.line_total_before_discount if before_discount else None) or line.line_total


def _shipping_price(way: ShippingLine, *, before_discount: bool) -> DualMoney:
    return (way.price_before_discount if before_discount else None) or way.price


def _shop_total(order: Order, amounts: Iterable[DualMoney]) -> Money:
    return Money.total((amount.shop for amount in amounts), order.currency)


def _moved(order: Order, kinds: AbstractSet[PaymentKind]) -> Money:
    done = (payment for payment in order.payments if payment.state is PaymentOutcome.SUCCESS)
    return _shop_total(order, (payment.amount for payment in done if payment.kind in kinds))
