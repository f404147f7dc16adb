"""Reading a bundle of any form: its header, its lines, its files, and who handed it over."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from partnernet.core.errors import BadBundle
from partnernet.core.files import Readable
from partnernet.core.words import _
from partnernet.exchange.bundle import (
    JSON,
    JSONL,
    OPS_LIMIT,
    READ,
    ZIP,
    form_of,
    signer,
    split_lines,
    strict_json,
)  # fmt: skip
from partnernet.exchange.header import Header, read_header
from partnernet.exchange.incoming.archive import Archive, damaged
from partnernet.exchange.incoming.document import Document
from partnernet.exchange.outgoing.bag import BLOBS, OPS, SIGNATURE, TAG_MANIFEST, TAGS

HEADER_START = b'{"bundle":'

_ENTRY = re.compile(r"([0-9a-f]{64})  ([^\r\n]+)").fullmatch


class Line(NamedTuple):
    """One op as it came, and where it stood: said only of the one that is bad."""

    n: int
    line: bytes
    at: int
    place: Callable[[int], str]

    @property
    def where(self) -> str:
        """Its place in words."""
        return self.place(self.at)


class Bundle(Protocol):
    """A bundle that is being read. `lines` before `check`: what is wrong with a line is said first."""

    form: str
    sender: str | None
    """The node that signed the bundle; None where nobody did."""

    @property
    def header(self) -> Header: ...

    @property
    def blobs(self) -> dict[str, int]:
        """The files that come with it: size by hash."""

    def lines(self) -> Iterator[Line]:
        """Every op, in order, in bounded memory."""

    def check(self) -> None:
        """Hold everything against its hashes; raises BadBundle."""

    def open(self, sha256: str) -> AbstractContextManager[Readable]:
        """One of the files, as a stream."""


@contextmanager
def open_bundle(path: Path, name: str = "") -> Iterator[Bundle]:
    """Open a bundle for reading; its form is that of its name. Raises BadBundle."""
    form = form_of(name or path.name)
    if form == ZIP:
        archive = Archive(path)
        try:
            yield _Bag(archive)
        finally:
            archive.close()
        return
    with path.open("rb") as file:
        yield _Lines(file) if form == JSONL else _Document(file)


def read_stream(file: BinaryIO) -> Bundle:
    """The lines of a pipe; there may be none, where the other server had nothing more to say."""
    return _Lines(file, may_be_empty=True)


def _line_of_file(number: int) -> str:
    return _("line %(number)s", number=number)


def _line_of_bag(number: int) -> str:
    return _("line %(number)s of %(file)s", number=number, file=OPS)


def _entry_of_document(number: int) -> str:
    return _("entry %(number)s", number=number)


# -- lines -----------------------------------------------------------------------------------------


@dataclass
class _Plain:
    """A bundle that has neither files nor, unless it says so, a header."""

    file: BinaryIO
    header: Header = field(default_factory=Header)
    sender: str | None = None
    blobs: dict[str, int] = field(default_factory=dict)

    def open(self, sha256: str) -> AbstractContextManager[Readable]:
        raise BadBundle(_("This bundle has no attachments."))


@dataclass
class _Lines(_Plain):
    form = JSONL
    may_be_empty: bool = False

    def lines(self) -> Iterator[Line]:
        found = 0
        for number, line in enumerate(split_lines(self.file.read), 1):
            if number == 1 and line.startswith(HEADER_START):
                self.header = _header_line(line)
                continue
            found += 1
            yield Line(found, line, number, _line_of_file)
            _check_count(found)
        if not found and self.header.ops != 0 and not self.may_be_empty:
            raise BadBundle(_("There is nothing in this file."))
        _check_number(self.header, found)

    def check(self) -> None:
        """A line carries its own hash and signature; there is nothing else to hold it against."""


def _header_line(line: bytes) -> Header:
    given = strict_json(line, _("The first line"))
    return read_header(given.get("bundle") if isinstance(given, dict) else None)


# -- one document ----------------------------------------------------------------------------------


class _Document(_Plain):
    form = JSON

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self._document = Document(file)
        self.header = self._document.header
        self.sender = self._document.sender

    def lines(self) -> Iterator[Line]:
        found = 0
        for found, line in enumerate(self._document.lines(), 1):
            yield Line(found, line, found, _entry_of_document)
        _check_number(self.header, found)

    def check(self) -> None:
        """Hold the lines that were read against the hash in the signed header."""
        self._document.check()


# -- the bag ---------------------------------------------------------------------------------------


class _Bag:
    form = ZIP

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        tags = {name: archive.read(name) for name in TAGS}
        listed = archive.read(TAG_MANIFEST)
        for name, digest in _manifest(listed, TAG_MANIFEST).items():
            if name not in TAGS or sha256(tags[name]).hexdigest() != digest:
                raise BadBundle(
                    _("%(name)s was changed after the bundle was made: its hash is another one.", name=name)
                )
        if set(_manifest(listed, TAG_MANIFEST)) != set(TAGS):
            raise BadBundle(_("%(name)s does not list what it should.", name=TAG_MANIFEST))
        self.header = read_header(strict_json(tags["bundle.json"], "bundle.json"))
        self.sender: str | None = signer(strict_json(archive.read(SIGNATURE), SIGNATURE), sha256(listed).digest())
        if self.sender != self.header.node:
            raise BadBundle(_("The bundle says that it is from one server and is signed by another."))
        self._hashes = _manifest(tags["manifest-sha256.txt"], "manifest-sha256.txt")
        if set(self._hashes) != {OPS, *archive.blobs, *archive.readable}:
            raise BadBundle(_("manifest-sha256.txt does not list exactly the files that are in the bundle."))
        if any(digest != name.removeprefix(BLOBS) for name, digest in self._hashes.items() if name.startswith(BLOBS)):
            raise BadBundle(_("An attachment is listed under the name of another one."))
        self.blobs = {name.removeprefix(BLOBS): archive.size(name) for name in archive.blobs}
        self._ops_hash: str | None = None

    def lines(self) -> Iterator[Line]:
        digest, found = sha256(), 0
        with self._archive.open(OPS) as stream:

            def read(size: int) -> bytes:
                chunk = stream.read(size)
                digest.update(chunk)
                return chunk

            for found, line in enumerate(split_lines(read), 1):
                yield Line(found, line, found, _line_of_bag)
                _check_count(found)
        self._ops_hash = digest.hexdigest()
        _check_number(self.header, found)

    def check(self) -> None:
        """Hold the lines that were read, and every file, against the manifest."""
        if self._ops_hash != self._hashes[OPS]:
            raise BadBundle(_("%(name)s was changed after the bundle was made: its hash is another one.", name=OPS))
        for name, wanted in self._hashes.items():
            if name == OPS:
                continue
            digest = sha256()
            with self._archive.open(name) as stream:
                while chunk := stream.read(READ):
                    digest.update(chunk)
            if digest.hexdigest() != wanted:
                raise BadBundle(_("%(name)s is damaged: its hash is another one.", name=name))

    def open(self, sha256: str) -> AbstractContextManager[Readable]:
        return self._archive.open(BLOBS + sha256)


def _manifest(content: bytes, name: str) -> dict[str, str]:
    with damaged(name):
        lines = content.decode().splitlines()
    entries = [_ENTRY(line) for line in lines]
    found = {entry[2]: entry[1] for entry in entries if entry}
    if len(found) != len(lines):
        raise BadBundle(_("%(name)s is not in the form it should have.", name=name))
    return found


def _check_count(found: int) -> None:
    if found > OPS_LIMIT:
        raise BadBundle(_("The bundle has more than the %(limit)s entries that one may have.", limit=OPS_LIMIT))


def _check_number(header: Header, found: int) -> None:
    if header.ops is not None and header.ops != found:
        raise BadBundle(
            _(
                "The bundle says that it holds %(said)s entries, but there are %(found)s: it is cut off.",
                said=header.ops,
                found=found,
            )
        )
