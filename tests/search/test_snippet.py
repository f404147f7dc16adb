from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from partnernet.search.snippet import LENGTH, marked, snippet

FAR = "Nothing of note here. " * 40


def test_words_are_marked_in_all_their_forms() -> None:
    assert snippet("Nine halls, one hall.", {"hall"}) == Markup("Nine <mark>halls</mark>, one <mark>hall</mark>.")


def test_the_text_is_escaped() -> None:
    assert snippet("<script>hall</script>", {"hall"}) == Markup("&lt;script&gt;<mark>hall</mark>&lt;/script&gt;")


def test_the_passage_with_most_of_the_words_is_shown() -> None:
    shown = snippet(f"A hall. {FAR} A press came to the hall by van. {FAR}", {"hall", "press"})
    assert "<mark>press</mark> came to the <mark>hall</mark>" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")


def test_without_the_words_the_beginning_is_shown() -> None:
    shown = snippet(FAR, {"hall"})
    assert shown.startswith("Nothing of note")
    assert len(shown) <= LENGTH + 2


@given(st.text(max_size=600), st.sets(st.sampled_from(["a1", "hall", "x"]), max_size=2))
def test_a_snippet_is_a_piece_of_the_text(text: str, stems: set[str]) -> None:
    shown = snippet(text, stems)
    assert Markup(shown.replace("<mark>", "").replace("</mark>", "")).unescape().strip("… ") in text


@given(st.text(max_size=300), st.sets(st.sampled_from(["a", "hall", "0"]), max_size=2))
def test_marking_loses_nothing(text: str, stems: set[str]) -> None:
    shown = marked(text, stems)
    assert Markup(shown.replace("<mark>", "").replace("</mark>", "")).unescape() == text
