"""What can go wrong, named by its remedy.

HubError                       a code with parameters; faces put it into words
├── BadInput                   a field holds a value nobody can accept: correct it and send it again
├── Refused                    a person asked for what the present state does not allow
├── HouseDown                  our own disk, database or broker is not usable: wait, then go on
└── Failure                    an outside system did not do what was asked
    ├── Retryable              surely nothing happened there: repeat after a while
    ├── InDoubt                a write may have happened: look it up, never repeat blindly
    ├── Rejected               understood and refused: a person decides
    ├── Misconfigured          credentials or settings: the connection pauses with one alarm
    └── Untranslatable         the document does not fit its mapping: it is parked
"""

from datetime import timedelta
from typing import TypeAlias

Parameter: TypeAlias = str | int | bool | None


class HubError(Exception):
    """A code and its parameters, never a sentence; `hub.core.reasons` words it in each language."""

    def __init__(self, code: str, **params: Parameter) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        shown = " ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code} {shown}".rstrip()


class BadInput(HubError):
    """One field with a value that cannot be accepted; `value` is shortened and masked by the caller."""

    def __init__(self, code: str, *, field: str, value: str = "", **params: Parameter) -> None:
        super().__init__(code, field=field, value=value, **params)
        self.field = field
        self.value = value


class Refused(HubError):
    """What a person asked for is not possible now; the parameters say why and what is."""


class HouseDown(HubError):
    """A part of our own house (database, broker, disk) does not answer; nothing is wrong with the rows."""


class Failure(HubError):
    """An outside system did not do what was asked. Raised or answered by connectors only."""


class Retryable(Failure):
    """Surely nothing happened there.

    `after` is the wait that the remote asked for, `None` where it named none.
    """

    def __init__(self, code: str, *, after: timedelta | None = None, **params: Parameter) -> None:
        super().__init__(code, **params)
        self.after = after


class InDoubt(Failure):
    """A write left the house and its outcome is not known."""


class Rejected(Failure):
    """The remote understood and refused; `detail` repeats its own words, without personal data."""


class Misconfigured(Failure):
    """Credentials or settings are wrong: no request of this connection can succeed."""


class Untranslatable(Failure):
    """A document of the remote does not fit its mapping; `field` names the place."""
