"""The one indexer: a thread that keeps the index up with the database, in whichever process holds the lock.

A commit in this process wakes it; a look every two seconds finds what other processes wrote.
"""

import contextlib
import errno
import logging
import threading
import time
from collections.abc import Iterator

from flask import Flask

from partnernet.core import db as database
from partnernet.core.consumers import last_position
from partnernet.core.db import db
from partnernet.core.errors import StorageFull
from partnernet.core.lock import FileLock
from partnernet.core.memory import give_back
from partnernet.search import folder as folders
from partnernet.search.folder import LOCK
from partnernet.search.generation import Generation
from partnernet.search.index import Index
from partnernet.search.state import Damaged
from partnernet.search.upkeep import (
    Progress,
    Stopped,
    advance,
    is_usable,
    open_generation,
    purge_if_due,
    rebuild,
    silent,
    tidy,
)

POLL = 2.0
"""Seconds between two looks for what other processes wrote."""

QUIET = 5.0
"""Seconds without a change after which segments are merged."""

BACK_OFF = (1.0, 5.0, 20.0, 60.0)
"""Seconds to wait after the first failure in a row, the second and so on."""

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}
NO_ROOM = (
    "What came in is kept, but the disk is full and it is not in the search index yet: make room, then run "
    "“partnernet index rebuild”."
)

log = logging.getLogger(__name__)


def index_of(app: Flask) -> Index:
    """The index of a node."""
    index: Index = app.extensions["partnernet.search"]
    return index


def start(app: Flask) -> "Indexer":
    """Begin to keep the index of a node up; call `stop` on what comes back."""
    indexer = Indexer(app)
    indexer.start()
    return indexer


def catch_up(app: Flask, progress: Progress = silent) -> bool:
    """Bring the index up to date here and now; False where another process is the indexer. Raises StorageFull."""
    with _said_if_full(NO_ROOM), _holding_lock(app) as lock:
        if lock.is_held:
            index = index_of(app)
            with app.app_context():
                session = db.session()
                generation = open_generation(session, index.folder, index.node, progress)
                advance(session, generation, progress)
                purge_if_due(generation)
            index.moved()
        return lock.is_held


def rebuild_now(app: Flask, progress: Progress = silent) -> bool:
    """Make the index anew; where another process is the indexer, ask it to, and say False. Raises StorageFull."""
    index = index_of(app)
    with _said_if_full("There is no room for a new index: make some, and ask again."), _holding_lock(app) as lock:
        if not lock.is_held:
            index.ask_for_rebuild()
            return False
        with app.app_context():
            generation = rebuild(db.session(), index.folder, index.node, progress)
            advance(db.session(), generation)
        index.moved()
        return True


class Indexer:
    """A thread that indexes as long as it holds the lock, and waits for the lock as long as not."""

    def __init__(self, app: Flask) -> None:
        self._app, self._index = app, index_of(app)
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="indexer", daemon=True)
        self._failures = 0

    def start(self) -> None:
        """Begin."""
        database.AFTER_COMMIT.append(self.wake)
        self._thread.start()

    def wake(self) -> None:
        """There may be something new."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the commit at hand, let the lock go and end."""
        with contextlib.suppress(ValueError):
            database.AFTER_COMMIT.remove(self.wake)
        self._stop.set()
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._look()
                with _holding_lock(self._app) as lock:
                    if lock.is_held:
                        self._work(lock)
                self._pause(POLL)
            except Stopped:
                log.info("The index is made anew when the server runs again.")
            except Exception as error:
                self._note(error)
                self._pause(BACK_OFF[min(self._failures, len(BACK_OFF)) - 1])

    def _work(self, lock: FileLock) -> None:
        """Index whatever comes, for as long as the lock is ours."""
        generation: Generation | None = None
        written, is_tidy = time.monotonic(), False
        while not self._stop.is_set() and lock.is_in_place:
            with self._app.app_context():
                session = db.session()
                if generation is None or not is_usable(self._index.folder, generation):
                    generation = open_generation(
                        session, self._index.folder, self._index.node, stopping=self._stop.is_set
                    )
                    is_tidy = False
                    give_back()  # it may have been made anew
                if advance(session, generation, stopping=self._stop.is_set):
                    written, is_tidy = time.monotonic(), False
                self._index.moved()
                purge_if_due(generation)
            self._failures = 0
            if not is_tidy and time.monotonic() - written >= QUIET and not self._wake.is_set():
                is_tidy = not tidy(generation, self._wake.is_set)
                give_back()
            else:
                self._pause(POLL)

    def _look(self) -> None:
        """Notice what waits, so that this process can tell since when."""
        with self._app.app_context():
            self._index.waiting(last_position(db.session()))
            db.session().rollback()

    def _pause(self, seconds: float) -> None:
        self._wake.wait(seconds)
        self._wake.clear()

    def _note(self, error: Exception) -> None:
        self._failures += 1
        number = error.errno if isinstance(error, OSError) else None
        if isinstance(error, StorageFull) or number in FULL:
            log.error("The disk is full: search goes on with what is indexed, and indexing waits for room.")
        elif number in CLOSED:
            log.error("The index at %s cannot be written: search goes on with what is indexed.", self._index.folder)
        elif isinstance(error, Damaged):
            log.warning("%s It is looked at again.", error)
        else:
            log.exception("indexing failed; it is tried again in a moment")


@contextlib.contextmanager
def _said_if_full(sentence: str) -> Iterator[None]:
    """Turn "no room left" into StorageFull."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise StorageFull(sentence) from error


@contextlib.contextmanager
def _holding_lock(app: Flask) -> Iterator[FileLock]:
    """The lock, held where no other process holds it."""
    folder = index_of(app).folder
    folders.prepare(folder)
    lock = FileLock(folder / LOCK)
    lock.acquire()
    try:
        yield lock
    finally:
        lock.release()
