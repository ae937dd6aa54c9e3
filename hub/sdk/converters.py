"""Named converters of mapping files: one foreign value into one canonical value.

A blank text is absent: its converter answers `None`, and the row's `default` or `required` decides.
Each raises BadInput with a code; the mapping adds the field. After a colon stands an argument, as in
`as = "grams:oz"` or `as = "datetime:Asia/Shanghai"`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from hub.core import text as words
from hub.core import times, units
from hub.core.currencies import PLACES
from hub.core.failures import BadInput
from hub.core.json import JSON
from hub.core.money import Money
from hub.core.text import masked
from hub.core.times import At

Convert: TypeAlias = Callable[[JSON], object]
ConvertMoney: TypeAlias = Callable[[JSON, str], object]


@dataclass(frozen=True, slots=True)
class Converter:
    """How a converter is made; one that takes an argument refuses a wrong one (BadInput) there and then."""

    make: Callable[[str], Convert]
    argument: bool = False


def text(value: JSON) -> str | None:
    """Words or a number as text, outer blanks off; blank is absent."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    raise BadInput("text.not_a_text", field="", value=masked(type(value).__name__))


def lower(value: JSON) -> str | None:
    """As `text`, in lower case."""
    found = text(value)
    return found and found.lower()


def upper(value: JSON) -> str | None:
    """As `text`, in upper case."""
    found = text(value)
    return found and found.upper()


def sku(value: JSON) -> str | None:
    """An article code as it is compared: NFKC, trimmed, inner blanks as one."""
    found = text(value)
    return found and words.sku(found, field="")


def whole(value: JSON) -> int | None:
    """A whole number, from a number or a text."""
    found = decimal(value)
    if found is not None and found != found.to_integral_value():
        raise BadInput("number.not_whole", field="", value=masked(found))
    return None if found is None else int(found)


def decimal(value: JSON) -> Decimal | None:
    """An exact number of at most six places, from a number or a text."""
    found = _stripped(value)
    return None if found is None else units.decimal(found)


def quantity(value: JSON) -> Decimal | None:
    """How much of something: zero or more."""
    found = _stripped(value)
    return None if found is None else units.quantity(found)


def rate(value: JSON) -> Decimal | None:
    """A share of one, as in 0.19."""
    found = _stripped(value)
    return None if found is None else units.rate(found)


def percent(value: JSON) -> Decimal | None:
    """A percentage made into a share of one: 19 becomes 0.19."""
    found = decimal(value)
    return None if found is None else units.rate(found.scaleb(-2).normalize())


def boolean(value: JSON) -> bool | None:
    """Yes or no: JSON's own, or 1, 0, true, false, yes, no as text."""
    if isinstance(value, bool):
        return value
    word = lower(value)
    if word is None:
        return None
    if word not in _YES_OR_NO:
        raise BadInput("boolean.neither", field="", value=masked(word))
    return _YES_OR_NO[word]


def country(value: JSON) -> str | None:
    """ISO 3166-1 alpha-2 in any letter case."""
    found = upper(value)
    if found is not None and not (len(found) == 2 and found.isascii() and found.isalpha()):  # noqa: PLR2004
        raise BadInput("country.no_code", field="", value=masked(found))
    return found


def currency(value: JSON) -> str | None:
    """A known ISO 4217 code in any letter case."""
    found = upper(value)
    if found is not None and found not in PLACES:
        raise BadInput("money.unknown_currency", field="", value=masked(found))
    return found


def money(value: JSON, code: str) -> Money | None:
    """An amount in major units, as a number or a text; it may not be finer than its currency."""
    found = _stripped(value)
    return None if found is None else Money.of(found, code)


def money_minor(value: JSON, code: str) -> Money | None:
    """An amount in minor units: cents, fen, yen."""
    found = whole(value)
    return None if found is None else Money.of_minor(found, code)


def amount(value: JSON) -> str | None:
    """Back to the outside: the major amount of canonical money, "12.50" of "12.50 EUR"."""
    return None if value is None else f"{Money.read(value).amount:f}"


def minor(value: JSON) -> int | None:
    """Back to the outside: the minor units of canonical money, 1250 of "12.50 EUR"."""
    return None if value is None else Money.read(value).minor


def hundredths(value: JSON) -> Decimal | None:
    """A whole number of hundredths: 1250 becomes 12.50."""
    found = whole(value)
    return None if found is None else Decimal(found).scaleb(-2)


def money_hundredths(value: JSON, code: str) -> Money | None:
    """An amount in hundredths of the major unit, whatever places its currency has: JPY 1200 as 120000."""
    found = hundredths(value)
    return None if found is None else Money.of(found, code)


def _time(zone: str) -> Convert:
    """ISO 8601; what has no zone keeps none, unless the argument names the place whose clock was read."""
    if zone:
        times.in_zone(_ANY_TIME, zone)

    def read(value: JSON) -> At | None:
        found = text(value)
        if found is None:
            return None
        return times.in_zone(found, zone) if zone else times.iso(found)

    return read


def _unix(per_second: int) -> Convert:
    """Unix time as a number or a text; 0 is how platforms write *never*."""

    def read(value: JSON) -> At | None:
        found = text(value)
        return None if found in {None, "0"} else times.unix(str(found), per_second=per_second)

    return read


def mail_date(value: JSON) -> At | None:
    """RFC 2822, as in `Tue, 20 Nov 2012 00:00:00 +0000`."""
    found = text(value)
    return None if found is None else times.mail_date(found)


def day(value: JSON) -> date | None:
    """A calendar day, as in 2026-11-22."""
    found = text(value)
    try:
        return None if found is None else date.fromisoformat(found)
    except ValueError:
        raise BadInput("time.not_a_day", field="", value=masked(found)) from None


def _measure(convert: Callable[[Decimal, str], Decimal], unit: str) -> Convert:
    convert(Decimal(1), unit)

    def read(value: JSON) -> Decimal | None:
        found = decimal(value)
        return None if found is None else convert(found, unit)

    return read


def _stripped(value: JSON) -> str | int | Decimal | None:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    raise BadInput("number.not_a_number", field="", value=masked(type(value).__name__))


def _plain(convert: Convert) -> Converter:
    return Converter(lambda _: convert)


_ANY_TIME = "2026-01-01T12:00:00"
_YES_OR_NO = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}

CONVERTERS: Mapping[str, Converter] = {
    "text": _plain(text),
    "lower": _plain(lower),
    "upper": _plain(upper),
    "sku": _plain(sku),
    "integer": _plain(whole),
    "decimal": _plain(decimal),
    "hundredths": _plain(hundredths),
    "quantity": _plain(quantity),
    "rate": _plain(rate),
    "percent": _plain(percent),
    "bool": _plain(boolean),
    "country": _plain(country),
    "currency": _plain(currency),
    "datetime": Converter(_time, argument=True),
    "date": _plain(day),
    "unix": _plain(_unix(1)),
    "unix_ms": _plain(_unix(1000)),
    "mail_date": _plain(mail_date),
    "grams": Converter(lambda unit: _measure(units.grams, unit or "g"), argument=True),
    "millimetres": Converter(lambda unit: _measure(units.millimetres, unit or "mm"), argument=True),
    "amount": _plain(amount),
    "minor": _plain(minor),
}

MONEY: Mapping[str, ConvertMoney] = {
    "money": money,
    "money_minor": money_minor,
    "money_hundredths": money_hundredths,
}
"""Converters that read the currency from where the row's `currency` path points."""
