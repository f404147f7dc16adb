"""How a text is cut into passages."""

import re

from hypothesis import given
from hypothesis import strategies as st

from partnernet.core.text import plain_text, render
from partnernet.search.passages import LENGTH, LONGEST, PASSAGES_LIMIT, passages

NOTES = """A word before.

# Autumn Forum

## Money

We agreed on forty chairs.

## Next

### Places

Thorsby has a single door.

## Thanks
"""


def test_a_text_is_cut_at_its_headings_and_each_part_knows_those_above() -> None:
    found = passages(NOTES)
    assert [(one.heading, one.above, one.anchor) for one in found] == [
        ("", "", ""),
        ("Money", "Autumn Forum", "h-money"),
        ("Places", "Autumn Forum › Next", "h-places"),
        ("Thanks", "Autumn Forum", "h-thanks"),
    ]
    assert [one.text for one in found] == [
        "A word before.", "We agreed on forty chairs.", "Thorsby has a single door.", "",
    ]  # fmt: skip


def test_what_stands_beside_a_text_is_part_of_its_beginning() -> None:
    assert [one.text for one in passages("Body.", "Summary.")] == ["Body. Summary."]
    assert [one.text for one in passages("# One\n\nBody.", "Summary.")] == ["Summary.", "Body."]
    assert [one.text for one in passages("")] == [""]


def test_a_heading_in_a_listing_is_none() -> None:
    assert len(passages("```\n# no heading\n```\n\n    # nor this\n")) == 1


def test_a_long_part_is_cut_between_words_and_a_text_has_so_many_passages_at_most() -> None:
    long = "chair " * LONGEST
    found = passages(f"## Chairs\n\n{long}")
    assert all(len(one.text) <= LONGEST and one.anchor == "h-chairs" for one in found)
    assert " ".join(one.text for one in found).split() == long.split()
    many = passages("".join(f"## Part {n}\n\nWord{n}.\n\n" for n in range(PASSAGES_LIMIT + 50)))
    assert len(many) == PASSAGES_LIMIT
    assert f"Word{PASSAGES_LIMIT + 49}." in many[-1].text


def test_a_long_part_is_cut_between_its_paragraphs_and_points_and_a_short_one_is_not() -> None:
    points = [f"* Point {n}: " + "chair " * 40 + f"\n  * under it {n}" for n in range(8)]
    found = [one.text for one in passages("\n".join(points))]
    assert len(found) > 1
    assert all(len(one) <= LENGTH for one in found)
    assert all(f"Point {n}:" in one for n in range(8) for one in found if f"under it {n}" in one)
    assert " ".join(found).split() == plain_text("\n".join(points)).split()
    assert len(passages("\n".join(points[:3]))) == 1


LINES = st.sampled_from([
    "# One", "## Two", "### Three", "One", "===", "---", "plain words", "> quoted", "> # quoted heading", "- item", "",
    "```", "    code", "# One #", "#", "#no", "a | b", "***", "1. # numbered", "\t# tab", "\u2028# x",
])  # fmt: skip


@given(st.lists(LINES, max_size=14), st.sampled_from(["\n", "\r\n", "\r"]))
def test_every_address_is_one_that_the_page_has(lines: list[str], end: str) -> None:
    text = end.join(lines)
    shown = re.findall(r'<h[2-6] id="([^"]+)"', render(text))
    named = [one.anchor for one in passages(text) if one.anchor]
    assert [anchor for anchor in shown if anchor in named] == named
