"""Invented prose with the statistics of real posts, the same on every machine: no word of anybody's is needed.

A vocabulary of some 60,000 forms of 20,000 words by Zipf's law, English function words between them,
expressions of two to four words that recur, a subject to each thread, and now and then a slip of the pen.
"""

import random
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, islice

WORDS, EXPRESSIONS = 20_000, 4_000
SHIFT = 38.0
"""Of Zipf and Mandelbrot's law: the commonest of the words stands in about a quarter of all posts of 118 words."""

FUNCTION_SHARE, EXPRESSION_SHARE, SUBJECT_SHARE = 0.42, 0.04, 0.12
"""Of the words of a post: how many are function words, how many expressions, and how many are of its subject."""

SLIP_EVERY = 400
"""One word in so many has a wrong letter."""

_WORDS = """the of and to a in that it is was for on with as be at by this have from or had not but they
are we which you were can been their there what all would will if has so more when one about who up out them
some into then these its than my our over now only other how could very after your even should where any how
most may each because just those through before between under still until while again whether against"""
FUNCTION_WORDS = _WORDS.split()

ONSETS = [*"bcdfghjlmnprstvw", *("br", "ch", "cl", "cr", "dr", "fl", "fr", "gl", "gr", "pl", "pr", "sc", "sh", "sl"),
          "sp", "st", "str", "th", "tr"]  # fmt: skip
VOWELS = [*"aaeeiioou", "ai", "ea", "oa", "ou"]
CODAS = [*[""] * 4, *"nrltdms", "ck", "nd", "nt", "rd", "st"]

ENDINGS = {"": 0.5, "s": 0.17, "ed": 0.12, "ing": 0.11, "er": 0.05, "ly": 0.04, "ment": 0.03, "ation": 0.03,
           "ful": 0.02, "ness": 0.02}  # fmt: skip
"""How a word's forms share its frequency. A word has the bare form and two of the others."""

LETTERS = "abcdefghijklmnoprstuvw"


@lru_cache(maxsize=1)
def words() -> list[str]:
    """The words in their bare form, the commonest first; the longer a word, the rarer."""
    draw = random.Random(11)
    made: dict[str, float] = {}
    reserved = set(FUNCTION_WORDS)
    while len(made) < WORDS:
        syllables = draw.choice((2, 2, 2, 2, 3, 3, 3, 4))
        word = "".join(
            draw.choice(ONSETS) + draw.choice(VOWELS) + (draw.choice(CODAS) if n == syllables - 1 else "")
            for n in range(syllables)
        )
        if len(word) > 3 and word not in reserved:
            made.setdefault(word, len(word) + draw.uniform(0, 9))
    return sorted(made, key=made.__getitem__)


@lru_cache(maxsize=1)
def forms() -> tuple[list[str], list[float]]:
    """Every form of every word, and how often it is said."""
    draw, others = random.Random(12), [ending for ending in ENDINGS if ending]
    said, weights = [], []
    for rank, word in enumerate(words()):
        endings = ["", *draw.sample(others, 2)]
        whole = sum(ENDINGS[ending] for ending in endings)
        for ending in endings:
            said.append(word + ending)
            weights.append(ENDINGS[ending] / whole / (rank + 1 + SHIFT))
    return said, weights


@lru_cache(maxsize=1)
def expressions() -> list[str]:
    """What is said in the same words again and again, the commonest first."""
    draw = random.Random(13)
    said, weights = forms()
    steps = list(accumulate(weights))
    made = []
    for _ in range(EXPRESSIONS):
        parts = draw.choices(said, cum_weights=steps, k=draw.choice((2, 2, 2, 3, 3, 4)))
        if len(parts) == 3 and draw.random() < 0.5:
            parts[1:1] = [draw.choice(("of", "and", "for", "in"))]
        made.append(" ".join(parts))
    return made


class Speaker:
    """Somebody who talks on and on; the same seed says the same."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        said, weights = forms()
        self._forms, self._steps = said, list(accumulate(weights))
        content = 1 - FUNCTION_SHARE - EXPRESSION_SHARE
        shares = [
            (FUNCTION_WORDS, [1 / (n + 2) for n in range(len(FUNCTION_WORDS))], FUNCTION_SHARE),
            (said, weights, content),
            (expressions(), [1 / (n + 10) for n in range(EXPRESSIONS)], EXPRESSION_SHARE),
        ]
        self._said: list[str] = []
        every: list[float] = []
        for items, given, share in shares:
            whole = sum(given)
            self._said += items
            every += [share * weight / whole for weight in given]
        self._all_steps = list(accumulate(every))

    def subject(self) -> list[str]:
        """What a thread is about: some words, which its posts say more often."""
        return self._draw.choices(self._forms, cum_weights=self._steps, k=24)

    def title(self, subject: list[str]) -> str:
        """A handful of words, some of the subject among them."""
        said = self._draw.choices(self._said, cum_weights=self._all_steps, k=5)
        said[1:1] = self._draw.sample(subject, 2)
        return " ".join(" ".join(said).split()[:7]).capitalize()

    def post(self, subject: list[str], length: int = 118) -> str:
        """So many words in sentences and paragraphs."""
        draw = self._draw
        said = " ".join(draw.choices(self._said, cum_weights=self._all_steps, k=length)).split()[:length]
        for _ in range(int(SUBJECT_SHARE * length)):
            said[int(draw.random() * length)] = subject[int(draw.random() * len(subject))]
        for at in range(int(draw.random() * SLIP_EVERY), length, SLIP_EVERY):
            said[at] = self._slip(said[at])
        return "\n\n".join(" ".join(sentences) for sentences in self._paragraphs(iter(said)))

    def _paragraphs(self, said: Iterator[str]) -> Iterator[list[str]]:
        while sentences := [" ".join(some) for some in self._sentences(said)]:
            yield [sentence[0].upper() + sentence[1:] + "." for sentence in sentences]

    def _sentences(self, said: Iterator[str]) -> Iterator[list[str]]:
        for _ in range(2 + int(self._draw.random() * 4)):
            if some := list(islice(said, 6 + int(self._draw.random() * 14))):
                yield some

    def _slip(self, word: str) -> str:
        at, letter = int(self._draw.random() * len(word)), self._draw.choice(LETTERS)
        return word[:at] + letter + word[at + self._draw.choice((0, 1)) :]
