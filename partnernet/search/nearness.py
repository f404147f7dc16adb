"""What words add that were asked for side by side, and stand so: a boost, for the first passages alone.

It is explained on request like any word, and left out where nobody gives the words in their order.
"""

import heapq
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise

from partnernet.search.analysis import is_common
from partnernet.search.interface import Wanted
from partnernet.search.phrases import neighbours
from partnernet.search.snapshot import Leaf, Snapshot
from partnernet.search.weighing import Group

NEAR, BOUND = 0.3, 0.5
"""What a pair adds, in parts of what its words weigh: both in the mean for words side by side, and the rarer of
the two for what was written in one, such as `package.json`; measured."""
FIRST = 100
"""Passages that are looked at, the best by their words alone."""
PAIRS = 24
"""Pairs that are looked for, the most telling first."""

Pairs = Mapping[tuple[str, str], float]


def pairs_of(snapshot: Snapshot, wanted: Wanted, groups: Sequence[Group]) -> Pairs:
    """The pairs of neighbours among the asked words, and what each adds."""
    lang = next(iter(snapshot.languages), "")
    worth = {word: group.worth / group.times for group in groups if group.frequency for word in group.words}
    found: dict[tuple[str, str], float] = {}
    before = ""
    for run in wanted.chunks:
        telling = [word for word in run if not is_common(word, lang)]
        for one, other in pairwise(telling):
            if one in worth and other in worth:
                found[one, other] = BOUND * max(worth[one], worth[other])
        if before in worth and telling and telling[0] in worth:
            found.setdefault((before, telling[0]), NEAR * (worth[before] + worth[telling[0]]) / 2)
        before = telling[-1] if telling else before
    return dict(heapq.nlargest(PAIRS, found.items(), key=lambda item: item[1]))


def added(snapshot: Snapshot, leaf: Leaf, pairs: Pairs, numbers: Sequence[int]) -> dict[tuple[str, str], list[int]]:
    """For each pair the passages, of some, in which its words stand side by side."""
    mask = bytearray(leaf.size)
    for number in numbers:
        mask[number] = 1
    passing = bytes(mask)
    return {pair: neighbours(snapshot, leaf, pair, passing) for pair in pairs}


def first(keys: Sequence[Sequence[float]]) -> list[list[int]]:
    """Which of some lists of scores are among the first of all, by their place in each list; of many alike, some."""
    edge = heapq.nlargest(FIRST, chain.from_iterable(keys))[-1:]
    return [[at for at, key in enumerate(some) if key >= edge[0]][:FIRST] if edge else [] for some in keys]
