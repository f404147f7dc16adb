"""An index that has read less than the database, more than a transaction sees, or something else."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from partnernet.core.consumers import last_touched
from partnernet.core.db import commit, db
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.search import lagging
from partnernet.search.engine import BEHIND, BEING_MADE
from partnernet.search.interface import Wanted
from tests.factories import own_node
from tests.search.cast import discuss, generation, ids, index, search, titles, update
from tests.statements import counted


def reword(session: Session, count: int, title: str = "Plain") -> None:
    entries = [discuss(session, f"Heron {n}") for n in range(count)]
    update()
    for entry in entries:
        verbs.edit(session, NodeItself(own_node()), entry, {"title": title})
        commit(session)


def test_what_was_changed_is_not_found_by_its_old_words(session: Session) -> None:
    reword(session, 3)
    found = search(session, "heron")
    assert (found.count, found.hits) == (0, [])
    assert BEHIND in found.notes


def test_what_was_touched_and_says_the_same_is_found(session: Session) -> None:
    reword(session, 3, "Heron once more")
    assert search(session, "heron").count == 0
    update()
    entry = discuss(session, "Heron at last")
    update()
    verbs.edit(session, NodeItself(own_node()), entry, {"title": "Heron at last"})
    commit(session)
    assert search(session, "heron").count == 4


def test_of_many_none_is_trusted(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lagging, "READ_AGAIN", 2)
    kept = discuss(session, "Heron that stays")
    reword(session, 3)
    assert ids(session, "heron") == {kept.id}


def test_too_far_behind_nothing_is_answered(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lagging, "MOST", 3)
    reword(session, 3)
    assert BEING_MADE in search(session, "heron").notes
    update()
    assert search(session, "plain").count == 3


def test_what_is_new_keeps_nobody_from_finding_the_rest(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lagging, "MOST", 2)
    discuss(session, "Heron")
    update()
    for n in range(5):
        discuss(session, f"Another heron {n}")
    assert titles(session, "heron") == ["Heron"]


def test_an_index_that_is_ahead_of_a_transaction_answers(app: Flask, session: Session) -> None:
    discuss(session, "Heron")
    update()
    last_touched(session)  # from here on the transaction sees no more
    with app.app_context():
        discuss(db.session(), "Another heron")
        update()
        db.session.remove()
    found = search(session, "heron")
    assert [hit.title for hit in found.hits] == ["Heron"]
    assert not found.notes


def test_an_index_of_a_longer_history_is_not_asked(session: Session) -> None:
    heron = discuss(session, "Heron")
    update()
    opened = generation()
    opened.apply((), (), opened.refresh().position + 7, heron.id)
    assert BEING_MADE in search(session, "heron").notes
    update()
    assert titles(session, "heron") == ["Heron"]


def test_a_transaction_looks_once(session: Session) -> None:
    reword(session, 3)
    with counted() as sent:
        index().find(Wanted({"heron": 1}))
        first = len(sent)
        index().find(Wanted({"heron": 1}))
    assert first > 0
    assert len(sent) == first
