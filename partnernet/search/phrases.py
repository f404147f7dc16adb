"""Words that stand side by side, found from the rarest of them."""

from collections.abc import Sequence
from itertools import compress

from partnernet.search.postings import Postings
from partnernet.search.snapshot import Leaf, Snapshot
from partnernet.search.weighing import stems_of
from partnernet.search.whoosh_fast import WORD


def side_by_side(snapshot: Snapshot, leaf: Leaf, words: Sequence[str], mask: bytes | None = None) -> Sequence[int]:
    """The passages of a segment, of those that pass, in which some words stand side by side, in order.

    Words that are common are left out, on both sides; where all are, each must stand somewhere.
    """
    asked = dict.fromkeys(stems for lang in snapshot.languages if (stems := stems_of(words, lang)))
    if not asked:
        return _together(leaf, tuple(words), WORD, mask)[0]
    found: set[int] = set()
    for stems in asked:
        found.update(_adjacent(leaf, stems, mask))
    return sorted(found)


def neighbours(snapshot: Snapshot, leaf: Leaf, pair: tuple[str, str], mask: bytes) -> list[int]:
    """The passages of a segment, of those that pass, in which two words stand side by side; neither may be common."""
    asked = dict.fromkeys(stems for lang in snapshot.languages if len(stems := stems_of(pair, lang)) == len(pair))
    return sorted({number for stems in asked for number in _adjacent(leaf, stems, mask)})


def _adjacent(leaf: Leaf, stems: tuple[str, ...], mask: bytes | None) -> list[int]:
    numbers, lists = _together(leaf, stems, "text", mask)
    if len(stems) == 1 or not numbers:
        return numbers
    starts = [set(places) for places in lists[stems[0]].placed(numbers)]
    for offset, stem in enumerate(stems[1:], 1):
        following = zip(numbers, starts, lists[stem].placed(numbers), strict=True)
        left = [(n, both) for n, at, places in following if (both := at.intersection([p - offset for p in places]))]
        numbers, starts = [n for n, _ in left], [both for _, both in left]
        if not numbers:  # however long the phrase goes on
            break
    return numbers


def _together(
    leaf: Leaf, terms: tuple[str, ...], field: str, mask: bytes | None
) -> tuple[list[int], dict[str, Postings]]:
    """The passages in which all of some terms stand, and their postings."""
    lists: dict[str, Postings] = {}
    for term in terms:
        if term not in lists:
            found = leaf.postings(term, field)
            if found is None:
                return [], {}
            lists[term] = found
    rarest, *others = sorted(lists.values(), key=lambda one: one.count)
    numbers = rarest.numbers()
    if mask is not None:
        numbers = list(compress(numbers, map(mask.__getitem__, numbers)))
    for other in others:
        numbers = list(other.among(numbers))
    return numbers, lists
