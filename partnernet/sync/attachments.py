"""Files that ops name and that are not here: asked for in pieces, gone on with where they broke off."""

import time
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks
from partnernet.core.entry import Attachment
from partnernet.core.files import Files, storing
from partnernet.core.ledger.tables import OpRow
from partnernet.core.lock import held
from partnernet.exchange.bundle import BLOB_LIMIT, named_files
from partnernet.sync.protocol import FILES, PIECE

if TYPE_CHECKING:
    from partnernet.sync.client import Client

LOOKED_AT = 20_000
KEPT, BEGUN = 7 * 86_400, 3_600
"""Seconds that what has come of a file is kept; and that it may come before what names it is here."""
PARTS, LOCK = "sync", "parts.lock"
"""The folder of what has come of files so far, and what is held while a piece is added: two servers may bring one."""


def missing(session: Session, files: Files, named: Mapping[str, str] | None = None) -> dict[str, str]:
    """The files that are not here, each with an op that names it; `named` came in just now."""
    found = {sha256: op for sha256, op in (named or {}).items() if not files.has(sha256)}
    rows = session.execute(
        select(Attachment.entry, Attachment.sha256).order_by(Attachment.sha256).limit(LOOKED_AT)
    ).all()  # fmt: skip
    absent: dict[str, set[str]] = {}
    for entry, sha256 in rows:
        if sha256 not in found and not files.has(sha256):
            absent.setdefault(entry, set()).add(sha256)
    for entries in chunks(absent):
        for op, thing, body in session.execute(
            select(OpRow.id, OpRow.thing, OpRow.body).where(OpRow.thing.in_(entries), OpRow.body.is_not(None))
        ):
            found |= {sha256: op for sha256 in named_files(body) if sha256 in absent[thing]}
    return found


def lacked(session: Session, files: Files, logs: Collection[str]) -> dict[str, list[Any]]:
    """What a server that may read and write some logs is told of the files that are not here.

    For each, an op that names it, and how many bytes have come so far.
    """
    ops = missing(session, files)
    known: set[str] = set()
    for some_ops in chunks(sorted(set(ops.values()))):
        known.update(session.scalars(select(OpRow.id).where(OpRow.id.in_(some_ops), OpRow.log.in_(logs))))
    told = ((sha256, op) for sha256, op in sorted(ops.items()) if op in known)
    return {sha256: [op, _come(sha256)] for sha256, op in islice(told, FILES)}


def some(missing: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """As many at a time as may be asked after at once."""
    for each in chunks(missing.items(), FILES):
        yield dict(each)


def fetch(client: "Client", files: Files, sha256: str, op: str, size: int) -> bool:
    """Bring a file here, or as much of it as comes; whether it is whole and what its name says."""
    if size > BLOB_LIMIT:
        return False
    part = part_of(sha256)
    if not size:
        _append(part, 0, b"")
    while not files.has(sha256) and (at := _come(sha256)) < size:
        piece, whole = client.piece(sha256, op, at)
        if whole != size or not piece:
            break
        _append(part, at, piece)
    return _placed(files, part, sha256, size)


def give(client: "Client", files: Files, sha256: str, op: str, first: int) -> bool:
    """Send a file that another server lacks, from where it broke off; whether it is whole there."""
    size, at = files.size(sha256), first
    with files.open(sha256) as file:
        while True:
            file.seek(at)
            answer = client.give(sha256, op, at, size, file.read(PIECE))
            if answer.get("whole") is True:
                return True
            goes_on = answer.get("at")
            if type(goes_on) is not int or not at < goes_on < size:
                return False
            at = goes_on


def put(files: Files, sha256: str, first: int, size: int, piece: bytes) -> dict[str, Any]:
    """Add a piece that was sent to what is here of a file; from where it goes on, or that it is whole."""
    part, end = part_of(sha256), first + len(piece)
    is_piece = (piece or not size) and end <= size <= BLOB_LIMIT
    if not is_piece or not _append(part, first, piece):
        return {"at": _come(sha256)}
    if end < size:
        return {"at": end}
    return {"whole": True} if _placed(files, part, sha256, size) else {"at": 0}


def _append(part: Path, at: int, piece: bytes) -> bool:
    """Add a piece to what is here of a file; not where another exchange has brought it meanwhile."""
    with storing(), held(part.with_name(LOCK)):
        if _size(part) != at:
            return False
        with part.open("ab") as file:
            file.write(piece)
    return True


def _come(sha256: str) -> int:
    """How many bytes of a file have come so far."""
    return _size(part_of(sha256))


def _size(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0


def sweep_parts(session: Session) -> None:
    """Remove what has come of files that nothing names any more, that are here by now, or that nobody went on with."""
    files: Files = current_app.extensions["partnernet.files"]
    for part in (current_app.config["DATA"] / PARTS).glob("*.part"):
        age = time.time() - part.stat().st_mtime
        is_named = session.scalar(select(Attachment.entry).where(Attachment.sha256 == part.stem).limit(1)) is not None
        if files.has(part.stem) or age > KEPT or (not is_named and age > BEGUN):
            part.unlink(missing_ok=True)


def part_of(sha256: str) -> Path:
    """Where what has come of a file lies."""
    folder: Path = current_app.config["DATA"]
    return folder / PARTS / f"{sha256}.part"


def _placed(files: Files, part: Path, sha256: str, size: int) -> bool:
    """Put a whole file in its place; one that is not what its name says is thrown away."""
    try:
        with part.open("rb") as file:
            is_whole = part.stat().st_size == size and files.store(file, BLOB_LIMIT).sha256 == sha256
    except FileNotFoundError:
        return files.has(sha256)  # another exchange has put it there
    part.unlink(missing_ok=True)
    return is_whole
