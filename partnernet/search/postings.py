"""Lists of postings as bytes: in which documents a word stands, how often, and where.

A list is written once and read as whole blocks of numbers, never one posting at a time. Each block
can be reached by itself, so that a rare word beside a common one reads only the blocks it needs.

    count, blocks, flags, then for each block: first number, offset of its numbers, offset of its places
    weights (a byte for each posting, unless all are 1), counts of places (unless they are the weights)
    numbers (the differences within a block, in 1, 2 or 4 bytes each), places (2 bytes each)
"""

import struct
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import sub

BLOCK = 256
"""Postings of one block."""
MOST = 255
"""The largest weight and number of places that one posting holds; more count as this many."""
FARTHEST = 65_535
"""The last place of a passage that is told apart from those behind it."""

NONE: "array[int]" = array("H")

_HEAD = struct.Struct("<IIB")
_WEIGHED, _PLACED, _COUNTED = 1, 2, 4
_SIZES = ((1 << 8, "B"), (1 << 16, "H"), (1 << 32, "I"))


class Gathered:
    """The postings of one term while a segment is being written, in order of their documents."""

    __slots__ = ("counts", "numbers", "places", "weights")

    def __init__(self) -> None:
        self.numbers, self.weights = array("I"), bytearray()
        self.counts, self.places = bytearray(), array("H")

    def add(self, number: int, weight: int, places: Sequence[int]) -> None:
        """Note that the term stands in a document."""
        self.numbers.append(number)
        self.weights.append(weight if weight < MOST else MOST)
        if len(places) > MOST or (places and places[-1] > FARTHEST):
            places = [min(place, FARTHEST) for place in places[:MOST]]
        self.counts.append(len(places))
        self.places.extend(places)

    def packed(self) -> bytes:
        """The list as bytes."""
        return packed(self.numbers, self.weights, self.counts, self.places)


def packed(
    numbers: "array[int]",
    weights: bytes | bytearray = b"",
    counts: bytes | bytearray = b"",
    places: "array[int]" = NONE,
) -> bytes:
    """A list of postings as bytes; without weights each is 1, and without places none are kept."""
    pieces, firsts, starts, offset = [], array("I"), array("I"), 0
    for at in range(0, len(numbers), BLOCK):
        block = numbers[at : at + BLOCK]
        firsts.append(block[0])
        starts.append(offset)
        piece = _deltas(block)
        pieces.append(piece)
        offset += len(piece)
    flags, tables = 0, []
    if weights.count(1) != len(weights):
        flags |= _WEIGHED
        tables.append(weights)
    begins = NONE
    if places:
        flags |= _PLACED
        if counts != weights:
            flags |= _COUNTED
            tables.append(counts)
        begins = array("I", list(accumulate(counts, initial=0))[::BLOCK][: len(firsts)])
    head = _HEAD.pack(len(numbers), len(firsts), flags)
    return b"".join((head, _little(firsts), _little(starts), _little(begins), *tables, *pieces, _little(places)))


class Postings:
    """A list of postings, read from its bytes."""

    __slots__ = ("_bytes", "_counts", "_firsts", "_numbers", "_places", "_starts", "_weights", "blocks", "count")

    def __init__(self, packed: bytes) -> None:
        self._bytes = packed
        self.count, self.blocks, flags = _HEAD.unpack_from(packed)
        at = _HEAD.size
        self._firsts, at = _array("I", packed, at, self.blocks)
        self._starts, at = _array("I", packed, at, self.blocks)
        self._places: array[int] | None = None
        if flags & _PLACED:
            self._places, at = _array("I", packed, at, self.blocks)
        self._weights = at if flags & _WEIGHED else 0
        at += self.count if flags & _WEIGHED else 0
        self._counts = at if flags & _COUNTED else self._weights
        self._numbers = at + (self.count if flags & _COUNTED else 0)

    def block(self, n: int) -> tuple[Sequence[int], bytes | None]:
        """The numbers of the documents of a block, and the weights; None where all are 1."""
        first, at = self._firsts[n], n * BLOCK
        size = min(BLOCK, self.count - at)
        deltas = _read_deltas(self._bytes, self._numbers + self._starts[n], size - 1)
        weights = self._bytes[self._weights + at : self._weights + at + size] if self._weights else None
        return list(accumulate(deltas, initial=first)), weights

    def first(self, n: int) -> int:
        """The number of the first document of a block."""
        return self._firsts[n]

    def read(self) -> Iterator[tuple[Sequence[int], bytes | None]]:
        """All blocks, from the first to the last."""
        return map(self.block, range(self.blocks))

    def numbers(self) -> list[int]:
        """The numbers of all documents."""
        found: list[int] = []
        for n in range(self.blocks):
            found += self.block(n)[0]
        return found

    def weights(self) -> bytes:
        """The weights of all postings."""
        return self._bytes[self._weights : self._weights + self.count] if self._weights else b"\1" * self.count

    def counts(self) -> bytes:
        """How many places each posting has."""
        if self._places is None:
            return bytes(self.count)
        return self._bytes[self._counts : self._counts + self.count] if self._counts else b"\1" * self.count

    def places(self) -> "array[int]":
        """The places of all postings, one after the other; empty where none were kept."""
        if self._places is None:
            return array("H")
        return _array("H", self._bytes, self._places_at(), sum(self.counts()))[0]

    def among(self, wanted: Sequence[int]) -> Iterator[int]:
        """Those of some documents, in order, in which the term stands; blocks without any are not read."""
        if len(wanted) * 4 > self.count:
            yield from sorted(set(wanted).intersection(self.numbers()))
            return
        last, block = -1, frozenset[int]()
        for number in wanted:
            n = bisect_right(self._firsts, number) - 1
            if n != last and n >= 0:
                last, block = n, frozenset(self.block(n)[0])
            if n >= 0 and number in block:
                yield number

    def weighed(self, wanted: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Those of some documents, in order, in which the term stands, each with its weight."""
        last, block = -1, dict[int, int]()
        for number in wanted:
            n = bisect_right(self._firsts, number) - 1
            if n < 0:
                continue
            if n != last:
                last, (numbers, weights) = n, self.block(n)
                block = dict(zip(numbers, weights or b"\1" * len(numbers), strict=True))
            if number in block:
                yield number, block[number]

    def placed(self, wanted: Sequence[int]) -> Iterator["array[int]"]:
        """The places in some documents, in order, in all of which the term stands."""
        counts, base = self.counts(), self._places_at()
        last, starts, numbers = -1, [0], dict[int, int]()
        for number in wanted:
            n = bisect_right(self._firsts, number) - 1
            if n != last:
                last = n
                numbers = {number: at for at, number in enumerate(self.block(n)[0])}
                assert self._places is not None  # noqa: S101 - asked only of lists with places
                starts = list(accumulate(counts[n * BLOCK : (n + 1) * BLOCK], initial=self._places[n]))
            at = numbers[number]
            yield _array("H", self._bytes, base + 2 * starts[at], starts[at + 1] - starts[at])[0]

    def _places_at(self) -> int:
        n = self.blocks - 1
        size = self.count - n * BLOCK
        start = int(self._numbers + self._starts[n])
        width = _WIDTHS[self._bytes[start]]
        return int(start + 1 + (size - 1) * width)


_WIDTHS = {ord(code): array(code).itemsize for _, code in _SIZES}


def _deltas(block: "array[int]") -> bytes:
    """The differences of rising numbers, without the first, behind the letter that says how wide they are."""
    if len(block) == 1:
        return b"B"
    found = list(map(sub, block[1:], block))
    code = next(code for below, code in _SIZES if max(found) < below)
    return code.encode() + _little(array(code, found))


def _read_deltas(packed: bytes, at: int, size: int) -> Sequence[int]:
    code = packed[at]
    if code == 66:  # single bytes are numbers as they are
        return packed[at + 1 : at + 1 + size]
    return _array(chr(code), packed, at + 1, size)[0]


def _array(code: str, packed: bytes, at: int, size: int) -> tuple["array[int]", int]:
    found = array(code)
    end = at + size * found.itemsize
    found.frombytes(packed[at:end])
    if sys.byteorder == "big":
        found.byteswap()
    return found, end


def _little(numbers: "array[int]") -> bytes:
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers.tobytes()
