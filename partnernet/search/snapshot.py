"""The index at one commit, opened for reading: its segments, with their columns as lists."""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

from partnernet.core.ledger.canonical import from_base32, to_base32
from partnernet.search import whoosh_fast
from partnernet.search.postings import Postings
from partnernet.search.spelling import Words
from partnernet.search.whoosh_fast import TEXT, WORD

B, K1 = 0.65, 1.6
"""How far long texts count less, and how soon more of the same word adds nothing; measured."""

FEW = 40
"""Up to so many entities are looked for one by one; more with one walk through the column."""


class Columns:
    """The columns of one segment, which never change once it is written; each is read when it is asked for."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._codes: dict[str, tuple[Sequence[int], list[str]]] = {}

    def codes(self, name: str) -> tuple[Sequence[int], list[str]]:
        """A column of words: a number for each passage, and the words that the numbers stand for."""
        found = self._codes.get(name)
        if found is None:
            found = self._codes[name] = whoosh_fast.codes(self._reader, name)
        return found

    @cached_property
    def words(self) -> Words:
        """The words of the passages as they are written."""
        return Words(*whoosh_fast.words(self._reader, WORD))

    @cached_property
    def when(self) -> Sequence[int]:
        return whoosh_fast.numbers(self._reader, "when")

    @cached_property
    def lengths(self) -> bytes:
        return whoosh_fast.lengths(self._reader)

    @cached_property
    def firsts(self) -> Sequence[int] | None:
        """For each passage the number of its entity's first; None where every entity has but one."""
        parts = whoosh_fast.numbers(self._reader, "part", "H")
        if not any(parts):
            return None
        return array("I", (number - part for number, part in enumerate(parts)))

    @cached_property
    def roots(self) -> "Roots":
        """For each passage a number that it shares with all under the same root."""
        return Roots(whoosh_fast.raw_bytes(self._reader, "root"))


class Roots:
    """Which passages stand under the same root, in twelve bytes for each root and four for each passage."""

    def __init__(self, raw: bytes) -> None:
        known: dict[bytes, int] = {}
        self.numbers = array("I")
        for at in range(0, len(raw), 32):
            self.numbers.append(known.setdefault(raw[at : at + 32], len(known)))
        ordered = sorted((_beginning(root), code) for root, code in known.items())
        self._beginnings = array("Q", (beginning for beginning, _ in ordered))
        self._codes = array("I", (code for _, code in ordered))

    def code(self, raw: bytes) -> int | None:
        """The number of a root; None where nothing of this segment stands under it."""
        beginning = _beginning(raw)
        at = bisect_left(self._beginnings, beginning)
        there = at < len(self._beginnings) and self._beginnings[at] == beginning
        return self._codes[at] if there else None


def _beginning(raw: bytes) -> int:
    return int.from_bytes(raw[:8])  # ids are hashes: what begins alike is the same


class Leaf:
    """One segment at a commit."""

    def __init__(self, reader: Any, base: int, columns: Columns) -> None:
        self.reader, self.base, self.columns = reader, base, columns
        self.size: int = reader.doc_count_all()
        self.found: bytes | None = None

    @property
    def alive(self) -> bytes | None:
        """For each passage 1, or 0 where it was removed or is not to be found; None where all stand."""
        return self.standing if self.found is None else self.found

    @cached_property
    def standing(self) -> bytes | None:
        """The same, whatever is not to be found."""
        if not self.reader.deleted_docs_set:
            return None
        alive = bytearray(b"\1") * self.size
        for number in self.reader.deleted_docs_set:
            alive[number] = 0
        return bytes(alive)

    def postings(self, term: str, field: str = TEXT) -> Postings | None:
        """Where a term stands; None where it does not."""
        return whoosh_fast.postings(self.reader, field, term)

    def frequency(self, term: str, field: str = TEXT) -> int:
        """In how many passages a term stands."""
        return whoosh_fast.frequency(self.reader, field, term)

    def entity(self, number: int) -> str:
        """The entity of a passage."""
        return to_base32(whoosh_fast.raw_at(self.reader, "raw", number))

    def root(self, number: int) -> bytes:
        """The raw id of the entity under which a passage stands: its own for what has a page."""
        return whoosh_fast.raw_at(self.reader, "root", number)

    def part(self, number: int) -> int:
        """Which of its entity's passages this is, from 0."""
        firsts = self.columns.firsts
        return 0 if firsts is None else number - firsts[number]

    def under(self, raw: bytes) -> list[int]:
        """The passages whose page is an entity's, in order."""
        return whoosh_fast.places_of(self.reader, "root", raw)

    def of_entity(self, raw: bytes) -> list[int]:
        """The passages of an entity, in order."""
        return whoosh_fast.places_of(self.reader, "raw", raw)

    def stamp(self, number: int) -> int:
        """The stamp of the document that a passage belongs to."""
        return whoosh_fast.number_at(self.reader, "stamp", number)

    def stands(self, number: int) -> bool:
        """Whether a passage was not removed."""
        return self.alive is None or bool(self.alive[number])


class Snapshot:
    """All segments at a commit; not to be used by two threads at once."""

    def __init__(self, reader: Any, columns: dict[str, Columns]) -> None:
        """`columns` keeps those of segments that stand from one commit to the next."""
        self.reader = reader
        self.leaves: list[Leaf] = []
        standing: dict[str, Columns] = {}
        for leaf, base in reader.leaf_readers():
            if leaf.doc_count_all():
                name = leaf.segment().segment_id()
                standing[name] = columns.get(name) or Columns(leaf)
                self.leaves.append(Leaf(leaf, base, standing[name]))
        columns.clear()
        columns.update(standing)
        self._shares: dict[int, list[float]] = {}
        self._left_out: Collection[str] = ()

    @cached_property
    def newest_first(self) -> list[Leaf]:
        """The segments by the last passage of each: a merge puts old ones behind newer ones."""
        return sorted(self.leaves, key=lambda leaf: leaf.columns.when[-1], reverse=True)

    @cached_property
    def passages(self) -> int:
        """How many passages there are, removed ones included until they are merged away."""
        return int(self.reader.doc_count_all())

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the passages, the commonest first."""
        counts: dict[str, int] = {}
        for leaf in self.leaves:
            numbers, langs = leaf.columns.codes("lang")
            for code, lang in enumerate(langs):
                if count := (numbers.count(code) if isinstance(numbers, bytes) else list(numbers).count(code)):
                    counts[lang] = counts.get(lang, 0) + count
        return tuple(sorted(counts, key=lambda lang: (-counts[lang], lang)))

    @cached_property
    def _norms(self) -> list[float]:
        average = (self.reader.field_length(TEXT) / self.passages if self.passages else 0) or 1
        return [K1 * ((1 - B) + B * length / average) for length in whoosh_fast.LENGTH_OF]

    def shares(self, weight: int) -> list[float]:
        """What a word of some weight adds, by the byte that stands for the length of the text."""
        row = self._shares.get(weight)
        if row is None:
            row = self._shares[weight] = [weight * (K1 + 1) / (weight + norm) for norm in self._norms]
        return row

    def frequency(self, term: str, field: str = TEXT) -> int:
        """In how many passages a term stands, removed ones included."""
        return sum(leaf.frequency(term, field) for leaf in self.leaves)

    # -- entities ------------------------------------------------------------------------------------

    def find(self, entities: Collection[str]) -> dict[str, list[tuple[Leaf, int]]]:
        """The passages of some entities that stand in the index, in order."""
        found: dict[str, list[tuple[Leaf, int]]] = {}
        wanted = {from_base32(entity, 32): entity for entity in entities}
        for leaf in self.leaves:
            if len(wanted) <= FEW:
                places = [(raw, n) for raw in wanted for n in leaf.of_entity(raw)]
            else:
                column = whoosh_fast.raw_bytes(leaf.reader, "raw")
                pieces = (column[at : at + 32] for at in range(0, len(column), 32))
                places = [(raw, n) for n, raw in enumerate(pieces) if raw in wanted]
            for raw, number in places:
                if leaf.stands(number):
                    found.setdefault(wanted[raw], []).append((leaf, number))
        return found

    def leave_out(self, entities: Collection[str]) -> None:
        """From now on, find nothing of some entities, and of no others."""
        if entities is self._left_out or not (entities or self._left_out):
            return
        for leaf in self.leaves:
            leaf.found = None
        places = self.find(entities)
        found = {leaf: bytearray(leaf.alive or b"\1" * leaf.size) for of_one in places.values() for leaf, _ in of_one}
        for leaf, number in chain.from_iterable(places.values()):
            found[leaf][number] = 0
        for leaf, passages in found.items():
            leaf.found = bytes(passages)
        self._left_out = entities

    def stamp_of(self, entity: str) -> int | None:
        """The stamp of an entity's document; None where it has none."""
        places = self.find([entity]).get(entity)
        return places[0][0].stamp(places[0][1]) if places else None

    def stamps(self) -> dict[bytes, int]:
        """The stamps of all documents, by raw id."""
        found = {}
        for leaf in self.leaves:
            ids, stamps = whoosh_fast.raw_bytes(leaf.reader, "raw"), whoosh_fast.numbers(leaf.reader, "stamp")
            for number in range(leaf.size):
                if leaf.stands(number):
                    found[ids[32 * number : 32 * number + 32]] = stamps[number]
        return found
