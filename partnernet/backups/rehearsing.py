"""Rehearsing: a backup is restored into a folder that nobody uses, and held against the signed record.

A backup that was never restored is a hope. What was found is told in sentences.
"""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import func, select

from partnernet.backups import reading
from partnernet.backups.form import Manifest
from partnernet.backups.opening import opened
from partnernet.backups.record import Rehearsal
from partnernet.core.db import db
from partnernet.core.dump import POSTGRES, scratch_database
from partnernet.core.errors import Refused
from partnernet.core.ledger.tables import OpRow
from partnernet.core.ledger.verify import verify
from partnernet.core.time import now_ms
from partnernet.maintenance import files_wrong

SCRATCH = "rehearsal-"
LISTED = 20
"""Sentences that are kept of what was found."""

Progress = Callable[[int], None]
"""Told how many bytes more are done."""


def rehearse(path: Path, beside: Path, url: str, progress: Progress = lambda size: None) -> Rehearsal:
    """Restore a backup into a scratch folder inside `beside`, and say what is wrong with it.

    `url` is the database of this node: on the same server a scratch database is made for one of PostgreSQL.
    """
    began, made = time.monotonic(), 0
    with TemporaryDirectory(prefix=SCRATCH, dir=beside) as name:
        folder = Path(name)
        try:
            manifest = reading.lay_out(path, folder, progress)
            made = manifest.created
            if manifest.database["kind"] == POSTGRES:
                with scratch_database(url) as scratch, opened(folder, manifest, scratch) as app:
                    wrong = _wrong(app, manifest)
            else:
                with opened(folder, manifest) as app:
                    wrong = _wrong(app, manifest)
        except Refused as error:
            wrong = [error.sentence]
    return Rehearsal(now_ms(), str(path), made, round(time.monotonic() - began), wrong[:LISTED])


def _wrong(app: Flask, manifest: Manifest) -> list[str]:
    session = db.session()
    wrong = []
    ops = session.execute(select(func.count()).select_from(OpRow)).scalar_one()
    if ops != manifest.database["ops"]:
        wrong.append(f"The backup says that it holds {manifest.database['ops']} statements, and there are {ops}.")
    if app.extensions["partnernet.node"].id != manifest.node:
        wrong.append("The key in the backup is not that of the server that made it.")
    session.rollback()
    return wrong + verify(session, app.extensions["partnernet.node"].id) + files_wrong()
