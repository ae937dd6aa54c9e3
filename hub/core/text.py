"""Words of strangers: how a SKU is compared and how a value may be shown in a message."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from hub.core.failures import BadInput

LONGEST_SHOWN = 40
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")
_LONG_NUMBER = re.compile(r"(?:\+\d|\b00[1-9])[\d ().-]{5,}\d|\d{7,}")


def sku(text: str, *, field: str = "sku") -> str:
    """The form in which article codes are stored and compared; letter case tells articles apart.

    Full-width and differently composed letters become one (NFKC), outer blanks go, inner runs become one
    space. Raises BadInput for a code without a visible character or with a control character in it.
    """
    plain = _plain(text)
    if not plain:
        raise BadInput("sku.empty", field=field)
    if not plain.isprintable():
        raise BadInput("sku.control_character", field=field, value=masked(text))
    return plain


def norm(text: str) -> str:
    """The form in which names and numbers are searched: as `sku`, and letter case is no difference."""
    return _plain(text).casefold()


def masked(value: object) -> str:
    """A foreign value as a message may show it: one line, at most 40 characters, no e-mail or long number."""
    line = "".join(mark if mark.isprintable() else " " for mark in str(value)[: 4 * LONGEST_SHOWN])
    line = _LONG_NUMBER.sub(_last_digits, _EMAIL.sub("…@…", line))
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"


def nearest(word: str, known: Iterable[str], *, most: int = 3) -> str:
    """The known names that look like a mistyped one, as a list to read; empty where none does."""
    by_norm = {norm(name): name for name in known}
    return ", ".join(by_norm[found] for found in get_close_matches(norm(word), by_norm, n=most, cutoff=0.4))


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    return " ".join(text.split())


def _last_digits(number: re.Match[str]) -> str:
    return "…" + number[0][-3:]
