"""Whom a document is for: one party for all customers, or one for each, found by its unique code."""

from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from connectors.finance.tryton import translate
from connectors.finance.tryton.client import Ledger, Record, Values
from connectors.finance.tryton.settings import Parties, TrytonConfig
from hub.core.failures import InDoubt, Rejected, Retryable
from hub.core.finance import FinanceDocument
from hub.core.json import JSON

ADDRESS: Final = ("party_name", "street_unstructured", "postal_code", "city", "country")
PARTY: Final = ("account_receivable", *(f"addresses.{field}" for field in ADDRESS))


class Payer(NamedTuple):
    """A party, its address for this document, and its own receivable account where it has one."""

    party: int
    address: int
    receivable: int | None


class Directory:
    """The parties of a ledger. Whatever it makes exists once, by its code: nothing here is in doubt."""

    def __init__(self, ledger: Ledger, config: TrytonConfig) -> None:
        self._ledger = ledger
        self._config = config
        self._countries: dict[str, int] = {}
        self._shared: Payer | None = None

    def payer(self, document: FinanceDocument) -> Payer:
        """Raises Rejected where nobody is named, Retryable even after a write: the next time it is found."""
        if self._config.parties is Parties.ONE or document.customer is None:
            self._shared = self._shared or self._common()
            return self._shared
        try:
            return self._own(document)
        except InDoubt as doubt:
            raise Retryable(doubt.code, after=None, **doubt.params) from None

    def _common(self) -> Payer:
        if self._config.party is None:
            raise Rejected("ledger.no_customer")
        found = self._ledger.search("party.party", [["id", "=", self._config.party]], PARTY)
        if not found or not _addresses(found[0]):
            raise Rejected("ledger.missing_reference", field="party" if not found else "party.addresses")
        return _payer(found[0], cast("int", _addresses(found[0])[0]["id"]))

    def _own(self, document: FinanceDocument) -> Payer:
        code = translate.party_code(document)
        wanted = translate.address(translate.billed(document), self._country(document))
        party = self._found(code) or self._made(document, code)
        same = [place for place in _addresses(party) if all(place.get(name) == wanted[name] for name in ADDRESS)]
        if same:
            return _payer(party, cast("int", same[0]["id"]))
        return _payer(party, self._ledger.create("party.address", {"party": party.id, **wanted}).id)

    def _found(self, code: str | None) -> Record | None:
        return next(iter(self._ledger.search("party.party", [["code", "=", code]], PARTY)), None)

    def _made(self, document: FinanceDocument, code: str | None) -> Record:
        """Somebody else may make the same party at the same time."""
        try:
            return self._ledger.create("party.party", translate.party(document, self._country(document)), PARTY)
        except Rejected as refused:
            found = self._found(code)
            if found is None:
                raise refused from None
            return found

    def _country(self, document: FinanceDocument) -> int | None:
        code = translate.billed(document).country
        if code is None:
            return None
        if code not in self._countries:
            for record in self._ledger.search("country.country", [["code", "=", code]], ("code",)):
                self._countries[code] = record.id
        return self._countries.get(code)


def _payer(party: Record, address: int) -> Payer:
    return Payer(party.id, address, cast("int | None", party.values.get("account_receivable")))


def _addresses(party: Record) -> Sequence[Values]:
    found: JSON = party.values.get("addresses")
    return [place for place in found if isinstance(place, dict)] if isinstance(found, list) else []
