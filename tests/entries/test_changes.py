"""How words changed, and making one text of several."""

from hypothesis import given
from hypothesis import strategies as st

from partnernet.entries.merging import merge

words = st.lists(st.sampled_from(["a", "hall", "<b>", "door,", "&", "\n", "it’s"]), max_size=12).map(" ".join)


@given(base=words, one=words)
def test_merging_with_what_did_not_change_changes_nothing(base: str, one: str) -> None:
    assert merge(base, one, base) == one
    assert merge(base, base, one) == one


def test_changes_in_different_places_both_stand() -> None:
    base = "The first hall is warm.\n\nWe meet at two."
    one, other = base.replace("warm", "very warm"), base.replace("two", "three")
    assert merge(base, one, other) == "The first hall is very warm.\n\nWe meet at three."
