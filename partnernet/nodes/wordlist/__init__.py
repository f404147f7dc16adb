"""The 2,048 short English words of BIP-39, told apart by their first four letters; `wordlist.json` says whence."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from partnernet.core.errors import Invalid
from partnernet.core.words import _

FILE = Path(__file__).with_name("english.txt")
BITS = 11
"""What one word says."""


@lru_cache(maxsize=1)
def all_words() -> tuple[str, ...]:
    """The words in their order: the place of each is its number."""
    return tuple(FILE.read_text(encoding="ascii").split())


def spell(number: int, count: int) -> list[str]:
    """A number of `count` times 11 bits as words, the highest bits first."""
    known = all_words()
    return [known[number >> BITS * place & len(known) - 1] for place in reversed(range(count))]


def read(said: Sequence[str]) -> int:
    """The number that words say; raises Invalid for one that is not in the list."""
    places = {word: place for place, word in enumerate(all_words())}
    number = 0
    for word in said:
        if word.lower() not in places:
            raise Invalid(_("“%(word)s” is not one of the words: look for a slip of the pen.", word=word[:40]))
        number = number << BITS | places[word.lower()]
    return number
