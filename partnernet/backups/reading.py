"""Reading a backup that may be damaged, or a trap: exact names, once each, and every byte against its hash."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from partnernet.backups import form, tape
from partnernet.backups.form import Damaged, Manifest
from partnernet.core.errors import StorageFull
from partnernet.core.files import storing
from partnernet.core.ledger.node import sync_folder

ROOM = 128 << 20
"""Bytes that stay free on the disk."""
DATABASE = "database"
"""How the copy of the database is called in the folder that a backup is laid out in, whichever it was."""

Progress = Callable[[int], None]
"""Told how many bytes more are done."""


def check(path: Path, progress: Progress = lambda size: None) -> Manifest:
    """Read a backup from its beginning to its end, and hold everything against its list; raises Damaged."""
    return _read(path, None, progress)


def lay_out(path: Path, folder: Path, progress: Progress = lambda size: None) -> Manifest:
    """Read a backup into an empty folder; raises Damaged, and then what lies there is worth nothing."""
    with storing():
        return _read(path, folder, progress)


def looks_like_one(path: Path) -> bool:
    """Whether a file begins as a backup does."""
    try:
        with tape.opened(path) as reader:
            return next(reader.members()).name == form.README
    except (Damaged, OSError, StopIteration):
        return False


def _read(path: Path, folder: Path | None, progress: Progress) -> Manifest:
    found: dict[str, dict[str, Any]] = {}
    count = size = 0
    before, content = "", b""
    with tape.opened(path) as reader:
        for member in reader.members():
            if form.MANIFEST in found:
                raise Damaged("Something follows the list at the end of this backup: nothing was taken from it.")
            if match := form.is_file(member.name):
                # In their order, so that none comes twice, and no list of them has to be kept.
                if member.name <= before:
                    raise Damaged("The files in this backup are not in their order: nothing was taken from it.")
                before, count, size = member.name, count + 1, size + member.size
                if _keep(member, folder, member.name) != match.group(2):
                    raise Damaged(f"The file {match.group(2)} in this backup is damaged: take another one.")
            else:
                kept, digest = _small(member, folder, found)
                found[member.name] = {"size": member.size, "sha256": digest}
                content = kept if member.name == form.MANIFEST else content
            progress(member.size)
    if form.MANIFEST not in found:
        raise Damaged(tape.CUT_OFF)
    del found[form.MANIFEST]
    manifest = Manifest.read(content)
    _hold(manifest, found, count, size)
    return manifest


def _small(member: tape.Member, folder: Path | None, found: dict[str, Any]) -> tuple[bytes, str]:
    """One of the few members with names of their own: its content where it is the list, and its hash."""
    databases = form.DATABASES.values()
    is_database = member.name in databases and not found.keys() & set(databases)
    if member.name in found or (not is_database and member.size > form.SMALL.get(member.name, -1)):
        raise Damaged(f"“{ascii(member.name)[1:-1]}” does not belong in a backup: nothing was taken from it.")
    if member.name == form.MANIFEST:
        kept = _Kept()
        digest = member.copy_to(kept)
        return kept.content, digest
    return b"", _keep(member, folder, DATABASE if is_database else member.name)


class _Kept:
    """Something small that is kept in memory."""

    def __init__(self) -> None:
        self.content = b""

    def write(self, data: bytes, /) -> int:
        self.content += data
        return len(data)


def _keep(member: tape.Member, folder: Path | None, name: str) -> str:
    if folder is None:
        return member.copy_to(None)
    if shutil.disk_usage(folder).free < member.size + ROOM:
        raise StorageFull(f"There is no room for this backup in {folder}: make room there first.")
    with _new(folder / name) as out:
        return member.copy_to(out)


@contextmanager
def _new(path: Path) -> Iterator[BinaryIO]:
    """A file that was not there, for its owner alone, and synced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def _hold(manifest: Manifest, found: dict[str, Any], count: int, size: int) -> None:
    """Hold what came against the list."""
    database = form.DATABASES.get(str(manifest.database["kind"]))
    if database is None or database not in found:
        raise Damaged("There is no database in this backup that this version can read.")
    if form.KEYS[0] not in found:
        raise Damaged("The key of the server is missing from this backup.")
    for name in sorted(found.keys() | manifest.members.keys()):
        if found.get(name) != manifest.members.get(name):
            raise Damaged(f"{name} in this backup is not what its list says: take another one.")
    if manifest.files != {"count": count, "bytes": size}:
        raise Damaged("This backup does not hold as many files as its list says: take another one.")
