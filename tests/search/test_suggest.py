"""Corrections and completions, made of what their reader may see and of nothing else."""

import random
from collections import Counter

import pytest
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.search import engine, suggest
from partnernet.search.query import read
from tests.factories import own_node
from tests.laws.budget import LONG
from tests.search.cast import NETWORK, STRANGER, discuss, index, search, titles, update
from tests.search.spellings import chosen


def correct(*words: str, reader: engine.Reader = NETWORK) -> dict[str, str]:
    """What a reader is told that they meant."""
    return dict(index().correct(words, reader.conditions))


def test_what_is_meant_is_reckoned_from_what_the_reader_may_see_alone(session: Session) -> None:
    draw = random.Random(3)
    public, hidden = Counter[str](), Counter[str]()
    for n in range(60):
        words = {"".join(draw.choices("bkmp", k=draw.randint(4, 11))) for _ in range(8)}
        is_public = draw.random() < 0.5
        discuss(session, "Letters", " ".join(words), log="public" if is_public else "network")
        (public if is_public else hidden).update(words)
        if n in (20, 50):
            update()
    update()
    asked = ["".join(draw.choices("bkmp", k=draw.randint(4, 11))) for _ in range(200)] + sorted(hidden)
    told = 0
    for word in asked if LONG else asked[::4]:
        for reader, counts in ((STRANGER, public), (NETWORK, public + hidden)):
            meant = None if word in counts else chosen(word, counts)
            assert correct(word, reader=reader) == ({word: meant} if meant else {})
            told += meant is not None
    assert told > 20


def test_a_word_in_another_form_is_no_mistake(session: Session) -> None:
    discuss(session, "Rehearsal", "The rehearsel of a rehersal.")
    update()
    assert correct("rehearsals", "rehearsal") == {}
    assert correct("reharsal") == {"reharsal": "rehearsal"}


def test_a_word_that_was_removed_is_not_meant(session: Session) -> None:
    heron = discuss(session, "Herons")
    update()
    assert correct("herrons") == {"herrons": "herons"}
    verbs.delete(session, NodeItself(own_node()), heron)
    commit(session)
    update()
    assert correct("herrons") == {}


def test_common_words_are_left_alone(session: Session) -> None:
    discuss(session, "Thene and abouts")
    update()
    assert correct("then", "about", "these") == {}


def test_completions_are_the_most_frequent_words_that_the_reader_may_see(session: Session) -> None:
    for title in ("Harbour lantern", "Harbour", "Harp and hardly any has"):
        discuss(session, title)
    for _ in range(4):
        discuss(session, "Harvest", log="network")
    update()
    assert index().completions("ha", STRANGER.conditions, 9) == ["harbour", "hardly", "harp"]
    assert index().completions("ha", NETWORK.conditions, 2) == ["harvest", "harbour"]
    assert index().completions("harbour", NETWORK.conditions, 9) == []
    assert index().completions("h", NETWORK.conditions, 9) == []


def test_the_words_that_tell_most_are_those_that_a_few_share(session: Session) -> None:
    for n in range(12):
        discuss(session, "Lantern" if n < 3 else "Piano", "Chairs" + " unheard" * (n == 0))
    update()
    told = index().telling({"lantern": 1.0, "chairs": 3.0, "unheard": 1.0, "nowhere": 1.0, "the": 1.0}, 5)
    assert told == {"lantern": 1.0}


@pytest.fixture
def quills(session: Session) -> None:
    discuss(session, "Quillworms in the library", "They eat paper.")
    discuss(session, "Quillworts in the pond", "They eat nothing.", log="network")
    update()


@pytest.mark.usefixtures("quills")
def test_results_are_shown_for_what_was_meant(session: Session) -> None:
    found = search(session, 'libary "quilworms in the libary" -ponds kind:discussion')
    assert found.corrected is not None
    assert found.corrected.text == 'library "quillworms in the library" -ponds kind:discussion'
    assert [hit.title for hit in found.hits] == ["Quillworms in the library"]
    assert "<mark>library</mark>" in found.hits[0].title_marked
    assert found.query.text.startswith("libary")


@pytest.mark.usefixtures("quills")
def test_what_is_typed_can_be_insisted_on(session: Session) -> None:
    found = search(session, "libary", exactly=True)
    assert found.corrected is None and not found.hits


@pytest.mark.usefixtures("quills")
def test_a_word_of_hidden_entries_is_a_word_that_stands_nowhere(session: Session) -> None:
    assert titles(session, "quillworts", STRANGER) == ["Quillworms in the library"]
    assert titles(session, "quillworts", NETWORK) == ["Quillworts in the pond"]
    assert search(session, "pund", STRANGER).corrected is None
    assert search(session, "pund", NETWORK).corrected is not None


@pytest.mark.usefixtures("quills")
def test_a_batch_is_corrected_as_the_page_is(session: Session) -> None:
    found = engine.find_many(session, index(), NETWORK, read("libary"), 5)
    assert [entry.title for entry, _ in found] == ["Quillworms in the library"]


@pytest.mark.usefixtures("quills")
def test_what_the_word_list_knows_is_no_mistake(session: Session) -> None:
    verbs.create(session, NodeItself(own_node()), "term", "public", {"title": "Quillworks", "also": ["Pond"]})
    commit(session)
    assert search(session, "quillworks", STRANGER).corrected is None
    found = search(session, "libary quillworks", STRANGER)
    assert found.corrected is not None
    assert found.corrected.text == "library quillworks"
    assert [spoken.others for spoken in found.spoken] == [["Pond"]]


def test_a_second_mistake_is_forgiven_in_short_queries_alone(session: Session) -> None:
    discuss(session, "Accommodation for visiting artists in July")
    update()
    assert correct("acomodation", "for", "visiting", "artists") == {"acomodation": "accommodation"}
    assert correct("acomodation", "visiting", "artists", "july") == {}
    assert correct("accomodation", "visiting", "artists", "july") == {"accomodation": "accommodation"}


def test_a_query_of_many_strange_words_has_few_of_them_looked_for(session: Session) -> None:
    words = [f"{letters}bkmp" for letters in ("abcdef", "ghijkl", "nopqrs", "tuvwxy", "zabcde", "fghijk", "lmnopq")]
    words += ["rstuvwbkmp", "xyzabcbkmp", "defghibkmp"]
    discuss(session, "Letters", " ".join(words))
    update()
    assert len(correct(*(word + "q" for word in words))) == suggest.CORRECTED_LIMIT
