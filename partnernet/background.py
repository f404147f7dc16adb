"""What goes on behind the pages: consumers that catch up, the batch writer, and housekeeping.

Every process flushes its own batch. One process, which holds the lock, runs the consumers.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from flask import Flask
from sqlalchemy.orm import Session

from partnernet.core.consumers import CONSUMERS, drain, drain_all
from partnernet.core.db import AFTER_COMMIT, commit, db, optimise
from partnernet.core.ledger import state
from partnernet.core.ledger.node import Node
from partnernet.core.lock import FileLock

POLL_SECONDS = 2.0
FIRST_CHORES_SECONDS = 60.0
CHORES_SECONDS = 3_600.0
ROUNDS_SECONDS = 10.0
LOCK = state.SERVING

log = logging.getLogger(__name__)


def catch_up(app: Flask, *, index: bool = True) -> None:
    """Let every consumer, the readers of files and the index catch up, unless a running server is about to."""
    lock = FileLock(app.config["DATA"] / LOCK)
    if not lock.acquire():
        return
    try:
        with app.app_context():
            drain_all(db.session())
            if index:
                from partnernet.search.reading import read_waiting

                if read_waiting(db.session(), app.extensions["partnernet.files"]):
                    drain_all(db.session())
            optimise(db.session())
    finally:
        lock.release()
    if index and "partnernet.search" in app.extensions:
        from partnernet.search import indexer

        indexer.catch_up(app)
        with app.app_context():
            for each in app.extensions["partnernet.rounds"]:
                each(db.session())


def note_state(app: Flask) -> None:
    """Let the node remember, outside its database, what has come since; and go on as it says."""
    node = app.extensions["partnernet.node"]
    _go_on_as(app, state.note(db.session(), app.config["DATA"], node))


def _go_on_as(app: Flask, node: Node) -> None:
    before = app.extensions["partnernet.node"]
    if node == before:
        return
    app.extensions["partnernet.node"] = node
    log.warning("This server goes on under another incarnation.")
    if node.history != before.history:
        from partnernet.backups.alarms import raise_exchanged

        raise_exchanged(db.session(), state.BEHIND)


def do_chore(chore: Callable[[Session], None]) -> None:
    """Do one chore and make it last."""
    chore(db.session())
    commit()


class Background:
    """The thread behind the pages of one process."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.lock = FileLock(app.config["DATA"] / LOCK)
        self._next_chores = time.monotonic() + FIRST_CHORES_SECONDS
        self._next_rounds = time.monotonic()
        self._state_version: state.Version | None = None
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="background", daemon=True)

    def start(self) -> None:
        """Begin, and listen for commits."""
        AFTER_COMMIT.append(self._wake.set)
        self._wake.set()  # what was left over from the last time is not kept waiting
        self._thread.start()

    def stop(self) -> None:
        """Store what waits, and end."""
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout=10)
        with suppress(ValueError):
            AFTER_COMMIT.remove(self._wake.set)
        self.lock.release()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(POLL_SECONDS)
            self._wake.clear()
            with self.app.app_context():
                self._once()
        with self.app.app_context():
            self._guarded("batch writer", self._flush)
            if self.lock.is_held:
                self._guarded("state", self._end)

    def _once(self) -> None:
        self._guarded("batch writer", self._flush)
        if not self.lock.is_held and self.lock.acquire():
            self._guarded("state", self._begin)
        if not self.lock.is_held:
            self._follow()
            return
        self._guarded("state", partial(note_state, self.app))
        for consumer in CONSUMERS.values():
            self._guarded(consumer.name, partial(drain, db.session(), consumer))
        if time.monotonic() >= self._next_rounds:
            self._next_rounds = time.monotonic() + ROUNDS_SECONDS
            for each in self.app.extensions["partnernet.rounds"]:
                self._guarded(each.__name__, partial(each, db.session()))
        if time.monotonic() >= self._next_chores:
            self._next_chores = time.monotonic() + CHORES_SECONDS
            for chore in self.app.extensions["partnernet.chores"]:
                self._guarded(chore.__name__, partial(do_chore, chore))

    def _begin(self) -> None:
        state.begin(db.session(), self.app.config["DATA"], self.app.extensions["partnernet.node"])

    def _end(self) -> None:
        note_state(self.app)
        state.end(self.app.config["DATA"], self.app.extensions["partnernet.node"])

    def _follow(self) -> None:
        """Go on as another process, which looks after the state, has settled it."""
        folder, node = self.app.config["DATA"], self.app.extensions["partnernet.node"]
        if (present := state.version(folder)) != self._state_version:
            self._state_version = present
            _go_on_as(self.app, state.follow(folder, node))

    def _guarded(self, name: str, work: Callable[[], object]) -> None:
        """Run one piece of work; what fails is noted and tried again at the next round."""
        try:
            work()
        except Exception:
            log.exception("%s failed; it will try again", name)
            db.session.rollback()

    def _flush(self) -> None:
        self.app.extensions["partnernet.batch"].flush(db.session())
