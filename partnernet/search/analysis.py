"""Words as the index knows them: folded, split at everything but letters and digits, stemmed.

Both sides go through here: what is written to the index, and what is asked of it.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

TOKEN_LIMIT = 64
"""Characters of one word that count: longer ones are cut on both sides."""

ANALYSIS = 1
"""Raise it when the same text would give other words: the index is then made anew."""

_ACCENTS = "\u0300-\u036f"
_WORD = re.compile(rf"(?:[^\W_][{_ACCENTS}]*)+")
_ACCENT = re.compile(rf"[{_ACCENTS}]+")


def words(text: str) -> Iterator[tuple[int, int, str]]:
    """Each word of a text that counts: where it begins and ends, and its stem."""
    for found in _WORD.finditer(text):
        stem = stem_of(found[0])
        if stem:
            yield found.start(), found.end(), stem


def stems(text: str) -> list[str]:
    """The stems of a text, in order."""
    return [stem for found in _WORD.findall(text) if (stem := stem_of(found))]


def fold(text: str) -> str:
    """A text in small letters without accents."""
    if text.isascii():
        return text.lower()
    return _ACCENT.sub("", unicodedata.normalize("NFKD", text)).casefold()


@lru_cache(maxsize=100_000)
def stem_of(word: str) -> str:
    """The stem of one word; empty for words too common to find anything by."""
    plain = fold(word)[:TOKEN_LIMIT]
    if plain in _common_words() or (len(plain) == 1 and plain.isascii() and not plain.isdigit()):
        return ""
    return str(_stemmer()(plain))


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    from whoosh.lang import stopwords_for_language

    return frozenset(stopwords_for_language("en"))


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def] # Whoosh has no types
    from whoosh.lang import stemmer_for_language

    return stemmer_for_language("en")
