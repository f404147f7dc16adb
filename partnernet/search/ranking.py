"""Which entities of a snapshot match, and in which order."""

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

from partnernet.core.ledger.canonical import from_base32, to_base32
from partnernet.search import masks, nearness
from partnernet.search.interface import COUNT_LIMIT, DATE, SEPARATOR, Found, Place, Wanted
from partnernet.search.scoring import all_of, any_of, scored
from partnernet.search.snapshot import Leaf, Snapshot
from partnernet.search.weighing import Group, split, weigh


@dataclass(slots=True)
class Matches:
    """What was found in one segment: its passages that pass, and what orders them."""

    leaf: Leaf
    numbers: Sequence[int]
    keys: list[float]
    """Scores or moments, for each of the numbers."""
    scores: dict[int, float]


def find(snapshot: Snapshot, wanted: Wanted) -> Found:
    """Answer a question from a snapshot; segments are read from the newest on."""
    groups = weigh(snapshot, wanted)
    if wanted.words and (not groups or (wanted.all_words and not all(map(_stands, groups)))):
        return Found(facets={name: {} for name in wanted.facets})
    narrowed = {condition.column for condition in wanted.conditions}.intersection(wanted.facets)
    rare, common = split(groups)
    count, found, is_capped = 0, list[Matches](), False
    facets: dict[str, Counter[str]] = {name: Counter() for name in wanted.facets}
    for leaf in snapshot.newest_first:
        room = COUNT_LIMIT + 1 - count
        if room <= 0 and not (rare and wanted.words):
            is_capped = True
            break
        mask = masks.passing(snapshot, leaf, wanted)
        loose = {name: masks.passing(snapshot, leaf, wanted, name) for name in narrowed}
        wide = _scores(snapshot, leaf, wanted, (rare, common), masks.either(loose.values()), room) if loose else {}
        scores = wide if loose and len(wide) < room else _scores(snapshot, leaf, wanted, (rare, common), mask, room)
        numbers = _passing(scores, mask)
        entities = _entities(leaf, numbers)
        # Room is for passages, of which an entity may have several: where it was used up there may be more.
        is_capped = is_capped or (not wanted.all_words and len(numbers) >= max(room, 1))
        count += len(entities)
        for name, counted in facets.items():
            among = _entities(leaf, _passing(wide, loose[name])) if name in loose else entities
            counted += _tally(leaf, name, among)
        if numbers:
            found.append(Matches(leaf, numbers, _keys(leaf, wanted, numbers, scores), scores))
    is_capped = is_capped or count > COUNT_LIMIT
    if wanted.sort != DATE:
        _raise_near(snapshot, nearness.pairs_of(snapshot, wanted, groups), found)
    places = _places(found, wanted)
    return Found(
        min(count, COUNT_LIMIT), is_capped, places, {name: dict(counted) for name, counted in facets.items()},
        _under(found, places) if wanted.by_root else {},
    )  # fmt: skip


def explain(snapshot: Snapshot, wanted: Wanted, places: Sequence[Place]) -> list[dict[str, float]]:
    """For some places, what each asked word added to the score."""
    groups = weigh(snapshot, wanted)
    pairs = nearness.pairs_of(snapshot, wanted, groups)
    standing = snapshot.find([place.entity for place in places])
    told = []
    for place in places:
        added: dict[str, float] = {}
        for leaf, number in standing.get(place.entity, ())[place.part : place.part + 1]:
            for group in groups:
                for _, score in scored(snapshot, leaf, group, [number]):
                    added[" ".join(group.words)] = score
            for pair, numbers in nearness.added(snapshot, leaf, pairs, [number]).items():
                if numbers:
                    added[f"“{' '.join(pair)}”"] = pairs[pair]
        told.append(added)
    return told


def _raise_near(snapshot: Snapshot, pairs: nearness.Pairs, found: Sequence[Matches]) -> None:
    if not pairs:
        return
    for matches, chosen in zip(found, nearness.first([matches.keys for matches in found]), strict=True):
        numbers = {matches.numbers[at]: at for at in chosen}
        for pair, standing in nearness.added(snapshot, matches.leaf, pairs, list(numbers)).items():
            for number in standing:
                matches.keys[numbers[number]] += pairs[pair]
                matches.scores[number] += pairs[pair]


def _stands(group: Group) -> bool:
    return group.frequency > 0


def _scores(
    snapshot: Snapshot,
    leaf: Leaf,
    wanted: Wanted,
    groups: tuple[Sequence[Group], Sequence[Group]],
    mask: masks.Mask,
    room: int,
) -> dict[int, float]:
    """The scores of one segment: of all that passes, up to `room`, and perhaps of some that does not."""
    if not wanted.words:
        numbers = range(max(0, leaf.size - room), leaf.size) if mask is None else _newest_passing(mask, room)
        return dict.fromkeys(numbers, 0.0)
    if wanted.all_words:
        return all_of(snapshot, leaf, [*groups[0], *groups[1]], mask)
    return any_of(snapshot, leaf, *groups, mask, room)


def _newest_passing(mask: bytes, room: int) -> Sequence[int]:
    found: list[int] = []
    at = len(mask)
    while len(found) < room and (at := mask.rfind(b"\1", 0, at)) >= 0:
        found.append(at)
    return found[::-1]


def _passing(scores: Mapping[int, float], mask: masks.Mask) -> Sequence[int]:
    return list(scores) if mask is None else list(compress(scores, map(mask.__getitem__, scores)))


def _entities(leaf: Leaf, numbers: Sequence[int]) -> Sequence[int]:
    """The first passage of each entity that some passages belong to."""
    firsts = leaf.columns.firsts
    return numbers if firsts is None else list(dict.fromkeys(map(firsts.__getitem__, numbers)))


def _tally(leaf: Leaf, column: str, entities: Sequence[int]) -> Counter[str]:
    numbers, words = leaf.columns.codes(column)
    counted: Counter[str] = Counter()
    for code, count in Counter(map(numbers.__getitem__, entities)).items():
        for word in words[code].split(SEPARATOR):
            if word:
                counted[word] += count
    return counted


def _keys(leaf: Leaf, wanted: Wanted, numbers: Sequence[int], scores: Mapping[int, float]) -> list[float]:
    by = leaf.columns.when if wanted.sort == DATE or not wanted.words else scores
    return list(map(by.__getitem__, numbers))


# -- the first of them -------------------------------------------------------------------------------


def _places(found: Sequence[Matches], wanted: Wanted) -> list[Place]:
    """The first places in order, one for each entity; ties go by (date descending, id)."""
    total = sum(len(matches.numbers) for matches in found)
    limit = wanted.limit
    while True:
        places = _one_each(_first(found, limit))
        enough = len({place.root for place in places}) if wanted.by_root else len(places)
        if enough >= wanted.limit or limit >= total:
            return places if wanted.by_root else places[: wanted.limit]
        limit *= 2


def _first(found: Sequence[Matches], limit: int) -> Iterator[Place]:
    """The places of the first passages in order, and of all that tie with the last of them."""
    keys = [key for matches in found for key in matches.keys]
    edge = heapq.nlargest(limit, keys)[-1] if len(keys) > limit else float("-inf")
    picked = [
        (-key, -matches.leaf.columns.when[number], matches.leaf.entity(number), number, matches)
        for matches in found
        for key, number in zip(matches.keys, matches.numbers, strict=True)
        if key >= edge
    ]
    for _, when, entity, number, matches in sorted(picked, key=lambda one: one[:4]):
        leaf = matches.leaf
        yield Place(entity, to_base32(leaf.root(number)), leaf.part(number), matches.scores[number], -when)


def _one_each(places: Iterator[Place]) -> list[Place]:
    best: dict[str, Place] = {}
    for place in places:
        best.setdefault(place.entity, place)
    return list(best.values())


def _under(found: Sequence[Matches], places: Sequence[Place]) -> dict[str, int]:
    """How many entities were found under each root of some places."""
    wanted = {from_base32(place.root, 32): place.root for place in places}
    counts: Counter[str] = Counter()
    for matches in found:
        roots = matches.leaf.columns.roots
        by_code = {code: root for raw, root in wanted.items() if (code := roots.code(raw)) is not None}
        counted = Counter(map(roots.numbers.__getitem__, _entities(matches.leaf, matches.numbers)))
        for code, root in by_code.items():
            counts[root] += counted[code]
    return dict(counts)
