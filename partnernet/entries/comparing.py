"""Texts beside each other: by paragraphs first, then by words; long stretches that are alike can be folded."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from itertools import groupby

from markupsafe import Markup

from partnernet.core.alignment import align
from partnernet.core.words import _

COMPARED = 6_000
"""Words: longer stretches are shown whole, before and after."""
PARAGRAPHS = 2_000
"""Paragraphs of both texts together: more are compared as one stretch."""
AROUND = 1
"""Paragraphs beside a change that are always shown."""
FOLDED = 2
"""Fewer paragraphs than this are shown rather than folded."""

WORDS = "\0"
"""Stands for marked words in the sentence that says of them what they are."""

_WORDS = re.compile(r"\s+|[\w’'-]+|[^\w\s]")
_BETWEEN = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a comparison: changed, or alike in both texts, and then perhaps folded."""

    html: Markup
    folded: int = 0
    """How many paragraphs are folded in it; 0 where it is shown."""


def compare(before: str, after: str) -> Markup:
    """Two texts in one, by words, escaped: what went as <del>, what came as <ins>."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > COMPARED:
        return _whole(before, after)
    removed, added = aloud(_("[removed: %(words)s]", words=WORDS)), aloud(_("[added: %(words)s]", words=WORDS))
    parts = []
    for gone, came, is_alike in _runs(old, new):
        if is_alike:
            parts.append(escape(gone))
            continue
        parts.append(f"<del{removed}>{escape(gone)}</del>" if gone else "")
        parts.append(f"<ins{added}>{escape(came)}</ins>" if came else "")
    return Markup("".join(parts))  # noqa: S704 - every word was escaped


def stretches(before: str, after: str) -> list[Stretch]:
    """Two texts in one, in which paragraphs that did not change are folded where they are many."""
    old, new = _BETWEEN.split(before), _BETWEEN.split(after)
    if len(old) + len(new) > PARAGRAPHS:
        return [Stretch(compare(before, after))]
    found: list[Stretch] = []
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for n, (tag, i, j, k, m) in enumerate(codes):
        if tag == "equal":
            found += _alike(old[i:j], is_first=n == 0, is_last=n == len(codes) - 1)
        else:
            found.append(Stretch(compare("\n\n".join(old[i:j]), "\n\n".join(new[k:m]))))
    return found


def beside(text: str, others: Sequence[str]) -> Markup:
    """A text in which the words that none of the others has in that place are marked, for eyes and for ears."""
    words = _WORDS.findall(text)
    known = {n for other in others for n, place in enumerate(align(words, _WORDS.findall(other))) if place >= 0}
    around, parts = aloud(_("[differs: %(words)s]", words=WORDS)), []
    for is_known, run in groupby(range(len(words)), lambda n: n in known or not words[n].strip()):
        said = escape("".join(words[n] for n in run))
        parts.append(said if is_known else f"<mark{around}>{said}</mark>")
    return Markup("".join(parts))  # noqa: S704 - every word was escaped


def aloud(sentence: str) -> Markup:
    """The attributes of marked words that say to ears what eyes see; `WORDS` stands for the words in a sentence."""
    begin, _words, end = sentence.partition(WORDS)
    return Markup(' data-begin="{} " data-end="{} "').format(begin.rstrip(), end)


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    """Two texts in runs: what went and what came in its place, or what is alike in both."""
    places = align(old, new)
    i = k = 0
    while i < len(old) or k < len(new):
        gone, came = i, k
        while i < len(old) and places[i] < 0:
            i += 1
        k = places[i] if i < len(old) else len(new)
        if i > gone or k > came:
            yield "".join(old[gone:i]), "".join(new[came:k]), False
        alike = i
        while i < len(old) and places[i] == k:
            i, k = i + 1, k + 1
        if i > alike:
            yield "".join(old[alike:i]), "", True


def _alike(paragraphs: Sequence[str], is_first: bool, is_last: bool) -> Iterator[Stretch]:
    """What did not change: its ends beside changes are shown, its middle is folded."""
    start = 0 if is_first else AROUND
    end = len(paragraphs) - (0 if is_last else AROUND)
    if end - start < FOLDED or (is_first and is_last):
        yield Stretch(_joined(paragraphs))
        return
    if start:
        yield Stretch(_joined(paragraphs[:start]))
    yield Stretch(_joined(paragraphs[start:end]), end - start)
    if end < len(paragraphs):
        yield Stretch(_joined(paragraphs[end:]))


def _joined(paragraphs: Sequence[str]) -> Markup:
    return Markup(escape("\n\n".join(paragraphs)))  # noqa: S704 - escaped


def _whole(before: str, after: str) -> Markup:
    removed, added = aloud(_("[removed: %(words)s]", words=WORDS)), aloud(_("[added: %(words)s]", words=WORDS))
    gone, came = (escape(text) for text in (before, after))
    parts = [f"<del{removed}>{gone}</del>" if gone else "", f"<ins{added}>{came}</ins>" if came else ""]
    return Markup(" ".join(filter(None, parts)))  # noqa: S704 - escaped
