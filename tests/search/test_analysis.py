from partnernet.search.analysis import TOKEN_LIMIT, fold, stems, words


def test_words_meet_in_all_their_forms() -> None:
    assert stems("travelling") == stems("travels") == stems("Travel")


def test_accents_are_folded_however_they_are_written() -> None:
    assert stems("café") == stems("cafe") == stems("cafe\u0301")
    assert fold("ÉCOLE Ærø Straße") == "ecole ærø strasse"


def test_dots_hyphens_and_underscores_split_words() -> None:
    assert stems("github.com") == stems("github com")
    assert stems("village_hall") == stems("village-hall") == stems("village hall")


def test_common_words_and_single_letters_find_nothing_but_digits_do() -> None:
    assert stems("the who of what I and we") == []
    assert stems("item 4") == ["item", "4"]


def test_endless_words_are_cut_on_both_sides() -> None:
    assert stems("x" * 200_000) == stems("x" * TOKEN_LIMIT)


def test_words_say_where_they_stand() -> None:
    text = "A cafe\u0301, then halls."
    assert [(text[start:end], stem) for start, end, stem in words(text)] == [
        ("cafe\u0301", "cafe"),
        ("halls", "hall"),
    ]


def test_other_scripts_are_kept() -> None:
    assert stems("Κάλυμνος 東京 привет") != []
