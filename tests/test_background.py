"""The thread behind the pages: it stores notes, lets consumers catch up, tries again, and ends cleanly."""

import logging
import threading
from collections.abc import Iterator, Sequence

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from partnernet.background import LOCK, Background
from partnernet.core.consumers import CONSUMERS, Consumer, last_position, position
from partnernet.core.db import AFTER_COMMIT, db
from partnernet.core.ledger.state import rotate
from partnernet.core.ledger.tables import Touched
from partnernet.core.lock import FileLock
from partnernet.network.model import setting, settle
from tests.web.visitors import sign_up

PATIENCE = 30
"""Seconds after which a condition that never comes fails a test, far above what it takes."""


class Listener:
    """A consumer that keeps what it hears, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.heard: list[int] = []
        self.failures = failures
        self.up_to = 0
        self.done = threading.Event()

    def consume(self, session: Session, batch: Sequence[Touched]) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the listener's line is down")
        self.heard += [row.position for row in batch]
        if self.heard[-1] >= self.up_to:
            self.done.set()


@pytest.fixture
def background(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Background]:
    """The thread of the node, which looks for work without a pause."""
    monkeypatch.setattr("partnernet.background.POLL_SECONDS", 0.01)
    behind = Background(app)
    yield behind
    behind.stop()


def listen(monkeypatch: pytest.MonkeyPatch, app: Flask, failures: int = 0, name: str = "listener") -> Listener:
    listener = Listener(failures)
    with app.app_context():
        listener.up_to = last_position(db.session())
    monkeypatch.setitem(CONSUMERS, name, Consumer(name, listener.consume))
    return listener


def cursor(name: str) -> int:
    db.session.rollback()
    return position(db.session(), name)


def test_a_consumer_catches_up_with_what_was_written_before(
    app: Flask, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partnernet.background.POLL_SECONDS", 3_600)
    sign_up(app, "Josie Marsh")
    listener = listen(monkeypatch, app)
    background.start()
    assert listener.done.wait(PATIENCE)
    background.stop()
    assert listener.heard == list(range(1, listener.up_to + 1))
    assert cursor("listener") == listener.up_to


def test_a_consumer_hears_of_each_commit(app: Flask, background: Background, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnernet.background.POLL_SECONDS", 3_600)
    listener = listen(monkeypatch, app)
    listener.up_to = 1
    background.start()
    sign_up(app, "Josie Marsh")
    assert listener.done.wait(PATIENCE)


def test_a_consumer_that_fails_is_tried_again_and_holds_up_nobody(
    app: Flask, background: Background, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sign_up(app, "Josie Marsh")
    shaky, steady = listen(monkeypatch, app, 3, "shaky"), listen(monkeypatch, app, 0, "steady")
    with caplog.at_level(logging.ERROR):
        background.start()
        assert steady.done.wait(PATIENCE) and shaky.done.wait(PATIENCE)
        background.stop()
    assert shaky.heard == steady.heard
    assert len([record for record in caplog.records if "shaky failed" in record.message]) == 3
    assert cursor("shaky") == shaky.up_to


def test_notes_are_stored_when_the_thread_ends(app: Flask, background: Background) -> None:
    def store(session: Session, notes: dict[str, str]) -> None:
        for name, value in notes.items():
            settle(session, name, value)

    background.start()
    app.extensions["partnernet.batch"].note(store, "kettle", "on")
    background.stop()
    db.session.rollback()
    assert setting(db.session(), "kettle") == "on"


def test_it_lets_go_of_everything_when_it_ends(app: Flask, background: Background) -> None:
    before = list(AFTER_COMMIT)
    background.start()
    background.stop()
    background.stop()
    assert before == AFTER_COMMIT
    assert not [thread for thread in threading.enumerate() if thread.name == "background"]
    lock = FileLock(app.config["DATA"] / "background.lock")
    assert lock.acquire()
    lock.release()


def test_consumers_run_in_one_process_alone(
    app: Flask, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_up(app, "Josie Marsh")
    elsewhere = FileLock(app.config["DATA"] / "background.lock")
    assert elsewhere.acquire()
    listener = listen(monkeypatch, app)
    flushed = threading.Event()
    background.start()
    for _ in range(2):  # two whole rounds go by
        app.extensions["partnernet.batch"].note(lambda session, notes: flushed.set(), "x", 1)
        assert flushed.wait(PATIENCE)
        flushed.clear()
    assert listener.heard == []
    elsewhere.release()
    assert listener.done.wait(PATIENCE)


def test_another_process_goes_on_as_the_state_says(
    app: Flask, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, before = app.config["DATA"], app.extensions["partnernet.node"]
    other = FileLock(folder / LOCK)
    assert other.acquire()
    background.start()
    try:
        with app.app_context():
            after = rotate(db.session(), folder, before, "others hold more of it")
        for _ in range(PATIENCE * 100):
            if app.extensions["partnernet.node"] == after:
                break
            threading.Event().wait(0.01)
        assert app.extensions["partnernet.node"] == after and after.inc != before.inc
    finally:
        other.release()
