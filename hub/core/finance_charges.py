"""What the buyer pays for, charge by charge, so that the charges of an order add up to its total.

The same parts by the same sum rule as in `hub.core.totals`, in the shop's currency.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from hub.core.finance_lines import AccountRole, FinanceDiscount, FinanceLineKind, FundedBy
from hub.core.finance_taxes import ChargedTax, only_rate, taxes_of
from hub.core.money import DualMoney, Money, share, within_rounding
from hub.core.orders import DiscountAllocation, FeeKind, Funder, Line, LineRole, Order
from hub.core.totals import SumRule

LINE_KINDS: Mapping[LineRole, FinanceLineKind] = {
    LineRole.GIFT_CARD: FinanceLineKind.GIFT_CARD_SALE,
    LineRole.FEE_LIKE: FinanceLineKind.FEE,
    LineRole.TIP: FinanceLineKind.TIP,
}
"""What lines are for a ledger; the others are items."""

FEE_KINDS: Mapping[FeeKind, FinanceLineKind] = {
    FeeKind.HANDLING: FinanceLineKind.HANDLING,
    FeeKind.WRAP: FinanceLineKind.GIFT_WRAP,
    FeeKind.DEPOSIT: FinanceLineKind.DEPOSIT,
}
"""What fees are for a ledger; the others are fees."""

ROLES: Mapping[FinanceLineKind, AccountRole] = {
    FinanceLineKind.SHIPPING: AccountRole.REVENUE_SHIPPING,
    FinanceLineKind.HANDLING: AccountRole.REVENUE_FEES,
    FinanceLineKind.GIFT_WRAP: AccountRole.REVENUE_FEES,
    FinanceLineKind.FEE: AccountRole.REVENUE_FEES,
    FinanceLineKind.GIFT_CARD_SALE: AccountRole.GIFT_CARD_LIABILITY,
    FinanceLineKind.TIP: AccountRole.PASS_THROUGH,
    FinanceLineKind.DEPOSIT: AccountRole.PASS_THROUGH,
    FinanceLineKind.ROUNDING: AccountRole.ROUNDING,
}
"""Which account a kind goes to; the others are revenue of goods."""

TITLES: Mapping[FinanceLineKind, str] = {
    FinanceLineKind.SHIPPING: "Shipping",
    FinanceLineKind.HANDLING: "Handling",
    FinanceLineKind.GIFT_WRAP: "Gift wrap",
    FinanceLineKind.FEE: "Fee",
    FinanceLineKind.DISCOUNT: "Discount",
    FinanceLineKind.TIP: "Tip",
    FinanceLineKind.DEPOSIT: "Deposit",
    FinanceLineKind.ROUNDING: "Rounding",
}
"""How a charge is called that its channel gives no name."""

DUTY = "Customs duty"
NO_TAX = Decimal(0)
_ALL = Decimal(1)
_RATE_STEP = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Charge:
    """One thing the buyer pays for, whole.

    `follows` is the order line with whose goods it is invoiced, none for what stands on the first invoice;
    `line` is the order line that it is; `origin` says where a rounding arose.
    """

    kind: FinanceLineKind
    account_role: AccountRole
    description: str
    price: Money
    taxes: tuple[ChargedTax, ...] = ()
    discounts: tuple[FinanceDiscount, ...] = ()
    follows: str | None = None
    line: Line | None = None
    taxable: bool = True
    origin: str | None = None

    @property
    def net(self) -> Money:
        """Without any tax."""
        return self.price - self._taxes(added=False)

    @property
    def gross(self) -> Money:
        """With all taxes, the channel's as well: what the buyer pays."""
        return self.price + self._taxes(added=True)

    def base(self, tax: ChargedTax) -> Money:
        """As told, else all of the charge without its taxes."""
        return self.net if tax.base is None else tax.base

    def rate(self, tax: ChargedTax) -> Decimal:
        """As told, else what the amount is of its base."""
        base = self.base(tax)
        if tax.rate is not None or not base:
            return tax.rate or NO_TAX
        found = (Decimal(tax.amount.minor) / base.minor).quantize(_RATE_STEP, ROUND_HALF_UP)
        return min(max(found, NO_TAX), _ALL)

    def _taxes(self, *, added: bool) -> Money:
        return Money.total((tax.amount for tax in self.taxes if tax.added is added), self.price.currency)


def charges(order: Order, rule: SumRule, *, rounding: Money | None = None) -> tuple[Charge, ...]:
    """All charges; with the rounding that `check_totals` found they add up to the order's total."""
    adds = rule.adds_tax(order)
    found = [
        *_discounted(rule, _articles(order, rule, adds=adds), order.totals.items_discount),
        *_discounted(rule, _ways(order, rule, adds=adds), order.totals.shipping_discount),
        *_fees(order, adds=adds),
        *_duties(order),
    ]
    return (*_with_rest_of_tax(order, found, adds=adds), *_roundings(order, rule, rounding))


def _charge(kind: FinanceLineKind, price: Money, title: str | None = None) -> Charge:
    return Charge(kind, ROLES.get(kind, AccountRole.REVENUE_GOODS), title or TITLES[kind], price)


def _articles(order: Order, rule: SumRule, *, adds: bool) -> Iterator[Charge]:
    for line in order.lines:
        if not line.carries_money:
            continue
        price = (line.line_total_before_discount if rule.discounts_apart else None) or line.line_total
        kind = LINE_KINDS.get(line.role, FinanceLineKind.ITEM)
        yield replace(
            _charge(kind, price.shop, line.title or line.sku or line.id),
            taxes=taxes_of(order, line.tax_lines, adds=adds),
            discounts=tuple(_granted(order, line.discount_allocations)),
            follows=_goods(line),
            line=line,
            taxable=line.taxable,
        )


def _ways(order: Order, rule: SumRule, *, adds: bool) -> Iterator[Charge]:
    ways = [way for way in order.shipping_lines if not way.removed]
    if not ways:
        yield from _sum_only(FinanceLineKind.SHIPPING, order.totals.shipping)
    for way in ways:
        price = (way.price_before_discount if rule.discounts_apart else None) or way.price
        yield replace(
            _charge(FinanceLineKind.SHIPPING, price.shop, way.title or way.code),
            taxes=taxes_of(order, way.tax_lines, adds=adds),
            discounts=tuple(_granted(order, way.discount_allocations)),
        )


def _fees(order: Order, *, adds: bool) -> Iterator[Charge]:
    for fee in order.fees:
        charge = _charge(FEE_KINDS.get(fee.kind, FinanceLineKind.FEE), fee.amount.shop, fee.title)
        yield replace(charge, taxes=taxes_of(order, fee.tax_lines, adds=adds), taxable=fee.taxable)
    if not order.fees:
        yield from _sum_only(FinanceLineKind.FEE, order.totals.fees)
    if not any(fee.kind is FeeKind.WRAP for fee in order.fees):
        yield from _sum_only(FinanceLineKind.GIFT_WRAP, order.totals.gift_wrap)
    if not any(line.role is LineRole.TIP for line in order.lines):
        yield from (replace(tip, taxable=False) for tip in _sum_only(FinanceLineKind.TIP, order.totals.tips))


def _duties(order: Order) -> Iterator[Charge]:
    """Customs duties that the buyer pays beside the price; they are not the merchant's revenue."""
    if order.duties_included:
        return
    told = [
        replace(_charge(FinanceLineKind.FEE, duty.amount.shop, DUTY), follows=_goods(line))
        for line in order.lines
        for duty in line.duties
    ]
    for duty in told or _sum_only(FinanceLineKind.FEE, order.totals.duties, DUTY):
        yield replace(duty, account_role=AccountRole.PASS_THROUGH, taxable=False)


def _goods(line: Line) -> str | None:
    return line.id if line.carries_stock else None


def _sum_only(kind: FinanceLineKind, amount: DualMoney | None, title: str | None = None) -> Iterator[Charge]:
    """A charge of which the channel tells nothing but the sum."""
    if amount is not None and amount.shop:
        yield _charge(kind, amount.shop, title)


def _roundings(order: Order, rule: SumRule, rounding: Money | None) -> Iterator[Charge]:
    stated = order.totals.rounding.shop if order.totals.rounding else None
    for amount, origin in ((stated, "channel"), (rounding, f"channel:{rule}")):
        if amount:
            yield replace(_charge(FinanceLineKind.ROUNDING, amount), taxable=False, origin=origin)


def _discounted(rule: SumRule, found: Iterable[Charge], discount: DualMoney | None) -> Sequence[Charge]:
    """Take off a discount that the channel tells apart: as it was spread over charges, else by value."""
    targets = list(found)
    if not rule.discounts_apart or discount is None or not discount.shop:
        return targets
    if not targets:
        return [_charge(FinanceLineKind.DISCOUNT, -discount.shop)]
    told = [sum(part.amount.minor for part in charge.discounts if part.amount) for charge in targets]
    weights = told if any(told) else [max(charge.price.minor, 0) for charge in targets]
    shares = share(discount.shop, weights)
    return [_less(charge, off) if off else charge for charge, off in zip(targets, shares, strict=True)]


def _less(charge: Charge, off: Money) -> Charge:
    discounts = charge.discounts or (FinanceDiscount(amount=off),)
    return replace(charge, price=charge.price - off, discounts=discounts)


def _granted(order: Order, allocations: Sequence[DiscountAllocation]) -> Iterator[FinanceDiscount]:
    """The discounts of a line, one for each who pays for it."""
    granted = {application.id: application for application in order.discount_applications}
    for allocation in allocations:
        application = granted.get(allocation.application_id)
        funders = {part.funder for part in application.funder_split} if application else set()
        alone = funders.pop() if len(funders) == 1 else Funder.SHOP
        split = [(part.funder, part.amount) for part in allocation.funder_split]
        for funder, amount in split or [(alone, allocation.amount)]:
            yield FinanceDiscount(
                amount=amount.shop,
                funded_by=FundedBy.MERCHANT if funder is Funder.SHOP else FundedBy.MARKETPLACE,
                code=application.code if application else None,
            )


def _with_rest_of_tax(order: Order, found: Sequence[Charge], *, adds: bool) -> Sequence[Charge]:
    """Place what the channel's sum of taxes has beyond those of the parts.

    A rounding changes the taxes that there are; more than that is the tax of charges that tell none.
    """
    if order.totals.tax_total is None:
        return found
    told = [[tax.amount for tax in charge.taxes if tax.added is adds] for charge in found]
    rest = order.totals.tax_total.shop - Money.total((tax for taxes in told for tax in taxes), order.currency)
    if not rest:
        return found
    taxed = [sum(max(tax.minor, 0) for tax in taxes) for taxes in told]
    silent = [max(charge.price.minor, 0) * (charge.taxable and not charge.taxes) for charge in found]
    lines = sum(line.carries_money for line in order.lines)
    if any(taxed) and (rest.minor < 0 or within_rounding(rest, lines) or not any(silent)):
        return [_more_tax(*each, adds=adds) for each in zip(found, share(rest, taxed), strict=True)]
    nobody = _charge(FinanceLineKind.FEE, Money.zero(order.currency))
    return [
        replace(charge, taxes=(*charge.taxes, ChargedTax(part, adds, only_rate(order)))) if part else charge
        for charge, part in zip(found or [nobody], share(rest, silent or [1]), strict=True)
    ]


def _more_tax(charge: Charge, more: Money, *, adds: bool) -> Charge:
    """A rounding goes to the largest tax."""
    if not more:
        return charge
    places = [at for at, tax in enumerate(charge.taxes) if tax.added is adds]
    largest = max(places, key=lambda at: charge.taxes[at].amount.minor)
    taxes = list(charge.taxes)
    taxes[largest] = replace(taxes[largest], amount=taxes[largest].amount + more)
    return replace(charge, taxes=tuple(taxes))
