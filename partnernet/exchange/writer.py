"""Writing a bundle: lines for pipes, one indented document for reading, and what a bag is filled with."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO

import orjson
from sqlalchemy.orm import Session

from partnernet.core.errors import TooLarge
from partnernet.core.files import CHUNK, Files
from partnernet.core.ledger import log
from partnernet.core.ledger.node import Node
from partnernet.core.ledger.op import join
from partnernet.core.time import from_ms, now_ms
from partnernet.core.words import _
from partnernet.exchange.bundle import BLOBS_LIMIT, JSON, JSON_LIMIT, ZIP, named_files, sign
from partnernet.exchange.header import Header, LeftOut
from partnernet.exchange.selection import Selection, left_out, selected
from partnernet.network.model import own_network

BLOCK = 256
"""Ops that are joined before they are written: one write for many lines."""

Progress = Callable[[int], None]

_LINE_START = re.compile(rb"^", re.MULTILINE)


@dataclass(slots=True)
class Tally:
    """What went into a bundle, counted while it is written."""

    ops: int = 0
    erased: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    logs: Counter[str] = field(default_factory=Counter)
    nodes: Counter[str] = field(default_factory=Counter)
    files: dict[str, None] = field(default_factory=dict)

    def said(self) -> dict[str, Any]:
        """The counts of a header."""
        return {
            "ops": self.ops, "erased": self.erased, "by_kind": dict(sorted(self.kinds.items())),
            "by_log": dict(sorted(self.logs.items())), "by_node": dict(sorted(self.nodes.items())),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Export:
    """One export: by which node, of what, and when."""

    session: Session
    node: Node
    files: Files
    selection: Selection
    note: str = ""
    at: int = field(default_factory=now_ms)
    progress: Progress = lambda count: None

    @property
    def day(self) -> str:
        """The day of the export, as in names of files."""
        return f"{from_ms(self.at):%Y-%m-%d}"

    def blocks(self, tally: Tally) -> Iterator[bytes]:
        """The selected ops as canonical lines, many at a time."""
        lines: list[bytes] = []
        for op_id, head, body, sig, kind, node, log_name in selected(self.session, self.selection):
            lines.append(join(op_id, head, body, sig))
            tally.ops += 1
            tally.kinds[kind] += 1
            tally.logs[log_name] += 1
            tally.nodes[node] += 1
            if body is None:
                tally.erased += 1
            else:
                for name in named_files(body):
                    tally.files[name] = None
            if len(lines) == BLOCK:
                lines.append(b"")
                yield b"\n".join(lines)
                lines.clear()
                self.progress(BLOCK)
        if lines:
            self.progress(len(lines))
            lines.append(b"")
            yield b"\n".join(lines)

    def header(self, tally: Tally, blobs: Mapping[str, int | None], left: list[LeftOut]) -> Header:
        """What the bundle says of itself; `blobs` has the size of each file that is in it."""
        network = own_network(self.session)
        return Header(
            created=f"{from_ms(self.at):%Y-%m-%dT%H:%M:%SZ}",
            node=self.node.id,
            network=network.name if network else "",
            selection=self.selection.said(),
            counts={**tally.said(), "blobs": sum(size is not None for size in blobs.values())},
            blobs=[
                {"sha256": name, "included": size is not None, **({} if size is None else {"size": size})}
                for name, size in blobs.items()
            ],
            have=log.have(self.session, self.selection.logs),
            left_out=[*left_out(self.session, self.selection), *_erased(tally), *left],
            note=self.note,
        )


def write(export: Export, form: str, out: BinaryIO) -> Sequence[LeftOut]:
    """Write a bundle of any form to a file that can seek; what was left out."""
    if form == ZIP:
        from partnernet.exchange.bag import write_bag

        return write_bag(export, out).left_out
    if form == JSON:
        return write_document(export, out).left_out
    return export.header(write_lines(export, out), {}, []).left_out


def write_lines(export: Export, out: BinaryIO) -> Tally:
    """Write the ops alone, one on a line."""
    tally = Tally()
    for block in export.blocks(tally):
        out.write(block)
    return tally


def write_document(export: Export, out: BinaryIO) -> Header:
    """Write one indented JSON document without attachments; raises TooLarge over 16 MiB."""
    tally, digest, first = Tally(), sha256(), True
    with SpooledTemporaryFile(max_size=1 << 20) as ops:
        for block in export.blocks(tally):
            digest.update(block)
            for line in block.splitlines():
                ops.write(b"" if first else b",\n")
                ops.write(_indented(orjson.loads(line), 4))
                first = False
            if ops.tell() > JSON_LIMIT:
                raise TooLarge(_("This is more than 16 MB, too much for one .pn.json: choose a .pn.zip."))
        left = [LeftOut("attachments", "they travel in a .pn.zip", len(tally.files))] if tally.files else []
        header = export.header(tally, dict.fromkeys(list(tally.files)[:BLOBS_LIMIT]), left)
        said = {**header.said(), "ops_sha256": digest.hexdigest()}
        signature = sign(export.node, sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).digest())
        start = b'{\n  "bundle": %b,\n  "signature": %b,\n  "ops": [\n' % (
            _indented(said, 2).lstrip(), _indented(signature, 2).lstrip()
        )  # fmt: skip
        end = b"\n  ]\n}\n"
        if len(start) + ops.tell() + len(end) > JSON_LIMIT:
            raise TooLarge(_("This is more than 16 MB, too much for one .pn.json: choose a .pn.zip."))
        out.write(start)
        ops.seek(0)
        while chunk := ops.read(CHUNK):
            out.write(chunk)
        out.write(end)
    return header


def _indented(value: object, by: int) -> bytes:
    return _LINE_START.sub(b" " * by, orjson.dumps(value, option=orjson.OPT_INDENT_2))


def _erased(tally: Tally) -> list[LeftOut]:
    if not tally.erased:
        return []
    return [LeftOut("texts that were erased, or never reached this server", "there is nothing to send", tally.erased)]
