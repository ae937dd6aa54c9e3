"""Whether the records that the settings name are there, and are what they are used for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple, TypeAlias, cast

from connectors.finance.tryton.client import Ledger, Values
from connectors.finance.tryton.settings import Parties, TrytonConfig
from hub.core.currencies import PLACES
from hub.core.failures import Misconfigured
from hub.core.finance import AccountRole
from hub.core.json import JSON

ACCOUNT: Final = ("closed", "company", "type.revenue", "type.receivable")
TAX: Final = ("company", "type", "rate")

Rule: TypeAlias = Callable[[Values], str | None]
"""The code of what is wrong with a record."""


class Named(NamedTuple):
    """A setting, and the id of the record that it names."""

    field: str
    id: int


def inspect(ledger: Ledger, config: TrytonConfig) -> None:
    """Raises Misconfigured with the setting whose record is absent, closed or of the wrong kind."""
    company = _company(ledger, config)
    _accounts(ledger, config)
    _taxes(ledger, config)
    _currencies(ledger, {**config.currencies, **company})
    _each(ledger, "account.journal", [Named("journal", config.journal)], ("type",), _is_for_sales)
    _each(ledger, "account.invoice.payment_term", _one("payment_term", config.payment_term))
    _each(ledger, "product.uom", _one("unit", config.unit))
    _each(ledger, "party.party", _one("party", config.party), ("addresses.id",), _has_address)


def _company(ledger: Ledger, config: TrytonConfig) -> Mapping[str, int]:
    """Its currency by code and id."""
    named = [Named("company", config.company)]
    _each(ledger, "company.company", named, ("timezone",), _keeps(config.timezone))
    found = ledger.search("company.company", [["id", "=", config.company]], ("currency.code",))
    currency = found[0].values["currency"]
    return {str(_of(currency, "code")): cast("int", _of(currency, "id"))}


def _accounts(ledger: Ledger, config: TrytonConfig) -> None:
    named = [Named(f"accounts.{role}", number) for role, number in config.accounts.items()]
    records = _each(ledger, "account.account", named, ACCOUNT, _belongs(config.company), _is_open)
    for setting in named:
        kind = "receivable" if setting.field.endswith(AccountRole.RECEIVABLE) else "revenue"
        if not _of(records[setting.id].get("type"), kind):
            raise Misconfigured("ledger.wrong_kind", field=setting.field, id=setting.id, expected=kind)
    if AccountRole.RECEIVABLE not in config.accounts and config.parties is Parties.ONE:
        fields = ("account_receivable",)
        _each(ledger, "party.party", _one("party", config.party), fields, _has_account)


def _taxes(ledger: Ledger, config: TrytonConfig) -> None:
    named = [Named(f"taxes.{key}", number) for key, number in config.taxes.items()]
    records = _each(ledger, "account.tax", named, TAX, _belongs(config.company))
    for key, number, rate in config.tax_rates():
        found = _decimal(records[number].get("rate"))
        if records[number].get("type") != "percentage" or found != rate:
            raise Misconfigured("ledger.wrong_rate", field=f"taxes.{key}", id=number, found=str(found))


def _currencies(ledger: Ledger, wanted: Mapping[str, int]) -> None:
    """A ledger that rounds to other places than the world does can never agree with a shop."""
    named = [Named(f"currencies.{code}", number) for code, number in wanted.items()]
    records = _each(ledger, "currency.currency", named, ("code", "digits"))
    for code, number in wanted.items():
        record = records[number]
        if record.get("code") != code or record.get("digits") != PLACES.get(code):
            raise Misconfigured("ledger.wrong_currency", field=f"currencies.{code}", id=number)


def _each(
    ledger: Ledger, model: str, named: Sequence[Named], fields: Iterable[str] = (), *rules: Rule
) -> Mapping[int, Values]:
    """The records by id. Raises Misconfigured for the first that is absent or breaks a rule."""
    if not named:
        return {}
    ids: list[JSON] = [*sorted({setting.id for setting in named})]
    found = {record.id: record.values for record in ledger.search(model, [["id", "in", ids]], tuple(fields))}
    for setting in named:
        if setting.id not in found:
            raise Misconfigured("ledger.not_there", field=setting.field, id=setting.id, model=model)
        for rule in rules:
            if (code := rule(found[setting.id])) is not None:
                raise Misconfigured(code, field=setting.field, id=setting.id)
    return found


def _one(field: str, number: int | None) -> list[Named]:
    return [] if number is None else [Named(field, number)]


def _belongs(company: int) -> Rule:
    return lambda record: None if record.get("company") in {company, None} else "ledger.other_company"


def _keeps(timezone: str) -> Rule:
    return lambda record: None if record.get("timezone") in {timezone, None} else "ledger.other_timezone"


def _is_open(record: Values) -> str | None:
    return "ledger.closed" if record.get("closed") else None


def _is_for_sales(record: Values) -> str | None:
    return None if record.get("type") == "revenue" else "ledger.wrong_kind"


def _has_address(record: Values) -> str | None:
    return None if record.get("addresses") else "ledger.no_address"


def _has_account(record: Values) -> str | None:
    return None if record.get("account_receivable") else "ledger.no_account"


def _of(value: JSON, name: str) -> JSON:
    return value.get(name) if isinstance(value, dict) else None


def _decimal(value: JSON) -> Decimal | None:
    try:
        return Decimal(str(_of(value, "decimal")))
    except InvalidOperation:
        return None
