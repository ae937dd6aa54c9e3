"""A simulated Tryton with a connector to it, documents to post, and the hub's patience."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx

from connectors.finance.tryton.connector import Tryton
from connectors.finance.tryton.sim import TrytonSim
from hub.core.clock import ManualClock
from hub.core.failures import Failure, InDoubt, Misconfigured, Rejected, Retryable
from hub.core.finance import FinanceDocument, FinanceLine, FinanceTax, FinanceTotals, Posting
from hub.core.ids import token
from hub.core.money import Money
from hub.registry import build
from hub.sdk.capabilities import Answers, Raw, Wanted

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = "1/order/7/invoice/1/receivable/1"


@dataclass
class World:
    """A ledger, and a connection to it with the simulator's settings but for those named.

    `answers` are statuses given instead of the ledger's answer; `meanwhile` happens before each request.
    """

    settings: dict[str, Any] = field(default_factory=dict)
    sim: TrytonSim = field(default_factory=TrytonSim)
    clock: ManualClock = field(default_factory=lambda: ManualClock(NOON))
    asked: list[httpx.Request] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    meanwhile: Callable[[httpx.Request], object] = lambda _: None

    def __post_init__(self) -> None:
        settings = {**self.sim.settings(), **self.settings}
        transport = httpx.MockTransport(self._answer)
        self.tryton: Tryton = build(Tryton, settings, clock=self.clock, transport=transport)  # type: ignore[assignment]  # build names the kind of connector

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        self.meanwhile(request)
        if (status := self.answers.get(self.calls[-1])) is not None:
            return httpx.Response(status)
        return self.sim.respond(request, self.clock.now())

    @property
    def calls(self) -> list[str]:
        """Method and path of every request below the database."""
        return [f"{asked.method} {asked.url.path.removeprefix('/erp/rest/model/')}" for asked in self.asked]

    @property
    def posted(self) -> list[tuple[str, str, str]]:
        """Reference, number and total of all that is in the books."""
        return [(post.reference, post.number, str(post.total)) for post in self.sim.postings()]

    @property
    def drafts(self) -> list[str]:
        return [made.reference for made in self.sim.invoices() if made.state == "draft"]

    def send(self, document: FinanceDocument, key: str = KEY, capability: str = "receivable") -> Raw | Failure:
        """One attempt, as the hub makes it."""
        send = self.tryton.send_credit if capability == "credit" else self.tryton.send_receivable
        [answer] = send([wanted(document, key)])
        return answer

    def send_all(self, documents: Sequence[FinanceDocument]) -> Answers:
        """One list, under a key for each."""
        return self.tryton.send_receivable([wanted(each, str(at)) for at, each in enumerate(documents)])

    def refusal(self, document: FinanceDocument, key: str = KEY) -> Rejected:
        """One attempt that is refused."""
        answer = self.send(document, key)
        assert isinstance(answer, Rejected), answer
        return answer

    def find(self, document: FinanceDocument, key: str = KEY) -> Raw | None:
        return self.tryton.find_receivable(wanted(document, key))

    def post(self, document: FinanceDocument, key: str = KEY, capability: str = "receivable") -> Posting:
        """One attempt that succeeds."""
        answer = self.send(document, key, capability)
        assert isinstance(answer, Raw), answer
        read = self.tryton.read_credit if capability == "credit" else self.tryton.read_receivable
        return read(document, answer)

    def settle(self, document: FinanceDocument, key: str = KEY) -> Raw | Failure:
        """Until there is an outcome: what is in doubt is looked up, and sent again only if it is absent."""
        answer: Raw | Failure | None = self.send(document, key)
        for _ in range(40):
            self.clock.advance(timedelta(minutes=2))
            match answer:
                case InDoubt():
                    answer = self._looked_up(document, key)
                case None | Retryable() | Misconfigured():
                    answer = self.send(document, key)
                case _:
                    return answer
        raise AssertionError(f"no outcome but {answer}")

    def _looked_up(self, document: FinanceDocument, key: str) -> Raw | Failure | None:
        try:
            return self.find(document, key)
        except Failure as failure:
            return InDoubt(failure.code)


def wanted(document: FinanceDocument, key: str = KEY) -> Wanted[FinanceDocument]:
    return Wanted(key, token(key), document)


def a_line(net: str, tax: str = "0", rate: str = "0.19", *, currency: str = "EUR", **said: Any) -> FinanceLine:
    """A mug; without tax it carries none."""
    untaxed, owed = Money.of(net, currency), Money.of(tax, currency)
    taxes = [FinanceTax(rate=Decimal(rate), base=untaxed, amount=owed)] if owed else []
    fields = {"line_no": 1, "sku": "MUG", "description": "Mug", "net": untaxed, "tax": owed, "taxes": taxes}
    return FinanceLine.accept({**fields, "gross": untaxed + owed, **said})


def an_invoice(*lines: FinanceLine, on: date = TODAY, **said: Any) -> FinanceDocument:
    """Order 1001, handed over on that day."""
    lines = tuple(line.model_copy(update={"line_no": at}) for at, line in enumerate(lines, start=1))
    currency = lines[0].net.currency
    nothing = Money.zero(currency)
    net, tax = (Money.total((getattr(line, name) for line in lines), currency) for name in ("net", "tax"))
    fields = {
        "key": "1/order/7/INV/1",
        "kind": "invoice",
        "company": "acme",
        "currency": currency,
        "document_date": on,
        "posting_date": on,
        "order_no": "1001",
        "lines": lines,
        "totals": FinanceTotals(
            net=net,
            tax=tax,
            gross=net + tax,
            prepaid=nothing,
            gift_card=nothing,
            rounding=nothing,
            due=net + tax,
        ),
    }
    return FinanceDocument.accept({**fields, **said})


def a_credit(*lines: FinanceLine, **said: Any) -> FinanceDocument:
    """What comes back of order 1001."""
    original = {"key": "1/order/7/INV/1", "number": "INV2026-1"}
    return an_invoice(*lines, kind="credit_note", original_document=original, **said)
