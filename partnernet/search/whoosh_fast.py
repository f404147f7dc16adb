"""All that leans on Whoosh's inside; pinned to its version, and held against the stock results by tests.

Whoosh copies every segment into private memory for each reader, keeps three copies of a title where
one that weighs three would do, and walks through postings one method call at a time. Here segments
are read in place from the memory map, and postings and columns come out as whole lists.
"""

import mmap
import os
import secrets
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from whoosh import fields
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.columns import FixedBytesColumn, NumericColumn, RefBytesColumn
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.reading import TermNotFound
from whoosh.util.numeric import byte_to_length

from partnernet.search.analysis import stems

TITLE_WEIGHT = 3
GAP = 100
"""Positions between title and text, so that no phrase reaches from one into the other."""

TEXT = "text"
LENGTHS = "_text_len"


# -- reading in place --------------------------------------------------------------------------------


class Cursor:
    """A place in a piece of a memory map, read like a file without copying the whole."""

    def __init__(self, view: memoryview) -> None:
        self._view, self._at = view, 0

    def read(self, size: int = -1) -> bytes:
        start = self._at
        self._at = len(self._view) if size < 0 else min(start + size, len(self._view))
        return bytes(self._view[start : self._at])

    def readline(self) -> bytes:
        """Up to and with the next line break; pickles written by Whoosh hold short lines only."""
        line = bytearray()
        while byte := self.read(1):
            line += byte
            if byte == b"\n":
                break
        return bytes(line)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._view)}[whence]
        self._at = origin + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        self._view = memoryview(b"")


class MappedFile(BufferFile):  # type: ignore[misc] # Whoosh has no types
    """A file inside a segment, in place."""

    def __init__(self, view: memoryview, name: str) -> None:
        super().__init__(b"", name=name)
        self._buf, self.file = view, Cursor(view)


class MappedStorage(CompoundStorage):  # type: ignore[misc] # Whoosh has no types
    """The files inside a segment; the map goes when the last of them is let go."""

    def open_file(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(self._source, mmap.mmap):
            return super().open_file(name, *args, **kwargs)
        offset, length = self.range(name)
        return MappedFile(memoryview(self._source)[offset : offset + length], name)

    def close(self) -> None:
        self.is_closed, self._source = True, None


class MappedSegment(W3Segment):  # type: ignore[misc] # Whoosh has no types
    """A segment whose files are read in place."""

    def open_compound_file(self, storage: Any) -> MappedStorage:
        return MappedStorage(storage.open_file(self.make_filename(self.COMPOUND_EXT)))


class MappedCodec(W3Codec):  # type: ignore[misc] # Whoosh has no types
    """Whoosh's own format, in segments that are read in place."""

    def new_segment(self, storage: Any, indexname: str) -> MappedSegment:
        """A segment with a name of its own, whatever has become of Python's common random numbers."""
        return MappedSegment(self, indexname, segid=secrets.token_hex(8))


# -- what is indexed ---------------------------------------------------------------------------------


class PassageField(fields.TEXT):  # type: ignore[misc] # Whoosh has no types
    """Title and text in one field, given as a pair: a word of the title weighs as much as three."""

    def index(self, value: tuple[str, str], **kwargs: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        title, text = value
        named = stems(title)
        counts = Counter(dict.fromkeys(named, 0))
        positions: dict[str, list[int]] = {}
        for place, stem in enumerate(named):
            counts[stem] += TITLE_WEIGHT
            positions.setdefault(stem, []).append(place)
        for place, stem in enumerate(stems(text), len(named) + GAP):
            counts[stem] += 1
            positions.setdefault(stem, []).append(place)
        for stem, places in positions.items():
            yield stem.encode(), counts[stem], float(counts[stem]), self.format.encode(places)


def schema() -> fields.Schema:
    """One field to search in, and a column for each thing to filter, sort or count by; nothing stored."""
    return fields.Schema(
        id=fields.ID(unique=True),
        text=PassageField(phrase=True),
        raw=fields.COLUMN(FixedBytesColumn(32)),
        root=fields.COLUMN(FixedBytesColumn(32)),
        kind=fields.COLUMN(RefBytesColumn()),
        log=fields.COLUMN(RefBytesColumn()),
        partner=fields.COLUMN(RefBytesColumn()),
        author=fields.COLUMN(RefBytesColumn()),
        when=fields.COLUMN(NumericColumn("q")),
        stamp=fields.COLUMN(NumericColumn("q")),
    )


# -- postings and columns as lists ---------------------------------------------------------------------


def doc_frequency(reader: Any, stem: str) -> int:
    """In how many documents of a segment a stem stands, removed ones included."""
    return int(reader.doc_frequency(TEXT, stem.encode()))


def postings(
    reader: Any, stem: str, *, places: bool = False
) -> Iterator[tuple[Sequence[int], Sequence[float], Sequence[bytes]]]:
    """The documents of a segment where a stem stands, a block at a time: numbers, weights, positions."""
    try:
        matcher = reader._terms.matcher(TEXT, stem.encode(), reader.schema[TEXT].format)
    except TermNotFound:
        return
    if not hasattr(matcher, "_read_data"):  # a single posting, kept beside the term
        yield matcher._ids, matcher._weights, matcher._values
        return
    while matcher.is_active():
        matcher._read_data()
        deltas, weights, values = matcher._data
        if not isinstance(weights, tuple):
            weights = (1.0 if weights is None else weights,) * len(deltas)
        yield tuple(accumulate(deltas)), weights, values if places else ()
        matcher._next_block()


def positions(reader: Any, value: bytes) -> list[int]:
    """Where in its document a stem stands."""
    return list(reader.schema[TEXT].format.decode_positions(value))


def number_of(reader: Any, entity: str) -> int | None:
    """The number of an entity's document in a segment; None where it has none that stands."""
    try:
        matcher = reader.postings("id", entity)
    except TermNotFound:
        return None
    return int(matcher.id()) if matcher.is_active() else None


def lengths(reader: Any) -> bytes:
    """The length of each document's text, as one byte each: see `LENGTH_OF`."""
    if not reader._perdoc.has_column(LENGTHS):
        return bytes(reader.doc_count_all())
    file, start, size = reader._perdoc._get_column_file(LENGTHS)
    return bytes(file.get(start, size).ljust(reader.doc_count_all(), b"\0"))


LENGTH_OF = tuple(byte_to_length(byte) or 0 for byte in range(256))


def numbers(reader: Any, name: str) -> "array[int]":
    """A column of numbers, one for each document."""
    column = _column(reader, name)
    if column is None:
        return array("q", bytes(8 * reader.doc_count_all()))
    found: array[int] = column._dbfile.get_array(column._basepos, "q", column._count)
    found.extend([0] * (reader.doc_count_all() - len(found)))
    return found


def raw_bytes(reader: Any, name: str) -> bytes:
    """A column of 32 bytes for each document, in one piece."""
    column = _column(reader, name)
    size = 32 * reader.doc_count_all()
    return bytes(size) if column is None else bytes(column._dbfile.get(0, 32 * column._count).ljust(size, b"\0"))


def codes(reader: Any, name: str) -> tuple[Sequence[int], list[str]]:
    """A column of words: for each document a number, and the words that the numbers stand for."""
    column = _column(reader, name)
    if column is None:
        return bytes(reader.doc_count_all()), [""]
    found = column._dbfile.get_array(column._basepos, column._typecode, reader.doc_count_all())
    uniques = [word.decode() for word in column._uniques]
    return (bytes(found) if column._typecode == "B" else found), uniques


def _column(reader: Any, name: str) -> Any:
    if not reader._perdoc.has_column(name):
        return None
    return reader._perdoc.column_reader(name, reader.schema[name].column_type)
