"""Which pieces of one text stand in another: in bounded time, whatever the texts."""

from bisect import bisect_left
from collections.abc import Sequence

WORK = 2_000_000
"""Comparisons for one pair of texts, about a second; what is not found by then counts as changed."""
DIFFERENCES = 200
"""How many pieces may differ where no piece stands once in both, before the whole stretch counts as changed."""

Span = tuple[int, int, int, int]
"""From and up to where, in the one and in the other."""


def align(one: Sequence[str], other: Sequence[str], work: int = WORK) -> list[int]:
    """For each piece of the one its place in the other, or -1; the places rise.

    Pieces that stand once in both are found first, in the longest chain that keeps their order; between
    them the fewest pieces are taken for changed.
    """
    return _Aligning(one, other, work).places()


class _Aligning:
    def __init__(self, one: Sequence[str], other: Sequence[str], work: int) -> None:
        self.one, self.other, self.work = one, other, work
        self.found = [-1] * len(one)

    def places(self) -> list[int]:
        waiting = [(0, len(self.one), 0, len(self.other))]
        while waiting and self.work > 0:
            i, i_end, j, j_end = self._trimmed(*waiting.pop())
            if i == i_end or j == j_end:
                continue
            chain = self._once_in_both(i, i_end, j, j_end)
            if not chain:
                self._fewest(i, i_end, j, j_end)
                continue
            for here, there in chain:
                waiting.append((i, here, j, there))
                i, j = here, there
            waiting.append((i, i_end, j, j_end))
        return self.found

    def _trimmed(self, i: int, i_end: int, j: int, j_end: int) -> Span:
        """What is left of a span without what is alike at either end."""
        while i < i_end and j < j_end and self.one[i] == self.other[j]:
            self.found[i] = j
            i, j = i + 1, j + 1
        while i < i_end and j < j_end and self.one[i_end - 1] == self.other[j_end - 1]:
            i_end, j_end = i_end - 1, j_end - 1
            self.found[i_end] = j_end
        return i, i_end, j, j_end

    def _once_in_both(self, i: int, i_end: int, j: int, j_end: int) -> list[tuple[int, int]]:
        self.work -= i_end - i + j_end - j
        here = _singles(self.one, i, i_end)
        there = _singles(self.other, j, j_end)
        return _rising([(place, there[piece]) for piece, place in here.items() if piece in there])

    def _fewest(self, i: int, i_end: int, j: int, j_end: int) -> None:
        """Myers' way of the fewest changes; where they are too many, everything is taken for changed."""
        n, m = i_end - i, j_end - j
        reached = {1: 0}
        steps: list[dict[int, int]] = []
        for changes in range(min(n + m, DIFFERENCES) + 1):
            steps.append(dict(reached))
            self.work -= 2 * changes + 2
            for diagonal in range(-changes, changes + 1, 2):
                x = _onward(reached, diagonal, changes)
                y = x - diagonal
                start = x
                while x < n and y < m and self.one[i + x] == self.other[j + y]:
                    x, y = x + 1, y + 1
                self.work -= x - start
                reached[diagonal] = x
                if x >= n and y >= m:
                    self._walk_back(steps, i, j, n, m)
                    return
            if self.work <= 0:
                return

    def _walk_back(self, steps: Sequence[dict[int, int]], i: int, j: int, x: int, y: int) -> None:
        for changes in range(len(steps) - 1, -1, -1):
            reached, diagonal = steps[changes], x - y
            before = diagonal + 1 if _goes_down(reached, diagonal, changes) else diagonal - 1
            from_x = reached[before]
            from_y = from_x - before
            while x > from_x and y > from_y:
                x, y = x - 1, y - 1
                self.found[i + x] = j + y
            x, y = from_x, from_y


def _goes_down(reached: dict[int, int], diagonal: int, changes: int) -> bool:
    """Whether the furthest way onto a diagonal takes a piece of the other in; else it leaves one out."""
    if diagonal == -changes:
        return True
    return diagonal != changes and reached[diagonal - 1] < reached[diagonal + 1]


def _onward(reached: dict[int, int], diagonal: int, changes: int) -> int:
    return reached[diagonal + 1] if _goes_down(reached, diagonal, changes) else reached[diagonal - 1] + 1


def _singles(pieces: Sequence[str], start: int, end: int) -> dict[str, int]:
    """The pieces that stand once in a span, with their places."""
    places: dict[str, int] = {}
    for place in range(start, end):
        piece = pieces[place]
        places[piece] = -1 if piece in places else place
    return {piece: place for piece, place in places.items() if place >= 0}


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest chain of pairs in which both numbers rise; the first numbers rise already."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for n, (_here, there) in enumerate(pairs):
        length = bisect_left(ends, there)
        before.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(there)
            last.append(n)
        else:
            ends[length], last[length] = there, n
    chain = []
    n = last[-1] if last else -1
    while n >= 0:
        chain.append(pairs[n])
        n = before[n]
    return chain[::-1]
