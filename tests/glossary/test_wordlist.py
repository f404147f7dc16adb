"""The list of words: its order, its letters, how it is looked through and how it is paged."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.policy import Actor
from partnernet.glossary.wordlist import LETTERED, WordList, clashes, word_list
from partnernet.people.model import Account
from tests.factories import actor_of
from tests.glossary.words import make_term


@pytest.fixture
def reader(session: Session, josie: Account) -> Actor:
    """Josie, with some words to read."""
    make_term(session, josie, "training", "CPD")
    make_term(session, josie, "Écoute", "listening")
    make_term(session, josie, "BSL", "British Sign Language", visibility="public")
    make_term(session, josie, "360 feedback")
    return actor_of(session, josie)


def titles(found: WordList) -> list[str]:
    return [line.term.title for shelf in found.shelves for line in shelf.lines]


def test_words_stand_in_order_whatever_their_capitals_and_accents(session: Session, reader: Actor) -> None:
    found = word_list(session, reader)
    assert titles(found) == ["360 feedback", "BSL", "Écoute", "training"]
    assert [shelf.letter for shelf in found.shelves] == [""]
    assert (found.count, found.total) == (4, 4)


def test_a_stranger_sees_the_public_ones_alone(session: Session, reader: Actor) -> None:
    found = word_list(session, None)
    assert titles(found) == ["BSL"] and (found.count, found.total) == (1, 1)


@pytest.mark.parametrize(
    ("asked", "wanted"), [("cpd", ["training"]), ("ECOU", ["Écoute"]), ("sign  lang", ["BSL"]), ("zebra", [])]
)  # fmt: skip
def test_one_looks_a_word_up_by_any_of_its_words(
    session: Session, reader: Actor, asked: str, wanted: list[str]
) -> None:
    found = word_list(session, reader, asked)
    assert titles(found) == wanted and found.total == 4


def test_many_stand_under_their_letters(session: Session, josie: Account, reader: Actor) -> None:
    for n in range(LETTERED):
        make_term(session, josie, f"beat {n:02}")
    shelves = word_list(session, reader).shelves
    assert [(shelf.letter, len(shelf.lines)) for shelf in shelves] == [
        ("#", 1), ("B", LETTERED + 1), ("E", 1), ("T", 1),
    ]  # fmt: skip


def test_a_long_list_has_pages(session: Session, reader: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnernet.glossary.wordlist.PAGE", 3)
    first = word_list(session, reader)
    assert titles(first) == ["360 feedback", "BSL", "Écoute"] and first.count == 4
    second = word_list(session, reader, after=first.following)
    assert (titles(second), second.following) == (["training"], "")
    assert titles(word_list(session, reader, after="made up")) == titles(first)


def test_a_clash_is_found_under_any_word_but_its_own_term(session: Session, josie: Account, reader: Actor) -> None:
    own = make_term(session, josie, "Learning", "training")
    found = clashes(session, reader, ["Learning", "TRAINING"], own.id)
    assert [(clash.word, clash.term.title) for clash in found] == [("TRAINING", "training")]
    assert clashes(session, None, ["training"]) == []
    assert [clash.term.title for clash in clashes(session, None, ["british sign language"])] == ["BSL"]


def test_the_page_says_what_is_missing(hers: FlaskClient, session: Session, josie: Account) -> None:
    assert "No words yet" in hers.get("/glossary").text
    make_term(session, josie, "training")
    page = hers.get("/glossary?q=z%C3%A8bre").text
    assert "This word is not here" in page and 'href="/glossary/new?title=z%C3%A8bre"' in page
    assert 'value="zèbre"' in page and ">zèbre</textarea>" not in page
    assert 'value="zèbre"' in hers.get("/glossary/new?title=z%C3%A8bre").text
