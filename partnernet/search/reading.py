"""Reading the files that wait: one at a time, each by a process of its own, behind everything else.

What was read is stored with a note in `touched` for every entity that names the file, so that the index, which
reads those, takes the entity in again, and pages that were fetched before are made anew. A file that is not here
yet waits until it is.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from flask import Flask
from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from partnernet.core.db import AFTER_COMMIT, chunks, commit, db, table_of, upsert, write
from partnernet.core.entry import Attachment
from partnernet.core.file_text import ABSENT, WAITING, FileReading, FileText
from partnernet.core.files import Files
from partnernet.core.languages import guess
from partnernet.core.ledger.project import touch
from partnernet.extract import VERSION
from partnernet.extract.process import Extract, end_running, extract

POLL = 2.0
"""Seconds between two looks for what other processes noted."""
LOOK_AGAIN = 20.0
"""Seconds between two looks for files that were not here."""
GUESSED_FROM = 3
"""Pieces of a text by which its language is guessed."""
BACK_OFF = 60.0
"""Seconds to wait where reading itself has failed."""

log = logging.getLogger(__name__)


def read_waiting(
    session: Session, files: Files, stopping: Callable[[], bool] = bool, *, with_absent: bool = True
) -> int:
    """Read every file that waits and is here; how many were read. `with_absent` looks for what was missing, too."""
    statuses = (WAITING, ABSENT) if with_absent else (WAITING,)
    wanted = select(FileReading.sha256, FileReading.ending)
    wanted = wanted.where(or_(FileReading.status.in_(statuses), FileReading.version != VERSION))
    waiting = session.execute(wanted.order_by(FileReading.sha256)).all()
    read, absent = 0, []
    session.rollback()  # nothing is held open while a file is read
    for sha256, ending in waiting:
        if not files.has(sha256):
            absent.append(sha256)
            continue
        with suppress(FileNotFoundError):  # it may be swept just now
            found = extract(files.path(sha256), ending)
            if stopping():
                break
            store(session, sha256, found)
            read += 1
    _note_absent(session, absent)
    return read


def store(session: Session, sha256: str, found: Extract) -> None:
    """Keep what was read of a file, unless nothing names it any more."""
    write(session)
    entities = session.scalars(select(Attachment.entry).where(Attachment.sha256 == sha256).distinct()).all()
    reading = session.get(FileReading, sha256, populate_existing=True)
    if not entities or reading is None:
        session.rollback()
        return
    session.execute(delete(FileText).where(FileText.sha256 == sha256))
    if found.pieces:
        rows = [
            {"sha256": sha256, "n": n, "page": piece.page, "label": piece.label, "text": piece.text}
            for n, piece in enumerate(found.pieces)
        ]
        session.execute(insert(table_of(FileText)), rows)
    row = {
        "sha256": sha256, "ending": reading.ending, "status": found.status, "reason": found.reason,
        "unit": found.unit, "pieces": len(found.pieces), "characters": sum(len(piece.text) for piece in found.pieces),
        "lang": guess(" ".join(piece.text for piece in found.pieces[:GUESSED_FROM])), "version": VERSION,
    }  # fmt: skip
    upsert(session, FileReading.__table__, [row])
    touch(session, entities)
    commit(session)


def _note_absent(session: Session, hashes: Sequence[str]) -> None:
    """Remember which files are not here, so that they are looked for less often."""
    for some in chunks(hashes):
        is_new = and_(FileReading.sha256.in_(some), FileReading.status == WAITING)
        if session.scalars(select(FileReading.sha256).where(is_new).limit(1)).first() is not None:
            write(session)
            session.execute(update(FileReading).where(is_new).values(status=ABSENT))
            commit(session)
    session.rollback()


class Reading:
    """A thread that reads the files that wait, for as long as this process is the one to do so."""

    def __init__(self, app: Flask, is_ours: Callable[[], bool]) -> None:
        self._app, self._is_ours = app, is_ours
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="reading", daemon=True)

    def start(self) -> None:
        """Begin, and listen for commits."""
        AFTER_COMMIT.append(self._wake.set)
        self._thread.start()

    def stop(self) -> None:
        """End, with whatever is being read: it is read again the next time."""
        with suppress(ValueError):
            AFTER_COMMIT.remove(self._wake.set)
        self._stop.set()
        self._wake.set()
        end_running()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        files: Files = self._app.extensions["partnernet.files"]
        looked = float("-inf")
        while not self._stop.is_set():
            pause = POLL
            try:
                if self._is_ours():
                    with_absent = time.monotonic() - looked >= LOOK_AGAIN
                    looked = time.monotonic() if with_absent else looked
                    with self._app.app_context():
                        read_waiting(db.session(), files, self._stop.is_set, with_absent=with_absent)
            except Exception:
                log.exception("reading files failed; it will try again")
                pause = BACK_OFF
            self._wake.wait(pause)
            self._wake.clear()
