"""What a node knows outside its database: a copy is noticed, no number comes twice, nothing erased comes back."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from partnernet.background import note_state
from partnernet.core.db import commit, db, write
from partnernet.core.engine import backup_to, sqlite_path
from partnernet.core.entry import Entry
from partnernet.core.ledger import erasures, state
from partnernet.core.ledger.node import STATE, Node, read_state
from partnernet.core.ledger.tables import OpRow
from partnernet.core.lock import FileLock
from partnernet.entries import model
from partnernet.nodes.alarms import unseen
from partnernet.people.model import Account
from tests.conftest import make_app
from tests.factories import actor_of, make_account, make_entry, own_node

CANARY = "cormorant under the pier"


@pytest.fixture
def josie(session: Session) -> Account:
    return make_account(session, role="steward")


@pytest.fixture(autouse=True)
def only_with_files(app: Flask) -> None:
    """A copy of a database on a server is not a file; restoring one is tested where backups are."""
    if sqlite_path(db.engine) is None:
        pytest.skip("this database is no file of ours")


class Stopped:
    """The folder of a node whose server does not run, and its database as it was copied once."""

    def __init__(self, app: Flask) -> None:
        self.folder: Path = app.config["DATA"]
        self.copy = self.folder / "copy.db"

    def take_copy(self) -> None:
        db.session.rollback()
        backup_to(db.engine, self.copy)

    def put_copy_back(self) -> None:
        for path in self.folder.glob("partnernet.db*"):
            path.unlink()
        self.copy.replace(self.folder / "partnernet.db")


@pytest.fixture
def stopped(app: Flask) -> Stopped:
    return Stopped(app)


def stop(app: Flask) -> None:
    """End the server of this node, as it ends by itself."""
    note_state(app)
    db.session.rollback()
    db.engine.dispose()


@pytest.fixture
def again(app: Flask) -> Iterator[list[Flask]]:
    """Servers that were started later, to be ended."""
    apps: list[Flask] = []
    yield apps
    for app in apps:
        with app.app_context():
            db.session.rollback()
            db.engine.dispose()


def numbers(session: Session, node: Node) -> dict[tuple[str, str, int], str]:
    """The ids of the node's own ops by what must never come twice."""
    rows = session.execute(select(OpRow.inc, OpRow.log, OpRow.seq, OpRow.id).where(OpRow.node == node.id))
    return {(row.inc, row.log, row.seq): row.id for row in rows}


def test_a_node_that_is_started_again_goes_on_as_before(
    app: Flask, session: Session, josie: Account, again: list[Flask]
) -> None:
    make_entry(session, josie)
    inc = own_node().inc
    stop(app)
    again.append(make_app(app.config["DATA"]))
    assert again[0].extensions["partnernet.node"].inc == inc
    assert again[0].extensions["partnernet.doubt"] is None


def test_an_older_copy_put_back_while_stopped_gives_no_number_twice(
    app: Flask, session: Session, josie: Account, stopped: Stopped, again: list[Flask]
) -> None:
    stopped.take_copy()
    make_entry(session, josie, title="Told to others already")
    before = numbers(session, own_node())
    stop(app)
    stopped.put_copy_back()
    again.append(make_app(stopped.folder))
    assert again[0].extensions["partnernet.doubt"] == state.BEHIND
    with again[0].app_context():
        account = db.session.scalars(select(Account)).one()
        make_entry(db.session(), account, title="Written afterwards")
        after = numbers(db.session(), own_node())
    assert all(before[key] == after[key] for key in before.keys() & after.keys())
    assert set(after) - set(before) and set(before) - set(after)


def test_what_was_erased_since_the_copy_does_not_come_up_again(
    app: Flask, session: Session, josie: Account, stopped: Stopped, again: list[Flask]
) -> None:
    entry = make_entry(session, josie, title="What was under the pier", body=CANARY)
    stopped.take_copy()
    model.erase(session, entry, by=actor_of(session, josie))
    commit(session)
    stop(app)
    stopped.put_copy_back()
    again.append(make_app(stopped.folder))
    with again[0].app_context():
        assert db.session.get_one(Entry, entry.id).redacted
        bodies = db.session.scalars(select(OpRow.body).where(OpRow.thing == entry.id))
        assert not [body for body in bodies if body and CANARY.encode() in body]


def test_a_copy_of_the_very_same_ops_is_another_one_once_the_server_has_run_again(
    app: Flask, session: Session, josie: Account, stopped: Stopped, again: list[Flask]
) -> None:
    note_state(app)
    stopped.take_copy()
    state.begin(session, stopped.folder, own_node())
    stop(app)
    stopped.put_copy_back()
    again.append(make_app(stopped.folder))
    assert again[0].extensions["partnernet.doubt"] == state.OTHER


def test_a_crash_between_the_two_halves_of_a_new_epoch_is_no_doubt(
    app: Flask, session: Session, josie: Account, monkeypatch: pytest.MonkeyPatch, again: list[Flask]
) -> None:
    note_state(app)
    folder, node = app.config["DATA"], own_node()

    def crash(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(state, "commit", crash)
    with pytest.raises(KeyboardInterrupt):
        state.begin(session, folder, node)
    session.rollback()
    monkeypatch.undo()
    again.append(make_app(folder))
    monkeypatch.setattr(state, "_noted", crash)
    with again[0].app_context(), pytest.raises(KeyboardInterrupt):
        state.begin(db.session(), folder, node)
    monkeypatch.undo()
    again.append(make_app(folder))
    assert [each.extensions["partnernet.doubt"] for each in again] == [None, None]


def test_a_state_that_was_deleted_is_made_anew_under_a_new_incarnation(
    app: Flask, session: Session, josie: Account, again: list[Flask]
) -> None:
    entry = make_entry(session, josie)
    model.erase(session, entry, by=actor_of(session, josie))
    commit(session)
    inc, folder = own_node().inc, app.config["DATA"]
    stop(app)
    (folder / STATE).unlink()
    (folder / erasures.FILE).unlink()
    again.append(make_app(folder))
    node = again[0].extensions["partnernet.node"]
    assert again[0].extensions["partnernet.doubt"] == state.LOST and node.inc != inc
    assert [op.kind for op in erasures.recorded(folder)] == ["redact"]
    assert state.must_ask_first(folder, node)
    state.has_asked(folder, node)
    assert not state.must_ask_first(folder, node)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"inc": 3}', b'{"marks": 7}', b'{"last": "x"}', b"\xff"])
def test_a_damaged_state_is_a_lost_one(
    app: Flask, session: Session, josie: Account, again: list[Flask], content: bytes
) -> None:
    stop(app)
    (app.config["DATA"] / STATE).write_bytes(content)
    again.append(make_app(app.config["DATA"]))
    assert again[0].extensions["partnernet.doubt"] == state.LOST


def test_a_folder_that_was_copied_takes_a_new_incarnation(
    app: Flask, session: Session, josie: Account, again: list[Flask], tmp_path: Path
) -> None:
    node = own_node()
    stop(app)
    os.rename(app.config["DATA"], tmp_path / "elsewhere")
    again.append(make_app(tmp_path / "elsewhere"))
    moved = again[0].extensions["partnernet.node"]
    assert again[0].extensions["partnernet.doubt"] == state.MOVED
    assert moved.inc != node.inc and moved.history == node.history


def test_a_state_from_before_there_were_epochs_is_taken_over(
    app: Flask, session: Session, josie: Account, again: list[Flask]
) -> None:
    inc, folder = own_node().inc, app.config["DATA"]
    write(session)
    session.execute(text("delete from cursor where consumer = :name"), {"name": state.EPOCH})
    commit(session)
    db.engine.dispose()
    (folder / STATE).write_text(f'{{"inc": "{inc}"}}')
    again.append(make_app(folder))
    assert again[0].extensions["partnernet.doubt"] is None
    known = read_state(folder, own_node().id)
    assert known is not None and known.inc == inc and known.marks["network"] >= 1


def test_a_database_exchanged_under_a_running_server_is_noticed(
    app: Flask, session: Session, josie: Account, stopped: Stopped
) -> None:
    stopped.take_copy()
    make_entry(session, josie)
    note_state(app)
    inc = own_node().inc
    db.session.rollback()
    db.engine.dispose()
    stopped.put_copy_back()
    note_state(app)
    assert own_node().inc != inc
    (told,) = unseen(session)
    assert "older copy" in told.what


def test_nothing_is_written_while_nothing_has_come(app: Flask, session: Session, josie: Account) -> None:
    note_state(app)
    before = state.version(app.config["DATA"])
    note_state(app)
    assert state.version(app.config["DATA"]) == before
    make_entry(session, josie)
    note_state(app)
    assert state.version(app.config["DATA"]) != before
    known = read_state(app.config["DATA"], own_node().id)
    assert known is not None and known.marks == {"network": 2}


def test_rotating_keeps_the_history_of_the_database(app: Flask, session: Session, josie: Account) -> None:
    before, folder = own_node(), app.config["DATA"]
    after = state.rotate(session, folder, before, "a peer holds more")
    assert after.inc != before.inc and after.history == before.history
    assert state.follow(folder, before) == after


def test_erasures_are_read_by_their_index(app: Flask, session: Session) -> None:
    plan = session.execute(text("explain query plan select id from op where n > 5 and " + str(erasures.ERASING)))
    assert "ix_op_erasing" in str(plan.all())


def test_a_server_that_was_killed_goes_on_under_a_new_incarnation(
    app: Flask, session: Session, josie: Account, stopped: Stopped, again: list[Flask]
) -> None:
    """An older copy of the same run is put in its place: what was written last had not been noted yet."""
    folder, node = stopped.folder, own_node()
    state.begin(session, folder, node)
    note_state(app)
    stopped.take_copy()
    make_entry(session, josie, title="Written at the very last")
    before = numbers(session, node)
    db.session.rollback()
    db.engine.dispose()
    stopped.put_copy_back()
    again.append(make_app(folder))
    assert again[0].extensions["partnernet.doubt"] is None and again[0].extensions["partnernet.node"].inc != node.inc
    with again[0].app_context():
        make_entry(db.session(), db.session.scalars(select(Account)).one(), title="Written afterwards")
        after = numbers(db.session(), node)
    assert all(before[key] == after[key] for key in before.keys() & after.keys())
    assert set(after) - set(before) and set(before) - set(after)


def test_one_that_ended_by_itself_or_runs_goes_on_as_before(
    app: Flask, session: Session, josie: Account, again: list[Flask]
) -> None:
    folder, node = app.config["DATA"], own_node()
    running = FileLock(folder / state.SERVING)
    assert running.acquire()
    state.begin(session, folder, node)
    again.append(make_app(folder))  # a command, beside the running server
    state.end(folder, node)
    running.release()
    stop(app)
    again.append(make_app(folder))
    assert {each.extensions["partnernet.node"].inc for each in again} == {node.inc}
    known = read_state(folder, node.id)
    assert known is not None and not known.served
