"""Where what is written out goes: a folder, a zip file or one file, each whole before it has its name."""

import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePath
from typing import BinaryIO, Protocol, cast

from partnernet.core.errors import Refused, StorageFull
from partnernet.core.files import CHUNK, Files, storing
from partnernet.core.ledger.node import sync_folder
from partnernet.core.slug import slug
from partnernet.core.words import _

ROOM_KEPT = 64 << 20
"""Bytes of the disk that are left alone."""
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The date of everything in a zip file: the same state makes the same bytes."""
FOLDER = "files"

_ENDING = re.compile(r"\.[a-z0-9]{1,10}").fullmatch


class Place(Protocol):
    """Takes files by name, one after the other."""

    def file(self, name: str) -> AbstractContextManager[BinaryIO]: ...

    def has(self, name: str) -> bool: ...


class Folder:
    """A folder on the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def has(self, name: str) -> bool:
        """Whether a file of this name is there."""
        return (self.path / name).exists()

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """Write a file; its folder is made with it."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            yield file


class Zip:
    """A zip file that is being written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive

    def has(self, name: str) -> bool:
        """Whether a file of this name is in it."""
        return name in self.archive.NameToInfo

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """Write a member."""
        info = zipfile.ZipInfo(name, EARLIEST)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        with self.archive.open(info, "w", force_zip64=True) as member:
            yield cast(BinaryIO, member)


@contextmanager
def whole_folder(path: Path) -> Iterator[Folder]:
    """A folder that stands under its name once all of it is written; raises Refused where something is there."""
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise Refused(f"There is something at {path} already: choose another place, or move it away first.")
    part = path.with_name(path.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        with storing():
            part.mkdir(parents=True)
            yield Folder(part)
            if hasattr(os, "sync"):
                os.sync()  # one call for many small files
            if path.exists():
                path.rmdir()
            part.replace(path)
            sync_folder(path.resolve().parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def check_room(folder: Path, needed: int) -> None:
    """Raise StorageFull unless a disk has room for so many bytes, and some to spare."""
    while not folder.exists():
        folder = folder.parent
    if shutil.disk_usage(folder).free < needed + ROOM_KEPT:
        raise StorageFull(
            _("There is not enough room on the disk: about %(size)s MB are needed.", size=(needed >> 20) + 1)
        )


def safe_name(title: str, entity: str) -> str:
    """The name of an entry's file without its ending: plain letters, then the beginning of its id.

    It is the same on every system: no capitals, nothing reserved, and under 80 characters.
    """
    words = slug(title)[:60].strip("-")
    return f"{words}-{entity[:12]}" if words else entity[:12]


def file_name(sha256: str, name: str) -> str:
    """Where an attachment lies: by the beginning of its hash, so that two of one name keep apart."""
    given = PurePath(name)
    ending = given.suffix.lower()
    words = slug(given.stem if _ENDING(ending) else name)[:60].strip("-") or "file"
    return f"{FOLDER}/{sha256[:16]}-{words}{ending if _ENDING(ending) else ''}"


def copy_file(files: Files, sha256: str, name: str, place: Place) -> int:
    """Put an attachment in its place unless it is there already; the bytes that were written."""
    if place.has(name):
        return 0
    size = 0
    with files.open(sha256) as source, place.file(name) as target:
        while chunk := source.read(CHUNK):
            target.write(chunk)
            size += len(chunk)
    return size
