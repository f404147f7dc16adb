"""Writing a bundle: lines for pipes, one indented document for reading, and what a bag is filled with."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
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
from partnernet.exchange.log.handovers import Held
from partnernet.exchange.outgoing.naming import file_name
from partnernet.exchange.outgoing.selection import Selection, left_out, selected
from partnernet.nodes import known
from partnernet.nodes.card import Own, own_words

IN_ZIP_ALONE = "they travel in a .pn.zip"
"""Why attachments are in no bundle of another form."""
NOT_ASKED = "they were not asked for"

BLOCK, BLOCK_SIZE = 256, 1 << 20
"""Ops, and bytes of them, that are joined before they are written: one write for many lines."""

TEXTS_LIMIT = 100_000

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
    held: Held = field(default_factory=Held)
    texts: set[str] = field(default_factory=set)
    """The entities that were made or changed, where not everything goes along; so many at most as are kept in mind."""

    def count(self, row: Sequence[Any], *, minds: bool) -> None:
        """Count one op, as `selected` gives it; `minds` where it is to be remembered what it changes."""
        _id, _head, body, _sig, kind, node, log_name, inc, seq, thing = row
        self.ops += 1
        self.kinds[kind] += 1
        self.logs[log_name] += 1
        self.nodes[node] += 1
        self.held.add((node, inc, log_name), seq, seq)
        if body is None:
            self.erased += 1
            return
        if minds and kind != "mark" and len(self.texts) < TEXTS_LIMIT:
            self.texts.add(thing[:52])
        for name in named_files(body):
            self.files[name] = None

    def add(self, other: "Tally") -> None:
        """Add what was counted elsewhere."""
        self.ops += other.ops
        self.erased += other.erased
        self.kinds.update(other.kinds)
        self.logs.update(other.logs)
        self.nodes.update(other.nodes)
        self.files |= other.files
        self.texts |= other.texts
        for key, spans in other.held.spans.items():
            for first, last in spans:
                self.held.add(key, first, last)

    def forget(self) -> None:
        """Begin to count anew."""
        fresh = Tally()
        for name in self.__slots__:
            setattr(self, name, getattr(fresh, name))

    def said(self) -> dict[str, Any]:
        """The counts of a header."""
        return {
            "ops": self.ops, "erased": self.erased, "by_kind": dict(sorted(self.kinds.items())),
            "by_log": dict(sorted(self.logs.items())), "by_node": dict(sorted(self.nodes.items())),
        }  # fmt: skip


@dataclass(frozen=True)
class Export:
    """One export: by which node, of what, and when."""

    session: Session
    node: Node
    files: Files
    selection: Selection
    note: str = ""
    at: int = field(default_factory=now_ms)
    progress: Progress = lambda count: None

    @cached_property
    def own(self) -> Own:
        """What this server and its network are called."""
        return own_words(self.session)

    @property
    def day(self) -> str:
        """The day of the export."""
        return f"{from_ms(self.at):%Y-%m-%d}"

    @cached_property
    def name(self) -> str:
        """What its file is called, without the ending: nobody need rename it to tell it from another."""
        to = self.selection.to
        receiver = known.names(self.session, [to])[to] if to else ""
        return file_name(self.own.called, from_ms(self.at), self.selection, receiver)

    def blocks(self, tally: Tally) -> Iterator[bytes]:
        """The selected ops as canonical lines, many at a time."""
        lines: list[bytes] = []
        size = 0
        minds = bool(self.selection.since)
        for row in selected(self.session, self.selection):
            lines.append(join(row[0], row[1], row[2], row[3]))
            size += len(lines[-1])
            tally.count(row, minds=minds)
            if len(lines) == BLOCK or size >= BLOCK_SIZE:
                self.progress(len(lines))
                lines.append(b"")
                yield b"\n".join(lines)
                lines.clear()
                size = 0
        if lines:
            self.progress(len(lines))
            lines.append(b"")
            yield b"\n".join(lines)

    def header(
        self, tally: Tally, blobs: Mapping[str, int | None], left: list[LeftOut], part: int | None = None
    ) -> Header:
        """What the bundle says of itself; `blobs` has the size of each file that is in it."""
        return Header(
            created=f"{from_ms(self.at):%Y-%m-%dT%H:%M:%SZ}",
            node=self.node.id,
            network=self.own.network_name,
            server=self.own.server,
            selection=self.selection.said() | ({} if part is None else {"part": part}),
            counts={**tally.said(), "blobs": sum(size is not None for size in blobs.values())},
            blobs=[
                {"sha256": name, "included": size is not None, **({} if size is None else {"size": size})}
                for name, size in blobs.items()
            ],
            have=log.have(self.session, self.selection.logs),
            left_out=[*left_out(self.session, self.selection), *erased(tally), *left],
            note=self.note,
        )


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an export: what it says of itself, and what of each log went out."""

    header: Header
    held: Held


def write(export: Export, form: str, out: BinaryIO) -> Written:
    """Write a bundle of any form to a file that can seek."""
    tally = Tally()
    if form == ZIP:
        from partnernet.exchange.outgoing.bag import write_bag

        return Written(write_bag(export, out, tally), tally.held)
    if form == JSON:
        return Written(write_document(export, out, tally), tally.held)
    write_lines(export, out, tally)
    return Written(export.header(tally, {}, []), tally.held)


def write_lines(export: Export, out: BinaryIO, tally: Tally) -> None:
    """Write the ops alone, one on a line."""
    for block in export.blocks(tally):
        out.write(block)


def write_document(export: Export, out: BinaryIO, tally: Tally) -> Header:
    """Write one indented JSON document without attachments; raises TooLarge over 16 MiB."""
    digest, first = sha256(), True
    with SpooledTemporaryFile(max_size=1 << 20) as ops:
        for block in export.blocks(tally):
            digest.update(block)
            for line in block.splitlines():
                ops.write(b"" if first else b",\n")
                ops.write(_indented(orjson.loads(line), 4))
                first = False
            if ops.tell() > JSON_LIMIT:
                raise TooLarge(_("This is more than 16 MB, too much for one .pn.json: choose a .pn.zip."))
        why = IN_ZIP_ALONE if export.selection.with_files else NOT_ASKED
        left = [LeftOut("attachments", why, len(tally.files))] if tally.files else []
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


def erased(tally: Tally) -> list[LeftOut]:
    if not tally.erased:
        return []
    return [LeftOut("texts that were erased, or never reached this server", "there is nothing to send", tally.erased)]
