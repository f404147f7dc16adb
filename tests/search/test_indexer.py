"""The thread that indexes: it hears of commits, gives way, survives failures and stops."""

import errno
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from partnernet.core import db as database
from partnernet.core.consumers import last_position
from partnernet.core.lock import FileLock
from partnernet.search import indexer as indexers
from partnernet.search import upkeep
from partnernet.search.folder import LOCK, REBUILD, current_folder
from partnernet.search.indexer import Indexer, catch_up, rebuild_now, start
from tests.search.cast import discuss, index, titles, update

PATIENCE = 60_000
"""Milliseconds after which something that should happen is given up on."""


@pytest.fixture
def running(app: Flask) -> Iterator[Indexer]:
    indexer = start(app)
    yield indexer
    indexer.stop()


@pytest.mark.usefixtures("running")
def test_a_commit_is_found_without_anybody_asking(session: Session) -> None:
    discuss(session, "One heron")
    assert index().wait_for(last_position(session), PATIENCE)
    assert titles(session, "heron") == ["One heron"]


def test_waiting_for_what_nobody_indexes_ends(session: Session) -> None:
    discuss(session, "One heron")
    assert not index().wait_for(last_position(session), 30)


@pytest.mark.usefixtures("running")
def test_only_one_indexes_and_the_other_says_so(app: Flask, session: Session) -> None:
    discuss(session, "One heron")
    assert index().wait_for(last_position(session), PATIENCE)
    assert not catch_up(app)
    assert not rebuild_now(app)


@pytest.mark.usefixtures("running")
def test_a_rebuild_asked_for_elsewhere_is_made_by_the_one_that_runs(app: Flask, session: Session) -> None:
    discuss(session, "One heron")
    assert index().wait_for(last_position(session), PATIENCE)
    before = current_folder(index().folder)
    assert not rebuild_now(app)
    discuss(session, "Two herons")
    _until(lambda: current_folder(index().folder) != before and not (index().folder / REBUILD).exists())
    assert index().wait_for(last_position(session), PATIENCE)
    assert sorted(titles(session, "heron")) == ["One heron", "Two herons"]


def test_another_takes_over_when_the_first_is_gone(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexers, "POLL", 0.01)
    index().folder.mkdir(parents=True, exist_ok=True)
    first = FileLock(index().folder / LOCK)
    assert first.acquire()
    second = start(app)
    discuss(session, "One heron")
    assert not index().wait_for(last_position(session), 50)
    first.release()
    assert index().wait_for(last_position(session), PATIENCE)
    second.stop()


@pytest.mark.parametrize(
    ("failure", "words"),
    [(OSError(errno.ENOSPC, "No space left on device"), "disk is full"), (RuntimeError("a bug"), "indexing failed")],
)
def test_a_failure_is_noted_and_tried_again(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    failure: Exception, words: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(indexers, "BACK_OFF", (0.01,))
    failures = [failure, failure]

    def failing(*args: object, **kwargs: object) -> int:
        if failures:
            raise failures.pop()
        return upkeep.advance(*args, **kwargs)  # type: ignore[arg-type] # handed through

    monkeypatch.setattr(indexers, "advance", failing)
    discuss(session, "One heron")
    indexer = start(app)
    _until(lambda: not failures)
    assert index().wait_for(last_position(session), PATIENCE)
    indexer.stop()
    assert words in caplog.text


def test_stopping_ends_the_thread_and_frees_the_lock(app: Flask) -> None:
    indexer = start(app)
    indexer.stop()
    assert indexer.wake not in database.AFTER_COMMIT
    assert "indexer" not in {thread.name for thread in threading.enumerate()}
    assert catch_up(app)


def test_searches_go_on_while_another_thread_indexes(app: Flask, session: Session) -> None:
    discuss(session, "Heron 0")
    update()
    failures: list[BaseException] = []
    done = threading.Event()

    def look() -> None:
        with app.app_context():
            try:
                while not done.is_set():
                    assert "Heron 0" in titles(database.db.session(), "heron", limit=100)
                    database.db.session().rollback()
            except BaseException as error:
                failures.append(error)

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for n in range(1, 16):
        discuss(session, f"Heron {n}")
        update()
    done.set()
    for reader in readers:
        reader.join()
    assert not failures
    assert len(titles(session, "heron", limit=20)) == 16


def _until(holds: object) -> None:
    """Wait for a condition; whatever it waits for is another thread's next round."""
    turn = threading.Event()
    for _ in range(PATIENCE // 10):
        if holds():  # type: ignore[operator] # a condition to call
            return
        turn.wait(0.01)
    raise AssertionError("it never happened")
