"""How a write of a connector is made to happen once: declared by the connector, proved by the kit."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeAlias


class Doubt(StrEnum):
    """What the hub does with a blind write in doubt."""

    ASK = "ask"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Keyed:
    """The remote recognises our key for `window` and answers a repeat with the first result."""

    window: timedelta


@dataclass(frozen=True, slots=True)
class Findable:
    """What was written can be looked up; *absent* counts only after the time it takes to settle."""

    by: str
    settles: timedelta


@dataclass(frozen=True, slots=True)
class Idempotent:
    """The same words twice do no harm."""


@dataclass(frozen=True, slots=True)
class Blind:
    """No key and no look-up: a person is asked, or the write counts as sent."""

    then: Doubt


Guarantee: TypeAlias = Keyed | Findable | Idempotent | Blind
