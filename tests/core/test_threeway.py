"""One text of several: nothing that anybody wrote is lost, and nothing is decided that a person must decide."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from merge3 import Merge3

from partnernet.core.alignment import align
from partnernet.core.threeway import Merged, merge, merge_lists

words = st.sampled_from(["a", "hall", "door,", "it’s", "—", "warm", "b.", "[x]", "é", "7"])
lines = st.lists(words, max_size=5).map(" ".join)
texts = st.lists(lines, max_size=6).map("\n".join)
plain_lists = st.lists(st.sampled_from("abcdef"), max_size=8)


class Alike:
    """Our way of finding what stands in both, as `merge3` asks for it."""

    def __init__(self, _junk: None, one: list[str], other: list[str]) -> None:
        self.places, self.ends = align(one, other), (len(one), len(other), 0)

    def get_matching_blocks(self) -> list[tuple[int, int, int]]:
        return [(here, there, 1) for here, there in enumerate(self.places) if there >= 0] + [self.ends]


@given(one=texts, other=texts)
def test_what_nobody_else_changed_stands_as_it_was_changed(one: str, other: str) -> None:
    assert merge(other, one, other).text == one
    assert merge(other, other, one).text == one
    assert merge(other, one, one).text == one
    assert merge(one).text == one
    assert merge(other, one, other).places == 0


@given(base=texts, ours=texts, theirs=texts)
def test_where_an_old_hand_finds_no_conflict_ours_is_the_same(base: str, ours: str, theirs: str) -> None:
    cut = [[f"{line}\n" for line in text.split("\n")] if text else [] for text in (base, ours, theirs)]
    regions = list(Merge3(*cut, sequence_matcher=Alike).merge_groups())
    assume(all(region[0] != "conflict" for region in regions))
    merged = merge(base, ours, theirs)
    assert merged.places == 0
    assert merged.text == "".join(line for region in regions for line in region[1]).removesuffix("\n")


@given(base=texts, ours=texts, theirs=texts)
def test_it_does_not_matter_who_comes_first(base: str, ours: str, theirs: str) -> None:
    def told(merged: Merged, *order: int) -> list[set[tuple[str, tuple[int, ...]]]]:
        return [
            {(each.text, tuple(sorted(order[n] for n in each.versions))) for each in stretch.alternatives}
            for stretch in merged.stretches
        ]

    assert told(merge(base, ours, theirs), 0, 1) == told(merge(base, theirs, ours), 1, 0)


@given(base=texts, versions=st.lists(texts, min_size=1, max_size=4))
def test_every_word_that_anybody_brought_in_is_there(base: str, versions: list[str]) -> None:
    merged = set(_words(merge(base, *versions).text))
    for version in versions:
        assert set(_words(version)) - set(_words(base)) <= merged


@given(one=plain_lists, other=plain_lists)
def test_an_alignment_keeps_the_order_and_pairs_only_what_is_alike(one: list[str], other: list[str]) -> None:
    places = align(one, other)
    pairs = [(here, there) for here, there in enumerate(places) if there >= 0]
    assert all(one[here] == other[there] for here, there in pairs)
    assert [there for _, there in pairs] == sorted({there for _, there in pairs})
    assert align(one, one) == list(range(len(one)))


def test_changes_in_different_places_of_a_line_both_stand() -> None:
    base = "The first hall is warm, and we meet at two."
    merged = merge(base, base.replace("warm", "very warm"), base.replace("two", "three"))
    assert (merged.text, merged.places) == ("The first hall is very warm, and we meet at three.", 0)


def test_two_answers_to_one_question_are_for_a_person_to_decide() -> None:
    base = "We meet in the hall at two. Bring soup."
    merged = merge(base, base.replace("two", "three"), base.replace("two", "half past four"))
    contested = [stretch for stretch in merged.stretches if stretch.is_contested]
    assert [[(each.text, each.versions) for each in stretch.alternatives] for stretch in contested] == [
        [("three", (0,)), ("half past four", (1,))]
    ]
    assert "".join("?" if stretch.is_contested else stretch.text for stretch in merged.stretches) == (
        "We meet in the hall at ?. Bring soup."
    )


def test_a_paragraph_that_both_wrote_anew_is_not_torn_into_words() -> None:
    base = "One.\n\nThe press goes from hall to hall.\n\nThree."
    ours = base.replace("The press goes from hall to hall.", "Nobody knows where the press will be in May.")
    theirs = base.replace("The press goes from hall to hall.", "It stays at the mill; halls send their pages there.")
    (contested,) = (stretch for stretch in merge(base, ours, theirs).stretches if stretch.is_contested)
    assert contested.is_block
    assert [each.text for each in contested.alternatives] == [
        "Nobody knows where the press will be in May.\n", "It stays at the mill; halls send their pages there.\n",
    ]  # fmt: skip


def test_what_one_took_away_and_another_changed_is_for_a_person_to_decide() -> None:
    merged = merge("Keep.\nThe door is red.", "Keep.", "Keep.\nThe door is blue.")
    (contested,) = (stretch for stretch in merged.stretches if stretch.is_contested)
    assert [each.text for each in contested.alternatives] == ["", "The door is blue."]


def test_three_versions_are_merged_at_once() -> None:
    base = "Soup on Monday.\nBread on Tuesday.\nCake on Friday."
    versions = [base.replace("Soup", "Broth"), base.replace("Tuesday", "Wednesday"), base.replace("Cake", "Pie")]
    merged = merge(base, *versions)
    assert (merged.text, merged.places) == ("Broth on Monday.\nBread on Wednesday.\nPie on Friday.", 0)
    assert [stretch.versions for stretch in merged.stretches if stretch.versions] == [(0,), (1,), (2,)]


def test_lists_keep_what_each_added_and_lose_what_one_took_out() -> None:
    assert merge_lists(["van", "hall"], ["van", "hall", "lights"], ["hall", "urn"]) == ["hall", "lights", "urn"]
    assert merge_lists([], ["a", "b"], ["b", "c"]) == ["a", "b", "c"]
    assert merge_lists(["a"], [], ["a"]) == []


HOSTILE = {
    "one letter": ("x\n" * 100_000, "x\n" * 99_000, "y\n" + "x\n" * 99_999),
    "two letters": ("a\nb\n" * 50_000, "b\na\nb\n" * 33_000, "a\na\nb\n" * 33_000),
    "one line": ("ab " * 66_000, "ba ab " * 33_000, "ab ab ba " * 22_000),
    "nothing alike": ("a" * 200_000, " b" * 100_000, "\nc" * 100_000),
    "backwards": (
        "\n".join(map(str, range(30_000))), "\n".join(map(str, range(30_000, 0, -1))),
        "\n".join(map(str, range(15_000))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("base, ours, theirs", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_take_bounded_work_and_lose_nothing(base: str, ours: str, theirs: str) -> None:
    merged = set(_words(merge(base, ours, theirs).text))
    assert (set(_words(ours)) | set(_words(theirs))) - set(_words(base)) <= merged


def _words(text: str) -> list[str]:
    return re.findall(r"\S+", text)
