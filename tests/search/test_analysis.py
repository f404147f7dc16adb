import pytest

from partnernet.search.analysis import (
    TOKEN_LIMIT,
    compounds,
    fold,
    is_common,
    joined,
    plain_words,
    stem_of,
    stems,
    tokens,
    words,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # Dots, hyphens, apostrophes and underscores split words.
        ("github.com", "github com"),
        ("anna@theatre.org.uk", "anna theatre org uk"),
        ("the end.Next", "end next"),
        ("village_hall village-hall", "village hall village hall"),
        ("COVID-19", "covid 19"),
        ("the theatre's", "theatre"),
        ("the theatre’s", "theatre"),
        ("O'Brien O’Brien", "Brien Brien"),
        ("l'école d’Avignon", "ecole avignon"),
        ("doesn't they'll we’ve", ""),
        ("and/or", ""),
        # Initials, figures in thousands and what is electronic stay in one.
        ("the U.K. and the UK", "uk uk"),
        ("R&D", "rd"),
        ("the B.B.C.", "bbc"),
        ("J.S. Bach", "js bach"),
        ("J.S.Bach", "js bach"),
        ("plan b.Then", "plan then"),
        ("e.g. paint, i.e. colour", "paint colour"),
        ("£2,500", "2500"),
        ("2.500 €", "2500"),
        ("1\u202f000\u202f000 euros", "1000000 euros"),
        ("in 2019,500 came", "2019 500 came"),
        ("12,34 and 3.5", "12 34 3 5"),
        ("E-mail, e-mails, e‑mail", "email email email"),
        # What is not seen does not part words; a lone letter finds nothing, a lone figure does.
        ("part\u00adner\u00adship", "partnership"),
        ("C++", ""),
        ("item 4", "item 4"),
    ],
)
def test_a_text_falls_into_words(text: str, found: str) -> None:
    assert stems(text) == [stem for word in found.split() if (stem := stem_of(word))]


def test_words_meet_in_all_their_forms() -> None:
    assert stems("travelling") == stems("travels") == stems("Travel")


@pytest.mark.parametrize(
    ("lang", "forms"),
    [
        ("cy", "Ymddiriedolaeth ymddiriedolaeth"),
        ("da", "møde møder mødet"),
        ("de", "Förderung Förderungen"),
        ("de", "Häuser Häusern"),
        ("es", "organización organizaciones"),
        ("fi", "näyttely näyttelyssä"),
        ("fr", "invité invités invitée invitées"),
        ("fr", "œuvre oeuvres"),
        ("fr-CA", "théâtre théâtres"),
        ("hu", "színház színházban"),
        ("it", "organizzazione organizzazioni"),
        ("nl", "kunstenaar kunstenaars"),
        ("no", "beslutning beslutninger"),
        ("pt", "organização organizações"),
        ("pt-BR", "decisão decisões"),
        ("ru", "новый новая новые"),
        ("sv", "utställning utställningar"),
    ],
)
def test_words_of_other_languages_meet_with_and_without_their_accents(lang: str, forms: str) -> None:
    assert len({stem_of(word, lang) for form in forms.split() for word in (form, fold(form))}) == 1


def test_words_of_welsh_and_of_unknown_languages_are_kept_as_they_are() -> None:
    assert stems("y cyfarfodydd yng Nghaerdydd", "cy") == ["cyfarfodydd", "yng", "nghaerdydd"]
    assert stems("na h-ealain", "gd") == ["na", "ealain"]


def test_accents_are_folded_however_they_are_written() -> None:
    assert stems("café") == stems("cafe") == stems("cafe\u0301")
    assert fold("ÉCOLE Ærø Straße Œuvre Łódź") == "ecole aero strasse oeuvre lodz"


def test_signs_that_are_part_of_a_word_stay_in_it() -> None:
    assert tokens("हिन्दी นี่ русский") == ["हिन्दी", "นี่", "русский"]


def test_common_words_and_single_letters_find_nothing_but_digits_do() -> None:
    assert stems("the who of what I and we") == []
    assert stems("le festival et la danse", "fr") == stems("festival danse", "fr")


def test_names_that_are_common_words_in_one_language_are_words_in_another() -> None:
    assert is_common("Will") and is_common("will", "de") and not is_common("Will", "fr")
    assert not is_common("May") and not is_common("US")
    assert is_common("die", "de") and not is_common("Die")
    assert not is_common("été", "fr")


def test_all_words_are_kept_unstemmed_beside() -> None:
    assert tokens("Will's 2,500 cafés, the cafés") == ["will", "s", "2500", "cafes", "the", "cafes"]
    assert plain_words("Will's 2,500 cafés, the cafés") == {"will", "s", "2500", "cafes", "the"}


def test_a_word_that_was_folded_already_has_the_same_stem() -> None:
    for lang in ("en", "fr", "pt", "ru"):
        text = "Organisations théâtres decisões новый U.K. 2,500 e-mail"
        assert [stem_of(word, lang) for word in tokens(text)] == [stem_of(word, lang) for word in text.split()]


def test_endless_words_are_cut_on_both_sides() -> None:
    assert stems("x" * 200_000) == stems("x" * TOKEN_LIMIT)
    assert stems("2" + ",500" * 50_000) == stems("2" + "500" * 30)


def test_words_say_where_they_stand() -> None:
    text = "A cafe\u0301, then U.K. halls."
    assert [(text[start:end], stem) for start, end, stem in words(text)] == [
        ("cafe\u0301", "cafe"),
        ("U.K", "uk"),
        ("halls", "hall"),
    ]


def test_other_scripts_are_kept() -> None:
    assert stems("Κάλυμνος 東京 привет") != []


def test_words_with_a_hyphen_between_are_known_as_one_too() -> None:
    text = "Well-being, state-of-the-art, e-mail, re\u2011use, COVID-19, x_to-day and co-operatives’ A-levels."
    found = [(text[start:end], stem) for start, end, stem in joined(text)]
    assert found == [
        ("Well-being", stem_of("wellbeing")),
        ("re\u2011use", stem_of("reuse")),
        ("co-operatives", stem_of("cooperative")),
    ]
    assert compounds("Our Wéll-being") == [(("well", "being"), "wellbeing")]
    assert {"wellbeing", "well", "being"} <= plain_words(text)
