"""The passages of an entity: what is found one by one, each with the address at which it stands.

A text is cut at its headings, and a part that is long between its paragraphs. The cut is the same
every time, so that the index holds no text: a passage is its number, and is cut again to be shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from partnernet.core.text import Section, plain_text, sections

LENGTH, LONGEST = 700, 12_000
"""Characters of a passage where a part is cut between its paragraphs and points; and where it has none, between words.
Short ones find better, since what is said side by side belongs together."""
WHOLE = 1_400
"""Characters of a part that is not cut."""
PASSAGES_LIMIT = 1_000
"""Passages of one text; what is left over is the last one's."""
HEADINGS_BETWEEN = " › "

_POINT = re.compile(r" ?(?:[-*+]|\d{1,9}[.)])\s").match


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an entity's words."""

    text: str
    heading: str = ""
    """The words of the heading that it stands under."""
    above: str = ""
    """The words of the headings above that one."""
    anchor: str = ""
    """The address of the heading on the entry's page."""


def passages(body: str, beside: str = "") -> list[Passage]:
    """The passages of a text in Markdown: at least one, in their order.

    `beside` is what stands beside the text, such as a summary: part of the beginning.
    """
    found: list[Passage] = []
    parts = sections(body)
    for n, section in enumerate(parts):
        texts = list(pieces(section.source))
        if n == 0:
            texts[0] = " ".join(filter(None, (texts[0], beside)))
        if texts == [""] and (not section.headings or _is_under(section.headings, parts[n + 1 : n + 2])):
            continue  # nothing stands here; a heading without words is named by those under it
        heading = section.headings[-1] if section.headings else ""
        above = HEADINGS_BETWEEN.join(section.headings[:-1])
        found += [Passage(part, heading, above, section.anchor) for part in texts]
    if len(found) > PASSAGES_LIMIT:
        rest = found[PASSAGES_LIMIT - 1 :]
        found[PASSAGES_LIMIT - 1 :] = [replace(rest[0], text=" ".join(one.text for one in rest))]
    return found or [Passage("")]


def pieces(source: str) -> Iterator[str]:
    """The words of a part of a text in Markdown; of a long one in pieces."""
    if len(source) <= WHOLE:
        yield plain_text(source)
        return
    kept = ""
    for block in _blocks(source):
        text = plain_text(block)
        if kept and len(kept) + len(text) > LENGTH:
            yield from _within(kept)
            kept = ""
        kept = f"{kept} {text}".strip()
    yield from _within(kept)


def _blocks(source: str) -> Iterator[str]:
    """The paragraphs of a text, and the points of its lists, each with what stands under it."""
    block: list[str] = []
    for line in source.split("\n"):
        if block and (not line.strip() or _POINT(line)):
            yield "\n".join(block)
            block = []
        if line.strip():
            block.append(line)
    yield "\n".join(block)


def _within(text: str) -> Iterator[str]:
    while len(text) > LONGEST:
        cut = text.rfind(" ", LONGEST // 2, LONGEST)
        cut = cut if cut > 0 else LONGEST
        yield text[:cut]
        text = text[cut:].lstrip()
    yield text


def _is_under(headings: tuple[str, ...], following: list[Section]) -> bool:
    return any(one.headings[: len(headings)] == headings for one in following)
