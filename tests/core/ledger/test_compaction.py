"""Compaction: an erased word is nowhere in the database file, and nothing is written anew without need."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from partnernet.background import do_chore
from partnernet.core.consumers import drain_all, position
from partnernet.core.db import commit, db, write
from partnernet.core.engine import sqlite_path
from partnernet.core.entry import Entry
from partnernet.core.ledger import compaction
from partnernet.core.ledger.compaction import (
    CURSOR,
    LOG_CURSOR,
    ask_again,
    compact_after_erasure,
    empty_log_after_erasure,
)
from partnernet.entries import model
from tests.factories import actor_of, make_account, make_entry, make_network, make_reply

CANARY = "cormorant-under-the-pier"


@pytest.fixture(autouse=True)
def only_with_files(app: Flask) -> None:
    """Another database looks after its own pages."""
    if sqlite_path(db.engine) is None:
        pytest.skip("this database is no file of ours")


@pytest.fixture
def told(session: Session) -> Entry:
    """A discussion with a word in it that will be erased, in the middle of others."""
    make_network(session)
    josie = make_account(session)
    noise = [make_entry(session, josie, title=f"The kettle, part {n}", body="steam " * 300) for n in range(8)]
    entry = make_entry(session, josie, title="What was under the pier", body=f"{CANARY} " * 40)
    for other in noise:
        make_reply(session, other, josie, "Put it on again. " * 60)
    return entry


def erase(session: Session, entry: Entry) -> None:
    account = make_account(session, "Ruth Adeyemi", role="steward")
    model.erase(session, entry, by=actor_of(session, account))
    commit(session)
    drain_all(session)


def written_anew(monkeypatch: pytest.MonkeyPatch, answer: bool = True) -> list[object]:
    """The engines that were compacted, where nothing really is."""
    calls: list[object] = []

    def compact(engine: object) -> bool:
        calls.append(engine)
        return answer

    monkeypatch.setattr(compaction, "compact", compact)
    return calls


def test_an_erased_word_is_nowhere_in_the_file(session: Session, told: Entry) -> None:
    file = sqlite_path(db.engine)
    assert file is not None
    erase(session, told)
    do_chore(compact_after_erasure)
    for path in file.parent.glob(f"{file.name}*"):
        assert CANARY.encode() not in path.read_bytes()
    assert position(session, CURSOR) > 0


def test_nothing_is_written_anew_without_an_erasure(
    session: Session, told: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = written_anew(monkeypatch)
    do_chore(compact_after_erasure)
    assert calls == []
    erase(session, told)
    do_chore(compact_after_erasure)
    make_entry(session, make_account(session, "Amara Obi"))
    do_chore(compact_after_erasure)
    assert len(calls) == 1


def test_what_a_reader_kept_goes_with_the_first_round_after_it_has_ended(session: Session, told: Entry) -> None:
    file = sqlite_path(db.engine)
    assert file is not None
    with db.engine.connect() as reader:
        reader.execute(text("select count(*) from op"))
        erase(session, told)
        do_chore(compact_after_erasure)
        empty_log_after_erasure(session)
        assert any(CANARY.encode() in path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    empty_log_after_erasure(session)
    for path in file.parent.glob(f"{file.name}*"):
        assert CANARY.encode() not in path.read_bytes()


def test_it_is_not_written_anew_again_for_a_reader(
    session: Session, told: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    erase(session, told)
    calls = written_anew(monkeypatch, answer=False)
    do_chore(compact_after_erasure)
    do_chore(compact_after_erasure)
    assert len(calls) == 1 and position(session, CURSOR) > 0 and position(session, LOG_CURSOR) < 0


def test_what_only_waited_outside_goes_too(session: Session, told: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing in the record itself was erased."""
    calls = written_anew(monkeypatch)
    write(session)
    ask_again(session)
    commit(session)
    do_chore(compact_after_erasure)
    empty_log_after_erasure(session)
    assert len(calls) == 1 and position(session, LOG_CURSOR) == 0


def test_what_is_asked_for_again_meanwhile_is_not_taken_for_done(
    session: Session, told: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked_meanwhile(engine: object) -> bool:
        with Session(db.engine) as other:
            write(other)
            ask_again(other)
            commit(other)
        return True

    erase(session, told)
    monkeypatch.setattr(compaction, "compact", asked_meanwhile)
    do_chore(compact_after_erasure)
    monkeypatch.setattr(compaction, "truncate_log", asked_meanwhile)
    empty_log_after_erasure(session)
    assert position(session, CURSOR) < 0 and position(session, LOG_CURSOR) < 0


def test_it_is_one_of_the_hourly_chores(app: Flask) -> None:
    assert compact_after_erasure in app.extensions["partnernet.chores"]
