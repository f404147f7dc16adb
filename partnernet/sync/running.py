"""Running exchanges: one at a time with each server, behind the pages, in a thread of their own."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from flask import Flask, current_app
from sqlalchemy.orm import Session

from partnernet.core.db import AFTER_COMMIT, db, is_full, told_at_the_end
from partnernet.core.errors import Conflict, Refused, StorageFull
from partnernet.core.ledger import state
from partnernet.core.lock import FileLock
from partnernet.core.words import _
from partnernet.exchange.incoming.refusals import note_no_exchange
from partnernet.sync import schedule
from partnernet.sync.connection import Patience
from partnernet.sync.exchange import exchange
from partnernet.sync.protocol import PAGE_OPS
from partnernet.sync.report import Report
from partnernet.web.here import this_node

POLL = 5.0
LEAST_PAUSE = 0.05
AT_ONCE = 4
"""Exchanges that go on beside each other."""
SMALLEST_PAGE = 50

log = logging.getLogger(__name__)


def run(session: Session, key: str, *, patience: Patience | None = None) -> Report:
    """Exchange with a server now, and note what came of it. Raises Refused, which is noted as well.

    Where it failed before, pages are smaller: a bad line carries a little at least.
    """
    lock = _lock(key)
    if not lock.acquire():
        raise Conflict(_("An exchange with this server is going on already."))
    try:
        failures = schedule.begin(session, key)
        most = max(PAGE_OPS >> min(2 * failures, 12), SMALLEST_PAGE)
        with told_at_the_end(session):
            return _noted(session, key, patience, most)
    finally:
        lock.release()


def pick_up(session: Session) -> None:
    """Have what broke off when a process was stopped go on soon: nobody holds the lock of such an exchange."""
    for key in schedule.unfinished(session):
        lock = _lock(key)
        if lock.acquire():
            try:
                schedule.break_off(session, key)
            finally:
                lock.release()


def _lock(key: str) -> FileLock:
    return FileLock(current_app.config["DATA"] / "sync" / f"{key}.lock")


def _noted(session: Session, key: str, patience: Patience | None, most: int) -> Report:
    try:
        report = exchange(session, key, patience=patience, most=most)
    except Refused as error:
        session.rollback()
        schedule.fail(session, key, error.sentence)
        note_no_exchange(session, key, error.sentence)
        raise
    except Exception as error:
        session.rollback()
        if is_full(error):
            full = StorageFull(_("The disk of this server is full: reading goes on, but nothing can be saved now."))
            schedule.fail(session, key, full.sentence)
            raise full from error
        schedule.fail(session, key, _("Something went wrong on this server; it has been noted."))
        raise
    schedule.succeed(session, key, report)
    state.has_asked(current_app.config["DATA"], this_node())
    return report


class Exchanging:
    """A thread that looks for servers whose time has come, as long as this process is the one to do so.

    Each exchange has a thread of its own, a few at once, so that a slow server keeps no other one waiting.
    """

    def __init__(self, app: Flask, is_ours: Callable[[], bool]) -> None:
        self._app, self._is_ours = app, is_ours
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="exchanging", daemon=True)
        self._going_on: dict[str, threading.Thread] = {}

    def start(self) -> None:
        """Begin, and listen for commits: one of them may have asked for an exchange."""
        AFTER_COMMIT.append(self._wake.set)
        self._wake.set()  # what was due while nothing ran is not kept waiting
        self._thread.start()

    def stop(self) -> None:
        """End; an exchange that goes on is left to break off, which costs a page."""
        with suppress(ValueError):
            AFTER_COMMIT.remove(self._wake.set)
        self._stop.set()
        self._wake.set()
        for thread in (self._thread, *self._going_on.values()):
            thread.join(timeout=3)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(POLL)
            self._wake.clear()
            if self._is_ours():
                with self._app.app_context():
                    self._begin_due()
            self._stop.wait(LEAST_PAUSE)

    def _begin_due(self) -> None:
        try:
            pick_up(db.session())
            keys = schedule.due(db.session())
            db.session.rollback()
        except StorageFull as error:
            log.warning("%s", error.sentence)
            return
        except Exception:
            log.exception("looking for exchanges that are due failed; it will try again")
            return
        self._going_on = {key: thread for key, thread in self._going_on.items() if thread.is_alive()}
        for key in [key for key in keys if key not in self._going_on][: AT_ONCE - len(self._going_on)]:
            thread = threading.Thread(target=self._exchange, args=(key,), name="exchange", daemon=True)
            self._going_on[key] = thread
            thread.start()

    def _exchange(self, key: str) -> None:
        with self._app.app_context():
            started = time.monotonic()
            try:
                report = run(db.session(), key)
                log.info("exchanged with %s: %d came, %d went, %.1f s", key[:16], report.came, report.went,
                         time.monotonic() - started)  # fmt: skip
            except Refused as error:
                log.info("no exchange with %s: %s", key[:16], error.sentence)
            except Exception:
                log.exception("the exchange with %s failed; it will try again", key[:16])
            finally:
                db.session.rollback()
