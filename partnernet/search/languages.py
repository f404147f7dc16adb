"""How words of each language are folded and stemmed, and which are too common to find anything by.

A language that is not here is kept as it is written. Stems are made of folded words, since people
leave accents out when they search; where a stemmer needs an accent to know an ending, it gets it back.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from partnernet.core.languages import LANGUAGES, common_words

_MARK = re.compile("[\u0300-\u036f\u00ad\u200c\u200d\u2060]+")
"""Accents, and what is not seen inside a word: soft hyphens and joiners."""

_LETTERS = str.maketrans({
    "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d",
    "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ı": "i",
})  # fmt: skip
"""Letters with a stroke or a ligature, which no decomposition knows."""

_ENDINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "es": (("cion", "ción"),),
    "fr": (("ees", "ées"), ("ee", "ée")),
    "pt": (("coes", "ção"), ("cao", "ção"), ("oes", "ão"), ("ao", "ão")),
}
"""Endings that a stemmer knows by their accents alone; in Portuguese a plural becomes its singular."""


@dataclass(frozen=True, slots=True)
class Language:
    """How words of one language become what is looked for."""

    stem: Callable[[str], str]
    common: frozenset[str]
    """Folded."""


def fold(text: str) -> str:
    """A text in small letters without accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    # Cyrillic й is a letter of its own, not an accented и.
    kept = apart.replace("и\u0306", "й").replace("И\u0306", "Й")
    return unicodedata.normalize("NFC", _MARK.sub("", kept)).casefold()


def language(code: str) -> Language:
    """A language by its code; one that is not known keeps words as they are."""
    return Language(_stemmer(code), frozenset(map(fold, common_words(code))))


def _stemmer(code: str) -> Callable[[str], str]:
    from whoosh.lang import stemmer_for_language

    if code not in LANGUAGES or code == "cy":
        return str
    stem: Callable[[str], str] = stemmer_for_language(code)
    endings = _ENDINGS.get(code, ())

    def folded(word: str) -> str:
        for plain, accented in endings:
            if word.endswith(plain):
                word = word.removesuffix(plain) + accented
                break
        return fold(stem(word))

    return folded
