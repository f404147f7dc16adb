"""Which word was meant, reckoned out the long way: by the whole table of distances, for every word there is."""

from collections.abc import Mapping

from partnernet.search.spelling import SHORTEST_TWICE


def reckoned(one: str, other: str) -> int:
    """The distance by the book: the whole table of optimal string alignment."""
    table = [[max(n, m) if not n or not m else 0 for m in range(len(other) + 1)] for n in range(len(one) + 1)]
    for n in range(1, len(one) + 1):
        for m in range(1, len(other) + 1):
            same = one[n - 1] == other[m - 1]
            table[n][m] = min(table[n - 1][m] + 1, table[n][m - 1] + 1, table[n - 1][m - 1] + (not same))
            if n > 1 and m > 1 and one[n - 1] == other[m - 2] and one[n - 2] == other[m - 1]:
                table[n][m] = min(table[n][m], table[n - 2][m - 2] + 1)
    return table[-1][-1]


def chosen(word: str, counts: Mapping[str, int]) -> str | None:
    """The word that was meant, of those that stand somewhere, with how often each does."""
    ranked = []
    for other, count in counts.items():
        away, same = reckoned(word, other), other[0] == word[0]
        if count and (away == 1 or (away == 2 and same and len(word) >= SHORTEST_TWICE)):
            ranked.append((away, not same, -count, other))
    return min(ranked)[-1] if ranked else None
