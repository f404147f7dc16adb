"""What a query may cost: of many common words only the rarest rank, and a long phrase ends where it cannot go on."""

import pytest
from sqlalchemy.orm import Session

from partnernet.search import weighing
from partnernet.search.interface import Wanted
from partnernet.search.phrases import side_by_side
from partnernet.search.weighing import weigh
from tests.search.cast import discuss, generation, titles, update

WORDS = ("heron", "egret", "ibis", "stork", "crane", "spoonbill")


@pytest.fixture
def birds(session: Session) -> None:
    for n in range(6):
        discuss(session, f"Number {n}", " ".join(WORDS[: n + 1]))
    update()


@pytest.mark.usefixtures("birds")
def test_common_words_rank_as_long_as_they_cost_little(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot, asked = generation().snapshot(), dict.fromkeys(WORDS, 1.0)
    assert len(weigh(snapshot, Wanted(asked))) == len(WORDS)
    monkeypatch.setattr(weighing, "AFFORDABLE", 10)
    assert [group.words[0] for group in weigh(snapshot, Wanted(asked))] == ["spoonbill", "crane", "stork", "ibis"]
    monkeypatch.setattr(weighing, "AFFORDABLE", 0)
    assert len(weigh(snapshot, Wanted(asked, word_limit=2))) == weighing.FEWEST
    assert len(weigh(snapshot, Wanted(asked, all_words=True))) == len(WORDS)


@pytest.mark.usefixtures("birds")
def test_a_phrase_is_followed_as_far_as_it_goes(session: Session) -> None:
    assert sorted(titles(session, '"heron egret ibis"')) == [f"Number {n}" for n in (2, 3, 4, 5)]
    assert titles(session, '"egret heron"') == []
    assert titles(session, '"heron ibis"') == []


def test_a_phrase_that_says_one_word_often_needs_it_as_often(session: Session) -> None:
    discuss(session, "Five", "heron " * 5)
    update()
    snapshot = generation().snapshot()
    (leaf,) = snapshot.leaves
    assert list(side_by_side(snapshot, leaf, ["heron"] * 5)) == [0]
    assert list(side_by_side(snapshot, leaf, ["heron"] * 6)) == []
