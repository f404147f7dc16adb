"""Sets of sequence numbers, written as `1-812,815`."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from partnernet.core.errors import BadBundle
from partnernet.core.ledger.canonical import INTEGER_LIMIT
from partnernet.core.words import _


@dataclass(frozen=True, slots=True)
class Ranges:
    """Disjoint, ascending ranges of positive integers, both ends included."""

    spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def read(cls, text: str) -> "Ranges":
        """Parse the written form; raises BadBundle where it is not canonical."""
        spans = []
        try:
            for part in text.split(",") if text else ():
                first, *rest = part.split("-", 1)
                spans.append((int(first), int(rest[0] if rest else first)))
        except ValueError as error:
            raise BadBundle(_("A list of numbers is not in the form 1-812,815.")) from error
        ranges = cls(tuple(spans))
        ascending = all(a[1] + 1 < b[0] for a, b in pairwise(spans))
        if str(ranges) != text or not ascending or any(not 1 <= first <= last < INTEGER_LIMIT for first, last in spans):
            raise BadBundle(_("A list of numbers is not in the form 1-812,815."))
        return ranges

    @property
    def highest(self) -> int:
        """The largest number; 0 in an empty set."""
        return self.spans[-1][1] if self.spans else 0

    def add(self, *numbers: int) -> "Ranges":
        """The set with some numbers more."""
        if len(numbers) == 1 and self.spans and numbers[0] == self.highest + 1:
            return Ranges((*self.spans[:-1], (self.spans[-1][0], numbers[0])))
        return self.union(Ranges(tuple((number, number) for number in numbers)))

    def union(self, others: "Ranges") -> "Ranges":
        """The numbers that are in either."""
        merged: list[tuple[int, int]] = []
        for first, last in sorted((*self.spans, *others.spans)):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return Ranges(tuple(merged))

    def minus(self, others: "Ranges") -> "Ranges":
        """The numbers that are not among the others."""
        left: list[tuple[int, int]] = []
        spans = iter(others.spans)
        there = next(spans, None)
        for first, last in self.spans:
            start = first
            while there is not None and there[0] <= last:
                if there[0] > start:
                    left.append((start, there[0] - 1))
                start = max(start, there[1] + 1)
                if there[1] > last:
                    break
                there = next(spans, None)
            if start <= last:
                left.append((start, last))
        return Ranges(tuple(left))

    def first(self, count: int) -> "Ranges":
        """The lowest numbers, as many as are asked for."""
        kept: list[tuple[int, int]] = []
        for first, last in self.spans:
            if count <= 0:
                break
            kept.append((first, min(last, first + count - 1)))
            count -= last - first + 1
        return Ranges(tuple(kept))

    def __contains__(self, number: int) -> bool:
        at = bisect_right(self.spans, (number, 1 << 62)) - 1
        return at >= 0 and self.spans[at][0] <= number <= self.spans[at][1]

    def __iter__(self) -> Iterator[int]:
        return (number for first, last in self.spans for number in range(first, last + 1))

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self.spans)

    def __str__(self) -> str:
        return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in self.spans)
