"""The nightly backup: when one is due, which are kept, and what is done in a process of its own.

Seven days are kept, and nothing older: what was erased is in no backup after that.
"""

import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from partnernet.backups import alarms, form, record
from partnernet.backups.record import Backup, Failure, Rehearsal
from partnernet.backups.rehearsing import SCRATCH, rehearse
from partnernet.backups.restoring import ASIDE
from partnernet.backups.writing import usable, write
from partnernet.core.db import db
from partnernet.core.engine import first_words
from partnernet.core.errors import Refused
from partnernet.core.lock import FileLock
from partnernet.core.time import DAY, now_ms

PREFIX = "partnernet-"
KEPT, KEPT_DAYS = 7, 7
REHEARSE_DAYS = 7
OFF = "off"
LOCK = "backup.lock"
NETWORK_KEY = "network.key"
OWNER = "whose.txt"
"""In the folder: whose backups these are."""
ASKED = "backup.asked"
"""A file by which a page asks for a backup."""
NICE = 19
PAUSE = 600.0
"""Seconds after which one that was asked for, and did not even begin, is begun again."""

log = logging.getLogger(__name__)


def folder_of(config: Mapping[str, Any]) -> Path | None:
    """Where nightly backups go; None where they are switched off."""
    given = str(config["BACKUPS"] or "")
    if given == OFF:
        return None
    return Path(given).expanduser().resolve() if given else Path(config["DATA"]) / "backups"


def backups(folder: Path) -> list[Path]:
    """The nightly backups that are there, the newest first."""
    return sorted(folder.glob(f"{PREFIX}*{form.ENDING}"), key=lambda path: (made_at(path), path.name), reverse=True)


def own(config: Mapping[str, Any]) -> list[Path]:
    """Those of this server, the newest first; none where another one keeps its backups in the folder, or it is shut."""
    folder = folder_of(config)
    try:
        return backups(folder) if folder is not None and not _is_anothers(folder, config) else []
    except OSError:  # whoever writes there is told why
        return []


def made_at(path: Path) -> int:
    """When a backup was made, in milliseconds since 1970."""
    return int(path.stat().st_mtime * 1_000)


def is_due(config: Mapping[str, Any], now: datetime) -> bool:
    """Whether no backup was made since the hour at which one is made each night; a fresh node waits for its first."""
    folder = folder_of(config)
    if folder is None:
        return False
    last = now.replace(hour=int(config["BACKUP_HOUR"]), minute=0, second=0, microsecond=0)
    last -= timedelta(days=1) if last > now else timedelta()
    born = round((Path(config["DATA"]) / "node.key").stat().st_mtime * 1_000)
    made = [born, *(made_at(path) for path in own(config))]
    # What was made under a clock that was wrong is no reason to wait for years.
    return max((at for at in made if at <= now.timestamp() * 1_000), default=0) < last.timestamp() * 1_000


def nightly(session: Session) -> None:
    """Have a backup made where one is due, in a process of its own, and let go of what is too old."""
    session.rollback()
    prune(current_app.config)
    if is_due(current_app.config, datetime.now().astimezone()):
        _start(current_app.config)


def ask(config: Mapping[str, Any]) -> None:
    """Ask for a backup now; the process that runs the work behind the pages begins it within seconds."""
    (Path(config["DATA"]) / ASKED).touch()


def is_asked(config: Mapping[str, Any]) -> bool:
    """Whether one was asked for, and has not begun."""
    return (Path(config["DATA"]) / ASKED).exists()


def is_running(config: Mapping[str, Any]) -> bool:
    """Whether one is being made just now, here or in another process."""
    lock = FileLock(Path(config["DATA"]) / LOCK)
    is_free = lock.acquire()
    lock.release()
    return not is_free


def asked(session: Session) -> None:
    """Begin the backup that was asked for; whoever makes it takes the wish away."""
    if is_asked(current_app.config) and time.monotonic() > _not_before[0]:
        _not_before[0] = time.monotonic() + PAUSE
        _start(current_app.config)


_not_before = [0.0]


def prune(config: Mapping[str, Any], now: int | None = None) -> list[Path]:
    """Remove the backups and old copies that may hold what was erased more than seven days ago; which went.

    The newest backup stays until there is a newer one: the page about health says that it is old.
    """
    data, now = Path(config["DATA"]), now_ms() if now is None else now
    made, others = own(config), [*(data / "before-upgrade").glob("*.db"), *data.glob(f"{ASIDE}*")]
    for path in (*made, *others):
        if made_at(path) > now + DAY:  # the clock was wrong, so its seven days begin now
            os.utime(path, (now / 1_000, now / 1_000))
    gone = [path for path in (*made[1:], *others) if path in made[KEPT:] or made_at(path) < now - KEPT_DAYS * DAY]
    for path in gone:
        _save_key(path, data)
        _remove(path)
    return gone


def _save_key(aside: Path, data: Path) -> None:
    """Keep the network's key where what was put aside has another one than the server now: there may be no second."""
    if has_other_key(aside, data):
        (aside / NETWORK_KEY).replace(data / f"{NETWORK_KEY}.{aside.name}")


def has_other_key(aside: Path, data: Path) -> bool:
    """Whether what was put aside has a network's key that the server does not have now."""
    key, present = aside / NETWORK_KEY, data / NETWORK_KEY
    return key.is_file() and not (present.is_file() and key.read_bytes() == present.read_bytes())


def run(app: Flask) -> bool:
    """Make tonight's backup and, once a week, rehearse it; what came of it is kept. False where another one runs."""
    data, folder = Path(app.config["DATA"]), folder_of(app.config)
    lock = FileLock(data / LOCK)
    if folder is None or not lock.acquire():
        return False
    try:
        (data / ASKED).unlink(missing_ok=True)
        try:
            _settle_in(folder, app.config)
            made = write(app, folder / name_at(datetime.now(UTC)))
        except (Refused, OSError, DBAPIError) as error:
            why = _why(error)
            replace(record.read(data), failure=Failure(now_ms(), why)).write(data)
            alarms.raise_failed(db.session(), alarms.FAILED, why)
            return True
        noted = replace(record.read(data), backup=backup_of(made), failure=None)
        noted.write(data)
        alarms.forget(db.session(), alarms.FAILED)
        prune(app.config)
        if noted.rehearsal is None or noted.rehearsal.at < now_ms() - REHEARSE_DAYS * DAY + DAY // 2:
            keep(app, rehearse(made.path, folder, app.config["SQLALCHEMY_DATABASE_URI"]))
        return True
    finally:
        lock.release()


def _why(error: Refused | OSError | DBAPIError) -> str:
    if isinstance(error, Refused):
        return error.sentence
    return f"{first_words(error) if isinstance(error, DBAPIError) else error.strerror or error}."


def keep(app: Flask, rehearsal: Rehearsal) -> None:
    """Keep what a rehearsal has found, and tell the stewards where something was wrong."""
    data = Path(app.config["DATA"])
    replace(record.read(data), rehearsal=rehearsal).write(data)
    if rehearsal.wrong:
        alarms.raise_failed(db.session(), alarms.UNSOUND, rehearsal.wrong[0])
    else:
        alarms.forget(db.session(), alarms.UNSOUND)


def backup_of(made: Any) -> Backup:
    """What is kept of a backup that was made."""
    manifest = made.manifest
    return Backup(
        manifest.created, str(made.path), made.size, manifest.database["ops"], manifest.files["count"],
        manifest.left_out,
    )  # fmt: skip


def name_at(now: datetime) -> str:
    """The name of a backup that is made now; names sort by time."""
    return f"{PREFIX}{now:%Y-%m-%dT%H%M%SZ}{form.ENDING}"


_running: list["subprocess.Popen[bytes]"] = []


def end_running() -> None:
    """End the backup that this process has begun, where one goes on: the server stops."""
    for process in _running:
        if process.poll() is None:
            process.terminate()
            process.wait()
    _running.clear()


def _start(config: Mapping[str, Any]) -> None:
    """Begin a nightly backup in a process that lets everything else go first."""
    _running[:] = [process for process in _running if process.poll() is None]
    if _running:
        return
    environment = {
        **os.environ, "PARTNERNET_DATA": str(config["DATA"]), "PARTNERNET_DATABASE_URL": str(config["DATABASE_URL"]),
        "PARTNERNET_BACKUPS": str(folder_of(config)), "PYTHONPATH": str(Path(__file__).parents[2]),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "partnernet", "backup", "--nightly"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment,
    )  # fmt: skip
    _running.append(process)


def be_humble() -> None:
    """Let everything else on the machine go first."""
    if hasattr(os, "nice"):
        os.nice(NICE)


def _settle_in(folder: Path, config: Mapping[str, Any]) -> None:
    """Make the folder, and this server's own; raises Refused where that cannot be."""
    with usable(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_anothers(folder, config):
            raise Refused(f"Another server keeps its backups in {folder}: choose another folder for these.")
        if not (folder / OWNER).exists():
            (folder / OWNER).write_text(_mark(config), encoding="utf-8")
        _sweep(folder)


def _is_anothers(folder: Path, config: Mapping[str, Any]) -> bool:
    try:
        return (folder / OWNER).read_text(encoding="utf-8", errors="replace") != _mark(config)
    except FileNotFoundError:
        return False


def _mark(config: Mapping[str, Any]) -> str:
    """What stands in a folder of backups, so that no other server removes them."""
    key = sha256(b"backups\n" + (Path(config["DATA"]) / "node.key").read_bytes()).hexdigest()
    return f"PartnerNet keeps the backups of one server here: {key[:32]}\n"


def _sweep(folder: Path) -> None:
    """Remove what a crash has left of a backup or a rehearsal."""
    for path in (*folder.glob("*.part*"), *folder.glob(f"{SCRATCH}*")):
        _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
