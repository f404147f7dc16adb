"""Words that were asked for side by side, and stand so, count more."""

from sqlalchemy.orm import Session

from partnernet.search.interface import Wanted
from tests.search.cast import discuss, index, search, update

APART = "The kiln is kept in the garden shed, and there is a press that nobody has ever asked about for hire."
TOGETHER = "The garden shed is where the kiln is kept, and nobody has ever asked about a press for hire there is."


def test_of_two_texts_of_the_same_words_the_one_that_says_them_as_asked_comes_first(session: Session) -> None:
    together = discuss(session, "One", TOGETHER, date=1_700_000_000_000)
    apart = discuss(session, "Two", APART, date=1_700_000_000_001)
    update()
    assert [hit.entry.id for hit in search(session, "a press for hire").hits] == [together.id, apart.id]
    assert [hit.entry.id for hit in search(session, "hire a press").hits] == [apart.id, together.id]


def test_without_the_order_of_the_words_they_alone_decide(session: Session) -> None:
    discuss(session, "One", TOGETHER)
    discuss(session, "Two", APART)
    update()
    words = {"press": 1.0, "hire": 1.0}
    alone = index().find(Wanted(words)).places
    assert len({place.score for place in alone}) == 1
    near = index().find(Wanted(words, chunks=[["press"], ["for"], ["hire"]])).places
    assert near[0].score > near[1].score == alone[0].score


def test_what_was_written_in_one_counts_more_than_neighbours(session: Session) -> None:
    discuss(session, "One", "A press hire, and no more.")
    discuss(session, "Two", "No words of this kind.")
    update()
    words = {"press": 1.0, "hire": 1.0}
    (bound,) = index().find(Wanted(words, chunks=[["press", "hire"]])).places
    (near,) = index().find(Wanted(words, chunks=[["press"], ["hire"]])).places
    assert bound.score > near.score


def test_the_reason_names_the_pair_and_adds_up_to_the_score(session: Session) -> None:
    discuss(session, "One", TOGETHER)
    discuss(session, "Two", "Other things.")
    update()
    asked = Wanted({"press": 1.0, "hire": 1.0}, chunks=[["press"], ["hire"]])
    places = index().find(asked).places
    (told,) = index().explain(asked, places)
    assert set(told) == {"press", "hire", "“press hire”"}
    assert abs(sum(told.values()) - places[0].score) < 1e-9
