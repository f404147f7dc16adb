"""What a passage gives to the index: its stems with their weights and places, and its words as written."""

from partnernet.search.analysis import joined, plain_words, stems
from partnernet.search.passages import Passage

TITLE_WEIGHT, HEADING_WEIGHT = 3, 2
"""A word of the title weighs as much as three of the text, one of the heading as much as two; measured."""
GAP = 100
"""Places between title, headings and text, so that no phrase reaches from one into another."""


def occurrences(title: str, passage: Passage, lang: str) -> dict[str, tuple[int, list[int]]]:
    """The stems of a passage, each with its weight and its places."""
    found: dict[str, tuple[int, list[int]]] = {}
    place = 0
    weighed = ((title, TITLE_WEIGHT), (passage.above, 1), (passage.heading, HEADING_WEIGHT), (passage.text, 1))
    for text, each in weighed:
        if not text:
            continue
        for some in (stems(text, lang), [stem for _, _, stem in joined(text, lang)]):
            for stem in some:
                if (known := found.get(stem)) is None:
                    found[stem] = (each, [place])
                else:
                    known[1].append(place)
                    found[stem] = (known[0] + each, known[1])
                place += 1
            place += GAP
    return found


def written(title: str, passage: Passage) -> set[str]:
    """The distinct words of a passage as they are written, folded."""
    return plain_words("\n".join((title, passage.above, passage.heading, passage.text)))
