import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnernet.core.time import day_ms
from partnernet.search.query import (
    LENGTH_LIMIT,
    PAGE_WORDS,
    PARTS_LIMIT,
    PROSE_WORDS,
    Filter,
    read,
    read_day,
)
from tests.search.nasty import NASTY


def test_every_word_ranks_as_often_as_it_is_said() -> None:
    assert read("Hall hall press").words == {"hall": 2, "press": 1}


def test_a_phrase_narrows_and_ranks() -> None:
    query = read("“village halls” press")
    assert query.phrases == [["village", "halls"]]
    assert query.words == {"village": 1, "halls": 1, "press": 1}


def test_a_minus_sign_leaves_out_a_word_or_a_phrase() -> None:
    query = read('press -piano -"grand piano" e-mail')
    assert query.excluded == [["piano"], ["grand", "piano"]]
    assert set(query.words) == {"press", "email"}


def test_the_same_phrase_or_exclusion_narrows_once_however_often_it_is_typed() -> None:
    query = read('"village hall" "Village Hall" -piano -piano -"grand piano"')
    assert query.phrases == [["village", "hall"]]
    assert query.excluded == [["piano"], ["grand", "piano"]]


def test_filters_are_read_with_and_without_quotation_marks() -> None:
    query = read('KIND:news by:"Ruth Adeyemi" -partner:cordage in:public')
    assert query.filters == [
        Filter("kind", "news"), Filter("by", "Ruth Adeyemi"), Filter("partner", "cordage", True),
        Filter("in", "public"),
    ]  # fmt: skip
    assert not query.words


@pytest.mark.parametrize(
    ("text", "first", "end"),
    [("2026", (2026, 1, 1), (2027, 1, 1)), ("2026-12", (2026, 12, 1), (2027, 1, 1)),
     ("2026-02-28", (2026, 2, 28), (2026, 3, 1))],
)  # fmt: skip
def test_a_date_is_a_year_a_month_or_a_day(text: str, first: tuple[int, ...], end: tuple[int, ...]) -> None:
    from datetime import date

    assert read_day(text) == (day_ms(date(*first)), day_ms(date(*end)))


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13", "2026-02-30", "0000", "9999", "9999-12-31"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_day(text) is None


def test_after_and_before_narrow_to_the_smallest_span() -> None:
    query = read("after:2024 after:2025 before:2027 before:2026-06")
    assert (query.after, query.before) == (read_day("2025")[0], read_day("2026-06")[0])  # type: ignore[index] # both are dates


def test_a_wrong_date_is_said_and_left_out() -> None:
    query = read("hall before:soon")
    assert query.before is None
    assert "“soon” is not a date" in query.notes[0]


def test_too_long_a_query_is_cut_and_said() -> None:
    query = read("hall " * 2_000)
    assert len(query.text) <= LENGTH_LIMIT
    assert "4,000 characters" in query.notes[0]


def test_too_many_phrases_exclusions_and_filters_are_cut_and_said() -> None:
    query = read(" ".join(f'"piano number{n}" -x{n}y kind:k{n}' for n in range(6)))
    assert len(query.phrases) + len(query.excluded) + len(query.filters) == PARTS_LIMIT
    assert f"first {PARTS_LIMIT} phrases" in query.notes[0]


def test_more_words_than_rank_are_said() -> None:
    query = read(" ".join(f"word{n}" for n in range(PAGE_WORDS + 1)))
    assert f"the {PAGE_WORDS} rarest" in query.notes[0]
    assert not read(" ".join(f"word{n}" for n in range(PAGE_WORDS))).notes


def test_a_whole_text_is_read_as_words_alone() -> None:
    plain = " ".join(f"word{n}" for n in range(PROSE_WORDS + 1))
    query = read(f'{plain} "village hall" -piano kind:news')
    assert not query.phrases
    assert not query.excluded
    assert query.filters == [Filter("kind", "news")]
    assert {"village", "hall", "piano"} <= set(query.words)


def test_where_there_is_no_word_that_is_said() -> None:
    assert "no word" in read("?!").notes[0]
    assert "no word" in read('"?!"').notes[0]


@pytest.mark.parametrize("text", NASTY)
def test_no_input_is_an_error(text: str) -> None:
    query = read(text)
    assert len(query.phrases) + len(query.excluded) + len(query.filters) <= PARTS_LIMIT


@given(st.text(st.sampled_from('ab -:"“”kindbypartnerafter0129\n\0é'), max_size=200))
def test_no_mixture_of_signs_is_an_error(text: str) -> None:
    read(text)


def test_other_words_stand_in_for_some_but_not_in_what_narrows() -> None:
    query = read('Vilage "Vilage hal" -hal by:hal vilage kind:news')
    other = query.corrected({"vilage": "village", "hal": "hall"})
    assert other.text == 'village "village hall" -hal by:hal village kind:news'
    assert other.words == {"village": 3, "hall": 1}
    assert (other.phrases, other.chunks) == ([["village", "hall"]], [["village"], ["village"]])
    assert (other.excluded, other.filters) == (query.excluded, query.filters)
    assert query.words == {"vilage": 3, "hal": 1}
