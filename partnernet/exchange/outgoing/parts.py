"""Dividing a bundle: several independent ones, each under a size, that can be taken in in any order.

Each has the erasures with it. What goes into one is decided beforehand, by how small the lines become: they are
packed once to be measured, wait in a file without a name, and are then written.
"""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field, replace
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import orjson

from partnernet.core.errors import Invalid, TooLarge
from partnernet.core.ledger.op import join
from partnernet.core.words import _
from partnernet.exchange.bundle import named_files
from partnernet.exchange.header import Header, LeftOut
from partnernet.exchange.outgoing.bag import DEFLATE_LEVEL, FILE_ROOM, NOT_HERE, SIZE_LIMIT, Bag
from partnernet.exchange.outgoing.selection import always, others
from partnernet.exchange.outgoing.writer import NOT_ASKED, Export, Tally, Written

LEAST_SIZE = 1_000_000
"""Bytes below which nothing is divided: room for one long text, and for what stands around it."""
DENSEST = 80
"""How much smaller lines may become by packing: more would look like a trap to a careful reader."""
DENSE_SPARED = 1 << 20
PENDING = 96 << 10
"""Bytes that a packer may hold back."""
READABLE_SHARE = 0.7
"""What the pages for people take at most, of what the lines take; where it is more, they are cut short."""
TAGS_LEAST = 24 << 10
"""Bytes that README and the like take."""

TOO_LARGE = "one of them is larger than a part may be"
ELSEWHERE = "they are in another part"

Make = Callable[[int], AbstractContextManager[BinaryIO]]
"""Opens the file of a part, by its number from 1."""

_SIZE = re.compile(r"(\d{1,10})\s*([KMG]?)B?", re.IGNORECASE).fullmatch
_UNITS = {"": 1, "K": 1_000, "M": 1_000_000, "G": 1_000_000_000}


def read_size(given: str) -> int:
    """A size as people write it, 18M, in bytes: thousands as in e-mail programs; raises Invalid."""
    found = _SIZE(given.strip())
    size = int(found[1]) * _UNITS[found[2].upper()] if found else 0
    if not LEAST_SIZE <= size <= SIZE_LIMIT:
        raise Invalid(_("Give the largest size of one file as a number of megabytes between 1M and 2000M, like 18M."))
    return size


def write_parts(export: Export, size: int, make: Make) -> Written:
    """Write the parts of a bundle, each of fewer bytes than `size`; raises TooLarge where the erasures alone are not.

    The header is that of all together: its counts have each op once.
    """
    with closing(_Division(export, size)) as division:
        return _written(export, size, division, make)


def _written(export: Export, size: int, division: "_Division", make: Make) -> Written:
    left: dict[tuple[str, str], LeftOut] = {}
    blobs: dict[str, Mapping[str, Any]] = {}
    header, whole = Header(), Tally()
    for part in division.parts():
        with part.lines, make(part.part) as out:
            header = Bag(export, part, out, size).write(Tally())
            if out.tell() > size:
                raise TooLarge(
                    _("A part became larger than %(size)s MB: choose a larger size.", size=size // 1_000_000)
                )
        whole.add(part.tally)
        blobs |= {blob["sha256"]: blob for blob in header.blobs if blob["included"] or blob["sha256"] not in blobs}
        left |= {(item.what, item.why): item for item in header.left_out if item.why != ELSEWHERE}
    counts = {**whole.said(), "ops": len(whole.held), "parts": division.number}
    counts["blobs"] = sum(blob["included"] for blob in blobs.values())
    said = replace(
        header,
        selection=export.selection.said(),
        counts=counts,
        blobs=list(blobs.values()),
        left_out=list(left.values()),
    )
    return Written(said, whole.held)


@dataclass(slots=True)
class Part:
    """What goes into one part: lines that wait in a file, and the files to go with them."""

    export: Export
    part: int
    tags_room: int
    lines: BinaryIO
    tally: Tally = field(default_factory=Tally)
    files: set[str] = field(default_factory=set)
    too_large: set[str] = field(default_factory=set)
    raw: int = 0
    packed: int = 0
    file_bytes: int = 0
    rows: int = 0
    """How many ops it has beside those that go into every part."""
    _packer: Any = field(default_factory=lambda: zlib.compressobj(DEFLATE_LEVEL, zlib.DEFLATED, -15))

    def put(self, row: Sequence[Any], line: bytes) -> None:
        """Add an op."""
        self.tally.count(row, minds=True)
        self.lines.write(line)
        self.raw += len(line)
        self.packed += len(self._packer.compress(line))

    def put_file(self, name: str, size: int) -> None:
        """Add a file."""
        self.files.add(name)
        self.file_bytes += size

    def taken(self, more: int) -> int:
        """How many bytes it has at most with so many more of lines."""
        lines = self.packed + min(PENDING, self.raw) + more
        around = self.tags_room + FILE_ROOM * len(self.tally.files)
        return int(lines * (1 + READABLE_SHARE)) + self.file_bytes + around

    def would_be_dense(self, more: int) -> bool:
        """Whether so many bytes more of lines might look like a trap."""
        raw = self.raw + more
        return raw > DENSE_SPARED and raw > self.packed * DENSEST

    def blocks(self, tally: Tally) -> Iterator[bytes]:
        """The lines, with what was counted of them."""
        tally.forget()
        tally.add(self.tally)
        self.lines.seek(0)
        while chunk := self.lines.read(256 << 10):
            yield chunk

    def why_not(self, name: str, room: int) -> str:
        """Why a file is not in this part."""
        if name in self.files:
            return ""
        if not self.export.selection.with_files:
            return NOT_ASKED
        if not self.export.files.has(name):
            return NOT_HERE
        return TOO_LARGE if name in self.too_large else ELSEWHERE


class _Division:
    def __init__(self, export: Export, size: int) -> None:
        self.export, self.size, self.number = export, size, 0
        around = export.header(Tally(), {}, []).said()
        self.tags_room = TAGS_LEAST + 2 * len(orjson.dumps(around))
        self.placed: set[str] = set()
        self.lines: BinaryIO | None = None

    def close(self) -> None:
        """Let go of the part that was not finished, if there is one."""
        if self.lines is not None:
            self.lines.close()

    def parts(self) -> Iterator[Part]:
        """The parts one after the other; the next is begun once one is written."""
        part = self._fresh()
        if part.taken(0) > self.size // 2:
            raise TooLarge(_("What was erased goes into every part, and is too much for one: choose a larger size."))
        for row in others(self.export.session, self.export.selection):
            line = _line(row)
            sizes = self._sizes(row)
            while True:
                if part.rows and not self._fits(part, line, sizes):
                    yield part
                    part = self._fresh()
                part.put(row, line)
                part.rows += 1
                sizes = self._place(part, sizes)
                if not sizes:
                    break
                yield part  # its other files go along with the op once more, in the next part
                part = self._fresh()
            self.export.progress(1)
        yield part

    def _fresh(self) -> Part:
        self.number += 1
        self.lines = _scratch(self.export)
        part = Part(self.export, self.number, self.tags_room, self.lines)
        for row in always(self.export.session, self.export.selection):
            part.put(row, _line(row))
        return part

    def _sizes(self, row: Sequence[Any]) -> dict[str, int]:
        """The files that an op names and that are to go along with it, with their sizes."""
        files = self.export.files
        if not self.export.selection.with_files:
            return {}
        named = dict.fromkeys(named_files(row[2]))
        return {name: files.size(name) for name in named if name not in self.placed and files.has(name)}

    def _fits(self, part: Part, line: bytes, sizes: Mapping[str, int]) -> bool:
        smallest = min((size for size in sizes.values() if size < self.size), default=0)
        more = smallest + FILE_ROOM * len(sizes)
        return part.taken(len(line)) + more <= self.size and not part.would_be_dense(len(line))

    def _place(self, part: Part, sizes: Mapping[str, int]) -> dict[str, int]:
        """Put into a part the files that it has room for; those for which another part may have it."""
        rest = {}
        for name, size in sizes.items():
            if part.taken(0) + size <= self.size:
                part.put_file(name, size)
                self.placed.add(name)
            elif size >= self.size or part.rows == 1:
                part.too_large.add(name)
            else:
                rest[name] = size
        return rest if len(rest) < len(sizes) or part.rows > 1 else {}


def _line(row: Sequence[Any]) -> bytes:
    return join(row[0], row[1], row[2], row[3]) + b"\n"


def _scratch(export: Export) -> BinaryIO:
    """A file without a name, on the disk that the files are on: it is gone when it is closed."""
    return cast(BinaryIO, TemporaryFile(dir=export.files.folder.parent))
