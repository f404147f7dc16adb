"""A tar, written and read as a stream: only plain files with short names, and nothing that has to be believed.

Read by our own few lines: what tar allows beyond that (links, long names, sparse files) is refused.
"""

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Protocol

from partnernet.backups.form import TOP, Damaged

BLOCK = 512
CHUNK = 256 << 10
NAME_LIMIT = 100
SIZE_LIMIT = 1 << 43
PACKED, PLAIN = 6, 0
"""How hard is packed: the database well; attachments, which are packed already, not at all."""

CUT_OFF = "This backup is damaged or cut off: take another one."


class Writable(Protocol):
    def write(self, data: bytes, /) -> int: ...


class Writer:
    """Members one after the other, into an open file."""

    def __init__(self, file: BinaryIO, mtime: int) -> None:
        self._file, self._mtime = file, mtime
        self._level = -1
        self._packed: gzip.GzipFile | None = None

    def add(self, name: str, size: int, stream: BinaryIO, *, level: int = PACKED) -> str:
        """Write one member of exactly so many bytes; its hash. Raises Damaged where there are fewer."""
        out = self._at(level)
        info = tarfile.TarInfo(TOP + name)
        info.size, info.mtime, info.mode = size, self._mtime, 0o600
        out.write(info.tobuf(tarfile.GNU_FORMAT))
        digest, left = sha256(), size
        while left:
            chunk = stream.read(min(CHUNK, left))
            if not chunk:
                raise Damaged(f"{name} became shorter while it was read.")
            digest.update(chunk)
            out.write(chunk)
            left -= len(chunk)
        out.write(bytes(-size % BLOCK))
        return digest.hexdigest()

    def end(self) -> None:
        """Write the end."""
        self._at(PACKED).write(bytes(2 * BLOCK))
        self.close()

    def close(self) -> None:
        """Let go of what is open."""
        if self._packed is not None:
            self._packed.close()
            self._packed = None

    def _at(self, level: int) -> gzip.GzipFile:
        """Where to write to: what is packed in another way begins a part of its own, as gzip allows."""
        if self._packed is None or level != self._level:
            self.close()
            self._level = level
            self._packed = gzip.GzipFile("", "wb", level, self._file, self._mtime)
        return self._packed


@dataclass(frozen=True, slots=True)
class Member:
    """One member that is being read: its content has to be read to its end before the next."""

    name: str
    size: int
    stream: "Reader"

    def copy_to(self, out: Writable | None) -> str:
        """Copy all of it; its hash."""
        digest = sha256()
        left = self.size
        while left:
            chunk = self.stream.read(min(CHUNK, left))
            digest.update(chunk)
            if out is not None:
                out.write(chunk)
            left -= len(chunk)
        self.stream.read(-self.size % BLOCK)
        return digest.hexdigest()


class Reader:
    """The members of a backup, in their order."""

    def __init__(self, file: BinaryIO) -> None:
        self._packed = gzip.GzipFile(fileobj=file, mode="rb")

    def members(self) -> Iterator[Member]:
        """Each member once, by its name without the folder; raises Damaged for anything unexpected."""
        while (head := self.read(BLOCK)) != bytes(BLOCK):
            yield self._member(head)
        with _readable():
            if self.read(BLOCK) != bytes(BLOCK) or self._packed.read(1):
                raise Damaged(CUT_OFF)

    def read(self, size: int) -> bytes:
        """Exactly so many bytes."""
        pieces = []
        with _readable():
            while size and (piece := self._packed.read(size)):
                pieces.append(piece)
                size -= len(piece)
        if size:
            raise Damaged(CUT_OFF)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _member(self, head: bytes) -> Member:
        name, _nul, rest = head[:NAME_LIMIT].partition(b"\0")
        stated, size = _number(head[148:156]), _number(head[124:136])
        summed = sum(head[:148]) + 8 * ord(" ") + sum(head[156:])
        is_plain = head[156:157] == b"0" and not head[157:257].strip(b"\0") and not head[345:500].strip(b"\0")
        if stated != summed or not is_plain or rest.strip(b"\0"):
            raise Damaged("This is no backup of PartnerNet, or it is damaged: nothing was read from it.")
        if not 0 <= size <= SIZE_LIMIT or not name.startswith(TOP.encode()) or not name.isascii():
            raise Damaged("This is no backup of PartnerNet, or it is damaged: nothing was read from it.")
        return Member(name.decode().removeprefix(TOP), size, self)


def _number(field: bytes) -> int:
    """A number of a header: octal digits, or bytes where it is large; -1 for anything else."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b"\0 ")
    return int(digits, 8) if digits and not digits.strip(b"01234567") else -1


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """A backup that is read from a file."""
    with path.open("rb") as file:
        yield Reader(file)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Damaged(CUT_OFF) from error
