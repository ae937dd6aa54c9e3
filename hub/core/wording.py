"""A sentence in the languages that faces speak."""

from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """Languages that faces speak."""

    EN = "en"
    ZH = "zh"


class Wording(NamedTuple):
    """One code in both languages."""

    en: str
    zh: str

    def text(self, language: Language) -> str:
        """The sentence in one language."""
        return self.zh if language is Language.ZH else self.en
