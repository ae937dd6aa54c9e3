"""Orders of Vendure in the words of the hub: what the mapping tables cannot say. Pure.

Lines, fees and shipping are told with tax and after all discounts, and the total is their sum: the platform's
own rule is totalWithTax = subTotalWithTax + shippingWithTax, with surcharges inside the former.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeAlias

from connectors.shop.vendure.facts import Facts, Granted, LineFacts, Priced, Stage, Tax
from hub.core.document import Native
from hub.core.json import loads
from hub.core.money import DualMoney, Money, share
from hub.core.orders import (
    DiscountAllocation,
    DiscountApplication,
    DiscountIds,
    DiscountKind,
    DiscountMethod,
    DiscountTarget,
    FulfilmentStanding,
    Link,
    LinkKind,
    Order,
    Payment,
    PaymentKind,
    PaymentOutcome,
    PaymentStanding,
    Quantities,
    TaxLine,
)
from hub.sdk.mapping import Mapping as Table
from hub.sdk.mapping import Overlay

Row: TypeAlias = Mapping[str, Any]
"""Fields of a document as a table gives them."""

PACKAGE: Final = "mappings.shop.vendure"
_PROMOTION: Final = "PROMOTION:"
_NOTHING: Final = Decimal(0)


class Tables(NamedTuple):
    """The mapping files of a connection."""

    order: Table
    facts: Table


def tables(overlay: Overlay | None) -> Tables:
    """As the files say, but for the rows that a connection maps otherwise."""
    return Tables(Table.load(PACKAGE, "order", overlay), Table.load(PACKAGE, "facts", overlay))


def to_order(body: bytes, by: Tables) -> Order:
    """Raises Untranslatable or BadInput with the field at fault."""
    raw = loads(body)
    fields: Row = by.order.apply(raw)
    facts = Facts.accept(by.facts.apply(raw))
    payments = [*map(Payment.accept, fields.get("payments", ())), *_given_back(facts)]
    total: Money = fields["totals"]["grand_total"]
    return Order.accept(
        {
            **fields,
            "totals": {**fields["totals"], **_totals(total, facts, payments)},
            "payment_state": _payment_standing(total, payments),
            "fulfilment_state": _fulfilment_standing(facts),
            "tax_summary": _tax_summary(facts),
            "lines": _lines(fields["lines"], facts),
            "fees": _taxed(fields.get("fees", ()), facts.fees),
            "shipping_lines": _taxed(fields.get("shipping_lines", ()), _shipping(facts)),
            "discount_applications": [_application(granted, facts) for granted in facts.discounts],
            "payments": payments,
            "refunds": [{**row, "payments": [_refund_id(row["id"])]} for row in fields.get("refunds", ())],
            "links": [*fields.get("links", ()), *_parts_of_sellers(facts)],
        }
    )


def _lines(rows: Sequence[Row], facts: Facts) -> list[Row]:
    """What was added later and is gone again stands there with nothing ordered: it is left out."""
    shipped, delivered = (_sent(facts, stages) for stages in (_OUT, _ARRIVED))
    return [
        {
            **row,
            "quantity": said.ordered,
            "quantities": _quantities(said, shipped[said.id], delivered[said.id]),
            "tax_lines": _tax_lines(said),
            **_cheaper(said),
        }
        for row, said in zip(rows, facts.lines, strict=True)
        if said.ordered
    ]


def _quantities(said: LineFacts, shipped: Decimal, delivered: Decimal) -> Quantities:
    return Quantities(
        ordered=said.ordered,
        current=said.current,
        cancelled=said.ordered - said.current,
        shipped=shipped,
        delivered=delivered,
    )


_OUT: Final = frozenset({Stage.SHIPPED, Stage.DELIVERED})
_ARRIVED: Final = frozenset({Stage.DELIVERED})


def _sent(facts: Facts, stages: frozenset[Stage]) -> Mapping[str, Decimal]:
    """How much of each line is in fulfilments of these stages."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for fulfilment in facts.fulfilments:
        for part in fulfilment.lines if fulfilment.stage in stages else ():
            sums[part.line_id] += part.quantity
    return sums


def _taxed(rows: Sequence[Row], priced: Iterable[Priced]) -> list[Row]:
    return [{**row, "tax_lines": _tax_lines(said), **_cheaper(said)} for row, said in zip(rows, priced, strict=True)]


def _tax_lines(said: Priced) -> list[TaxLine]:
    """One tax takes all of it; several share it by their rates, as the shop's own summary does."""
    net = Money.rounded(said.net, said.price.currency)
    tax = said.price - net
    if not said.taxes:
        return [_tax_line(None, tax, net)] if tax else []
    amounts = share(tax, [one.rate for one in said.taxes])
    return [_tax_line(one, amount, net) for one, amount in zip(said.taxes, amounts, strict=True)]


def _tax_line(tax: Tax | None, amount: Money, net: Money) -> TaxLine:
    return TaxLine(
        title=tax.title if tax else None,
        rate=tax.rate if tax else None,
        amount=DualMoney(amount),
        base=DualMoney(net),
        included_in_price=True,
    )


def _tax_summary(facts: Facts) -> list[TaxLine]:
    return [
        _tax_line(tax, Money.rounded(tax.amount, facts.currency), Money.rounded(tax.base, facts.currency))
        for tax in facts.taxes
    ]


def _shipping(facts: Facts) -> Iterator[Priced]:
    """Shipping lines name no tax: theirs is what the summary holds beside lines and fees, if that is one."""
    left = {(tax.title, tax.rate): tax.base for tax in facts.taxes}
    for priced in (*facts.lines, *facts.fees):
        for tax in priced.taxes:
            left[tax.title, tax.rate] = left.get((tax.title, tax.rate), _NOTHING) - priced.net
    rest = [name for name, base in left.items() if base]
    taxes = tuple(Tax(title=title, rate=rate) for title, rate in rest) if len(rest) == 1 else ()
    return (line.model_copy(update={"taxes": taxes if line.net else ()}) for line in facts.shipping_lines)


def _cheaper(said: Priced) -> Row:
    if not said.discounts:
        return {}
    given = [(one.id, Money.rounded(-one.amount, said.price.currency)) for one in said.discounts]
    return {
        "discount_allocations": [
            DiscountAllocation(application_id=application, amount=DualMoney(amount))
            for application, amount in given
            if amount
        ]
    }


def _application(granted: Granted, facts: Facts) -> DiscountApplication:
    target = DiscountTarget.SHIPPING if _is_on_shipping(granted.id, facts) else granted.target
    promotion = granted.id.removeprefix(_PROMOTION) if granted.id.startswith(_PROMOTION) else None
    code = next((coupon.code for coupon in facts.coupons if coupon.promotion == promotion), None)
    return DiscountApplication(
        id=granted.id,
        kind=_discount_kind(promotion, code),
        code=code,
        title=granted.title,
        target=target,
        method=DiscountMethod.EACH if target is DiscountTarget.LINE else DiscountMethod.ACROSS,
        native_ids=DiscountIds(promotion=promotion) if promotion else None,
    )


def _is_on_shipping(discount: str, facts: Facts) -> bool:
    on_shipping = {one.id for line in facts.shipping_lines for one in line.discounts}
    on_lines = {one.id for line in facts.lines for one in line.discounts}
    return discount in on_shipping - on_lines


def _discount_kind(promotion: str | None, code: str | None) -> DiscountKind:
    if promotion is None:
        return DiscountKind.MANUAL
    return DiscountKind.AUTOMATIC if code is None else DiscountKind.CODE


def _refund_id(refund: str) -> str:
    """Refunds and payments are counted apart."""
    return f"refund-{refund}"


def _given_back(facts: Facts) -> Iterator[Payment]:
    for refund in facts.refunds:
        yield Payment(
            id=_refund_id(refund.id),
            native=Native(id=refund.id, kind="refund"),
            kind=PaymentKind.REFUND,
            parent_id=refund.parent_id,
            state=refund.state,
            reference=refund.reference,
            amount=DualMoney(refund.amount),
            at=refund.at,
        )


def _totals(total: Money, facts: Facts, payments: Sequence[Payment]) -> Row:
    """The shop's sums; of its sub-total the surcharges are told apart, as fees."""
    fees = Money.total((fee.price for fee in facts.fees), total.currency)
    tax_items = facts.sub_total_with_tax - Money.rounded(facts.sub_total, total.currency)
    tax_shipping = facts.shipping_with_tax - Money.rounded(facts.shipping, total.currency)
    return {
        "items_subtotal": facts.sub_total_with_tax - fees,
        "fees": fees,
        "tax_items": tax_items,
        "tax_shipping": tax_shipping,
        "tax_total": tax_items + tax_shipping,
        "paid": _moved(payments, PaymentKind.SALE, total.currency),
        "refunded": _moved(payments, PaymentKind.REFUND, total.currency),
    }


def _moved(payments: Sequence[Payment], kind: PaymentKind, currency: str) -> Money:
    done = (one for one in payments if one.kind is kind and one.state is PaymentOutcome.SUCCESS)
    return Money.total((one.amount.shop for one in done), currency)


def _payment_standing(total: Money, payments: Sequence[Payment]) -> PaymentStanding:
    """By what was moved, for the order's state tells neither partial payments nor refunds."""
    paid, back, held = (
        _moved(payments, kind, total.currency)
        for kind in (PaymentKind.SALE, PaymentKind.REFUND, PaymentKind.AUTHORIZATION)
    )
    tried = {one.state for one in payments if one.kind is PaymentKind.SALE}
    told = {
        PaymentStanding.REFUNDED: back and back >= paid,
        PaymentStanding.PARTIALLY_REFUNDED: back,
        PaymentStanding.PAID: paid >= total and (paid or not total),
        PaymentStanding.AUTHORIZED: held and paid + held >= total,
        PaymentStanding.PARTIALLY_PAID: paid or held,
        PaymentStanding.FAILED: tried and tried <= {PaymentOutcome.FAILED, PaymentOutcome.ERROR},
        PaymentStanding.VOIDED: payments and not tried,
    }
    return next((standing for standing, is_so in told.items() if is_so), PaymentStanding.UNPAID)


def _fulfilment_standing(facts: Facts) -> FulfilmentStanding:
    wanted = sum((line.current for line in facts.lines), _NOTHING)
    shipped, delivered = (sum(_sent(facts, stages).values(), _NOTHING) for stages in (_OUT, _ARRIVED))
    told = {
        FulfilmentStanding.DELIVERED: delivered and delivered >= wanted,
        FulfilmentStanding.PARTIALLY_DELIVERED: delivered,
        FulfilmentStanding.SHIPPED: shipped and shipped >= wanted,
        FulfilmentStanding.PARTIALLY_SHIPPED: shipped,
        FulfilmentStanding.IN_PROGRESS: any(sent.stage is Stage.WAITING for sent in facts.fulfilments),
    }
    return next((standing for standing, is_so in told.items() if is_so), FulfilmentStanding.UNFULFILLED)


def _parts_of_sellers(facts: Facts) -> Iterator[Link]:
    return (Link(kind=LinkKind.AGGREGATE_OF, native=Native(id=one.id)) for one in facts.seller_orders)
