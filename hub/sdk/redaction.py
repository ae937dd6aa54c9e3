"""Keeps secrets out of messages: known words are replaced in whatever form they come back."""

import base64
from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus

HIDDEN = "•••"
_SHORTEST = 4
_OPEN_HEADERS = frozenset({"accept", "accept-language", "content-type", "user-agent"})


class Redactor:
    """Replaces secrets, and their base64 and URL forms, by three dots."""

    __slots__ = ("_secrets", "_words")

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = frozenset(secret for secret in secrets if len(secret) >= _SHORTEST)
        forms = {form for secret in self._secrets for form in _forms(secret)}
        self._words = sorted(forms, key=len, reverse=True)

    def also(self, secrets: Iterable[str]) -> "Redactor":
        """This redactor with more words."""
        return Redactor((*self._secrets, *secrets))

    def __call__(self, text: str) -> str:
        for word in self._words:
            text = text.replace(word, HIDDEN)
        return text

    def __repr__(self) -> str:
        return f"<Redactor of {len(self._words)} words>"


def header_secrets(headers: Mapping[str, str]) -> Iterable[str]:
    """What must not be shown of headers: the values, and what follows a scheme such as Bearer or Basic."""
    for name, value in headers.items():
        if name.lower() not in _OPEN_HEADERS:
            yield value
            yield from value.split()[1:]


def _forms(secret: str) -> Iterable[str]:
    plain = base64.b64encode(secret.encode()).decode()
    return secret, quote(secret, safe=""), quote_plus(secret), plain, plain.rstrip("=")
