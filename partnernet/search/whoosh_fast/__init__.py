"""All that leans on Whoosh's inside; pinned to its version, and held against the stock results by tests.

Segments are read in place from the memory map (`mapped.py`), postings are written as lists a term at
a time (`writing.py`, `../postings.py`), and lists and columns come out as whole blocks (`reading.py`).
"""

from partnernet.search.whoosh_fast.mapped import Cursor, MappedFile, MappedSegment, MappedStorage
from partnernet.search.whoosh_fast.reading import (
    LENGTH_OF,
    TEXT,
    WORD,
    codes,
    frequency,
    lengths,
    lists,
    number_at,
    numbers,
    places_of,
    postings,
    raw_at,
    raw_bytes,
    vocabulary,
    words,
)
from partnernet.search.whoosh_fast.writing import MappedCodec, Occurrence, PassageWriter, schema

__all__ = [
    "LENGTH_OF", "TEXT", "WORD", "Cursor", "MappedCodec", "MappedFile", "MappedSegment", "MappedStorage", "Occurrence",
    "PassageWriter", "codes", "frequency", "lengths", "lists", "number_at", "numbers", "places_of", "postings",
    "raw_at", "raw_bytes", "schema", "vocabulary", "words",
]  # fmt: skip
