"""Other words for the same thing: which are looked for, for whom, and where what holds them stands."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.consumers import Last, last_touched
from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.search import asking
from partnernet.search.asking import Reader
from partnernet.search.interface import RELEVANCE
from partnernet.search.query import read
from partnernet.search.synonyms import ALSO_LIMIT, also_in, synonyms, with_synonyms
from tests.factories import own_node
from tests.search.cast import NETWORK, STRANGER, discuss, index, search, titles, update
from tests.statements import counted


def term(session: Session, title: str, *also: str, log: str = "network") -> str:
    """A word of the list."""
    op = verbs.create(session, NodeItself(own_node()), "term", log, {"title": title, "also": list(also)})
    commit(session)
    return op.id


def others(session: Session, text: str, reader: Reader = NETWORK) -> list[Sequence[str]]:
    """The other words for what stands in a query, by expression."""
    return [[spoken.word, *spoken.others] for spoken in synonyms(session, reader, read(text))]


@pytest.fixture
def words(session: Session) -> None:
    """A short word list."""
    term(session, "CPD", "continuing professional development", "training")
    term(session, "Social prescribing", "arts on referral")
    term(session, "R&D", "research and development", "try-out")
    term(session, "BSL", "British Sign Language", log="public")


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("cpd", [["cpd", "continuing professional development", "training"]]),
        ("CPDs for ushers", [["cpds", "continuing professional development", "training"]]),
        ("Training", [["training", "CPD", "continuing professional development"]]),
        ("who pays for social prescribing in Wales", [["social prescribing", "arts on referral"]]),
        ("arts on referral", [["arts on referral", "Social prescribing"]]),
        ("R&D money", [["rd", "research and development", "try-out"]]),
        ("try-out", [["try out", "R&D", "research and development"]]),
        ("bsl signs", [["bsl", "British Sign Language"]]),
        ("social", []), ("prescribing social", []), ('"social prescribing"', []), ('social "prescribing"', []),
        ("-cpd harbour", []), ("kind:cpd", []), ("professional development", []), ("", []),
        ("cpd cpd", [["cpd", "continuing professional development", "training"]]),
    ],
)  # fmt: skip
def test_what_stands_in_the_list_is_called_otherwise_too(session: Session, text: str, wanted: list[list[str]]) -> None:
    assert others(session, text) == wanted


@pytest.mark.usefixtures("words")
def test_the_longest_expression_counts(session: Session) -> None:
    term(session, "arts", "culture")
    assert others(session, "arts on referral and the arts") == [
        ["arts on referral", "Social prescribing"], ["arts", "culture"],
    ]  # fmt: skip


@pytest.mark.usefixtures("words")
def test_what_was_asked_for_in_any_case_is_no_other_word(session: Session) -> None:
    assert others(session, "cpd and training") == [
        ["cpd", "continuing professional development"], ["training", "continuing professional development"],
    ]  # fmt: skip


def test_a_word_of_two_meanings_has_the_others_of_both(session: Session) -> None:
    term(session, "commission", "new work")
    term(session, "commission", "contract")
    assert sorted(others(session, "commission")[0]) == ["commission", "contract", "new work"]


def test_a_query_is_given_few_words_whatever_the_list_holds(session: Session) -> None:
    for n in range(4):
        term(session, f"word{n}", *(f"other{n}{letter}" for letter in "abcdefgh"))
    found = others(session, "word0 word1 word2 word3")
    assert sum(len(found) - 1 for found in found) == ALSO_LIMIT


@pytest.mark.usefixtures("words")
def test_a_reader_is_told_only_what_their_own_list_holds(session: Session) -> None:
    assert others(session, "cpd bsl", STRANGER) == [["bsl", "British Sign Language"]]


@pytest.mark.usefixtures("words")
def test_the_list_is_read_once_until_something_changes(session: Session) -> None:
    def statements(text: str, newest: Last | None) -> int:
        with counted() as sent:
            synonyms(session, NETWORK, read(text), newest)
        return len(sent)

    last = last_touched(session)
    assert [statements("cpd", last), statements("cpd training", last), statements('"cpd"', None)] == [1, 0, 0]
    assert statements("cpd", None) == 1  # which asks whether anything has changed
    discuss(session, "Anything")
    assert [statements("cpd", None), statements("cpd", None)] == [2, 1]


@pytest.mark.usefixtures("words")
def test_what_was_removed_or_changed_counts_at_once(session: Session) -> None:
    gone = session.get_one(Entry, term(session, "hall", "venue"))
    assert others(session, "hall") == [["hall", "venue"]]
    verbs.edit(session, NodeItself(own_node()), gone, {"also": ["room"]})
    commit(session)
    assert others(session, "hall") == [["hall", "room"]]
    verbs.delete(session, NodeItself(own_node()), gone)
    commit(session)
    assert others(session, "hall") == []


# -- what is found ---------------------------------------------------------------------------------


@pytest.fixture
def texts(session: Session, words: None) -> None:
    """Texts that are alike but for how they call it."""
    discuss(session, "One", "We paid for training last spring.")
    discuss(session, "Two", "We paid for CPD last spring.")
    discuss(session, "Three", "We paid for continuing professional development.")
    discuss(session, "Four", "A development, and quite professional: continuing.")
    discuss(session, "Five", "We paid for social prescribing last spring.")
    discuss(session, "Six", "We paid for arts on referral last spring.")
    discuss(session, "Ten", "We paid for the train last spring, and the arts referral.")
    discuss(session, "Seven", "A social evening last spring, in a hall.")
    update()


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize(
    ("text", "first", "then"),
    [
        ("cpd", "Two", {"One", "Three"}), ("training", "One", {"Two", "Three", "Ten"}),
        ("social prescribing", "Five", {"Six", "Seven"}), ("arts on referral", "Six", {"Five", "Ten"}),
        ("spring cpd", "Two", {"One", "Three", "Five", "Six", "Seven", "Ten"}),
    ],
)  # fmt: skip
def test_a_text_with_the_word_itself_comes_before_equal_ones_with_another(
    session: Session, text: str, first: str, then: set[str]
) -> None:
    found = titles(session, f"{text} kind:discussion")
    assert found[0] == first and set(found[1:]) == then


@pytest.mark.usefixtures("texts")
def test_an_expression_is_not_outdone_by_another_beside_a_part_of_it(session: Session) -> None:
    discuss(session, "Eight", "We paid for arts on referral, a social thing.")
    update()
    found = titles(session, "social prescribing kind:discussion")
    assert found[0] == "Five" and set(found[1:3]) == {"Six", "Eight"}


def test_what_is_written_in_one_word_is_found_beside_what_the_list_says(session: Session) -> None:
    term(session, "wellness", "health")
    for title in ("Wellbeing for all", "Health for all", "Wellness for all"):
        discuss(session, title)
    update()
    found = titles(session, "wellness well-being kind:discussion")
    assert found[0] == "Wellness for all" and set(found[1:]) == {"Wellbeing for all", "Health for all"}


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize("kind", ["word", "term", "glossary", "terms"])
def test_a_word_of_the_list_is_found_as_such_by_its_meaning_and_its_others(session: Session, kind: str) -> None:
    assert titles(session, f"training kind:{kind}") == ["CPD"]
    (hit,) = search(session, f"training kind:{kind}").hits
    assert hit.kind == "Word" and hit.url.startswith("/glossary/")


@pytest.mark.usefixtures("texts")
def test_exactly_means_the_words_themselves(session: Session) -> None:
    found = search(session, "cpd kind:discussion", exactly=True)
    assert [hit.title for hit in found.hits] == ["Two"] and found.is_exact
    assert [spoken.word for spoken in found.spoken] == ["cpd"]
    assert titles(session, '"cpd" kind:discussion') == ["Two"]


@pytest.mark.usefixtures("texts")
def test_a_stranger_finds_nothing_by_a_list_that_is_not_theirs(session: Session) -> None:
    found = search(session, "cpd", STRANGER)
    assert [hit.title for hit in found.hits] == ["Two"] and not found.spoken and found.count == 1


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize(
    ("text", "wanted"),
    [("spring cpd", {"One", "Two"}), ("spring social prescribing", {"Five", "Six"}), ("cpd evening", set[str]())],
)  # fmt: skip
def test_where_all_words_are_asked_for_another_word_stands_for_its_own(
    session: Session, text: str, wanted: set[str]
) -> None:
    query = read(f"{text} kind:discussion")
    asked = replace(asking.wanted(session, NETWORK, query, [], RELEVANCE, 20), all_words=True)
    found = index().find(with_synonyms(asked, synonyms(session, NETWORK, query)))
    assert {session.get_one(Entry, place.entity).title for place in found.places} == wanted
    assert found.count == len(wanted)


@pytest.mark.usefixtures("texts")
def test_a_word_that_stands_nowhere_finds_by_the_others(session: Session) -> None:
    term(session, "zlomprt", "spring evening")
    discuss(session, "Nine", "A spring evening.")
    update()
    assert titles(session, "zlomprt kind:discussion") == ["Nine"]


@pytest.mark.usefixtures("texts")
def test_other_words_are_marked_where_they_stand_side_by_side(session: Session) -> None:
    found = {hit.title: str(hit.snippet) for hit in search(session, "cpd kind:discussion").hits}
    assert found["One"] == "We paid for <mark>training</mark> last spring."
    assert "<mark>continuing</mark> <mark>professional</mark> <mark>development</mark>" in found["Three"]
    spoken = synonyms(session, NETWORK, read("cpd"))
    assert also_in(spoken, "A development, and quite professional: continuing. Trainings, too.") == {"training"}


@pytest.mark.usefixtures("texts")
def test_the_page_says_what_else_was_looked_for(hers: FlaskClient) -> None:
    page = hers.get("/search?q=cpd").text
    assert "Also looked for: <b>continuing professional development, training</b>" in page
    assert 'href="/glossary"' in page and 'href="/search?q=cpd&amp;exact=1"' in page
    only = hers.get("/search?q=cpd&exact=1").text
    assert "Only your own words were looked for." in only and ">One</a>" not in only
    assert "looked for" not in hers.get("/search?q=harbour").text
    told = hers.get("/search.json?q=cpd").json
    assert told and told["also"] == ["continuing professional development", "training"]
    told = hers.get("/search.json?q=cpd&exact=1").json
    assert told and told["also"] == []
