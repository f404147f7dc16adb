"""The zip form of a bundle, which is also a BagIt bag: any BagIt tool, or sha256sum, can check it."""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, BinaryIO, Protocol

import orjson

from partnernet.core.files import CHUNK
from partnernet.core.time import from_ms
from partnernet.exchange.bundle import BLOBS_LIMIT, RATIO_LIMIT, RATIO_SPARED, sign
from partnernet.exchange.header import SOFTWARE, Header, LeftOut
from partnernet.exchange.outgoing.naming import part_name
from partnernet.exchange.outgoing.readable import write_readable
from partnernet.exchange.outgoing.readme import readme
from partnernet.exchange.outgoing.writer import NOT_ASKED, Export, Tally

OPS = "data/ops.jsonl"
BLOBS = "data/blobs/"
TAGS = ("bagit.txt", "bag-info.txt", "README.txt", "bundle.json", "manifest-sha256.txt")
TAG_MANIFEST, SIGNATURE = "tagmanifest-sha256.txt", "signature.json"

DEFLATE_LEVEL = 1
"""Ids and signatures do not compress; a higher level costs much time for little."""

SIZE_LIMIT = 2 << 30
"""What another node takes by upload unless it is told otherwise."""
TAGS_ROOM = 1 << 20
"""Bytes that are kept free for what is written last."""
FILE_ROOM = 700
"""Bytes that a file takes beside its content: in the manifest, the header, and the zip's table of contents."""

NOT_HERE = "they have not reached this server yet"
NO_ROOM = "one bundle holds no more"


class Content(Protocol):
    """What a bag is filled with: lines of ops, and which files."""

    @property
    def part(self) -> int | None:
        """Which part of a divided bundle it is; None for a whole one."""

    @property
    def tags_room(self) -> int:
        """Bytes to keep free for what is written last, but for what each file takes."""

    def blocks(self, tally: Tally) -> Iterator[bytes]:
        """The lines, many at a time; they can be asked for again from the start."""

    def why_not(self, name: str, room: int) -> str:
        """Why a file is not to be in this bag; empty where it is. `room` in bytes is left in it."""


@dataclass(frozen=True, slots=True)
class Whole:
    """All that an export has, in one bag."""

    export: Export
    part: int | None = None
    tags_room: int = TAGS_ROOM

    def blocks(self, tally: Tally) -> Iterator[bytes]:
        """The selected ops as canonical lines."""
        return self.export.blocks(tally)

    def why_not(self, name: str, room: int) -> str:
        """Why a file is not to be in this bag."""
        if not self.export.selection.with_files:
            return NOT_ASKED
        if not self.export.files.has(name):
            return NOT_HERE
        return "" if self.export.files.size(name) <= room else NO_ROOM


def write_bag(export: Export, out: BinaryIO, tally: Tally, limit: int = SIZE_LIMIT) -> Header:
    """Write a bag, attachments included, to a file that can seek; beyond `limit` files are left out."""
    return Bag(export, Whole(export), out, limit).write(tally)


@dataclass(slots=True)
class Bag:
    """One bag that is being written, of at most so many bytes."""

    export: Export
    content: Content
    out: BinaryIO
    limit: int
    payload: dict[str, str] = field(default_factory=dict)
    octets: int = 0
    zip: zipfile.ZipFile = field(init=False)

    @property
    def top(self) -> str:
        """The folder of the bag."""
        name, part = self.export.name, self.content.part
        return name if part is None else part_name(name, part)

    def write(self, tally: Tally) -> Header:
        """Fill it; what it says of itself. `tally` is empty before."""
        for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
            with zipfile.ZipFile(self.out, "w", compresslevel=DEFLATE_LEVEL) as self.zip:
                if self._write_ops(tally, method):
                    header = self._write_rest(tally)
                    break
            self.out.seek(0)  # so dense that a careful reader would take it for a trap: stored as it is
            self.out.truncate()
            tally.forget()
        return header

    def _write_ops(self, tally: Tally, method: int) -> bool:
        digest, size = sha256(), 0
        info = self._info(OPS, method)
        with self.zip.open(info, "w", force_zip64=True) as member:
            for block in self.content.blocks(tally):
                digest.update(block)
                size += len(block)
                member.write(block)
        self.payload, self.octets = {OPS: digest.hexdigest()}, size
        return size <= RATIO_SPARED or size <= info.compress_size * RATIO_LIMIT

    def _write_rest(self, tally: Tally) -> Header:
        limit = self.limit - self.content.tags_room - FILE_ROOM * len(tally.files)
        pages = self.out.tell()  # rendered texts take less room than the ops that they were rendered from
        blobs, left = self._write_blobs(tally, limit - pages)
        here = {name for name, size in blobs.items() if size is not None}
        room = limit - self.out.tell()
        write_readable(self.export, tally, here, self._put_page, room=room, is_part=self.content.part is not None)
        header = self.export.header(tally, blobs, left, self.content.part)
        contents = self._tags(header, len(here))
        for name in TAGS:
            self._put(name, contents[name])
        tag_manifest = _manifest({name: sha256(contents[name]).hexdigest() for name in TAGS})
        self._put(TAG_MANIFEST, tag_manifest)
        self._put(SIGNATURE, _json(sign(self.export.node, sha256(tag_manifest).digest())))
        return header

    def _write_blobs(self, tally: Tally, until: int) -> tuple[dict[str, int | None], list[LeftOut]]:
        """Put in the files that the ops name; the size of each, None for one that is left out."""
        blobs: dict[str, int | None] = {}
        reasons: dict[str, int] = {}
        for name in sorted(tally.files):
            why = NO_ROOM if len(blobs) == BLOBS_LIMIT else self.content.why_not(name, until - self.out.tell())
            if not why:
                blobs[name] = self._write_blob(name)
                continue
            reasons[why] = reasons.get(why, 0) + 1
            if why != NOT_ASKED and len(blobs) < BLOBS_LIMIT:
                blobs[name] = None
        return blobs, [LeftOut("attachments", why, count) for why, count in reasons.items()]

    def _write_blob(self, name: str) -> int:
        size = 0
        with (
            self.export.files.open(name) as file,
            self.zip.open(self._info(BLOBS + name, zipfile.ZIP_STORED), "w", force_zip64=True) as member,
        ):
            while chunk := file.read(CHUNK):
                size += len(chunk)
                member.write(chunk)
        self._note(BLOBS + name, name, size)
        return size

    def _put_page(self, name: str, content: bytes) -> int:
        """Put in a page for people; how many bytes it took. What is so dense as a trap is only stored."""
        before = self.out.tell()
        self._note(name, sha256(content).hexdigest(), len(content))
        self._put(name, content, zipfile.ZIP_DEFLATED if len(content) <= RATIO_SPARED else zipfile.ZIP_STORED)
        return self.out.tell() - before

    def _note(self, name: str, digest: str, size: int) -> None:
        self.payload[name] = digest
        self.octets += size

    def _tags(self, header: Header, files: int) -> dict[str, bytes]:
        ops = header.counts["ops"]
        info = {
            **({"Source-Organization": header.called} if header.called else {}),
            "Bag-Software-Agent": SOFTWARE,
            "Bagging-Date": self.export.day,
            "External-Description": "A bundle of PartnerNet; README.txt says how to open it",
            "Internal-Sender-Identifier": header.node,
            "Payload-Oxum": f"{self.octets}.{len(self.payload)}",
        }
        return {
            "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": "".join(f"{name}: {value}\n" for name, value in info.items()).encode(),
            "README.txt": readme(header, from_ms(self.export.at), ops=ops, files=files).encode(),
            "bundle.json": _json(header.said()),
            "manifest-sha256.txt": _manifest(self.payload),
        }

    def _put(self, name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> None:
        self.zip.writestr(self._info(name, method), content, compresslevel=DEFLATE_LEVEL)

    def _info(self, name: str, method: int) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(f"{self.top}/{name}", from_ms(self.export.at).timetuple()[:6])
        info.compress_type, info.external_attr = method, 0o100644 << 16
        info._compresslevel = DEFLATE_LEVEL  # type: ignore[attr-defined] # `open` takes a level in no other way
        return info


def _manifest(hashes: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in hashes.items()).encode()


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n"
