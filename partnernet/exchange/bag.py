"""The zip form of a bundle, which is also a BagIt bag: any BagIt tool, or sha256sum, can check it."""

import zipfile
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, BinaryIO

import orjson

from partnernet.core.files import CHUNK
from partnernet.core.time import from_ms
from partnernet.exchange.bundle import BLOBS_LIMIT, RATIO_LIMIT, RATIO_SPARED, sign
from partnernet.exchange.header import SOFTWARE, Header, LeftOut
from partnernet.exchange.writer import Export, Tally

OPS = "data/ops.jsonl"
BLOBS = "data/blobs/"
TAGS = ("bagit.txt", "bag-info.txt", "README.txt", "bundle.json", "manifest-sha256.txt")
TAG_MANIFEST, SIGNATURE = "tagmanifest-sha256.txt", "signature.json"

DEFLATE_LEVEL = 1
"""Ids and signatures do not compress; a higher level costs much time for little."""

SIZE_LIMIT = 2 << 30
"""What another node takes by upload unless it is told otherwise."""

README = """\
This is a bundle of PartnerNet: a copy of what a network of organisations wrote, made on {day}{by}.

It holds {ops} signed statements (somebody wrote, changed or removed something) and {files} attached files.

To read it with PartnerNet: sign in as a steward, open Exchange, and choose this file; or run
    partnernet import {name}.pn.zip
Nothing is changed before you have seen what is in it and said yes.

To read it without PartnerNet: data/ops.jsonl has one statement on each line, as JSON; the words are
under b, set. The attached files are in data/blobs, named after their SHA-256. bundle.json says what
else is here and what was left out, and why.

To check that nothing was damaged on the way, unpack it and run, in its folder,
    sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt
"""


def write_bag(export: Export, out: BinaryIO, limit: int = SIZE_LIMIT) -> Header:
    """Write a bag, attachments included, to a file that can seek; beyond `limit` files are left out."""
    return _Bag(export, out, limit).write()


class _Bag:
    def __init__(self, export: Export, out: BinaryIO, limit: int) -> None:
        self.export, self.out, self.limit = export, out, limit
        self.top = f"partnernet-{export.day}"
        self.payload: dict[str, str] = {}
        self.octets = 0

    def write(self) -> Header:
        for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
            with zipfile.ZipFile(self.out, "w", compresslevel=DEFLATE_LEVEL) as self.zip:
                tally = Tally()
                if self._write_ops(tally, method):
                    header = self._write_rest(tally)
                    break
            self.out.seek(0)  # so dense that a careful reader would take it for a trap: stored as it is
            self.out.truncate()
        return header

    def _write_ops(self, tally: Tally, method: int) -> bool:
        digest, size = sha256(), 0
        info = self._info(OPS, method)
        with self.zip.open(info, "w", force_zip64=True) as member:
            for block in self.export.blocks(tally):
                digest.update(block)
                size += len(block)
                member.write(block)
        self.payload, self.octets = {OPS: digest.hexdigest()}, size
        return size <= RATIO_SPARED or size <= info.compress_size * RATIO_LIMIT

    def _write_rest(self, tally: Tally) -> Header:
        blobs, left = self._write_blobs(tally)
        header = self.export.header(tally, blobs, left)
        contents = self._tags(header, sum(size is not None for size in blobs.values()))
        for name in TAGS:
            self._put(name, contents[name])
        tag_manifest = _manifest({name: sha256(contents[name]).hexdigest() for name in TAGS})
        self._put(TAG_MANIFEST, tag_manifest)
        self._put(SIGNATURE, _json(sign(self.export.node, sha256(tag_manifest).digest())))
        return header

    def _write_blobs(self, tally: Tally) -> tuple[dict[str, int | None], list[LeftOut]]:
        """Put in the files that the ops name; the size of each, None for one that is left out."""
        blobs: dict[str, int | None] = {}
        absent = over = 0
        for name in sorted(tally.files):
            if len(blobs) == BLOBS_LIMIT or not self.export.selection.with_files:
                over += 1
            elif not self.export.files.has(name):
                blobs[name] = None
                absent += 1
            elif self.out.tell() + self.export.files.size(name) > self.limit:
                blobs[name] = None
                over += 1
            else:
                blobs[name] = self._write_blob(name)
        left = []
        if absent:
            left.append(LeftOut("attachments", "they have not reached this server yet", absent))
        if over:
            why = "one bundle holds no more" if self.export.selection.with_files else "they were not asked for"
            left.append(LeftOut("attachments", why, over))
        return blobs, left

    def _write_blob(self, name: str) -> int:
        size = 0
        with (
            self.export.files.open(name) as file,
            self.zip.open(self._info(BLOBS + name, zipfile.ZIP_STORED), "w", force_zip64=True) as member,
        ):
            while chunk := file.read(CHUNK):
                size += len(chunk)
                member.write(chunk)
        self.payload[BLOBS + name] = name
        self.octets += size
        return size

    def _tags(self, header: Header, files: int) -> dict[str, bytes]:
        day, ops = self.export.day, header.counts["ops"]
        info = {
            "Bag-Software-Agent": SOFTWARE,
            "Bagging-Date": day,
            "External-Description": "A bundle of PartnerNet; README.txt says how to open it",
            "Internal-Sender-Identifier": header.node,
            "Payload-Oxum": f"{self.octets}.{len(self.payload)}",
        }
        by = f" by {' '.join(header.network.split())}" if header.network else ""
        return {
            "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": "".join(f"{name}: {value}\n" for name, value in info.items()).encode(),
            "README.txt": README.format(day=day, by=by, ops=ops, files=files, name=self.top).encode(),
            "bundle.json": _json(header.said()),
            "manifest-sha256.txt": _manifest(self.payload),
        }

    def _put(self, name: str, content: bytes) -> None:
        self.zip.writestr(self._info(name, zipfile.ZIP_DEFLATED), content, compresslevel=DEFLATE_LEVEL)

    def _info(self, name: str, method: int) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(f"{self.top}/{name}", from_ms(self.export.at).timetuple()[:6])
        info.compress_type, info.external_attr = method, 0o100644 << 16
        info._compresslevel = DEFLATE_LEVEL  # type: ignore[attr-defined] # `open` takes a level in no other way
        return info


def _manifest(hashes: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in hashes.items()).encode()


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n"
