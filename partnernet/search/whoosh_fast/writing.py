"""Writing segments: postings are gathered by term, and each term's are written as one list.

Whoosh sorts a tuple for every single posting, and pickles its places.
"""

import secrets
from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from whoosh import fields, formats
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo
from whoosh.columns import FixedBytesColumn, NumericColumn, RefBytesColumn
from whoosh.matching import ListMatcher
from whoosh.writing import SegmentWriter

from partnernet.search.postings import Gathered, Postings, packed
from partnernet.search.whoosh_fast.mapped import MappedSegment
from partnernet.search.whoosh_fast.reading import TEXT, WORD, lists

Single = tuple[int, int, Sequence[int]]
"""The one posting of a term that stands in a single document so far: most terms never have a second."""

Occurrence = tuple[int, Sequence[int]]
"""The weight of a term in a document, and its places there."""


class MappedCodec(W3Codec):  # type: ignore[misc] # Whoosh has no types
    """Whoosh's own files, but for the lists of postings; in segments that are read in place."""

    def new_segment(self, storage: Any, indexname: str) -> MappedSegment:
        """A segment with a name of its own, whatever has become of Python's common random numbers."""
        return MappedSegment(self, indexname, segid=secrets.token_hex(8))

    def field_writer(self, storage: Any, segment: Any) -> "ListWriter":
        return ListWriter(self, storage, segment)

    def postings_reader(self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None) -> Any:
        """A matcher for Whoosh's own queries, which tests compare with; nothing else asks for one."""
        offset, length = terminfo.extent()
        found = Postings(dbfile.get(offset, length[0] if isinstance(length, tuple) else length))
        places, values, at = found.places(), [], 0
        for count in found.counts():
            values.append(format_.encode(places[at : at + count].tolist()) if count else b"")
            at += count
        weights = [float(weight) for weight in found.weights()]
        return ListMatcher(found.numbers(), weights, values, format_, scorer=scorer, term=term, terminfo=terminfo)


def schema() -> fields.Schema:
    """Two fields to search in, and a column for each thing to filter, sort or count by; nothing stored."""
    return fields.Schema(
        text=fields.TEXT(phrase=True),
        word=fields.FieldType(formats.Existence(), None, scorable=False),
        raw=fields.COLUMN(FixedBytesColumn(32)),
        root=fields.COLUMN(FixedBytesColumn(32)),
        part=fields.COLUMN(NumericColumn("H")),
        kind=fields.COLUMN(RefBytesColumn()),
        log=fields.COLUMN(RefBytesColumn()),
        partner=fields.COLUMN(RefBytesColumn()),
        author=fields.COLUMN(RefBytesColumn()),
        tags=fields.COLUMN(RefBytesColumn()),
        stage=fields.COLUMN(RefBytesColumn()),
        lang=fields.COLUMN(RefBytesColumn()),
        year=fields.COLUMN(RefBytesColumn()),
        when=fields.COLUMN(NumericColumn("q")),
        stamp=fields.COLUMN(NumericColumn("q")),
    )


class ListWriter(W3FieldWriter):  # type: ignore[misc] # Whoosh has no types
    """Writes the postings of a segment, a whole list for each term."""

    def write(self, stems: "dict[str, Gathered | Single]", words: "dict[str, array[int] | int]") -> None:
        """Write all terms of both fields, in order, and forget each once it is written."""
        self._fieldmap.update({TEXT: 0, WORD: 1})
        for term in sorted(stems, key=str.encode):
            found = _gathered(stems.pop(term))
            info = W3TermInfo()
            info._weight, info._maxweight = sum(found.weights), max(found.weights)
            self._write(b"\0\0" + term.encode(), info, found.numbers, found.packed())
        for term in sorted(words, key=str.encode):
            numbers = _numbers(words.pop(term))
            info = W3TermInfo()
            info._weight, info._maxweight = len(numbers), 1
            self._write(b"\0\1" + term.encode(), info, numbers, packed(numbers))

    def _write(self, key: bytes, info: W3TermInfo, numbers: "array[int]", content: bytes) -> None:
        info._df, info._minid, info._maxid = len(numbers), numbers[0], numbers[-1]
        info.set_extent(self._postfile.tell(), len(content))
        self._postfile.write(content)
        self._tindex.add(key, info.to_bytes())


class PassageWriter(SegmentWriter):  # type: ignore[misc] # Whoosh has no types
    """Writes passages into a new segment; what is to be merged into it is copied a list at a time."""

    def __init__(self, index: Any) -> None:
        super().__init__(index, codec=MappedCodec(), _lk=False)
        self._stems: dict[str, Gathered | Single] = {}
        self._words: dict[str, array[int] | int] = {}

    def merge_first(self, merge: Callable[[Any, list[Any]], list[Any]]) -> None:
        """Take in segments before anything new; `merge` gives back those that stand as they are."""
        self.segments = merge(self, self.segments)  # type: ignore[has-type] # Whoosh has no types

    def add_passage(
        self, occurrences: Mapping[str, Occurrence], words: Collection[str], columns: Mapping[str, Any]
    ) -> None:
        """Take in one passage: its stems, its words as they are written, and its columns."""
        number: int = self.docnum  # type: ignore[has-type] # Whoosh has no types
        writer, length = self.perdocwriter, 0
        writer.start_doc(number)
        terms = self._stems
        for stem, (weight, places) in occurrences.items():
            length += weight
            found = terms.get(stem)
            if found is None:
                terms[stem] = (number, weight, places)
                continue
            if isinstance(found, tuple):
                found = terms[stem] = _gathered(found)
            found.add(number, weight, places)
        standing = self._words
        for word in words:
            numbers = standing.get(word)
            if numbers is None:
                standing[word] = number
            elif isinstance(numbers, int):
                standing[word] = array("I", (numbers, number))
            else:
                numbers.append(number)
        writer.add_field(TEXT, self.schema[TEXT], None, length)
        for name, value in columns.items():
            writer.add_column_value(name, self.schema[name].column_type, value)
        writer.finish_doc()
        self.docnum, self._added = number + 1, True

    def add_postings_to_pool(self, reader: Any, startdoc: int, docmap: Mapping[int, int] | None) -> None:
        """Take over the postings of a segment, without those of removed documents."""
        for term, found in lists(reader, TEXT):
            target = _gathered(self._stems.get(term))
            _copy(found, target, startdoc, docmap)
            if target.numbers:
                self._stems[term] = target
        for term, found in lists(reader, WORD):
            kept = found.numbers() if docmap is None else filter(docmap.__contains__, found.numbers())
            moved = array("I", map(startdoc.__add__ if docmap is None else docmap.__getitem__, kept))
            if moved:
                self._words[term] = _numbers(self._words.get(term)) + moved

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        self.fieldwriter.write(self._stems, self._words)
        self.fieldwriter.close()


def _gathered(found: "Gathered | Single | None") -> Gathered:
    if isinstance(found, Gathered):
        return found
    made = Gathered()
    if found is not None:
        made.add(*found)
    return made


def _numbers(found: "array[int] | int | None") -> "array[int]":
    if isinstance(found, int):
        return array("I", (found,))
    return array("I") if found is None else found


def _copy(source: Postings, target: Gathered, base: int, docmap: Mapping[int, int] | None) -> None:
    numbers, weights, counts, places = source.numbers(), source.weights(), source.counts(), source.places()
    if docmap is None:
        target.numbers.extend(map(base.__add__, numbers))
        target.weights += weights
        target.counts += counts
        target.places.extend(places)
        return
    at = 0
    for number, weight, count in zip(numbers, weights, counts, strict=True):
        if (new := docmap.get(number)) is not None:
            target.numbers.append(new)
            target.weights.append(weight)
            target.counts.append(count)
            target.places.extend(places[at : at + count])
        at += count
