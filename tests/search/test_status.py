"""What is said of the index when somebody asks whether all is well."""

import random
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from partnernet.search.agreement import compare
from partnernet.search.document import documents
from partnernet.search.engine import BEING_MADE
from partnernet.search.folder import current_folder
from partnernet.search.status import disagreements, status
from tests.search.cast import answer, discuss, generation, index, search, update


def test_an_index_that_agrees_or_lags_is_no_failure(app: Flask, session: Session) -> None:
    assert disagreements(app) == []
    discuss(session, "One heron")
    update()
    assert disagreements(app) == []
    discuss(session, "Two herons")
    assert disagreements(app) == []


def test_an_index_that_disagrees_at_its_own_position_is_one(app: Flask, session: Session) -> None:
    heron = discuss(session, "One heron")
    update()
    opened = generation()
    state = opened.refresh()
    opened.apply((), [heron.id], state.position, state.entity)
    (sentence,) = disagreements(app)
    assert heron.id[:12] in sentence


@pytest.mark.parametrize("pattern", ["*.seg", "*.toc", "state.json"])
def test_damage_is_described(app: Flask, session: Session, pattern: str) -> None:
    discuss(session, "One heron")
    update()
    next(iter(current_folder(index().folder).glob(pattern))).write_bytes(b"x")
    found = status(app)
    assert found.problem
    assert "made by the running server" in found.sentence
    assert disagreements(app) == []


def test_the_status_compares_counts_and_a_sample(app: Flask, session: Session) -> None:
    heron = discuss(session, "One heron", "# Here\n\nAn egret.\n\n# There\n\nAn ibis.")
    answer(session, heron, "A stork.")
    update()
    found = status(app).agreement
    assert found.is_whole
    assert found.index == found.database == {"discussion": 1, "reply": 1}
    assert found.sampled == 2
    assert "as many of each kind" in found.sentence
    discuss(session, "Two herons")
    assert status(app).agreement.is_whole  # behind, and right as far as it has read


def test_what_is_missing_or_left_over_is_told_by_kind(app: Flask, session: Session) -> None:
    heron = discuss(session, "One heron")
    discuss(session, "Two herons")
    update()
    opened = generation()
    state = opened.refresh()
    opened.apply((), [heron.id], state.position, state.entity)
    found = status(app).agreement
    assert not found.is_whole
    assert "1 of kind discussion where the database has 2" in found.sentence
    assert found.differing == [heron.id]
    assert "index rebuild" in found.sentence


def test_other_words_are_found_by_the_sample(app: Flask, session: Session) -> None:
    entries = [discuss(session, f"Heron {n}") for n in range(30)]
    update()
    opened = generation()
    state = opened.refresh()
    held = documents(session, [entries[3].id])[entries[3].id]
    opened.apply([replace(held, title="An egret")], (), state.position, state.entity)
    found = compare(session, generation(), random.Random(1))
    assert found.index == found.database
    assert found.differing == [entries[3].id]
    assert f"1 of 30 otherwise, {entries[3].id[:12]} first" in found.sentence


def test_an_index_of_another_history_is_no_index(app: Flask, session: Session) -> None:
    heron = discuss(session, "One heron")
    update()
    opened = generation()
    opened.apply((), (), opened.refresh().position, heron.id[::-1])
    assert "another history" in status(app).sentence
    assert BEING_MADE in search(session, "heron").notes
