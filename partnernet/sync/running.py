"""Running exchanges: one at a time with each server, behind the pages, in a thread of their own."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from flask import Flask, current_app
from sqlalchemy.orm import Session

from partnernet.core.db import AFTER_COMMIT, db
from partnernet.core.errors import Conflict, Refused
from partnernet.core.lock import FileLock
from partnernet.core.words import _
from partnernet.sync import schedule
from partnernet.sync.connection import Patience
from partnernet.sync.exchange import Report, exchange
from partnernet.sync.protocol import PAGE_OPS

POLL = 5.0
LEAST_PAUSE = 0.5
SMALLEST_PAGE = 50

log = logging.getLogger(__name__)


def run(session: Session, key: str, *, patience: Patience | None = None) -> Report:
    """Exchange with a server now, and note what came of it. Raises Refused, which is noted as well.

    Where it failed before, pages are smaller: a bad line carries a little at least.
    """
    lock = FileLock(current_app.config["DATA"] / "sync" / f"{key}.lock")
    if not lock.acquire():
        raise Conflict(_("An exchange with this server is going on already."))
    try:
        failures = schedule.begin(session, key)
        most = max(PAGE_OPS >> min(2 * failures, 12), SMALLEST_PAGE)
        try:
            report = exchange(session, key, patience=patience, most=most)
        except Refused as error:
            session.rollback()
            schedule.fail(session, key, error.sentence)
            raise
        except Exception:
            session.rollback()
            schedule.fail(session, key, _("Something went wrong on this server; it has been noted."))
            raise
        schedule.succeed(session, key, report)
        return report
    finally:
        lock.release()


class Exchanging:
    """A thread that exchanges with servers whose time has come, as long as this process is the one to do so."""

    def __init__(self, app: Flask, is_ours: Callable[[], bool]) -> None:
        self._app, self._is_ours = app, is_ours
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="exchanging", daemon=True)

    def start(self) -> None:
        """Begin, and listen for commits: one of them may have asked for an exchange."""
        AFTER_COMMIT.append(self._wake.set)
        self._thread.start()

    def stop(self) -> None:
        """End; an exchange that goes on is left to break off, which costs a page."""
        with suppress(ValueError):
            AFTER_COMMIT.remove(self._wake.set)
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout=3)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(POLL)
            self._wake.clear()
            if self._is_ours():
                with self._app.app_context():
                    self._once()
            self._stop.wait(LEAST_PAUSE)

    def _once(self) -> None:
        try:
            keys = schedule.due(db.session())
            db.session.rollback()
        except Exception:
            log.exception("looking for exchanges that are due failed; it will try again")
            return
        for key in keys:
            if self._stop.is_set():
                return
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
