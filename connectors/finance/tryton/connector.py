"""Tryton as a ledger: what it can do for the hub, and whether its settings fit."""

from datetime import timedelta
from functools import cached_property
from typing import ClassVar

from connectors.finance.tryton.books import Books
from connectors.finance.tryton.client import Ledger
from connectors.finance.tryton.inspection import inspect
from connectors.finance.tryton.settings import TrytonConfig
from hub.core.failures import Misconfigured, Rejected
from hub.core.finance import FinanceDocument, Posting
from hub.sdk.capabilities import PostsCredits, PostsReceivables, Raw, Wanted
from hub.sdk.connector import Connector, Kind, Limits, Manifest
from hub.sdk.guarantees import Findable, Guarantee
from hub.sdk.writes import one_by_one

BY_REFERENCE = Findable(by="reference", settles=timedelta(minutes=1))
"""A request whose answer nobody waited for has ended in the ledger after this time."""


class Tryton(Connector[TrytonConfig], PostsReceivables, PostsCredits):
    """Posts invoices and credit notes of one company.

    One request at a time: on SQLite, Tryton 8.2 gave the same number to invoices posted side by side.
    """

    manifest = Manifest(
        id="tryton",
        kind=Kind.FINANCE,
        title="Tryton",
        api="8.2",
        simulator="connectors.finance.tryton.sim:TrytonSim",
        demo=True,
    )
    config_model = TrytonConfig
    limits = Limits(calls_at_once=1)
    receivable_once: ClassVar[Guarantee] = BY_REFERENCE
    credit_once: ClassVar[Guarantee] = BY_REFERENCE

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.http, self.config.key.get_secret_value(), self.config.company)

    @cached_property
    def books(self) -> Books:
        return Books(self.ledger, self.config, self.mapping("posting"), self.http.clock)

    def check(self) -> None:
        """Reads the company and every record that the settings name; raises Misconfigured with the setting."""
        try:
            inspect(self.ledger, self.config)
        except Rejected as refused:
            raise Misconfigured(refused.code, **refused.params) from None

    @one_by_one
    def send_receivable(self, wanted: Wanted[FinanceDocument]) -> Raw:
        return self.books.post(wanted)

    def find_receivable(self, wanted: Wanted[FinanceDocument]) -> Raw | None:
        return self.books.find(wanted)

    def read_receivable(self, request: FinanceDocument, raw: Raw) -> Posting:
        return self.books.read(request, raw)

    @one_by_one
    def send_credit(self, wanted: Wanted[FinanceDocument]) -> Raw:
        return self.books.post(wanted)

    def find_credit(self, wanted: Wanted[FinanceDocument]) -> Raw | None:
        return self.books.find(wanted)

    def read_credit(self, request: FinanceDocument, raw: Raw) -> Posting:
        return self.books.read(request, raw)
