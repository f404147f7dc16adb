"""One text of several that were made from the same one: by lines first, then by words.

What only one of them changed, stands as it changed it; what several changed to the same, stands once.
Where they differ about the same words, all of their versions are kept for a person to decide.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from partnernet.core.alignment import WORK, align

_WORDS = re.compile(r"\n|[^\S\n]+|[\w’'-]+|[^\w\s]")
_HOLDS = re.compile(r"\w|\n").search
"""What holds two texts together between changes: a word, or the end of a line; no comma and no space alone."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """What some of the versions have in a place."""

    text: str
    versions: tuple[int, ...]
    """Their numbers, from 0, in the order in which they were given."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a merge: one text where all is clear, several where a person must decide."""

    alternatives: tuple[Alternative, ...]
    is_block: bool = False
    """Whether it is whole lines."""

    @property
    def is_contested(self) -> bool:
        return len(self.alternatives) > 1

    @property
    def text(self) -> str:
        """Its words; where a person must decide, those of all versions, one after the other."""
        return " ".join(each.text for each in self.alternatives)

    @property
    def versions(self) -> tuple[int, ...]:
        """Who changed it; nobody where it stands as before."""
        return tuple(sorted(number for each in self.alternatives for number in each.versions))


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge of several versions: its stretches, in order."""

    stretches: tuple[Stretch, ...]

    @property
    def text(self) -> str:
        """The text; in contested places the words of all versions follow one another."""
        return "".join(stretch.text for stretch in self.stretches)

    @property
    def places(self) -> int:
        """How many places a person must decide."""
        return sum(stretch.is_contested for stretch in self.stretches)


def merge(base: str, *versions: str) -> Merged:
    """Make one text of versions that were all made from `base`."""
    texts = [_lines(text) for text in (base, *versions)]
    stretches: list[Stretch] = []
    for chunk in _chunks(texts, lambda line: True):
        stretch = _decided(chunk, is_block=True)
        stretches += _by_words(stretch, chunk) if stretch.is_contested else [stretch]
    return Merged(tuple(_without_last_break(stretches)))


def merge_lists(base: Sequence[str], *versions: Sequence[str]) -> list[str]:
    """The same for lists of lines: what several put in one place stands there one after the other, each once."""
    lists = [[f"{item}\n" for item in items] for items in (base, *versions)]
    stretches = [_decided(chunk) for chunk in _chunks(lists, lambda item: True)]
    kept = "".join(each.text for stretch in stretches for each in stretch.alternatives)
    return list(dict.fromkeys(kept.split("\n")[:-1]))


Chunk = tuple[str, ...]
"""The same place in all texts, the base first."""


def _chunks(texts: Sequence[Sequence[str]], is_anchor: Callable[[str], bool]) -> Iterator[Chunk]:
    """Cut the texts, the base first, where all of them have the same pieces that can hold them together."""
    base, others = texts[0], texts[1:]
    work = WORK // max(1, len(others))
    placed = [align(base, other, work) for other in others]
    starts = [0] * len(texts)
    for start, end in _shared(base, placed, is_anchor):
        places = [start, *(places[start] for places in placed)]
        if any(place > begun for place, begun in zip(places, starts, strict=True)):
            yield _cut(texts, starts, places)
        starts = [place + end - start for place in places]
        yield _cut(texts, places, starts)
    if any(begun < len(text) for begun, text in zip(starts, texts, strict=True)):
        yield _cut(texts, starts, [len(text) for text in texts])


def _shared(
    base: Sequence[str], placed: Sequence[Sequence[int]], is_anchor: Callable[[str], bool]
) -> Iterator[tuple[int, int]]:
    """The runs of the base that stand unbroken in all of the others."""
    start, has_anchor = 0, False
    for n in range(len(base) + 1):
        follows = n < len(base) and all(
            places[n] >= 0 and (n == start or places[n] == places[n - 1] + 1) for places in placed
        )
        if not follows:
            if has_anchor:
                yield start, n
            start, has_anchor = n, False
            if n == len(base) or any(places[n] < 0 for places in placed):
                start = n + 1
                continue
        has_anchor = has_anchor or is_anchor(base[n])


def _cut(texts: Sequence[Sequence[str]], starts: Sequence[int], ends: Sequence[int]) -> Chunk:
    return tuple("".join(text[start:end]) for text, start, end in zip(texts, starts, ends, strict=True))


def _decided(chunk: Chunk, *, is_block: bool = False) -> Stretch:
    """What stands in a place: the base, the only change, or every change where they differ."""
    base, versions = chunk[0], chunk[1:]
    changes: dict[str, list[int]] = {}
    for number, text in enumerate(versions):
        if text != base:
            changes.setdefault(text, []).append(number)
    if not changes:
        return Stretch((Alternative(base, ()),), is_block)
    return Stretch(tuple(Alternative(text, tuple(numbers)) for text, numbers in changes.items()), is_block)


def _by_words(contested: Stretch, chunk: Chunk) -> list[Stretch]:
    """A contested place looked at more closely, unless somebody took all of it away, or little is left of it."""
    if not all(chunk):
        return [contested]
    words = [_WORDS.findall(text) for text in chunk]
    closer = [_decided(part) for part in _chunks(words, lambda word: _HOLDS(word) is not None)]
    kept = sum(len(stretch.text) for stretch in closer if not stretch.versions)
    is_torn = any(stretch.is_contested for stretch in closer) and 2 * kept < len(chunk[0])
    return [contested] if is_torn else closer


def _lines(text: str) -> list[str]:
    """The lines of a text, each with a break at its end, the last one too."""
    return [f"{line}\n" for line in text.split("\n")] if text else []


def _without_last_break(stretches: list[Stretch]) -> list[Stretch]:
    """The stretches without the break that was put after the last line."""
    while stretches and not stretches[-1].text:
        stretches.pop()
    if stretches:
        last = stretches[-1]
        shorter = tuple(Alternative(each.text.removesuffix("\n"), each.versions) for each in last.alternatives)
        stretches[-1] = Stretch(shorter, last.is_block)
    return stretches
