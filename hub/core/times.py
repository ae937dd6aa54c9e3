"""Foreign times: what was written, what instant it means, and how we know."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema

from hub.core.failures import BadInput
from hub.core.fields import Value
from hub.core.text import masked

EARLIEST_YEAR, LATEST_YEAR = 1990, 2099
"""Nobody's order is older than the first web shops."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = re.compile(r"\d{4}-?\d\d-?\d\d|\d{4}-?W\d\d(-?\d)?")
_SECONDS = re.compile(r"\d\d:\d\d:\d\d")
_PARTS = 4


class Basis(StrEnum):
    """How the instant of a foreign time is known."""

    UTC = "utc"
    OFFSET = "offset"
    ZONE = "zone"
    ASSUMED = "assumed"
    DATE = "date"
    UNKNOWN = "unknown"


_BASES = frozenset(Basis)


class Precision(StrEnum):
    """The finest part of a foreign time that was written down."""

    DATE = "date"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class At:
    """A time as a stranger wrote it; `utc` is empty where nobody knows the instant, and nothing invents one.

    `zone` is the place whose wall clock was read, for the bases ZONE and ASSUMED.
    """

    raw: str
    utc: datetime | None
    basis: Basis
    zone: str | None = None

    @classmethod
    def read(cls, value: object) -> "At":
        """From itself, from an aware datetime, from its own text form, or from an ISO 8601 text."""
        if isinstance(value, At):
            return value
        if isinstance(value, datetime) and value.tzinfo is not None:
            return iso(value.isoformat())
        if not isinstance(value, str):
            raise BadInput("time.not_a_time", field="", value=masked(value))
        parts = value.split(" ", 3)
        if len(parts) == _PARTS and parts[1] in _BASES:
            utc, basis, zone, raw = parts
            instant = None if utc == "-" else datetime.fromisoformat(utc)
            return cls(raw, instant, Basis(basis), None if zone == "-" else zone)
        return iso(value)

    @property
    def precision(self) -> Precision:
        """A clock with seconds in it, or Unix time, is precise to the second."""
        if self.basis is Basis.DATE:
            return Precision.DATE
        has_seconds = _SECONDS.search(self.raw) or ":" not in self.raw
        return Precision.SECOND if has_seconds else Precision.MINUTE

    def __str__(self) -> str:
        instant = "-" if self.utc is None else self.utc.isoformat()
        return f"{instant} {self.basis.value} {self.zone or '-'} {self.raw}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return Value(cls.read).schema()


def iso(raw: str) -> At:
    """ISO 8601. Without zone or offset `utc` stays empty; a bare day is a day and no instant."""
    found = _parsed(raw)
    if _DAY.fullmatch(raw.strip()):
        return At(raw, None, Basis.DATE)
    if found.tzinfo is None:
        return At(raw, None, Basis.UNKNOWN)
    return At(raw, found.astimezone(UTC), Basis.UTC if raw.rstrip().endswith(("Z", "z")) else Basis.OFFSET)


def in_zone(raw: str, zone: str, *, fold: int | None = None, basis: Basis = Basis.ZONE) -> At:
    """A wall-clock time of a known place. An offset in the text wins over the place.

    A time that the clock skips is refused (time.in_gap), one that it shows twice as well (time.shown_twice)
    unless `fold` says whether the first (0) or the second (1) is meant. `basis` ASSUMED is for a place that
    was guessed.
    """
    local = _parsed(raw)
    if local.tzinfo is not None or _DAY.fullmatch(raw.strip()):
        return iso(raw)
    place = _zone(zone)
    first, second = (local.replace(tzinfo=place, fold=side) for side in (0, 1))
    if first.astimezone(UTC).astimezone(place).replace(tzinfo=None) != local:
        raise BadInput("time.in_gap", field="", value=masked(raw), zone=zone)
    if first.utcoffset() != second.utcoffset() and fold is None:
        raise BadInput("time.shown_twice", field="", value=masked(raw), zone=zone)
    return At(raw, (second if fold else first).astimezone(UTC), basis, zone)


class WallClock(NamedTuple):
    """What a clock somewhere showed, and how far from UTC it is."""

    shown: datetime
    offset: timedelta


def wall_clock(at: At) -> WallClock | None:
    """The clock behind a time that was written with its offset."""
    if at.basis is not Basis.OFFSET or at.utc is None:
        return None
    offset = iso_offset(at.raw)
    return WallClock((at.utc + offset).replace(tzinfo=None), offset) if offset is not None else None


def as_if_utc(at: At) -> datetime:
    """For ordering alone: the written time taken for UTC."""
    return at.utc or _parsed(at.raw).replace(tzinfo=UTC)


def assumed(at: At, zone: str) -> At:
    """A time of unknown zone, guessed to be of this one; what the clock shows twice is read as the first."""
    shown = _parsed(at.raw).replace(tzinfo=_zone(zone))
    return At(at.raw, shown.astimezone(UTC), Basis.ASSUMED, zone)


def assumed_like(at: At, clocks: Sequence[WallClock]) -> At:
    """A time of unknown zone, guessed to be as far from UTC as the clock that showed the nearest time."""
    shown = _parsed(at.raw)
    nearest = min(clocks, key=lambda clock: (abs(clock.shown - shown), clock.offset))
    return At(at.raw, (shown - nearest.offset).replace(tzinfo=UTC), Basis.ASSUMED)


def iso_offset(raw: str) -> timedelta | None:
    try:
        return datetime.fromisoformat(raw.strip()).utcoffset()
    except ValueError:
        return None


def unix(raw: int | str, *, per_second: int = 1) -> At:
    """Unix time in seconds, or in milliseconds with `per_second=1000`."""
    try:
        found = _EPOCH + timedelta(microseconds=int(raw) * 1_000_000 // per_second)
    except (ValueError, OverflowError):
        raise BadInput("time.not_a_time", field="", value=masked(raw)) from None
    return At(str(raw), _plausible(found, str(raw)), Basis.UTC)


def mail_date(raw: str) -> At:
    """RFC 2822, as in `Tue, 20 Nov 2012 00:00:00 +0000`."""
    try:
        found = _plausible(parsedate_to_datetime(raw), raw)
    except ValueError:
        raise BadInput("time.not_a_time", field="", value=masked(raw)) from None
    if found.tzinfo is None:
        return At(raw, None, Basis.UNKNOWN)
    return At(raw, found.astimezone(UTC), Basis.OFFSET)


def _parsed(raw: str) -> datetime:
    try:
        return _plausible(datetime.fromisoformat(raw.strip()), raw)
    except ValueError:
        raise BadInput("time.not_a_time", field="", value=masked(raw)) from None


def _plausible(found: datetime, raw: str) -> datetime:
    """Sentinels for "never" (year 1, 1970, 9999) are no times of a trade."""
    if EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        return found
    raise BadInput("time.implausible", field="", value=masked(raw))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput("time.unknown_zone", field="", value=masked(name)) from None
