"""The passages of an entity: what is found one by one, each with the address at which it stands.

A text is cut at its headings, and a part that is too long at its paragraphs. The cut is the same
every time, so that the index holds no text: a passage is its number, and is cut again to be shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from partnernet.core.text import Section, plain_text, sections

LONGEST = 12_000
"""Characters of one passage: a longer part is cut at paragraphs, or at words where it has none."""
PASSAGES_LIMIT = 1_000
"""Passages of one text; what is left over is the last one's."""
HEADINGS_BETWEEN = " › "


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
        text = plain_text(section.source)
        if n == 0:
            text = " ".join(filter(None, (text, beside)))
        if not text and (not section.headings or _is_under(section.headings, parts[n + 1 : n + 2])):
            continue  # nothing stands here; a heading without words is named by those under it
        heading = section.headings[-1] if section.headings else ""
        above = HEADINGS_BETWEEN.join(section.headings[:-1])
        found += [Passage(part, heading, above, section.anchor) for part in pieces(text)]
    if len(found) > PASSAGES_LIMIT:
        rest = found[PASSAGES_LIMIT - 1 :]
        found[PASSAGES_LIMIT - 1 :] = [replace(rest[0], text=" ".join(one.text for one in rest))]
    return found or [Passage("")]


def pieces(text: str) -> Iterator[str]:
    """A long text in parts that are short enough, cut between words."""
    while len(text) > LONGEST:
        cut = text.rfind(" ", LONGEST // 2, LONGEST)
        cut = cut if cut > 0 else LONGEST
        yield text[:cut]
        text = text[cut:].lstrip()
    yield text


def _is_under(headings: tuple[str, ...], following: list[Section]) -> bool:
    return any(one.headings[: len(headings)] == headings for one in following)
