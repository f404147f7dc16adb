"""Which segments are merged, and when. Knows sizes and nothing else.

Each segment costs at every search, and each merge costs where it happens. So a commit takes only a few
small ones along, and what is larger waits until nothing has been written for a while: then all that are
not much larger than the smaller ones together become one, which leaves sizes that grow threefold from
one to the next. Where it is never quiet, their number is bounded all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

ALONG = 200
"""Documents that a commit takes along, so that it costs the same in a large index as in a small one."""

AT_ONCE = 24_000
"""Documents of one merge, or a fifth of all where that is more: what is larger stands as it is."""

MOST, ENOUGH = 16, 12
"""Above so many segments a merge waits for no quiet; it leaves so many."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a segment is."""

    documents: int
    """Those that stand."""
    removed: int = 0
    """Those that are still in its files."""


def along(sizes: Sequence[Size], written: int) -> list[int]:
    """The segments that a commit of some documents takes along, by their numbers."""
    total, chosen = written, []
    for number in _smallest_first(sizes):
        documents = sizes[number].documents
        if documents > 2 * max(total, 1) or total + documents > ALONG:
            break
        total += documents
        chosen.append(number)
    return chosen


def when_quiet(sizes: Sequence[Size]) -> list[int]:
    """The segments to merge next while nothing is written; none where all is well."""
    hollow = [number for number, size in enumerate(sizes) if size.removed > size.documents]
    if hollow:
        return hollow[:1]
    limit, total, best = _limit(sizes), 0, 0
    numbers = _smallest_first(sizes)
    for count, number in enumerate(numbers, 1):
        documents = sizes[number].documents
        if count > 1 and documents <= 2 * total and total + documents <= limit:
            best = count
        total += documents
    return numbers[:best]


def when_too_many(sizes: Sequence[Size]) -> list[int]:
    """The segments to merge although it is not quiet: the smallest; none where there are few enough."""
    if len(sizes) <= MOST:
        return []
    return _smallest_first(sizes)[: len(sizes) - ENOUGH + 1]


def _limit(sizes: Sequence[Size]) -> int:
    return max(AT_ONCE, sum(size.documents for size in sizes) // 5)


def _smallest_first(sizes: Sequence[Size]) -> list[int]:
    return sorted(range(len(sizes)), key=lambda number: sizes[number].documents)
