"""The batch writer: notes wait in memory, the newest counts, and one transaction stores them all."""

import threading
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy.orm import Session

from partnernet.core.batch import LIMIT, Batch
from partnernet.core.db import db
from partnernet.network.model import setting, settle


def store(session: Session, notes: Mapping[str, str]) -> None:
    for name, value in notes.items():
        settle(session, name, value)


def fail(session: Session, notes: Mapping[Any, Any]) -> None:
    raise ZeroDivisionError


def test_notes_are_stored_by_a_flush_and_no_sooner(session: Session) -> None:
    batch = Batch()
    batch.note(store, "kettle", "on")
    assert setting(session, "kettle") == ""
    batch.flush(session)
    assert setting(session, "kettle") == "on"
    db.session.remove()
    assert setting(db.session(), "kettle") == "on"


def test_the_newest_note_counts(session: Session) -> None:
    batch = Batch()
    for value in ("on", "boiling"):
        batch.note(store, "kettle", value)
    assert batch.peek(store, "kettle") == "boiling"
    batch.flush(session)
    assert setting(session, "kettle") == "boiling"


def test_what_was_stored_does_not_wait_any_longer(session: Session) -> None:
    batch, stored = Batch(), []
    batch.note(lambda session, notes: stored.append(dict(notes)), "kettle", "on")
    batch.flush(session)
    batch.flush(session)
    assert stored == [{"kettle": "on"}]
    assert batch.peek(store, "kettle") is None


def test_an_empty_batch_opens_no_transaction(session: Session) -> None:
    session.rollback()
    Batch().flush(session)
    assert not session.in_transaction()


def test_the_oldest_notes_are_forgotten_past_the_limit(session: Session) -> None:
    batch = Batch()
    batch.note(store, "first", "1")
    batch.note(store, "second", "1")
    batch.note(store, "first", "2")  # noted again: now the newest
    for number in range(LIMIT - 1):
        batch.note(store, number, "x")
    assert batch.peek(store, "second") is None
    assert batch.peek(store, "first") == "2"


def test_a_store_that_fails_leaves_nothing_half_done(session: Session) -> None:
    batch = Batch()
    batch.note(store, "kettle", "on")
    batch.note(fail, "x", 1)
    with pytest.raises(ZeroDivisionError):
        batch.flush(session)
    session.rollback()
    assert setting(session, "kettle") == ""


def test_notes_of_many_threads_are_all_kept() -> None:
    batch, together = Batch(), threading.Barrier(8)

    def note(of: int) -> None:
        together.wait()
        for number in range(200):
            batch.note(store, (of, number), "x")

    threads = [threading.Thread(target=note, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(batch.peek(store, (of, number)) == "x" for of in range(8) for number in range(200)) == 1_600
