"""Search over texts in several languages: each is known by its own forms, and every word as it was typed."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.search import engine
from partnernet.search.query import read
from tests.factories import own_node
from tests.search.cast import NETWORK, discuss, generation, index, search, titles, update

ENGLISH = "We talked about the theatres that could host us, and about what each of them would need for it."
WELSH = (
    "Cawsom gyfarfod yng Nghaerdydd i drafod yr arddangosfa, ac roedd pawb wedi dod â lluniau o’u gweithdai. "
    "Will Owen oedd yn cadeirio, a bydd y partnerships newydd yn dechrau ym Mai."
)
FRENCH = (
    "Nous avons visité les théâtres de la ville avec Will Chaumeil et nous avons parlé des expositions que nous "
    "pourrions faire ensemble pendant l’été, main dans la main."
)
GERMAN = (
    "Wir haben über die Ausstellungen gesprochen, die im Herbst in den Häusern der Partner zu sehen sind, und über "
    "die Förderung für Künstler."
)


@pytest.fixture
def talk(session: Session) -> None:
    """One text in each language, and one whose author says which it is."""
    discuss(session, "Theatre visits", ENGLISH)
    discuss(session, "Arddangosfa’r gwanwyn", WELSH)
    discuss(session, "Visites", FRENCH)
    discuss(session, "Im Herbst", GERMAN)
    discuss(session, "Réunions", "Décisions.", lang="fr")
    update()


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        # Forms of a word meet in their own language.
        ("hosting", {"Theatre visits"}),
        ("exposition", {"Visites"}),
        ("ensembles", {"Visites"}),
        ("Ausstellung", {"Im Herbst"}),
        ("Haus", {"Im Herbst"}),
        ("décision", {"Réunions"}),
        ("reunion", {"Réunions"}),
        # Accents are left out, or written.
        ("Forderung kunstler", {"Im Herbst"}),
        ("été", {"Visites"}),
        ("ete", {"Visites"}),
        # One word finds what is written in either language.
        ("théâtre", {"Theatre visits", "Visites"}),
        # Welsh is found as it is written, mutations and all.
        ("arddangosfa", {"Arddangosfa’r gwanwyn"}),
        ("Nghaerdydd", {"Arddangosfa’r gwanwyn"}),
        ("gweithdai", {"Arddangosfa’r gwanwyn"}),
        ("gweithdy", set()),
        ("partnerships", {"Arddangosfa’r gwanwyn"}),
        # Names are found as they were typed, in whatever language the text is.
        ("Chaumeil", {"Visites"}),
        ("Owen", {"Arddangosfa’r gwanwyn"}),
        ("Mai", {"Arddangosfa’r gwanwyn"}),
        # What is common in one language is a word in another.
        ("main", {"Visites"}),
    ],
)
def test_a_word_finds_its_forms_in_each_language(session: Session, asked: str, found: set[str]) -> None:
    assert set(titles(session, asked)) == found


@pytest.mark.usefixtures("talk")
def test_a_name_that_is_a_common_word_is_found_as_it_is_written(session: Session) -> None:
    assert {"Arddangosfa’r gwanwyn", "Visites"} <= set(titles(session, "Will"))
    assert titles(session, "Will Chaumeil")[0] == "Visites"
    assert titles(session, "“Will Owen”") == ["Arddangosfa’r gwanwyn"]


@pytest.mark.parametrize("asked", ["how to", "What do we do?", "the"])
def test_common_words_alone_find_more_than_the_texts_in_which_they_are_strange(session: Session, asked: str) -> None:
    discuss(session, "Theatre visits", ENGLISH)
    discuss(session, "How to do what we do", "The heron knows.")
    discuss(session, "Diolch", "Mae hyn yn help mawr i ni. That is how we do the work, and what to do.", lang="cy")
    update()
    assert "How to do what we do" in titles(session, asked)


@pytest.mark.usefixtures("talk")
def test_what_is_common_where_it_stands_is_found_where_nothing_else_is(session: Session) -> None:
    assert titles(session, "roedd") == ["Arddangosfa’r gwanwyn"]
    assert set(titles(session, "avec")) == {"Visites"}
    assert titles(session, "roedd Chaumeil") == ["Visites"]
    both = read("roedd Owen")
    both.all_words = True
    assert [hit.title for hit in engine.search(session, index(), NETWORK, both).hits] == ["Arddangosfa’r gwanwyn"]


@pytest.mark.usefixtures("talk")
def test_phrases_hold_in_the_language_of_the_text(session: Session) -> None:
    assert titles(session, '"visité les théâtres"') == ["Visites"]
    assert titles(session, '"Häusern der Partner"') == ["Im Herbst"]
    assert titles(session, '"yn dechrau ym Mai"') == ["Arddangosfa’r gwanwyn"]
    assert titles(session, '"Partner der Häusern"') == []


@pytest.mark.usefixtures("talk")
def test_the_passage_is_marked_in_the_language_of_the_text(session: Session) -> None:
    (hit,) = search(session, "exposition").hits
    assert "<mark>expositions</mark>" in hit.snippet
    (hit,) = search(session, "Nghaerdydd").hits
    assert "<mark>Nghaerdydd</mark>" in hit.snippet


def test_a_language_that_is_chosen_later_is_searched_by(session: Session) -> None:
    entry = discuss(session, "Journaux", "Chevaux.")
    update()
    assert titles(session, "cheval") == []
    verbs.edit(session, NodeItself(own_node()), entry, {"lang": "fr"})
    commit(session)
    update()
    assert titles(session, "cheval") == titles(session, "journal") == ["Journaux"]


def test_made_up_languages_are_one_to_search(session: Session) -> None:
    for n in range(20):
        discuss(session, f"Made up {n}", "Nonsense.", lang=f"x{n}")
    discuss(session, "Ça", "Bientôt.", lang="fr-CA")
    update()
    assert set(generation().snapshot().languages) == {"und", "fr"}


def test_a_language_from_elsewhere_is_kept_as_it_is_written(session: Session) -> None:
    discuss(session, "Cruinneachadh", "Tha sinn anns na h-Eileanan.", lang="gd")
    update()
    assert titles(session, "eileanan") == titles(session, "anns na h-eileanan") == ["Cruinneachadh"]


def test_a_word_is_found_with_and_without_its_hyphen(session: Session) -> None:
    discuss(session, "Apart", "What co-production does for well-being.")
    discuss(session, "In one", "Coproduction, and wellbeing.")
    discuss(session, "Neither", "A well, and a being.")
    update()
    assert set(titles(session, "wellbeing")) == {"Apart", "In one"}
    assert {"Apart", "In one"} <= set(titles(session, "well-being"))
    assert set(titles(session, "co-production")) == set(titles(session, "coproduction")) == {"Apart", "In one"}
    (hit,) = [hit for hit in search(session, "wellbeing").hits if hit.title == "Apart"]
    assert "<mark>well-being</mark>" in hit.snippet


@pytest.mark.usefixtures("talk")
def test_the_page_says_the_language_of_what_was_found(client: FlaskClient, session: Session) -> None:
    page = client.get("/search?q=Chaumeil").text
    assert re.search(r'<a href="/discussions/[^"]*" dir="auto" lang="fr">Visites</a>', page)
    assert '<p class="results__passage" dir="auto" lang="fr">' in page
    discuss(session, "Chaumeil", "Wether Fell!")
    update()
    assert re.search(r'<a href="/discussions/[^"]*" dir="auto">', client.get("/search?q=Wether").text)
