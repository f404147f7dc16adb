"""The nearest word, held against reckoning it out for all words."""

from collections import Counter
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from partnernet.search.spelling import Words, correction, distance, is_correctable
from tests.search.spellings import chosen, reckoned

LETTERS = "ab\u0436"
WORD = st.text(LETTERS, min_size=1, max_size=12)
ASKED = st.text(LETTERS, min_size=4, max_size=12)


def words(counts: dict[str, int]) -> Words:
    """Some words, with how often each stands."""
    ordered = sorted((word.encode(), count) for word, count in counts.items())
    lines = [b"\n", *(word + b"\n" for word, _ in ordered)]
    starts = list(accumulate(map(len, lines)))[:-1]
    return Words(b"".join(lines), starts, [count for _, count in ordered])


def meant(word: str, **counts: int) -> str | None:
    """What somebody meant who wrote a word, of those there are."""
    return correction(word, [words(counts)], lambda other: counts.get(other, 0))


@given(WORD, WORD, st.integers(0, 2))
def test_a_distance_is_that_of_the_whole_table_up_to_its_limit(one: str, other: str, most: int) -> None:
    assert distance(one, other, most) == min(reckoned(one, other), most + 1)


@given(ASKED, st.lists(st.dictionaries(WORD, st.integers(1, 9), max_size=40), min_size=1, max_size=3))
def test_the_word_that_is_meant_is_the_one_that_looking_at_all_of_them_finds(
    word: str, parts: list[dict[str, int]]
) -> None:
    counts = sum(map(Counter, parts), Counter[str]())
    del counts[word]
    assert correction(word, map(words, parts), counts.__getitem__) == chosen(word, counts)


@given(st.dictionaries(WORD, st.integers(1, 9), max_size=40), st.text(LETTERS, max_size=3))
def test_completions_are_the_most_frequent_words_that_begin_so(counts: dict[str, int], prefix: str) -> None:
    found = words(counts).beginning(prefix, 5)
    expected = sorted((count for word, count in counts.items() if word.startswith(prefix)), reverse=True)
    assert [count for count, _ in found] == expected[:5]
    assert all(word.startswith(prefix) and counts[word] == count for count, word in found)


def test_the_nearest_comes_before_the_most_frequent() -> None:
    assert meant("rehearssal", rehearsal=1, rehearses=9) == "rehearsal"


def test_a_swapped_pair_of_letters_is_one_mistake() -> None:
    assert meant("comimttee", committee=1, comities=9) == "committee"


def test_the_same_first_letter_comes_before_the_most_frequent() -> None:
    assert meant("forim", forum=1, dorim=9) == "forum"
    assert meant("xorum", forum=1) == "forum"


def test_the_more_frequent_of_two_that_are_as_near_is_meant() -> None:
    assert meant("staje", stage=3, stake=2) == "stage"
    assert meant("staje", stage=2, stake=3) == "stake"


def test_a_word_that_stands_nowhere_cannot_be_meant() -> None:
    parts = [words({"forum": 5, "forums": 5})]
    assert correction("forumm", parts, {"forums": 1}.get) == "forums"  # type: ignore[arg-type] # None is as good as 0


def test_short_words_and_numbers_are_left_alone() -> None:
    assert meant("cta", cat=5) is None
    assert meant("2o26", **{"2026": 5}) is None
    assert not any(map(is_correctable, ("art", "19th", "x" * 33)))
    assert meant("hxll", hall=5) == "hall"


def test_two_mistakes_are_too_many_for_a_short_word() -> None:
    assert meant("comiteees", committees=1) is None
    assert meant("accomodasion", accommodation=1) == "accommodation"
