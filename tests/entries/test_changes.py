"""How words changed, and making one text of several."""

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from partnernet.entries.changes import compare
from partnernet.entries.merging import merge

words = st.lists(st.sampled_from(["a", "hall", "<b>", "door,", "&", "\n", "it’s"]), max_size=12).map(" ".join)


def without(html: str, tag: str) -> str:
    """The comparison without one of its sides."""
    other = {"del": "ins", "ins": "del"}[tag]
    parts = html.replace(f"<{other}>", "").replace(f"</{other}>", "").split(f"<{tag}>")
    return parts[0] + "".join(part.split(f"</{tag}>", 1)[1] for part in parts[1:])


@given(before=words, after=words)
def test_a_comparison_holds_both_texts_and_nothing_else(before: str, after: str) -> None:
    html = str(compare(before, after))
    assert without(html, "ins") == escape(before)
    assert without(html, "del") == escape(after)


def test_a_long_text_is_shown_whole_before_and_after() -> None:
    before, after = "word " * 4_000, "other " * 4_000
    assert str(compare(before, after)).startswith("<del>word word")


@given(base=words, one=words)
def test_merging_with_what_did_not_change_changes_nothing(base: str, one: str) -> None:
    assert merge(base, one, base) == one
    assert merge(base, base, one) == one


def test_changes_in_different_places_both_stand() -> None:
    base = "The first hall is warm.\n\nWe meet at two."
    one, other = base.replace("warm", "very warm"), base.replace("two", "three")
    assert merge(base, one, other) == "The first hall is very warm.\n\nWe meet at three."
