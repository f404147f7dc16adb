"""Counting, grouping and narrowing, where a word stands in more passages than are counted."""

import pytest
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.search import ranking, weighing
from partnernet.search.interface import FACETS, Also, Condition, Wanted
from tests.factories import own_node
from tests.search.cast import STRANGER, answer, discuss, index, search, update

LIMIT = 6


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that counts few."""
    monkeypatch.setattr(ranking, "COUNT_LIMIT", LIMIT)
    monkeypatch.setattr(weighing, "COUNT_LIMIT", LIMIT)


@pytest.fixture
def herons(session: Session, small: None) -> list[str]:
    """Ten entries with a common word in two segments, the oldest with a rare one as well."""
    made = []
    for n in range(10):
        rare = " lantern" if n == 0 else ""
        made.append(discuss(session, f"A heron {n}{rare}", date=1_700_000_000_000 + n).id)
        if n == 4:
            update()
    update()
    return made


def found(**asked: object) -> list[str]:
    return [place.entity for place in index().find(Wanted(**asked)).places]  # type: ignore[arg-type] # as Wanted takes it


def test_the_newest_of_too_many_are_counted_and_said_to_be_more(herons: list[str]) -> None:
    answer_ = index().find(Wanted({"heron": 1}, limit=20, facets=FACETS))
    assert (answer_.count, answer_.is_capped) == (LIMIT, True)
    assert answer_.facets["kind"] == {"discussion": pytest.approx(LIMIT, abs=1)}
    assert set(found(words={"heron": 1}, limit=20)) >= set(herons[-LIMIT:])


def test_a_rare_word_is_found_however_old_beside_a_common_one(herons: list[str]) -> None:
    assert found(words={"heron": 1, "lantern": 1})[0] == herons[0]


def test_a_second_common_word_is_scored_though_there_is_no_room_for_more(session: Session, herons: list[str]) -> None:
    both = [discuss(session, f"A heron and a pier {n}").id for n in range(10)]
    update()
    answer_ = index().find(Wanted({"heron": 1, "pier": 1}, limit=3))
    assert (answer_.count, answer_.is_capped) == (LIMIT, True)
    assert {place.entity for place in answer_.places} <= set(both)


def test_a_question_that_finds_few_is_counted_exactly(herons: list[str]) -> None:
    answer_ = index().find(Wanted({"lantern": 1}))
    assert (answer_.count, answer_.is_capped) == (1, False)


def test_what_is_hidden_takes_no_room(session: Session, small: None) -> None:
    for n in range(LIMIT):
        discuss(session, f"A heron {n}")
    for n in range(LIMIT - 1):
        discuss(session, f"A lantern {n}", log="network")
    update()
    answer_ = index().find(Wanted({"heron": 1, "lantern": 1}, conditions=STRANGER.conditions, limit=20))
    assert (answer_.count, answer_.is_capped, len(answer_.places)) == (LIMIT, False, LIMIT)


def test_more_passages_than_are_looked_at_are_more_entries_than_are_counted(session: Session, small: None) -> None:
    for n in range(4):
        discuss(session, f"Minutes {n}", "".join(f"## Part {part}\n\nA heron.\n\n" for part in range(4)))
    update()
    answer_ = index().find(Wanted({"heron": 1}))
    assert answer_.count < 4
    assert answer_.is_capped
    assert index().find(Wanted({"heron": 1, "minutes": 1}, all_words=True)).count == 4


def test_a_narrow_condition_finds_the_old_beside_too_many(herons: list[str]) -> None:
    when = Condition("year", {"2023"}.__contains__)
    assert len(found(words={"heron": 1}, conditions=[when], limit=20)) >= LIMIT
    assert found(words={"heron": 1}, before=1_700_000_000_001) == herons[:1]


def test_all_of_the_words_must_stand_in_one_passage(session: Session) -> None:
    both = discuss(session, "A heron with a lantern").id
    discuss(session, "A heron")
    update()
    assert found(words={"heron": 1, "lantern": 1}, all_words=True) == [both]
    assert found(words={"heron": 1, "zzz": 1}, all_words=True) == []


def test_what_also_counts_comes_after_the_word_itself(session: Session) -> None:
    asked = discuss(session, "On training of volunteers").id
    other = discuss(session, "On schooling of volunteers").id
    two = discuss(session, "On learning together as volunteers").id
    discuss(session, "Together, learning nothing").id  # noqa: B018 - the words do not follow each other
    update()
    also = [Also(("training",), ("schooling",)), Also(("training",), ("learning", "together"))]
    order = found(words={"training": 1}, also=also)
    assert order[0] == asked
    assert set(order) == {asked, other, two}


def test_places_are_grouped_under_their_entry(session: Session) -> None:
    entry = discuss(session, "Where is the heron?", "A heron was seen.")
    for n in range(6):
        answer(session, entry, f"I saw the heron {n} times.")
    other = discuss(session, "Lanterns", "No heron here.")
    update()
    results = search(session, "heron", by_root=True)
    assert {group.root.id for group in results.groups} == {entry.id, other.id}
    group = next(group for group in results.groups if group.root.id == entry.id)
    assert len(group.hits) == 3
    assert group.more == 4
    assert results.count == 8


def test_answers_to_what_was_removed_stand_for_it(session: Session) -> None:
    entry = discuss(session, "Where is the heron?")
    for n in range(5):
        answer(session, entry, f"I saw the heron {n} times.")
    verbs.delete(session, NodeItself(own_node()), entry)
    commit(session)
    update()
    results = search(session, "heron", by_root=True)
    (group,) = results.groups
    assert (results.count, len(group.hits), group.more, group.within) == (5, 3, 2, entry.short)
    assert group.own is group.hits[0]
    assert "heron</mark>" in group.title_marked
    assert "Where" not in group.title_marked


def test_every_section_of_a_note_is_one_place_with_the_address_of_the_best(session: Session) -> None:
    body = "## Money\n\nForty chairs.\n\n## Heron\n\nThe heron stays.\n\n## More\n\nOf chairs and a heron."
    discuss(session, "Minutes", body)
    update()
    results = search(session, "heron")
    assert results.count == 1
    (hit,) = results.hits
    assert hit.heading == "Heron"
    assert hit.url.endswith("#h-heron")
    assert "stays" in hit.snippet


def test_why_is_told_by_what_each_word_added(session: Session) -> None:
    discuss(session, "A heron with a lantern", "The heron.")
    update()
    asked = Wanted({"heron": 1, "lantern": 1})
    places = index().find(asked).places
    (told,) = index().explain(asked, places)
    assert set(told) == {"heron", "lantern"}
    assert sum(told.values()) == pytest.approx(places[0].score)


def test_answers_that_say_none_of_the_words_do_not_repeat_the_title(session: Session) -> None:
    entry = discuss(session, "Where is the heron?", "Nobody knows a heron.")
    answer(session, entry, "I saw the heron.")
    for n in range(2):
        answer(session, entry, f"Not here, {n}.")
    update()
    (group,) = search(session, "heron", by_root=True).groups
    assert [str(hit.snippet) for hit in group.under] == ["I saw the <mark>heron</mark>."]
    assert group.beyond == 2
    (narrowed,) = search(session, f"heron in:{entry.short}", by_root=True).groups
    assert (len(narrowed.under), narrowed.beyond) == (2, 1)


def test_an_entry_that_was_found_is_shown_by_its_own_words_however_many_answers_come_before(session: Session) -> None:
    entry = discuss(session, "A heron", "Long " * 200 + "ago there was one heron.")
    for n in range(5):
        answer(session, entry, f"Heron {n}.")
    update()
    (group,) = search(session, "heron", by_root=True).groups
    assert group.own is not None
    assert len(group.under) == 2
    assert group.beyond == 3
