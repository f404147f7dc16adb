"""A passage of a text around the words that were searched for, as HTML with those words marked."""

from collections.abc import Collection

from markupsafe import Markup, escape

from partnernet.core.languages import DEFAULT, OTHER
from partnernet.search.analysis import joined, stem_of, words

LENGTH = 220
LEAD = 60
"""Characters shown before the first marked word."""
SPANS = 400
"""Marked words of one text that are looked at."""

Span = tuple[int, int, str]


def snippet(text: str, sought: Collection[str], lang: str = DEFAULT) -> Markup:
    """The part of a text with the most of some words in it; the beginning where none stands there."""
    spans = _spans(text, sought, lang)
    start, end = _window(text, spans)
    before = "… " if start else ""
    after = " …" if end < len(text) else ""
    return Markup(before + _marked(text, spans, start, end) + after)  # noqa: S704 - each piece was escaped


def marked(text: str, sought: Collection[str], lang: str = DEFAULT) -> Markup:
    """A whole short text with the words marked."""
    return Markup(_marked(text, _spans(text, sought, lang), 0, len(text)))  # noqa: S704 - each piece was escaped


def _spans(text: str, sought: Collection[str], lang: str) -> list[Span]:
    found: list[Span] = []
    stems = {stem for word in sought if (stem := stem_of(word, lang))}
    if not stems:  # common words alone: they are looked for as they are written
        stems, lang = set(sought), OTHER
    for span in words(text, lang) if stems else ():
        if span[2] in stems:
            found.append(span)
            if len(found) == SPANS:
                break
    found += [span for span in joined(text, lang) if span[2] in stems][:SPANS]
    return sorted(found)


def _window(text: str, spans: list[Span]) -> tuple[int, int]:
    best, most = 0, 0
    for n, (start, _, _) in enumerate(spans):
        inside = {stem for begin, end, stem in spans[n : n + 40] if end <= start + LENGTH - LEAD}
        if len(inside) > most:
            best, most = start, len(inside)
    start = _word_start(text, max(0, best - LEAD)) if best > LEAD else 0
    return start, _word_end(text, start + LENGTH)


def _word_start(text: str, at: int) -> int:
    space = text.find(" ", at)
    return space + 1 if 0 <= space < at + LEAD // 2 else at


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - LEAD // 2, at)
    return space if space > 0 else at


def _marked(text: str, spans: list[Span], start: int, end: int) -> str:
    """A part of a text as HTML, every piece of it escaped."""
    pieces, at = [], start
    for begin, finish, _ in spans:
        if begin >= at and finish <= end:
            pieces += [escape(text[at:begin]), "<mark>", escape(text[begin:finish]), "</mark>"]
            at = finish
    return "".join([*pieces, escape(text[at:end])])
