"""Restoring a node from a backup: wholly, or not at all, and nothing that was erased comes up again.

All of it is laid out and made ready in a folder inside the data folder: brought up to date, under a new
incarnation, told what was erased since, written anew. Only then it takes the place of what was there.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import make_url

from partnernet.background import LOCK, do_chore
from partnernet.backups import form, reading
from partnernet.backups.form import Manifest
from partnernet.backups.opening import SQLITE_FILE, WHERE, opened
from partnernet.core import dump, swap
from partnernet.core.consumers import drain_all
from partnernet.core.db import commit, db
from partnernet.core.dump import POSTGRES, SQLITE
from partnernet.core.engine import open_engine
from partnernet.core.errors import Refused
from partnernet.core.files import ORPHAN_AGE
from partnernet.core.ledger import erasures, state
from partnernet.core.ledger.compaction import compact_after_erasure
from partnernet.core.ledger.node import STATE, read_state, write_durably
from partnernet.core.lock import FileLock
from partnernet.exchange.upkeep import referenced
from partnernet.people.upkeep import sign_everybody_out

ASIDE = "before-restore-"

Progress = Callable[[int], None]
"""Told how many bytes more are done."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back."""

    manifest: Manifest
    settings: Mapping[str, Any]
    """The settings that its server had, made outside the database."""
    aside: Path | None
    """Where what was here before lies now."""
    must_ask: bool
    """Whether nothing here knew what was erased since the backup was made."""


def restore(
    path: Path, config: Mapping[str, Any], *, force: bool = False, progress: Progress = lambda size: None
) -> Restored:  # fmt: skip
    """Put a backup in the place of what the data folder holds; raises Refused, and then all is as it was."""
    data: Path = config["DATA"]
    with _stopped(data), swap.replacing(data) as replacement:
        part = replacement.part
        if not force:
            _check_empty(data)
        manifest = reading.lay_out(path, part, progress)
        url = _url(config, manifest)
        if not force:
            _check_own(data, manifest)
        settings = _settings(part)
        if (known := data / erasures.FILE).is_file():
            shutil.copyfile(known, part / erasures.FILE)
        with _database_begun(data, url), opened(part, manifest, url) as app:
            must_ask = _make_ready(app)
        _clear(part)
        aside = replacement.decide(f"{ASIDE}{datetime.now(UTC):%Y-%m-%dT%H%M%S}")
    _give_back(data)
    return Restored(manifest, settings, aside, must_ask)


def _make_ready(app: Flask) -> bool:
    """Let go of what was erased, of who was signed in, and of what only the old place knew; whether to ask others."""
    session, files = db.session(), app.extensions["partnernet.files"]
    sign_everybody_out(session)
    commit(session)
    drain_all(session)
    for chore in app.extensions["partnernet.chores"]:
        if chore is not compact_after_erasure:
            do_chore(chore)
    files.sweep(referenced(session), time.time() + 2 * ORPHAN_AGE)
    session.rollback()
    do_chore(compact_after_erasure)
    node, folder = app.extensions["partnernet.node"], app.config["DATA"]
    state.note(session, folder, node)
    state.forget_place(folder, node)
    return state.must_ask_first(folder, node)


@contextmanager
def _stopped(data: Path) -> Iterator[None]:
    """Hold what a running server holds."""
    lock = FileLock(data / LOCK)
    if not lock.acquire():
        raise Refused(f"A server is running in {data}: stop it first.")
    try:
        yield
    finally:
        lock.release()


def _url(config: Mapping[str, Any], manifest: Manifest) -> str | None:
    """The address of the database on a server that it goes to; None for a file in the data folder."""
    url, kind = make_url(config["SQLALCHEMY_DATABASE_URI"]), manifest.database["kind"]
    is_file = url.get_backend_name() == "sqlite"
    if kind == SQLITE and (not is_file or Path(url.database or "") != config["DATA"] / SQLITE_FILE):
        raise Refused(
            "This backup is of an SQLite database in the data folder: leave PARTNERNET_DATABASE_URL out to restore it."
        )
    if kind == POSTGRES and is_file:
        raise Refused(WHERE)
    return None if is_file else str(config["SQLALCHEMY_DATABASE_URI"])


def _check_empty(data: Path) -> None:
    """Raise Refused where a folder holds what would have to be put aside."""
    for found in (data / SQLITE_FILE, next((data / "files").glob("??/*"), None)):
        if found is not None and found.exists():
            raise Refused(_HOLDS.format(data, found.relative_to(data).parts[0]))


def _check_own(data: Path, manifest: Manifest) -> None:
    """Raise Refused where what is left in a folder is another server's."""
    if (data / STATE).exists() and read_state(data, manifest.node) is None:
        raise Refused(_HOLDS.format(data, "the state of another server"))


_HOLDS = (
    "{} holds a server already ({}): choose an empty folder with PARTNERNET_DATA, or say --force to put that aside."
)


@contextmanager
def _database_begun(data: Path, url: str | None) -> Iterator[None]:
    """Note, while the database on a server may be the new one already, that the folder is not."""
    if url is None:
        yield
        return
    if not _is_empty(url):
        raise Refused(dump.NOT_EMPTY)
    mark = data / swap.DATABASE_BEGUN
    write_durably(mark, b"")
    try:
        yield
    except BaseException:
        if _is_empty(url):
            mark.unlink()
        raise


def _is_empty(url: str) -> bool:
    engine = open_engine(url)
    try:
        return dump.is_empty(engine)
    finally:
        engine.dispose()


def _give_back(data: Path) -> None:
    """Let everything belong to whom the folder belongs to, where root restores into that of another user."""
    there = data.stat()
    if os.name != "posix" or os.geteuid() != 0 or there.st_uid == 0:
        return
    for path in data.rglob("*"):
        os.chown(path, there.st_uid, there.st_gid, follow_symlinks=False)


def _settings(part: Path) -> Mapping[str, Any]:
    try:
        given = json.loads((part / form.SETTINGS).read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    known = given if isinstance(given, dict) else {}
    return {name: value for name, value in known.items() if isinstance(value, str | int)}


def _clear(part: Path) -> None:
    """Remove what making it ready has left: a copy from before an upgrade would hold what was erased."""
    for path in part.iterdir():
        if path.name not in KEPT:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


KEPT = (SQLITE_FILE, "files", *form.KEYS, STATE, erasures.FILE)
"""What goes into the data folder in the end."""
