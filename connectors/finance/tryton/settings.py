"""What a connection to Tryton is told: its key, and the ids of the records that documents are posted with."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import SecretStr, model_validator

from hub.core import units
from hub.core.currencies import PLACES
from hub.core.failures import BadInput, Rejected
from hub.core.fields import refusal
from hub.core.finance import AccountRole, CollectedBy, FinanceLine, FinanceTax, TaxCategory
from hub.sdk.connector import ConnectorConfig

ANY = "*"
CATEGORIES = frozenset(TaxCategory)


class Parties(StrEnum):
    """Whether all customers share one party in the ledger, or each has its own."""

    ONE = "one"
    EACH = "each"


class ClosedPeriods(StrEnum):
    """What becomes of a document whose period is closed: a person is asked, or it is posted as of today."""

    REFUSE = "refuse"
    TODAY = "today"


class TaxKey(NamedTuple):
    """The taxes of documents for which one tax of the ledger stands; `*` is any."""

    jurisdiction: str
    category: str
    rate: Decimal

    @classmethod
    def read(cls, text: str) -> Self:
        """`0.19`, `DE 0.19` or `DE AE 0`. Raises BadInput."""
        match text.split():
            case [rate]:
                return cls(ANY, ANY, units.rate(rate))
            case [jurisdiction, rate]:
                return cls(jurisdiction, ANY, units.rate(rate))
            case [jurisdiction, category, rate] if category in {ANY, *CATEGORIES}:
                return cls(jurisdiction, category, units.rate(rate))
            case _:
                raise BadInput("ledger.tax_key", field="taxes", value=text)


class TrytonConfig(ConnectorConfig):
    """`base_url` ends with the database; `company` and all others that are numbers are record ids there.

    `accounts` by role; without `receivable` each party brings its own. `taxes` by `RATE`,
    `JURISDICTION RATE` or `JURISDICTION CATEGORY RATE`, the narrowest wins, `*` is any; a rate of zero
    without a row carries no tax. `currencies` that are not listed are found by their code. `party` is the
    customer of all documents, or with one party each of those that name nobody. `timezone` is the
    company's: it says what day is today.
    """

    key: SecretStr
    company: int
    timezone: str = "UTC"
    journal: int
    accounts: Mapping[AccountRole, int]
    taxes: Mapping[str, int]
    payment_term: int | None = None
    currencies: Mapping[str, int] = {}
    unit: int | None = None
    parties: Parties = Parties.ONE
    party: int | None = None
    closed_periods: ClosedPeriods = ClosedPeriods.REFUSE

    @model_validator(mode="after")
    def _settings_are_sound(self) -> Self:
        for flaw in self._flaws():
            raise refusal(flaw.code, field=flaw.field, value=flaw.value)
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def account(self, role: AccountRole) -> int:
        """The account of a role. Raises Rejected ledger.no_account."""
        if role not in self.accounts:
            raise Rejected("ledger.no_account", role=role.value)
        return self.accounts[role]

    def taxes_of(self, line: FinanceLine) -> list[int]:
        """The ledger's taxes on what the merchant owes. Raises Rejected ledger.no_tax for one without a row."""
        owed = (tax for tax in line.taxes if tax.collected_by is CollectedBy.MERCHANT)
        return [found for tax in owed if (found := self._tax(tax)) is not None]

    def tax_rates(self) -> Iterator[tuple[str, int, Decimal]]:
        """Each row of the tax table: its key as written, the id, the rate the ledger's tax must have."""
        return ((key, number, TaxKey.read(key).rate) for key, number in self.taxes.items())

    def _tax(self, tax: FinanceTax) -> int | None:
        table = {TaxKey.read(key): number for key, number in self.taxes.items()}
        where = tax.jurisdiction or ANY
        for key in ((where, tax.category), (where, ANY), (ANY, tax.category), (ANY, ANY)):
            if (found := table.get(TaxKey(*key, tax.rate))) is not None:
                return found
        if tax.rate:
            raise Rejected("ledger.no_tax", rate=str(tax.rate), jurisdiction=where, category=tax.category.value)
        return None

    def _flaws(self) -> Iterator[BadInput]:
        """Settings that cannot be right, whatever the ledger holds."""
        if self.parties is Parties.ONE and self.party is None:
            yield BadInput("field.missing", field="party")
        yield from (
            BadInput("money.unknown_currency", field="currencies", value=code)
            for code in self.currencies
            if code not in PLACES
        )
        try:
            _ = self.zone
        except (ZoneInfoNotFoundError, ValueError, OSError):
            yield BadInput("time.unknown_zone", field="timezone", value=self.timezone)
        try:
            _ = [TaxKey.read(key) for key in self.taxes]
        except BadInput as bad:
            yield BadInput(bad.code, field="taxes", value=bad.value)
