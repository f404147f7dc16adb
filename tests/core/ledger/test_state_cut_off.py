"""What a command wrote that was killed before it noted it is noted at the next start, whatever becomes of that."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import commit, db
from partnernet.core.entry import Entry
from partnernet.core.ledger import state
from partnernet.entries import model
from partnernet.people.model import Account
from tests.conftest import make_app
from tests.core.ledger.test_state import Stopped, again, josie, numbers, only_with_files, stopped
from tests.factories import actor_of, make_entry, own_node

__all__ = ("again", "josie", "only_with_files", "stopped")


def test_an_erasure_and_a_number_that_were_not_noted_are_noted_at_the_next_start(
    app: Flask, session: Session, josie: Account, stopped: Stopped, again: list[Flask]
) -> None:
    entry = make_entry(session, josie, title="What was under the pier")
    state.note(session, stopped.folder, own_node())
    stopped.take_copy()
    make_entry(session, josie, title="Told to others already")
    model.erase(session, entry, by=actor_of(session, josie))
    commit(session)
    before = numbers(session, own_node())
    for _ in range(2):  # killed, both this one and the one that is started next
        db.session.rollback()
        db.engine.dispose()
        again.append(make_app(stopped.folder))
    stopped.put_copy_back()
    again.append(make_app(stopped.folder))
    assert again[-1].extensions["partnernet.doubt"] == state.BEHIND
    with again[-1].app_context():
        assert db.session.get_one(Entry, entry.id).redacted
        make_entry(db.session(), db.session.scalars(select(Account)).one(), title="Written afterwards")
        after = numbers(db.session(), own_node())
    assert all(before[key] == after[key] for key in before.keys() & after.keys())
