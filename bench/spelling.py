"""Words that were meant, and those that begin so, out of as many words as a network of any size has.

python -m bench spelling
"""

import random
import time
from array import array
from collections.abc import Callable, Iterable
from itertools import accumulate
from statistics import median, quantiles

from bench.prose import LETTERS, forms
from bench.table import Row, show
from partnernet.search.spelling import Words, correction

ROUNDS = 200


def main() -> None:
    """Print the table."""
    draw, known = random.Random(1), sorted(set(forms()[0]))
    counts = {word: draw.randint(1, 500) for word in known}
    lines = [b"\n", *(word.encode() + b"\n" for word in known)]
    starts = array("I", accumulate(map(len, lines)))[:-1]
    words = Words(b"".join(lines), starts, array("I", counts.values()))
    long = [word for word in known if len(word) > 4]
    slips = [_slipped(draw, draw.choice(long)) for _ in range(ROUNDS)]
    strange = ["".join(draw.choices(LETTERS, k=12)) for _ in range(ROUNDS)]
    begun = [draw.choice(long)[:3] for _ in range(ROUNDS)]

    def meant(word: str) -> str | None:
        return correction(word, [words], lambda other: counts.get(other, 0))

    show(f"Spelling, of {len(known):,} words: CPU milliseconds, p95 beside the median", [
        _row("a word with one wrong letter", slips, meant),
        _row("a word that is like none", strange, meant),
        _row("words that begin so", begun, lambda word: words.beginning(word, 100)),
    ])  # fmt: skip


def _row(measure: str, asked: Iterable[str], answer: Callable[[str], object]) -> Row:
    took = []
    for word in asked:
        began = time.process_time()
        answer(word)
        took.append((time.process_time() - began) * 1000)
    return Row(measure, median(took), quantiles(took, n=20)[-1] / median(took), "")


def _slipped(draw: random.Random, word: str) -> str:
    at = draw.randrange(len(word))
    return word[:at] + draw.choice(LETTERS) + word[at + draw.randint(0, 1) :]


if __name__ == "__main__":
    main()
