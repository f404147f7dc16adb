"""Which documents of a snapshot match, and in which order: BM25 over one field, with Lucene's idf."""

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from partnernet.core.ledger.canonical import from_base32, to_base32
from partnernet.search import whoosh_fast
from partnernet.search.interface import DATE, Condition, Found, Wanted
from partnernet.search.snapshot import K1, Leaf, Snapshot

Hit = tuple[float, int, Leaf, int]
"""Score, when, segment and number of a document."""


def find(snapshot: Snapshot, wanted: Wanted) -> Found:
    """Answer a question from a snapshot."""
    weights = _weights(snapshot, wanted)
    nothing_asked = not wanted.words
    if not weights and not nothing_asked:
        return Found()
    count, kinds, partners = 0, Counter[str](), Counter[str]()
    hits: list[Hit] = []
    for leaf in snapshot.leaves:
        scores = _scores(snapshot, leaf, weights) if weights else dict.fromkeys(range(leaf.size), 0.0)
        rest = _mask(leaf, wanted)
        by_kind = _passing(leaf, wanted.conditions, "kind")
        by_partner = _passing(leaf, wanted.conditions, "partner")
        kinds += _tally(leaf, "kind", scores, _both(rest, by_partner))
        partners += _tally(leaf, "partner", scores, _both(rest, by_kind))
        mask = _both(_both(rest, by_kind), by_partner)
        when = leaf.columns.when
        found = [(scores[n], when[n], leaf, n) for n in scores if mask[n]]
        count += len(found)
        hits += found
    del partners[""]
    return Found(count, _first(hits, wanted), +kinds, +partners)


def _weights(snapshot: Snapshot, wanted: Wanted) -> dict[str, float]:
    """What each word adds at most, the rarest words first."""
    known = [(n, stem) for stem in wanted.words if (n := snapshot.frequency(stem))]
    known.sort(key=lambda pair: pair[0])
    total = snapshot.documents
    return {
        stem: wanted.words[stem] * math.log(1 + (total - n + 0.5) / (n + 0.5)) * (K1 + 1)
        for n, stem in known[: wanted.word_limit]
    }


def _scores(snapshot: Snapshot, leaf: Leaf, weights: Mapping[str, float]) -> dict[int, float]:
    scores: dict[int, float] = {}
    get = scores.get
    lengths, norms = leaf.columns.lengths, snapshot.norms
    for stem, weight in weights.items():
        for numbers, frequencies, _ in whoosh_fast.postings(leaf.reader, stem):
            for number, frequency in zip(numbers, frequencies, strict=True):
                scores[number] = get(number, 0.0) + weight * frequency / (frequency + norms[lengths[number]])
    return scores


def _first(hits: list[Hit], wanted: Wanted) -> list[tuple[str, float]]:
    """The first hits in order; ids are made of the few that may be among them."""
    by_date = wanted.sort == DATE or not wanted.words
    keyed = [(float(hit[1]) if by_date else hit[0], hit) for hit in hits]
    if len(keyed) > wanted.limit:
        edge = heapq.nlargest(wanted.limit, (key for key, _ in keyed))[-1]
        keyed = [(key, hit) for key, hit in keyed if key >= edge]
    named = sorted((-key, -hit[1], _id(hit), hit[0]) for key, hit in keyed)
    return [(entity, score) for _, _, entity, score in named[: wanted.limit]]


def _id(hit: Hit) -> str:
    leaf, number = hit[2], hit[3]
    return to_base32(leaf.columns.ids[32 * number : 32 * number + 32])


# -- which documents pass --------------------------------------------------------------------------


def _mask(leaf: Leaf, wanted: Wanted) -> bytes:
    """For each document 1 where it stands and passes everything but kind and partner, else 0."""
    mask = _both(leaf.alive, _passing(leaf, wanted.conditions, "log"))
    mask = _both(mask, _passing(leaf, wanted.conditions, "author"))
    for phrase in wanted.phrases:
        mask = _both(mask, _flags(leaf, _phrase(leaf, phrase)))
    for phrase in wanted.excluded:
        mask = _both(mask, _flags(leaf, _phrase(leaf, phrase), negated=True))
    if wanted.after is not None or wanted.before is not None:
        low = -math.inf if wanted.after is None else wanted.after
        high = math.inf if wanted.before is None else wanted.before
        mask = _both(mask, bytes(low <= when < high for when in leaf.columns.when))
    if wanted.thread is not None:
        raw = from_base32(wanted.thread, 32)
        ids, roots = leaf.columns.ids, leaf.columns.roots
        within = (raw in (ids[at : at + 32], roots[at : at + 32]) for at in range(0, 32 * leaf.size, 32))
        mask = _both(mask, bytes(within))
    return mask


def _passing(leaf: Leaf, conditions: Iterable[Condition], column: str) -> bytes | None:
    """For each document whether it passes the conditions on a column; None where all do."""
    mask = None
    numbers, words = leaf.columns.codes[column]
    for condition in conditions:
        if condition.column != column:
            continue
        accepted = [condition.accepts(word) != condition.negated for word in words]
        if isinstance(numbers, bytes):
            passing = numbers.translate(bytes(accepted).ljust(256, b"\0"))
        else:
            passing = bytes(accepted[number] for number in numbers)
        mask = passing if mask is None else _both(mask, passing)
    return mask


def _both(one: bytes, other: bytes | None) -> bytes:
    """Where both say 1."""
    if other is None:
        return one
    return (int.from_bytes(one) & int.from_bytes(other)).to_bytes(len(one))


def _flags(leaf: Leaf, numbers: Iterable[int], *, negated: bool = False) -> bytes:
    flags = bytearray([negated]) * leaf.size
    for number in numbers:
        flags[number] = not negated
    return bytes(flags)


def _phrase(leaf: Leaf, stems: Sequence[str]) -> set[int]:
    """The documents in which some stems stand side by side."""
    if len(stems) == 1:
        return {number for numbers, _, _ in whoosh_fast.postings(leaf.reader, stems[0]) for number in numbers}
    places: dict[str, dict[int, bytes]] = {}
    for stem in set(stems):
        places[stem] = {
            number: value
            for numbers, _, values in whoosh_fast.postings(leaf.reader, stem, places=True)
            for number, value in zip(numbers, values, strict=True)
        }
    shared = set.intersection(*(set(found) for found in places.values()))
    return {number for number in shared if _stand_together(leaf, [places[stem][number] for stem in stems])}


def _stand_together(leaf: Leaf, values: Sequence[bytes]) -> bool:
    starts: set[int] | None = None
    for offset, value in enumerate(values):
        at = {place - offset for place in whoosh_fast.positions(leaf.reader, value)}
        starts = at if starts is None else starts & at
    return bool(starts)


def _tally(leaf: Leaf, column: str, scores: Mapping[int, float], mask: bytes) -> Counter[str]:
    numbers, words = leaf.columns.codes[column]
    counted = Counter(numbers[n] for n in scores if mask[n])
    return Counter({words[number]: count for number, count in counted.items()})
