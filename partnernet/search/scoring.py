"""What the passages of a segment score: BM25 over one field, added up a whole block of postings at a time."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress

from partnernet.search.phrases import side_by_side
from partnernet.search.postings import Postings
from partnernet.search.snapshot import Leaf, Snapshot
from partnernet.search.weighing import SYNONYM, Group, Synonym, forms_of
from partnernet.search.whoosh_fast import WORD

Scores = dict[int, float]


def any_of(
    snapshot: Snapshot, leaf: Leaf, groups: Sequence[Group], common: Sequence[Group], mask: bytes | None, room: int
) -> Scores:
    """The scores of the passages in which any word of `groups` stands, or of up to `room` with a `common` one.

    Of the common words the newest passages that pass are taken; older ones are scored only where they
    were found by something else.
    """
    scores: Scores = {}
    lists = [(group, _postings(leaf, group)) for group in groups]
    for group, parts in sorted(lists, key=lambda pair: -sum(found.count for found in pair[1])):
        _add(scores, _added(snapshot, leaf, group, parts, mask))
    for group in common:
        parts = _postings(leaf, group)
        if sum(found.count for found in parts) <= room - _passing(scores, mask):
            _add(scores, _added(snapshot, leaf, group, parts, mask))
        else:
            for found in parts:
                _add_newest(snapshot, leaf, group, found, scores, mask, room - _passing(scores, mask))
    return scores


def _passing(scores: Scores, mask: bytes | None) -> int:
    """How many take up room: what does not pass is scored beside them, and is not counted."""
    return len(scores) if mask is None else sum(map(mask.__getitem__, scores))


def all_of(snapshot: Snapshot, leaf: Leaf, groups: Sequence[Group], mask: bytes | None) -> Scores:
    """The scores of the passages that pass and in which every word stands, found from the rarest."""
    numbers: Sequence[int] | None = None
    scores: Scores = {}
    for group in groups:
        if len(group.terms) == 1 and not group.also and numbers is not None:
            found = leaf.postings(group.terms[0], group.field)
            numbers = [] if found is None else list(found.among(numbers))
        else:
            added = _added(snapshot, leaf, group, _postings(leaf, group), mask)
            held = sorted(added) if numbers is None else [number for number in numbers if number in added]
            numbers = held if mask is None else list(compress(held, map(mask.__getitem__, held)))
        if not numbers:
            return {}
    for group in groups:
        for number, score in scored(snapshot, leaf, group, numbers or ()):
            scores[number] = scores.get(number, 0.0) + score
    return scores


def scored(snapshot: Snapshot, leaf: Leaf, group: Group, numbers: Sequence[int]) -> Iterator[tuple[int, float]]:
    """What a word adds to some passages, in order; those in which it does not stand are left out."""
    lengths, best = leaf.columns.lengths, Scores()
    for found in _postings(leaf, group):
        for number, weight in found.weighed(numbers):
            score = group.worth * snapshot.shares(weight)[lengths[number]]
            best[number] = max(score, best.get(number, 0.0))
    for synonym in group.also:
        mask = bytearray(leaf.size)
        for number in numbers:
            mask[number] = 1
        for number in _standing(snapshot, leaf, synonym, bytes(mask)):
            score = SYNONYM * group.worth * snapshot.shares(1)[lengths[number]]
            best[number] = max(score, best.get(number, 0.0))
    yield from best.items()


def _postings(leaf: Leaf, group: Group) -> list[Postings]:
    return [found for term in group.terms if (found := leaf.postings(term, group.field)) is not None]


def _added(
    snapshot: Snapshot, leaf: Leaf, group: Group, parts: Sequence[Postings], mask: bytes | None
) -> Mapping[int, float]:
    """What a word adds, by passage; of several terms the one that adds most."""
    best: Scores = {}
    for found in parts:
        for n in range(found.blocks):
            numbers, values = _block(snapshot, leaf, group, found, n)
            if len(parts) == 1:
                best.update(zip(numbers, values, strict=True))
            else:
                _keep_best(best, zip(numbers, values, strict=True))
    lengths, row = leaf.columns.lengths, snapshot.shares(1)
    for synonym in group.also:
        worth = SYNONYM * group.worth
        _keep_best(best, ((n, worth * row[lengths[n]]) for n in _standing(snapshot, leaf, synonym, mask)))
    return best


def _standing(snapshot: Snapshot, leaf: Leaf, synonym: Synonym, mask: bytes | None) -> Sequence[int]:
    """The passages in which a synonym stands, looked up once for all the words that it stands for.

    Of the word list nobody asked for it, so that its stem is not enough: with CPD one wants training, and no train.
    """
    if (found := synonym.standing.get((leaf.base, mask))) is None:
        found = side_by_side(snapshot, leaf, synonym.words, mask)
        for word in synonym.words if synonym.as_written else ():
            found = _holding(leaf, forms_of(word), found)
        synonym.standing[leaf.base, mask] = found
    return found


def _holding(leaf: Leaf, forms: Sequence[str], numbers: Sequence[int]) -> Sequence[int]:
    """Those of some passages in which any of some words stands as it is."""
    held: set[int] = set()
    for form in forms if numbers else ():
        if (found := leaf.postings(form, WORD)) is not None:
            held.update(found.among(numbers))
    return [number for number in numbers if number in held]


def _block(
    snapshot: Snapshot, leaf: Leaf, group: Group, found: Postings, n: int
) -> tuple[Sequence[int], Sequence[float]]:
    numbers, weights = found.block(n)
    worth, lengths = group.worth, leaf.columns.lengths
    if weights is None:
        row = [worth * share for share in snapshot.shares(1)]
        return numbers, [row[lengths[number]] for number in numbers]
    rows = {weight: [worth * share for share in snapshot.shares(weight)] for weight in set(weights)}
    return numbers, [rows[weight][lengths[number]] for number, weight in zip(numbers, weights, strict=True)]


def _add(scores: Scores, added: Mapping[int, float]) -> None:
    if not scores:
        scores.update(added)
        return
    get = scores.get
    for number, score in added.items():
        scores[number] = get(number, 0.0) + score


def _keep_best(best: Scores, added: Iterator[tuple[int, float]]) -> None:
    get = best.get
    for number, score in added:
        if score > get(number, 0.0):
            best[number] = score


def _add_newest(
    snapshot: Snapshot, leaf: Leaf, group: Group, found: Postings, scores: Scores, mask: bytes | None, left: int
) -> None:
    known = sorted(scores)
    n = found.blocks
    while left > 0 and n > 0:
        n -= 1
        numbers, values = _block(snapshot, leaf, group, found, n)
        for number, value in zip(reversed(numbers), reversed(values), strict=True):
            if number not in scores and (mask is None or mask[number]) and left > 0:
                scores[number] = value
                left -= 1
            elif number in scores:
                scores[number] += value
    if n and known:
        older = known if n == found.blocks else known[: bisect_left(known, found.first(n))]
        lengths = leaf.columns.lengths
        for number, weight in found.weighed(older):
            scores[number] += group.worth * snapshot.shares(weight)[lengths[number]]
