"""What must hold in every document for a ledger; each rule names what does not."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TypeAlias

from hub.core.document import Violation
from hub.core.finance import (
    CollectedBy,
    FinanceDocument,
    FinanceLine,
    FinanceTax,
    TaxCategory,
    TaxRounding,
    TaxSum,
)
from hub.core.money import Money

Violations: TypeAlias = tuple[Violation, ...]


def violations(document: FinanceDocument) -> Violations:
    """All that does not hold within one document."""
    return tuple(found for rule in RULES for found in rule(document))


def gross_is_net_and_tax(document: FinanceDocument) -> Violations:
    """On every line and in the totals."""
    totals = document.totals
    return _unequal(
        "gross_is_net_and_tax",
        *((f"lines.{line.line_no}.gross", line.net + line.tax, line.gross) for line in document.lines),
        ("totals.gross", totals.net + totals.tax, totals.gross),
    )


def lines_make_totals(document: FinanceDocument) -> Violations:
    """Net, tax and gross of the lines add up to those of the document; a document without lines has none."""
    if not document.lines:
        return ()
    totals = document.totals
    return _unequal(
        "lines_make_totals",
        ("totals.net", _sum(document, (line.net for line in document.lines)), totals.net),
        ("totals.tax", _sum(document, (line.tax for line in document.lines)), totals.tax),
        ("totals.gross", _sum(document, (line.gross for line in document.lines)), totals.gross),
    )


def taxes_make_line(document: FinanceDocument) -> Violations:
    """A line's tax is what the merchant owes; what a channel collects stands beside it for the record."""
    return _unequal(
        "taxes_make_line",
        *(
            (f"lines.{line.line_no}.tax", _sum(document, (tax.amount for tax in _owed(line))), line.tax)
            for line in document.lines
        ),
    )


def summary_regroups_lines(document: FinanceDocument) -> Violations:
    """The tax summary is the lines by category and rate, rounded where the document says."""
    ours = _regrouped(document)
    theirs = {(row.category, row.rate): row for row in document.tax_summary}
    nothing = Money.zero(document.currency)
    found: list[_Pair] = []
    for category, rate in sorted({*ours, *theirs}):
        expected, said = ours.get((category, rate)), theirs.get((category, rate))
        place = f"tax_summary.{category}.{rate}"
        found.append((f"{place}.base", expected.base if expected else nothing, said.base if said else nothing))
        found.append((f"{place}.amount", expected.amount if expected else nothing, said.amount if said else nothing))
    return _unequal("summary_regroups_lines", *found)


def due_is_what_is_left(document: FinanceDocument) -> Violations:
    """Gross less what was paid before, by money or gift card, and the cash rounding."""
    totals = document.totals
    left = totals.gross - totals.prepaid - totals.gift_card + totals.rounding
    return _unequal("due_is_what_is_left", ("totals.due", left, totals.due))


def journal_balances(document: FinanceDocument) -> Violations:
    """Debits are credits, in the document's currency and in the company's."""
    entries = document.entries
    pairs = [("entries", _sum(document, (e.debit for e in entries)), _sum(document, (e.credit for e in entries)))]
    if base := document.base_currency:
        debit = Money.total((e.base_debit for e in entries if e.base_debit), base)
        credit = Money.total((e.base_credit for e in entries if e.base_credit), base)
        pairs.append(("entries.base", debit, credit))
    return _unequal("journal_balances", *pairs)


def credit_within_invoice(
    credit: FinanceDocument, invoice: FinanceDocument, former: Sequence[FinanceDocument] = ()
) -> Violations:
    """A credit note gives back no more than is left of its invoice, line by line and in total."""
    given = (*former, credit)
    pairs = [
        (f"lines.{line.line_no}.gross", line.gross, _sum(invoice, (_given(note, line) for note in given)))
        for line in invoice.lines
        if line.order_line_id is not None
    ]
    pairs.append(("totals.gross", invoice.totals.gross, _sum(invoice, (note.totals.gross for note in given))))
    return tuple(
        Violation("credit_within_invoice", field, str(most), str(found)) for field, most, found in pairs if found > most
    )


RULES: tuple[Callable[[FinanceDocument], Violations], ...] = (
    gross_is_net_and_tax,
    lines_make_totals,
    taxes_make_line,
    summary_regroups_lines,
    due_is_what_is_left,
    journal_balances,
)

_Pair: TypeAlias = tuple[str, Money, Money]


def _unequal(rule: str, *pairs: _Pair) -> Violations:
    return tuple(
        Violation(rule, field, str(expected), str(found)) for field, expected, found in pairs if expected != found
    )


def _sum(document: FinanceDocument, amounts: Iterable[Money]) -> Money:
    return Money.total(amounts, document.currency)


def _owed(line: FinanceLine) -> list[FinanceTax]:
    return [tax for tax in line.taxes if tax.collected_by is CollectedBy.MERCHANT]


def _regrouped(document: FinanceDocument) -> dict[tuple[TaxCategory, Decimal], TaxSum]:
    grouped: dict[tuple[TaxCategory, Decimal], list[FinanceTax]] = defaultdict(list)
    for line in document.lines:
        for tax in _owed(line):
            grouped[tax.category, tax.rate].append(tax)
    return {group: _tax_sum(document, taxes) for group, taxes in grouped.items()}


def _tax_sum(document: FinanceDocument, taxes: Sequence[FinanceTax]) -> TaxSum:
    category, rate = taxes[0].category, taxes[0].rate
    base = _sum(document, (tax.base for tax in taxes))
    if document.tax_rounding is TaxRounding.PER_RATE_TOTAL:
        return TaxSum(category=category, rate=rate, base=base, amount=base.times(rate))
    return TaxSum(category=category, rate=rate, base=base, amount=_sum(document, (tax.amount for tax in taxes)))


def _given(note: FinanceDocument, line: FinanceLine) -> Money:
    same = (given for given in note.lines if given.order_line_id == line.order_line_id)
    return _sum(note, (given.gross for given in same))
