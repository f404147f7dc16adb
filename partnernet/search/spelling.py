"""Words that somebody may have meant: the nearest in spelling, and those that begin so.

Knows words and nothing else: neither documents nor who may read them. The words of an index stay as it
has them, folded and unstemmed, in one sorted piece of bytes; nothing is made of them beforehand, since
whatever is one mistake away from a word has either its first half or its second half intact.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import nlargest
from itertools import groupby

SHORTEST = 4
"""Letters of a word that may be corrected: everything is near to a shorter one."""
SHORTEST_TWICE = 10
"""Letters of a word in which two mistakes are forgiven, neither of them in its first letter."""
LONGEST = 32
"""Letters of the longest word that may be corrected."""

END = b"\n"


class Words:
    """The words of one part of an index, in order, and in how many documents each stands."""

    def __init__(self, words: bytes, starts: Sequence[int], frequencies: Sequence[int]) -> None:
        """`words` in ascending order, with a line break before each and behind the last; where each begins."""
        self._bytes, self._starts, self._frequencies = words, starts, frequencies

    def __len__(self) -> int:
        return len(self._starts)

    def near(self, word: str) -> Iterator[str]:
        """Every word that is one mistake away, and more that may not be."""
        middle = len(word) // 2
        head, tail = word[:middle], word[middle:]
        yield from self._within(self._range(head), len(word), 1)
        yield from self._ending(tail, len(word))
        yield head[:-1] + tail[:1] + head[-1:] + tail[1:]

    def alike(self, word: str) -> Iterator[str]:
        """Every word with the same first letter that is two mistakes away, and more that may not be."""
        letters = set(word)
        for other in self._within(self._range(word[0]), len(word), 2):
            if len(letters.symmetric_difference(other)) <= 4:
                yield other

    def beginning(self, prefix: str, limit: int) -> list[tuple[int, str]]:
        """The most frequent words that begin so, with their frequencies."""
        frequencies = self._frequencies
        best = nlargest(limit, self._range(prefix), key=frequencies.__getitem__)
        return [(frequencies[n], self._word(n)) for n in best]

    def _range(self, prefix: str) -> range:
        """The numbers of the words that begin so."""
        start, numbers = prefix.encode(), range(len(self._starts))
        first = bisect_left(numbers, start, key=self._bytes_of)
        return range(first, bisect_left(numbers, True, first, key=lambda n: not self._bytes_of(n).startswith(start)))

    def _within(self, numbers: range, length: int, slack: int) -> Iterator[str]:
        """Those of some words that are about so long."""
        if numbers:
            last = self._bytes.index(END, self._starts[numbers[-1]])
            words = self._bytes[self._starts[numbers[0]] : last].decode()
            yield from (word for word in words.split(END.decode()) if abs(len(word) - length) <= slack)

    def _ending(self, tail: str, length: int) -> Iterator[str]:
        """The words that end so and are about so long."""
        words, end = self._bytes, tail.encode() + END
        at = words.find(end)
        while at >= 0:
            word = words[words.rindex(END, 0, at + 1) + 1 : at + len(end) - 1].decode()
            if abs(len(word) - length) <= 1:
                yield word
            at = words.find(end, at + 1)

    def _word(self, number: int) -> str:
        return self._bytes_of(number).decode()

    def _bytes_of(self, number: int) -> bytes:
        start = self._starts[number]
        return self._bytes[start : self._bytes.index(END, start)]


def is_correctable(word: str) -> bool:
    """Whether a word may be a slip of the pen: numbers and the like never are."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def correction(word: str, parts: Iterable[Words], count: Callable[[str], int], *, twice: bool = True) -> str | None:
    """The word that was meant: the nearest, then with the same first letter, then the most frequent.

    `count` says in how many documents a word stands; only what stands in one can have been meant. With `twice`
    a second mistake is forgiven in a long word, which takes several times as long to look for.
    """
    if not is_correctable(word):
        return None
    parts = list(parts)
    found = _nearest(word, {other for part in parts for other in part.near(word)}, 1, count)
    if found is None and twice and len(word) >= SHORTEST_TWICE:
        found = _nearest(word, {other for part in parts for other in part.alike(word)}, 2, count)
    return found


def _nearest(word: str, others: Iterable[str], most: int, count: Callable[[str], int]) -> str | None:
    def rank(other: str) -> tuple[int, bool]:
        return distance(word, other, most), other[0] != word[0]

    ranked = sorted((rank(other), other) for other in others if other)
    for (away, _), equals in groupby(ranked, key=lambda pair: pair[0]):
        if away > most:
            break
        counted = [(-found, other) for _, other in equals if other != word and (found := count(other))]
        if counted:
            return min(counted)[1]
    return None


def distance(one: str, other: str, most: int) -> int:
    """How many letters were left out, put in, exchanged or swapped with the next one; `most` + 1 where more were."""
    at, length = 0, min(len(one), len(other))
    while at < length and one[at] == other[at]:
        at += 1
    one, other = one[at:], other[at:]
    if not one or not other:
        return min(len(one) + len(other), most + 1)
    if abs(len(one) - len(other)) > most or not most:
        return most + 1
    ways = [(one[1:], other[1:]), (one[1:], other), (one, other[1:])]
    if one[1:2] == other[0] and other[1:2] == one[0]:
        ways.append((one[2:], other[2:]))
    return 1 + min(distance(mine, yours, most - 1) for mine, yours in ways)
