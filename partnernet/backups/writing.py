"""Writing a backup: the database as of one moment, then every file it names, then the list of it all.

It is written beside under another name, read again from its beginning to its end, and only then given its
own: what has the name of a backup is one.
"""

import contextlib
import errno
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from flask import Flask
from sqlalchemy.orm import Session

from partnernet import __version__
from partnernet.backups import form, reading, tape
from partnernet.backups.form import Manifest
from partnernet.config import DEFAULTS
from partnernet.core.db import db
from partnernet.core.dump import Dumped, dump, size_of
from partnernet.core.errors import Refused, StorageFull
from partnernet.core.files import Files, storing
from partnernet.core.ledger.node import Node, sync_folder
from partnernet.core.time import now_ms
from partnernet.exchange.upkeep import referenced
from partnernet.network.model import own_network

ROOM = 128 << 20
"""Bytes that stay free on the disk."""
TOLD = ("BASE_URL", "HOST", "PORT", "MAIL_URL", "SYNC_CA", "BACKUPS", "BACKUP_HOUR")
"""The settings that a backup remembers, where they were made outside the database."""

_CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.EEXIST, errno.ENOTDIR)

Progress = Callable[[int], None]
"""Told how many bytes more are done."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is in its place."""

    path: Path
    size: int
    manifest: Manifest


def write(app: Flask, target: Path, progress: Progress = lambda size: None) -> Made:
    """Write a backup of this node to a file, and check it; inside an app context.

    Raises Refused, and then what stood at the target is as it was.
    """
    target = target.resolve()
    _check_target(target)
    session, files = db.session(), app.extensions["partnernet.files"]
    part, copy = target.with_name(target.name + ".part"), target.with_name(target.name + ".database.part")
    try:
        with storing(), usable(target.parent):
            _check_room(target.parent, size_of(db.engine), files.folder)
            copy.unlink(missing_ok=True)
            os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            dumped = dump(db.engine, copy, progress)
            with _private(part) as file:
                written = _write(file, app, session, copy, dumped, progress)
                file.flush()
                os.fsync(file.fileno())
        manifest = reading.check(part, progress)
        if manifest != written:
            raise form.Damaged("What was read again is not what was written: look after the disk, and try again.")
        part.replace(target)
        sync_folder(target.parent)
    finally:
        for path in (part, copy, *target.parent.glob(copy.name + "-*")):
            path.unlink(missing_ok=True)
    return Made(target, target.stat().st_size, written)


@contextlib.contextmanager
def usable(folder: Path) -> Iterator[None]:
    """Turn what a folder for backups cannot do into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise StorageFull(
                f"The disk of {folder} takes no file as large as this backup (FAT32 takes 4 GB): choose another disk."
            ) from error
        is_ours = str(error.filename or "").startswith(str(folder))
        if is_ours and error.errno in _CLOSED:
            raise Refused(
                f"The folder {folder} cannot be written to ({error.strerror}): let the user of the server write there, "
                "or choose another folder."
            ) from error
        raise


def size_in_all(app: Flask) -> int:
    """About how many bytes will be written and read, for a bar."""
    return 3 * size_of(db.engine) + 2 * _size_of_files(app.extensions["partnernet.files"].folder)


def _write(
    file: BinaryIO, app: Flask, session: Session, copy: Path, dumped: Dumped, progress: Progress
) -> Manifest:  # fmt: skip
    node: Node = app.extensions["partnernet.node"]
    network, now = own_network(session), now_ms()
    name = network.name if network else ""
    writer = tape.Writer(file, now // 1000)
    members: dict[str, dict[str, Any]] = {}

    def add(member: str, size: int, stream: BinaryIO) -> None:
        members[member] = {"size": size, "sha256": writer.add(member, size, stream)}
        progress(size)

    when = f"{datetime.fromtimestamp(now / 1000, UTC):%Y-%m-%d %H:%M} UTC"
    small = {form.README: form.readme(name or "(no name yet)", node.id, when, __version__).encode()}
    small |= {key: path.read_bytes() for key in form.KEYS if (path := app.config["DATA"] / key).is_file()}
    small[form.SETTINGS] = json.dumps(_settings(app.config), indent=1, ensure_ascii=False).encode() + b"\n"
    for member, content in small.items():
        add(member, len(content), io.BytesIO(content))
    with copy.open("rb") as stream:
        add(form.DATABASES[dumped.kind], copy.stat().st_size, stream)
    copy.unlink()
    named = referenced(session)
    session.rollback()
    count, size, left_out = _add_files(writer, app.extensions["partnernet.files"], named, progress)
    database = asdict(dumped)
    manifest = Manifest(__version__, now, node.id, name, database, members, {"count": count, "bytes": size}, left_out)
    content = manifest.write()
    writer.add(form.MANIFEST, len(content), io.BytesIO(content))
    writer.end()
    return manifest


def _add_files(
    writer: tape.Writer, files: Files, named: set[str], progress: Progress
) -> tuple[int, int, list[str]]:  # fmt: skip
    """Add the attachments that are here: how many, their bytes, and those left out because they were altered.

    One that is gone by now was erased meanwhile.
    """
    count = size = 0
    left_out: list[str] = []
    for name in sorted(named):
        with contextlib.suppress(FileNotFoundError), files.path(name).open("rb") as stream:
            if not _is_whole(stream, name):
                left_out.append(name)
                continue
            length = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            writer.add(f"{form.FILES}{name[:2]}/{name}", length, stream, level=tape.PLAIN)
            count, size = count + 1, size + length
            progress(length)
    return count, size, left_out


def _is_whole(stream: BinaryIO, name: str) -> bool:
    digest = sha256()
    while chunk := stream.read(tape.CHUNK):
        digest.update(chunk)
    return digest.hexdigest() == name


def _settings(config: Mapping[str, Any]) -> dict[str, Any]:
    return {name: config[name] for name in TOLD if config[name] != DEFAULTS[name]}


def _check_target(target: Path) -> None:
    if not target.parent.is_dir():
        raise Refused(f"There is no folder {target.parent}: make it first.")
    if target.exists() and not reading.looks_like_one(target):
        raise Refused(f"{target} is there already, and is no backup: choose another name.")


def _check_room(folder: Path, database: int, files: Path) -> None:
    needed = 2 * database + _size_of_files(files) + ROOM
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StorageFull(
            f"A backup may take {needed >> 20} MB, and only {free >> 20} MB are free in {folder}: "
            "make room, or choose another folder."
        )


def _size_of_files(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("??/*") if path.is_file())


@contextlib.contextmanager
def _private(path: Path) -> Iterator[BinaryIO]:
    """A new file that only its owner may read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "r+b") as file:
        yield file
