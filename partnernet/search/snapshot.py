"""The index at one commit, opened for reading: its segments, with their columns as lists."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from partnernet.search import whoosh_fast

B, K1 = 0.65, 1.6
"""How far long texts count less, and how soon more of the same word adds nothing; measured."""

COLUMNS = ("kind", "log", "partner", "author")


class Columns:
    """The columns of one segment, which never change once it is written."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    @cached_property
    def ids(self) -> bytes:
        return whoosh_fast.raw_bytes(self._reader, "raw")

    @cached_property
    def roots(self) -> bytes:
        return whoosh_fast.raw_bytes(self._reader, "root")

    @cached_property
    def when(self) -> Sequence[int]:
        return whoosh_fast.numbers(self._reader, "when")

    @cached_property
    def stamps(self) -> Sequence[int]:
        return whoosh_fast.numbers(self._reader, "stamp")

    @cached_property
    def lengths(self) -> bytes:
        return whoosh_fast.lengths(self._reader)

    @cached_property
    def codes(self) -> Mapping[str, tuple[Sequence[int], list[str]]]:
        """By column: a number for each document, and the words that the numbers stand for."""
        return {name: whoosh_fast.codes(self._reader, name) for name in COLUMNS}


class Leaf:
    """One segment at a commit."""

    def __init__(self, reader: Any, base: int, columns: Columns) -> None:
        self.reader, self.base, self.columns = reader, base, columns
        self.size: int = reader.doc_count_all()

    @cached_property
    def alive(self) -> bytes:
        """For each document 1, or 0 where it was removed."""
        alive = bytearray(b"\1") * self.size
        for number in self.reader.deleted_docs_set:
            alive[number] = 0
        return bytes(alive)


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

    @cached_property
    def documents(self) -> int:
        """How many documents there are, removed ones included until they are merged away."""
        return int(self.reader.doc_count_all())

    @cached_property
    def norms(self) -> list[float]:
        """What a text's length does to a word's weight, by the byte that stands for the length."""
        average = (self.reader.field_length(whoosh_fast.TEXT) / self.documents if self.documents else 0) or 1
        return [K1 * ((1 - B) + B * length / average) for length in whoosh_fast.LENGTH_OF]

    def frequency(self, stem: str) -> int:
        """In how many documents a stem stands."""
        return sum(whoosh_fast.doc_frequency(leaf.reader, stem) for leaf in self.leaves)

    def holds(self, entity: str) -> bool:
        """Whether an entity has a document here."""
        return self._find(entity) is not None

    def number_of(self, entity: str) -> int:
        """The number of an entity's document over all segments; raises KeyError where it has none."""
        found = self._find(entity)
        if found is None:
            raise KeyError(entity)
        leaf, number = found
        return leaf.base + number

    def stamp_of(self, entity: str) -> int | None:
        """The stamp of an entity's document; None where it has none."""
        found = self._find(entity)
        return None if found is None else found[0].columns.stamps[found[1]]

    def stamps(self) -> dict[bytes, int]:
        """The stamps of all documents, by raw id."""
        return {
            leaf.columns.ids[32 * n : 32 * n + 32]: leaf.columns.stamps[n]
            for leaf in self.leaves
            for n in range(leaf.size)
            if leaf.alive[n]
        }

    def _find(self, entity: str) -> tuple[Leaf, int] | None:
        for leaf in self.leaves:
            number = whoosh_fast.number_of(leaf.reader, entity)
            if number is not None:
                return leaf, number
        return None
