"""Documents for tests: complete and right, until a test says what is different."""

from datetime import date
from decimal import Decimal
from typing import Any

from hub.core.finance import (
    FinanceDocument,
    FinanceKind,
    FinanceLine,
    FinanceTax,
    FinanceTotals,
    TaxCategory,
    TaxSum,
)
from hub.core.money import DualMoney, Money
from hub.core.orders import Line, Order, Totals
from hub.core.people import Address, People, Person
from hub.core.times import iso
from hub.core.tracking import TrackingEvent, TrackingStatus

NINETEEN = Decimal("0.19")


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def dual(amount: str) -> DualMoney:
    return DualMoney.of(amount, "EUR")


def a_line(sku: str = "MUG", total: str = "10.00", *, id: str | None = None, **said: Any) -> Line:  # noqa: A002
    fields: dict[str, Any] = {"id": id or sku, "sku": sku, "quantity": 1, "line_total": dual(total)}
    return Line.accept(fields | said)


def an_order(*lines: Line, total: str = "10.00", **said: Any) -> Order:
    fields: dict[str, Any] = {
        "external_id": "1001",
        "number": "#1001",
        "placed_at": iso("2026-05-08T02:34:17Z"),
        "currency": "EUR",
        "lines": lines or (a_line(),),
        "totals": Totals(grand_total=dual(total)),
    }
    return Order.accept(fields | said)


def zoe() -> People:
    home = Address(
        name="Zoë Müller",
        line1="Hauptstr. 5",
        city="Berlin",
        postal_code="10115",
        country="DE",
        phone="+4930123456",
    )
    return People(customer=Person(name="Zoë Müller", email="zoe@example.org"), shipping_address=home)


def an_event(status: TrackingStatus, at: str, **said: Any) -> TrackingEvent:
    return TrackingEvent.accept({"status": status, "at": at} | said)


def an_invoice_line(number: int = 1, net: str = "10.00", tax: str = "1.90", **said: Any) -> FinanceLine:
    taxes = [FinanceTax(rate=NINETEEN, base=euros(net), amount=euros(tax))]
    fields: dict[str, Any] = {
        "line_no": number,
        "order_line_id": str(number),
        "description": "a mug",
        "net": euros(net),
        "tax": euros(tax),
        "gross": euros(net) + euros(tax),
        "taxes": taxes,
    }
    return FinanceLine.accept(fields | said)


def an_invoice(*lines: FinanceLine, **said: Any) -> FinanceDocument:
    lines = lines or (an_invoice_line(),)
    net = Money.total((line.net for line in lines), "EUR")
    tax = Money.total((line.tax for line in lines), "EUR")
    none = Money.zero("EUR")
    fields: dict[str, Any] = {
        "key": "acme/order/1001/INV/1",
        "kind": FinanceKind.INVOICE,
        "company": "acme",
        "currency": "EUR",
        "document_date": date(2026, 5, 9),
        "posting_date": date(2026, 5, 9),
        "lines": lines,
        "tax_summary": [TaxSum(category=TaxCategory.STANDARD, rate=NINETEEN, base=net, amount=tax)],
        "totals": FinanceTotals(
            net=net, tax=tax, gross=net + tax, prepaid=none, gift_card=none, rounding=none, due=net + tax
        ),
    }
    return FinanceDocument.accept(fields | said)
