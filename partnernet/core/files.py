"""Files: attachments by the hash of their content, in a folder outside the web root.

A file is written as a part, synced, and only then given its name; rows that mention it come last.
So what has a name is whole, and a crash leaves at most a part or an orphan for the sweep.
"""

import errno
import os
import re
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Protocol

from partnernet.core.errors import NotFound, StorageFull, TooLarge
from partnernet.core.ledger.node import sync_folder
from partnernet.core.words import _

CHUNK = 256 << 10
PART_AGE = 3_600
"""Seconds after which a part belongs to no upload that is still going on."""
ORPHAN_AGE = 3_600
"""Seconds after which a file that no row mentions is not waited for any longer: longer than any request takes."""

_SHA256 = re.compile(r"[0-9a-f]{64}").fullmatch
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Readable(Protocol):
    """Anything that bytes can be read from: an upload, an open file, a member of a zip."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is in place."""

    sha256: str
    size: int


class Files:
    """The files of a node, `ab/<sha256>` under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def store(self, stream: Readable, limit: int) -> Stored:
        """Keep what can be read from a stream; raises TooLarge over `limit` bytes, and StorageFull."""
        with storing(), self._part() as (part, file):
            stored = _copy(stream, file, limit)
            self._place(part, stored.sha256)
        return stored

    def path(self, sha256: str) -> Path:
        """Where the file of a hash lies, or would lie; raises NotFound for what is no hash."""
        if not _SHA256(sha256):
            raise NotFound()
        return self.folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the file of a hash is here."""
        return bool(_SHA256(sha256)) and self.path(sha256).is_file()

    def absent(self, names: Iterable[str]) -> list[str]:
        """Which of some files are not here; in order, they are looked for as fast as folders are read."""
        gone, folder, here = [], "", frozenset[str]()
        for name in names:
            if _SHA256(name) and name[:2] != folder:
                folder, here = name[:2], self._names(name[:2])
            if name not in here:
                gone.append(name)
        return gone

    def size(self, sha256: str) -> int:
        """How many bytes a file has; raises NotFound where it is not here."""
        try:
            return self.path(sha256).stat().st_size
        except FileNotFoundError as error:
            raise NotFound(_("This file is not here yet.")) from error

    def open(self, sha256: str) -> BinaryIO:
        """Open a file for reading; raises NotFound where it is not here."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError as error:
            raise NotFound(_("This file is not here yet.")) from error

    def sweep(self, referenced: Collection[str], now: float | None = None) -> list[str]:
        """Remove old parts, and old files that are not among the referenced hashes; which files went."""
        now = time.time() if now is None else now
        gone = []
        for path in self.folder.glob("*/*"):
            if path.parent.name == "parts":
                if _age(path, now) > PART_AGE:
                    path.unlink(missing_ok=True)
            elif path.name not in referenced and _age(path, now) > ORPHAN_AGE:
                path.unlink(missing_ok=True)
                gone.append(path.name)
        return gone

    def _names(self, folder: str) -> frozenset[str]:
        try:
            return frozenset(os.listdir(self.folder / folder))
        except FileNotFoundError:
            return frozenset()

    @contextmanager
    def _part(self) -> Iterator[tuple[Path, BinaryIO]]:
        folder = self.folder / "parts"
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder)
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield part, file
        finally:
            part.unlink(missing_ok=True)

    def _place(self, part: Path, name: str) -> None:
        target = self.path(name)
        if target.exists():
            os.utime(target)  # a file that is wanted again is no orphan
            return
        if not target.parent.exists():
            target.parent.mkdir(exist_ok=True)
            sync_folder(self.folder)
        part.replace(target)
        sync_folder(target.parent)


@contextmanager
def storing() -> Iterator[None]:
    """Turn "no room left" into StorageFull."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise StorageFull(_("The disk of this server is full: you can read, but not add files for now.")) from error


def _copy(stream: Readable, file: BinaryIO, limit: int) -> Stored:
    digest, size = sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge(_("This file is larger than the %(limit)s MB that this server takes.", limit=limit >> 20))
        digest.update(chunk)
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())
    return Stored(digest.hexdigest(), size)


def _age(path: Path, now: float) -> float:
    try:
        return now - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
