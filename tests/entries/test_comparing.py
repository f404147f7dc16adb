"""Texts beside each other, and what of them is folded."""

import re

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from partnernet.entries.comparing import beside, compare, stretches

GONE, CAME = (f' data-begin="[{what}: " data-end="] "' for what in ("removed", "added"))

words = st.lists(st.sampled_from(["a", "hall", "<b>", "door,", "&", "\n", "it’s"]), max_size=12).map(" ".join)


def without(html: str, tag: str) -> str:
    """The comparison without one of its sides."""
    other = {"del": "ins", "ins": "del"}[tag]
    plain = re.sub(f"<({tag}|{other}) data[^>]*>", r"<\1>", html)
    parts = plain.replace(f"<{other}>", "").replace(f"</{other}>", "").split(f"<{tag}>")
    return parts[0] + "".join(part.split(f"</{tag}>", 1)[1] for part in parts[1:])


@given(before=words, after=words)
def test_a_comparison_holds_both_texts_and_nothing_else(before: str, after: str) -> None:
    html = str(compare(before, after))
    assert without(html, "ins") == escape(before)
    assert without(html, "del") == escape(after)


def test_a_long_text_is_shown_whole_before_and_after() -> None:
    before, after = "word " * 4_000, "other " * 4_000
    assert str(compare(before, after)).startswith(f"<del{GONE}>word word")


@given(before=words, after=words)
def test_a_text_beside_another_keeps_all_of_its_words(before: str, after: str) -> None:
    assert re.sub(r"</?mark[^>]*>", "", beside(after, [before])) == escape(after)
    assert beside(after, [before, after]) == escape(after)


def test_what_none_of_the_others_has_is_marked_for_eyes_and_ears() -> None:
    html = beside("A wide door & a floor.", ["A door & a floor.", "A door & a wall."])
    assert html == 'A <mark data-begin="[differs: " data-end="] ">wide</mark> door &amp; a floor.'


def test_what_did_not_change_is_folded_but_for_its_ends() -> None:
    old = [f"Paragraph {n}." for n in range(12)]
    new = [*old[:8], "Another.", *old[9:]]
    found = [(str(part.html), part.folded) for part in stretches("\n\n".join(old), "\n\n".join(new))]
    assert found == [
        ("\n\n".join(old[:7]), 7), ("Paragraph 7.", 0), (f"<del{GONE}>Paragraph 8</del><ins{CAME}>Another</ins>.", 0),
        ("Paragraph 9.", 0), ("\n\n".join(old[10:]), 2),
    ]  # fmt: skip


def test_a_text_that_did_not_change_is_not_folded() -> None:
    text = "One.\n\nTwo.\n\nThree."
    assert [part.folded for part in stretches(text, text)] == [0]


def test_more_paragraphs_than_can_be_compared_are_shown_whole() -> None:
    before, after = "\n\n".join("abcdefgh" * 300), "\n\n".join("ijklmnop" * 300)
    assert len(stretches(before, after)) == 1
