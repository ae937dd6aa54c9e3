"""The command line's own labels: English is the key, Chinese stands here."""

from hub.core.wording import Language

CHINESE: dict[str, str] = {}


def label(text: str, language: Language) -> str:
    """A label in one language."""
    return CHINESE.get(text, text) if language is Language.ZH else text
