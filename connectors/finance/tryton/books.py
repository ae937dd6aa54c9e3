"""The customer invoices of a company, each posted once under its reference.

Tryton computes tax by itself and knows no unique reference. So a document is looked up, drafted, looked up
again (of two drafts the younger goes), compared with ours, evened out by a rounding line if need be, and
only then posted. A draft is in nobody's books: until it is posted everything can be taken back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final

from connectors.finance.tryton import translate
from connectors.finance.tryton.client import Ledger, Record
from connectors.finance.tryton.parties import Directory
from connectors.finance.tryton.settings import ClosedPeriods, TrytonConfig
from hub.core.clock import Clock
from hub.core.failures import Failure, InDoubt, Misconfigured, Rejected, Retryable, Untranslatable
from hub.core.finance import AccountRole, FinanceDocument, Posting
from hub.core.json import JSON
from hub.core.totals import check_ledger
from hub.sdk.capabilities import Raw, Wanted
from hub.sdk.mapping import Mapping

INVOICE: Final = "account.invoice"
BOOKED: Final = frozenset({"posted", "paid"})
OPEN: Final = frozenset({"draft", "validated"})


@dataclass(frozen=True, slots=True)
class Standing:
    """An invoice as the ledger has it now."""

    id: int
    posting: Posting
    body: bytes

    @property
    def is_booked(self) -> bool:
        """What was cancelled after it got its number was in the books, and a person took it out."""
        return self.posting.status in BOOKED or (self.posting.status == "cancelled" and self.posting.number is not None)

    @property
    def is_open(self) -> bool:
        return self.posting.status in OPEN


class Books:
    """Posts documents and finds them again."""

    def __init__(self, ledger: Ledger, config: TrytonConfig, table: Mapping, clock: Clock) -> None:
        self._ledger = ledger
        self._config = config
        self._table = table
        self._clock = clock
        self._directory = Directory(ledger, config)
        self._currencies: dict[str, int] = {}

    def post(self, wanted: Wanted[FinanceDocument]) -> Raw:
        """Raises Retryable if surely nothing stands in the ledger, InDoubt if even a draft may."""
        standing = self._standing(wanted)
        if standing is None:
            draft = translate.invoice(wanted, self._place(wanted.request), self._config)
            self._ledger.create(INVOICE, draft)
        with _doubtful():
            standing = standing or self._standing(wanted)
            if standing is None:
                raise InDoubt("ledger.draft_gone", reference=wanted.token)
            if standing.is_booked and standing.posting.total != wanted.request.totals.gross:
                raise _differs(wanted, standing, "ledger.reference_taken")
            return self._settled(wanted, standing)

    def find(self, wanted: Wanted[FinanceDocument]) -> Raw | None:
        """What an earlier attempt left, posted if it was a draft; a draft that cannot be is taken away."""
        standing = self._standing(wanted)
        if standing is None:
            return None
        try:
            return self._settled(wanted, standing)
        except Rejected:
            return None

    def read(self, document: FinanceDocument, raw: Raw) -> Posting:
        """Pure."""
        return translate.posting(document, raw.body, self._table)

    def _standing(self, wanted: Wanted[FinanceDocument]) -> Standing | None:
        """The one invoice with our reference; of several drafts the oldest stays, of posted ones all."""
        domain: list[JSON] = [
            ["reference", "=", wanted.token],
            ["type", "=", "out"],
            ["company", "=", self._config.company],
        ]
        records = self._ledger.search(INVOICE, domain, translate.INVOICE)
        found = [self._seen(wanted.request, record) for record in records]
        standing = [each for each in found if each.is_booked] or [each for each in found if each.is_open]
        for other in found:
            if standing and other is not standing[0] and other.posting.status == "draft":
                self._take_away(wanted, other)
        return standing[0] if standing else None

    def _settled(self, wanted: Wanted[FinanceDocument], standing: Standing) -> Raw:
        if standing.is_booked:
            return Raw(standing.body)
        try:
            return self._posted(wanted.request, self._balanced(wanted, standing))
        except Rejected as refused:
            return self._after(wanted, refused)

    def _after(self, wanted: Wanted[FinanceDocument], refused: Rejected) -> Raw:
        """What was refused because it is posted already is posted; else the draft goes."""
        now = self._standing(wanted)
        if now is not None and now.is_booked:
            return Raw(now.body)
        if now is not None:
            self._take_away(wanted, now)
        raise refused

    def _balanced(self, wanted: Wanted[FinanceDocument], draft: Standing) -> Standing:
        """A draft with our total. Raises Rejected ledger.total_differs beyond the tolerance of rounding."""
        document, total = wanted.request, draft.posting.total
        if total is None or total.currency != document.currency:
            raise _differs(wanted, draft)
        checked = check_ledger(document, total)
        if checked.unexplained:
            raise _differs(wanted, draft)
        if checked.rounding is None:
            return draft
        difference = checked.rounding.times(translate.direction(document))
        line = translate.rounding(difference, self._currency(document.currency), self._config)
        record = self._ledger.update(INVOICE, draft.id, translate.lines([line]), translate.INVOICE)
        evened = self._seen(document, record)
        if evened.posting.total != document.totals.gross:
            raise _differs(wanted, evened)
        return evened

    def _posted(self, document: FinanceDocument, draft: Standing) -> Raw:
        try:
            return Raw(self._ledger.press(INVOICE, draft.id, "post", translate.INVOICE).body)
        except Rejected as refused:
            dates = self._other_dates(document, refused.code)
            if dates is None:
                raise
        self._ledger.update(INVOICE, draft.id, dates)
        return Raw(self._ledger.press(INVOICE, draft.id, "post", translate.INVOICE).body)

    def _other_dates(self, document: FinanceDocument, code: str) -> dict[str, JSON] | None:
        """Invoice numbers rise with their dates: what comes late is issued today and counts on its own day."""
        today = self._today()
        if code == "ledger.date_order":
            return translate.dates(today, document.posting_date)
        if code == "ledger.period_closed" and self._config.closed_periods is ClosedPeriods.TODAY:
            memo = " ".join(filter(None, (document.memo, document.posting_date.isoformat())))
            return {**translate.dates(today, today), "comment": memo}
        return None

    def _today(self) -> date:
        return self._clock.now().astimezone(self._config.zone).date()

    def _take_away(self, wanted: Wanted[FinanceDocument], draft: Standing) -> None:
        try:
            self._ledger.delete(INVOICE, draft.id)
        except Rejected as refused:
            raise InDoubt("ledger.draft_stands", reference=wanted.token, cause=refused.code) from None

    def _seen(self, document: FinanceDocument, record: Record) -> Standing:
        return Standing(record.id, translate.posting(document, record.body, self._table), record.body)

    def _place(self, document: FinanceDocument) -> translate.Place:
        receivable = self._config.accounts.get(AccountRole.RECEIVABLE)
        payer = self._directory.payer(document)
        codes = {line.revenue_account for line in document.lines if line.revenue_account}
        return translate.Place(
            party=payer.party,
            address=payer.address,
            receivable=receivable or payer.receivable or self._config.account(AccountRole.RECEIVABLE),
            currency=self._currency(document.currency),
            accounts={code: self._account(code) for code in sorted(codes)},
        )

    def _account(self, code: str) -> int:
        domain: list[JSON] = [["code", "=", code], ["company", "=", self._config.company]]
        found = self._ledger.search("account.account", domain, ("code",))
        if not found:
            raise Rejected("ledger.no_account", role=code)
        return found[0].id

    def _currency(self, code: str) -> int:
        known = self._config.currencies.get(code) or self._currencies.get(code)
        if known is None:
            found = self._ledger.search("currency.currency", [["code", "=", code]], ("code",))
            if not found:
                raise Rejected("ledger.no_currency", currency=code)
            known = self._currencies[code] = found[0].id
        return known


@contextmanager
def _doubtful() -> Iterator[None]:
    """Once a draft may stand, no failure says that nothing happened."""
    try:
        yield
    except (Retryable, Misconfigured, Untranslatable) as failure:
        raise InDoubt(failure.code, **failure.params) from None


def _differs(wanted: Wanted[FinanceDocument], seen: Standing, code: str = "ledger.total_differs") -> Failure:
    return Rejected(
        code,
        reference=wanted.token,
        ours=str(wanted.request.totals.gross),
        theirs=str(seen.posting.total),
        number=seen.posting.number,
    )
