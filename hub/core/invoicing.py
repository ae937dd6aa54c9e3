"""The invoice for the part of an order that left the house; all of them add up to the order, to the cent."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from hub.core.failures import BadInput
from hub.core.finance import (
    AccountRole,
    CollectedBy,
    Customer,
    FinanceDocument,
    FinanceKind,
    FinanceLine,
    FinanceLineKind,
    FinanceTax,
    FinanceTotals,
    Marketplace,
    PriceMode,
    TaxCategory,
    TaxSum,
    Terms,
)
from hub.core.finance_charges import Charge, charges
from hub.core.finance_parts import Part, Payable, Portion, part_of, upto
from hub.core.money import Money
from hub.core.orders import Order, PaymentKind, PaymentMethod, PaymentOutcome, PaymentStanding
from hub.core.people import Identity, People, Person
from hub.core.text import masked
from hub.core.totals import SumRule
from hub.core.units import Rate, from_micro

__all__ = ["Portion", "invoice_for", "with_customer"]

CHANNELS_TAX = "Tax collected by the channel"

_PAID_ONCE = frozenset({PaymentStanding.PAID, PaymentStanding.PARTIALLY_REFUNDED, PaymentStanding.REFUNDED})
_COMES_IN = {PaymentKind.SALE: 1, PaymentKind.CAPTURE: 1, PaymentKind.CHANGE: -1}

WHOLE = Portion(0, 1, 1)


def invoice_for(
    order: Order,
    portions: Mapping[str, Portion],
    *,
    key: str,
    company: str,
    sequence: int,
    day: date,
    rule: SumRule,
    rounding: Money | None = None,
    shop: str | None = None,
    shipment_ids: tuple[str, ...] = (),
    due_days: int = 0,
) -> FinanceDocument:
    """The `sequence`-th invoice of an order, counted from 1, for these portions of its lines.

    The first one carries what moves no goods as well: shipping, fees, tips, services, gift cards, the
    `rounding` that `check_totals` found. `day` is the company's calendar day on which the goods left.
    Raises BadInput for a line that the order does not have and for more than all of a line.
    """
    _refuse_impossible(order, portions)
    parts = [
        part_of(payable, portion)
        for payable in _payables(order, charges(order, rule, rounding=rounding))
        if (portion := _portion(payable.charge, portions, sequence)) is not None
    ]
    lines = _lines(order, parts)
    return FinanceDocument(
        key=key,
        kind=FinanceKind.INVOICE,
        company=company,
        currency=order.currency,
        document_date=day,
        posting_date=day,
        delivery_date=day,
        due_date=day + timedelta(days=due_days),
        payment_terms=Terms(days=due_days) if due_days else None,
        order_no=order.number or order.external_id,
        order_id=order.external_id,
        shop=shop,
        shipment_ids=shipment_ids,
        price_mode=PriceMode.NET if rule.adds_tax(order) else PriceMode.GROSS,
        lines=lines,
        tax_summary=_summary(lines),
        totals=_totals(order, parts, lines),
        marketplace=Marketplace(facilitator=True) if _is_facilitated(lines) else None,
    )


def with_customer(document: FinanceDocument, people: People, *, hub_id: str) -> FinanceDocument:
    """The same document with its customer: personal data, added when the words to a ledger are frozen."""
    billing = people.billing_address or people.shipping_address
    buyers: list[Person] = [person for person in (people.customer, billing) if person is not None]
    tax_ids = [*people.tax_ids, *(tax_id for buyer in buyers for tax_id in buyer.tax_ids)]
    customer = Customer(
        hub_id=hub_id,
        legal_name=_legal_name(people, buyers),
        tax_ids=tuple(tax_id for at, tax_id in enumerate(tax_ids) if tax_id not in tax_ids[:at]),
        billing_address=billing,
        shipping_address=people.shipping_address,
        email=next((buyer.email for buyer in buyers if buyer.email), None),
        is_business=people.company is not None or any(buyer.is_business for buyer in buyers),
    )
    return document.model_copy(update={"customer": customer})


def _legal_name(people: People, buyers: Sequence[Person]) -> Identity:
    """As asked for on the invoice, else the business, else the person."""
    asked = people.invoice_request.title if people.invoice_request else None
    business = people.company.name if people.company else None
    names = (asked, business, *(buyer.company for buyer in reversed(buyers)), *map(_name, buyers))
    return next((name for name in names if name), None)


def _name(person: Person) -> Identity:
    parts = [str(part) for part in (person.first_name, person.last_name) if part]
    return person.name or " ".join(parts) or None


def _refuse_impossible(order: Order, portions: Mapping[str, Portion]) -> None:
    known = {line.id for line in order.lines}
    for line, portion in portions.items():
        if line not in known:
            raise BadInput("invoice.unknown_line", field="portions", value=masked(line))
        if min(portion) < 0 or portion.before + portion.now > portion.of:
            amounts = {name: str(from_micro(amount)) for name, amount in portion._asdict().items()}
            raise BadInput("invoice.beyond_line", field="portions", value=masked(line), **amounts)


def _portion(charge: Charge, portions: Mapping[str, Portion], sequence: int) -> Portion | None:
    if charge.follows is None:
        return WHOLE if sequence == 1 else None
    portion = portions.get(charge.follows)
    return portion if portion is not None and portion.now else None


def _payables(order: Order, found: Sequence[Charge]) -> Iterator[Payable]:
    """Spread what is paid over the charges by what they cost."""
    total = Money.total((charge.gross for charge in found), order.currency)
    paid, card = _payments(order, total)
    since = 0
    for charge in found:
        until = since + charge.gross.minor
        shares = [upto(all_, until, total.minor) - upto(all_, since, total.minor) for all_ in (paid, card)]
        yield Payable(charge, *(Money(each, order.currency) for each in shares))
        since = until


def _payments(order: Order, total: Money) -> tuple[int, int]:
    """What is paid of the total, gift cards included, and what of that by gift card."""
    told = order.totals
    card = told.gift_card_paid.shop if told.gift_card_paid else _taken(order, PaymentMethod.GIFT_CARD)
    if told.paid is not None:
        paid = told.paid.shop
    elif order.payment_state in _PAID_ONCE:
        paid = total
    else:
        paid = _taken(order)
    all_paid = max(min(max(paid, card), total).minor, 0)
    return all_paid, max(min(card.minor, all_paid), 0)


def _taken(order: Order, method: PaymentMethod | None = None) -> Money:
    """What came in and stayed, by one method or by all."""
    taken = [
        payment.amount.shop.times(_COMES_IN[payment.kind])
        for payment in order.payments
        if payment.state is PaymentOutcome.SUCCESS and payment.kind in _COMES_IN
        if method in {None, payment.method}
    ]
    return Money.total(taken, order.currency)


def _lines(order: Order, parts: Sequence[Part]) -> tuple[FinanceLine, ...]:
    lines = [_line(at, part) for at, part in enumerate(parts, start=1)]
    passed_on = Money.total(
        (tax.amount for line in lines for tax in line.taxes if tax.collected_by is CollectedBy.CHANNEL),
        order.currency,
    )
    return (*lines, _passed_on(len(lines) + 1, passed_on)) if passed_on else tuple(lines)


def _line(number: int, part: Part) -> FinanceLine:
    charge, line, taxes = part.charge, part.charge.line, part.taxes
    net = Money(part.now.net, charge.price.currency)
    tax = Money.total((tax.amount for tax in taxes if tax.collected_by is CollectedBy.MERCHANT), net.currency)
    return FinanceLine(
        line_no=number,
        kind=charge.kind,
        order_line_id=line.id if line else None,
        sku=line.sku if line else None,
        description=charge.description,
        quantity=part.quantity,
        unit=line.unit if line else None,
        unit_price=line.unit_price if line else None,
        list_price=line.unit_price_before_discount if line else None,
        discounts=part.discounts,
        net=net,
        tax=tax,
        gross=net + tax,
        taxes=taxes,
        account_role=charge.account_role,
        origin=charge.origin,
    )


def _is_facilitated(lines: Sequence[FinanceLine]) -> bool:
    return any(tax.collected_by is CollectedBy.CHANNEL for line in lines for tax in line.taxes)


def _passed_on(number: int, tax: Money) -> FinanceLine:
    """What the buyer paid in taxes that the channel keeps and hands to the state."""
    return FinanceLine(
        line_no=number,
        kind=FinanceLineKind.FEE,
        description=CHANNELS_TAX,
        net=tax,
        tax=Money.zero(tax.currency),
        gross=tax,
        account_role=AccountRole.PASS_THROUGH,
        origin="channel",
    )


def _summary(lines: Sequence[FinanceLine]) -> tuple[TaxSum, ...]:
    """The merchant's taxes by category and rate."""
    grouped: dict[tuple[TaxCategory, Rate], list[FinanceTax]] = defaultdict(list)
    for tax in (tax for line in lines for tax in line.taxes):
        if tax.collected_by is CollectedBy.MERCHANT:
            grouped[tax.category, tax.rate].append(tax)
    return tuple(
        TaxSum(
            category=category,
            rate=rate,
            base=Money.total((tax.base for tax in taxes), taxes[0].base.currency),
            amount=Money.total((tax.amount for tax in taxes), taxes[0].base.currency),
        )
        for (category, rate), taxes in sorted(grouped.items())
    )


def _totals(order: Order, parts: Sequence[Part], lines: Sequence[FinanceLine]) -> FinanceTotals:
    paid = Money(sum(part.now.paid for part in parts), order.currency)
    card = Money(sum(part.now.gift_card for part in parts), order.currency)
    gross = Money.total((line.gross for line in lines), order.currency)
    return FinanceTotals(
        net=Money.total((line.net for line in lines), order.currency),
        tax=Money.total((line.tax for line in lines), order.currency),
        gross=gross,
        prepaid=paid - card,
        gift_card=card,
        rounding=Money.zero(order.currency),
        due=gross - paid,
    )
