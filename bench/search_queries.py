"""Queries drawn from the texts themselves: words by how many passages hold them, words of one post, expressions."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from whoosh.lang.porter import stem

from bench.corpus import PARTNERS, PEOPLE
from bench.prose import FUNCTION_WORDS, expressions, words
from bench.search_fts5 import Fts5

RARE, MIDDLING, COMMON = (50, 100), (0.005, 0.03), (0.07, 0.27)
"""Rare words by the number of passages at 100,000, the others by share."""

CARDS = PARTNERS + PEOPLE
"""The first passages, which hold no prose."""

RECURRING = 1_000
"""The commonest expressions, each said in 80 to some thousand passages of 100,000."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One query in both languages: ours, and that of FTS5."""

    text: str
    match: str
    all_words: bool = False


def any_of(said: Sequence[str]) -> Asked:
    """Words, any of which will do."""
    return Asked(" ".join(said), " OR ".join(f'"{word}"' for word in said))


def all_of(said: Sequence[str]) -> Asked:
    """Words that must all be there."""
    return Asked(" ".join(said), " AND ".join(f'"{word}"' for word in said), all_words=True)


def phrase(said: str) -> Asked:
    """Words side by side."""
    return Asked(f'"{said}"', f'"{said}"')


class Queries:
    """Draws queries of each class; the same seed draws the same."""

    def __init__(self, fts5: Fts5) -> None:
        self._fts5, self._size = fts5, fts5.size()
        found = fts5.frequencies()
        held = {word: found.get(stem(word), 0) for word in words()}
        share = self._size / 100_000
        self._rare = [word for word, n in held.items() if RARE[0] * share <= n <= RARE[1] * share]
        self._middling = [word for word, n in held.items() if _within(n / self._size, MIDDLING)]
        self._common = [word for word, n in held.items() if _within(n / self._size, COMMON)]
        self.quarter = max(held, key=held.__getitem__)
        """The word in the most passages, about a quarter of them."""
        self.draws: dict[str, Callable[[random.Random], Asked]] = {
            "rare": lambda draw: any_of([draw.choice(self._rare)]),
            "middling": lambda draw: any_of([draw.choice(self._middling)]),
            "common": lambda draw: any_of([draw.choice(self._common)]),
            "any": lambda draw: any_of(self._of_a_post(draw, draw.randint(2, 5))),
            "all": lambda draw: all_of(self._of_a_post(draw, 3)),
            "phrase": lambda draw: phrase(draw.choice(self._expressions)),
        }
        plain = set(FUNCTION_WORDS)
        self._expressions = [said for said in expressions()[:RECURRING] if not plain & set(said.split())]

    def some(self, name: str, count: int, seed: int = 1) -> list[Asked]:
        """So many different queries of a class."""
        draw = random.Random(f"{name} {seed}")
        if name == "mixed":
            return [self.draws[("rare", "middling", "common")[n % 3]](draw) for n in range(count)]
        made = dict.fromkeys(self.draws[name](draw) for _ in range(count))
        return list(made)

    def _of_a_post(self, draw: random.Random, count: int) -> list[str]:
        (body,) = self._fts5.bodies([draw.randint(CARDS + 1, self._size)])
        said = dict.fromkeys(word for word in body.lower().replace(".", "").split() if word not in FUNCTION_WORDS)
        return draw.sample(list(said), min(count, len(said)))


def _within(share: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= share <= bounds[1]
