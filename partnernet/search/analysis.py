"""Words as the index knows them: folded, split at everything but letters and digits, stemmed by language.

Both sides go through here: what is written to the index, and what is asked of it. Dots, hyphens and
apostrophes split; only initials (U.K., R&D), figures in thousands (2,500) and e-mail stay in one. Two words
with a hyphen between (well-being) are known as one, too.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from partnernet.core.languages import DEFAULT, LANGUAGES, guess, known_as
from partnernet.search.languages import fold, language

__all__ = [
    "ANALYSIS", "LANGUAGES", "TOKEN_LIMIT", "compounds", "fold", "guess", "is_common", "joined", "plain_words",
    "replaced", "stem_of", "stems", "tokens", "words",
]  # fmt: skip

TOKEN_LIMIT = 64
"""Characters of one word that count: longer ones are cut on both sides."""

ANALYSIS = 3
"""Raise it when the same text would give other words: the index is then made anew."""

KNOWN_LIMIT = 40_000
"""Words that are remembered with their stem, by language; then all are forgotten."""

_SIGNS = "".join(chr(n) for n in range(0x0300, 0x1100) if unicodedata.category(chr(n)) in ("Mn", "Mc"))
_W, _L = r"[^\W_]", r"[^\W\d_]"
_JOINT = r".,&\u00a0\u202f\u2010\u2011-"
_WORD = re.compile(
    rf"{_W}+(?:"
    rf"[{_SIGNS}\u00ad\u200c\u200d\u2060]+{_W}*"
    rf"|[{_JOINT}](?:"
    # After a lone character: the next initial, or what is electronic.
    rf"(?<!{_W}{{2}}.)(?:(?<=[.&]){_L}(?!{_W})|(?<=[eE][\u2010\u2011-])(?={_L}){_W}+)"
    # After at most three digits: three more.
    rf"|(?<=\d[.,\u00a0\u202f])(?<!{_W}{{4}}.)\d{{3}}(?!\d)"
    r"))*"
)
_HYPHEN = re.compile(rf"[\u2010\u2011-](?=({_L}{{2,}})(?![\w\u2010\u2011-]))")
_HEAD = re.compile(rf"(?<![\w\u2010\u2011-]){_L}{{2,}}$")
_JOINTS = re.compile(rf"[{_JOINT}]")


def words(text: str, lang: str = DEFAULT) -> Iterator[tuple[int, int, str]]:
    """Each word of a text that counts: where it begins and ends, and its stem."""
    known, at = _known(lang), 0
    for word in _WORD.findall(text):
        # What lies between two words holds no character of a word: the next that is alike is this one.
        begin = text.index(word, at)
        at = begin + len(word)
        if stem := known[word]:
            yield begin, at, stem


def stems(text: str, lang: str = DEFAULT) -> list[str]:
    """The stems of a text, in order."""
    known = _known(lang)
    return [stem for word in _WORD.findall(text) if (stem := known[word])]


def joined(text: str, lang: str = DEFAULT) -> Iterator[tuple[int, int, str]]:
    """Each pair of words with a hyphen between: where it begins and ends, and its stem as one word."""
    for start, end, head, tail in _hyphened(text):
        if stem := _known(lang)[head + tail]:
            yield start, end, stem


def compounds(text: str) -> list[tuple[tuple[str, str], str]]:
    """The same, folded but not stemmed: both words, and the one that they make."""
    return [((_plain[head], _plain[tail]), _plain[head + tail]) for _, _, head, tail in _hyphened(text)]


def tokens(text: str) -> list[str]:
    """All words of a text in order, folded but not stemmed, common ones too."""
    return [_plain[word] for word in _WORD.findall(text)]


def replaced(text: str, instead: Mapping[str, str]) -> str:
    """A text with other words for some of its words, which are named as `tokens` has them."""
    return _WORD.sub(lambda found: instead.get(_plain[found[0]], found[0]), text)


def plain_words(text: str) -> set[str]:
    """Every distinct word of a text, folded but not stemmed, common ones too, and those that a hyphen parts."""
    return {_plain[word] for word in {*_WORD.findall(text), *(head + tail for _, _, head, tail in _hyphened(text))}}


def stem_of(word: str, lang: str = DEFAULT) -> str:
    """The stem of one word; empty for words too common in a language to find anything by."""
    return _known(lang)[word]


def is_common(word: str, lang: str = DEFAULT) -> bool:
    """Whether a word is too common in a language to find anything by."""
    return not _known(lang)[word]


def _hyphened(text: str) -> Iterator[tuple[int, int, str, str]]:
    for hyphen in _HYPHEN.finditer(text):
        head = _HEAD.search(text, max(0, hyphen.start() - TOKEN_LIMIT), hyphen.start())
        if head is not None:
            yield head.start(), hyphen.end(1), head[0], hyphen[1]


class _Known(dict[str, str]):
    """What words became, by the word as it was written."""

    def __init__(self, make: Callable[[str], str]) -> None:
        self._make = make

    def __missing__(self, word: str) -> str:
        made = self._make(word)
        if len(self) >= KNOWN_LIMIT:
            self.clear()
        # Most words are their own stem: one string then serves as both.
        self[word] = made = word if made == word else made
        return made


def _folded(word: str) -> str:
    joined = word if word.isalnum() else _JOINTS.sub("", word)
    return fold(joined)[:TOKEN_LIMIT]


_plain = _Known(_folded)
_by_language: dict[str, _Known] = {}


def _known(lang: str) -> _Known:
    known = _by_language.get(lang)
    if known is None:
        code = known_as(lang)
        known = _by_language[code] = _by_language.get(code) or _new(code)
    return known


def _new(lang: str) -> _Known:
    of = language(lang)

    def stem(word: str) -> str:
        plain = _folded(word)
        if plain in of.common or (len(plain) == 1 and plain.isascii() and not plain.isdigit()):
            return ""
        return of.stem(plain)

    return _Known(stem)
