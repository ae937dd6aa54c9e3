"""Documents for the ledgers: net, tax and gross agree everywhere, and no credit exceeds its invoice."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hub.core.document import Violation, read, write
from hub.core.finance import (
    CollectedBy,
    FinanceDocument,
    FinanceKind,
    FinanceLine,
    FinanceTax,
    FinanceTotals,
    Posting,
    TaxCategory,
    TaxRounding,
    TaxSum,
)
from hub.core.finance_rules import credit_within_invoice, journal_balances, violations
from hub.core.money import Money, share
from tests.core.builders import NINETEEN, an_invoice, an_invoice_line, euros


def rules(document: FinanceDocument) -> list[tuple[str, str]]:
    return [(found.rule, found.field) for found in violations(document)]


def test_a_right_invoice_is_kept_whole_and_has_no_violations() -> None:
    invoice = an_invoice(
        an_invoice_line(1, "8.00", "1.52", sku="MUG", quantity=2, unit_price="4.00", unit="H87"),
        an_invoice_line(2, "5.00", "0.95", kind="shipping", account_role="revenue.shipping"),
        customer={"hub_id": "p1", "legal_name": "Zoë Müller", "billing_address": {"country": "DE"}},
        payment_terms={"days": 14, "discount": "0.02", "discount_days": 7},
        payments=[{"method": "card", "amount": "15.47 EUR", "provider": "stripe", "fee": "0.50 EUR"}],
        marketplace={"facilitator": True, "commissions": [{"title": "referral", "amount": "1.20 EUR"}]},
        fx_rate_to_base="0.861123456",
        remote=[{"connector": "tryton", "posting": {"id": "17", "number": "INV2026-1", "total": "15.47 EUR"}}],
    )

    assert violations(invoice) == ()
    assert read(FinanceDocument, 1, write(invoice)) == invoice


def test_a_line_whose_gross_is_not_net_and_tax() -> None:
    wrong = an_invoice_line(gross=euros("11.91"))

    assert violations(an_invoice(wrong)) == (
        Violation("gross_is_net_and_tax", "lines.1.gross", "11.90 EUR", "11.91 EUR"),
        Violation("lines_make_totals", "totals.gross", "11.91 EUR", "11.90 EUR"),
    )


def test_a_tax_that_the_line_does_not_show() -> None:
    stray = FinanceTax(rate=NINETEEN, base=euros("10.00"), amount=euros("1.89"))

    assert rules(an_invoice(an_invoice_line(taxes=[stray]))) == [
        ("taxes_make_line", "lines.1.tax"),
        ("summary_regroups_lines", "tax_summary.S.0.19.amount"),
    ]


def test_what_the_marketplace_collects_is_none_of_the_merchant_s_tax() -> None:
    collected = FinanceTax(rate=NINETEEN, base=euros("10.00"), amount=euros("1.90"), collected_by=CollectedBy.CHANNEL)
    invoice = an_invoice(an_invoice_line(tax="0.00", taxes=[collected]), tax_summary=[])

    assert violations(invoice) == ()


def test_a_summary_that_leaves_a_rate_out() -> None:
    assert rules(an_invoice(tax_summary=[])) == [
        ("summary_regroups_lines", "tax_summary.S.0.19.base"),
        ("summary_regroups_lines", "tax_summary.S.0.19.amount"),
    ]


def test_tax_rounded_once_per_rate() -> None:
    lines = [
        an_invoice_line(number, "0.13", tax, taxes=[FinanceTax(rate=NINETEEN, base=euros("0.13"), amount=euros(tax))])
        for number, tax in ((1, "0.03"), (2, "0.02"))
    ]
    per_rate = [TaxSum(category=TaxCategory.STANDARD, rate=NINETEEN, base=euros("0.26"), amount=euros("0.05"))]

    assert violations(an_invoice(*lines, tax_rounding=TaxRounding.PER_RATE_TOTAL, tax_summary=per_rate)) == ()


def test_what_is_due_is_what_is_left() -> None:
    totals = an_invoice().totals
    paid = {"prepaid": euros("5.00"), "gift_card": euros("2.00"), "rounding": euros("0.05")}

    assert rules(an_invoice(totals=totals.model_copy(update=paid))) == [("due_is_what_is_left", "totals.due")]
    assert violations(an_invoice(totals=totals.model_copy(update=paid | {"due": euros("4.95")}))) == ()


def a_journal(*entries: dict[str, Any], **said: Any) -> FinanceDocument:
    nothing = dict.fromkeys(FinanceTotals.model_fields, euros("0"))
    fields: dict[str, Any] = {
        "key": "acme/payout/7/JNL/1",
        "kind": FinanceKind.JOURNAL,
        "company": "acme",
        "currency": "EUR",
        "document_date": date(2026, 5, 9),
        "posting_date": date(2026, 5, 9),
        "totals": FinanceTotals(**nothing),
        "entries": entries,
    }
    return FinanceDocument.accept(fields | said)


def an_entry(debit: str, credit: str, **said: Any) -> dict[str, Any]:
    return {"account_role": "clearing", "debit": euros(debit), "credit": euros(credit)} | said


def test_a_journal_balances_in_both_currencies() -> None:
    debit = an_entry("10.00", "0.00", base_debit="11.00 USD")
    credit = an_entry("0.00", "10.00", base_credit="11.00 USD")
    short = an_entry("0.00", "10.00", base_credit="10.99 USD")

    assert violations(a_journal(debit, credit, base_currency="USD")) == ()
    assert journal_balances(a_journal(debit, short, base_currency="USD")) == (
        Violation("journal_balances", "entries.base", "11.00 USD", "10.99 USD"),
    )
    assert rules(a_journal(debit, an_entry("0.00", "9.99"))) == [("journal_balances", "entries")]


def a_credit(line: FinanceLine) -> FinanceDocument:
    return an_invoice(line, kind=FinanceKind.CREDIT_NOTE, key="acme/order/1001/CRN/1")


def test_a_credit_note_gives_back_what_is_left_and_no_more() -> None:
    invoice = an_invoice(an_invoice_line(1), an_invoice_line(2))
    half, whole = a_credit(an_invoice_line(1, "5.00", "0.95")), a_credit(an_invoice_line(1))

    assert credit_within_invoice(whole, invoice) == ()
    assert credit_within_invoice(half, invoice, [half]) == ()
    assert credit_within_invoice(whole, invoice, [half]) == (
        Violation("credit_within_invoice", "lines.1.gross", "11.90 EUR", "17.85 EUR"),
    )
    assert [found.field for found in credit_within_invoice(whole, invoice, [whole, whole])] == [
        "lines.1.gross",
        "totals.gross",
    ]


def test_a_posting_says_what_the_ledger_made_of_it() -> None:
    posting = Posting.accept({"id": "17", "number": "INV2026-1", "status": "posted", "total": "11.90 EUR"})

    assert read(Posting, 1, write(posting)) == posting


nets = st.lists(st.integers(1, 10**6), min_size=1, max_size=6)


@given(nets, st.integers(1, 4))
def test_splitting_over_shipments_keeps_every_sum(cents: list[int], shipments: int) -> None:
    def line(number: int, net: Money, tax: Money) -> FinanceLine:
        return an_invoice_line(number, str(net.amount), str(tax.amount))

    prices = [Money(price, "EUR") for price in cents]
    whole = an_invoice(*(line(number, net, net.times(NINETEEN)) for number, net in enumerate(prices, 1)))
    equally = [1] * shipments
    split = [(share(found.net, equally), share(found.tax, equally)) for found in whole.lines]
    invoices = [
        an_invoice(*(line(number, net[part], tax[part]) for number, (net, tax) in enumerate(split, 1)))
        for part in range(shipments)
    ]

    assert all(violations(invoice) == () for invoice in invoices)
    assert Money.total((invoice.totals.gross for invoice in invoices), "EUR") == whole.totals.gross
