"""Files that ops name and that are not here: asked for in pieces, gone on with where they broke off."""

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks
from partnernet.core.entry import Attachment
from partnernet.core.files import Files, storing
from partnernet.core.handful import FETCHED
from partnernet.core.ledger.tables import OpRow
from partnernet.core.lock import held
from partnernet.exchange.bundle import BLOB_LIMIT, named_files
from partnernet.nodes import quotas
from partnernet.sync import brought
from partnernet.sync.brought import Known
from partnernet.sync.peers import Guest
from partnernet.sync.protocol import FILES
from partnernet.web.here import its_files

if TYPE_CHECKING:
    from partnernet.sync.client import Client

STEP = 2_000
"""Files that are looked for at a time."""
KEPT, BEGUN = 7 * 86_400, 3_600
"""Seconds that what has come of a file is kept; and that it may come before what names it is here."""
PARTS, LOCK = "sync", "parts.lock"
"""The folder of what has come of files so far, and what is held while a piece is added: two servers may bring one."""

Came = Callable[[int], None]


class Missing(NamedTuple):
    """A file that is not here."""

    sha256: str
    op: str
    """One that names it."""
    writer: str
    """The server that wrote that op."""
    size: int
    """In bytes, as is said where it is named."""


def missing(session: Session, files: Files, guest: Guest, start: str | None = None) -> Iterator[Missing]:
    """The files that are not here and that a server may bring, each with an op that names it and that it may know.

    All of them, some at a time, from one in the middle on: where only the first can be dealt with, they are others
    each time.
    """
    if not guest.writes:
        return
    is_known = brought.known_to(session, guest)
    start = secrets.token_hex(2) if start is None else start
    for sha256s in chain(_named(session, start), _named(session, "", start)):
        found = _ops(session, files.absent(sha256s), guest.writes, is_known)
        session.rollback()
        yield from sorted(found)


def lacked(session: Session, own: str, files: Files, guest: Guest) -> dict[str, list[Any]]:
    """What a server is told of the files that are not here: an op that names each, and how many bytes have come.

    Of a writer that may send less than a file has, that file is not asked for: it would only come in vain.
    """
    told: dict[str, list[Any]] = {}
    room: dict[str, int] = {}
    for file in missing(session, files, guest):
        if file.writer != own and file.writer not in room:
            room[file.writer] = quotas.left(session, [file.writer])[file.writer].files
        fits = room.get(file.writer, file.size)
        if file.size <= fits or file.size - come(file.sha256) <= fits:
            told[file.sha256] = [file.op, come(file.sha256)]
        if len(told) == FILES:
            break
    session.rollback()
    return told


def some(missing: Iterable[tuple[str, str]]) -> Iterator[dict[str, str]]:
    """As many at a time as may be asked after at once."""
    for each in chunks(missing, FILES):
        yield dict(each)


def _named(session: Session, start: str, end: str | None = None) -> Iterator[Sequence[str]]:
    """The hashes of what entries name, from one place up to another, in order."""
    wanted = select(Attachment.sha256).distinct().order_by(Attachment.sha256).limit(STEP)
    if end is not None:
        wanted = wanted.where(Attachment.sha256 < end)
    found = session.scalars(wanted.where(Attachment.sha256 >= start)).all()
    while found:
        yield found
        found = session.scalars(wanted.where(Attachment.sha256 > found[-1])).all()


def _ops(session: Session, absent: Sequence[str], logs: Sequence[str], is_known: Known) -> list[Missing]:
    """Of some files, those that an op in some logs names which another server may know, each with such an op."""
    found: dict[str, Missing] = {}
    for sha256s in chunks(absent):
        of = Attachment.sha256.in_(sha256s)
        sizes = dict(session.execute(select(Attachment.sha256, func.max(Attachment.size)).where(of)
                                     .group_by(Attachment.sha256)).all())  # fmt: skip
        for things in chunks(session.scalars(select(Attachment.entry).where(of).distinct()).all()):
            for op in session.execute(
                select(OpRow.id, OpRow.node, OpRow.inc, OpRow.log, OpRow.seq, OpRow.body)
                .where(OpRow.thing.in_(things), OpRow.body.is_not(None), OpRow.log.in_(logs)),
                execution_options={"yield_per": FETCHED},
            ):  # fmt: skip
                names = sizes.keys() & named_files(op.body)
                if names and is_known(f"{op.node}/{op.inc}/{op.log}", op.seq):
                    found |= {name: Missing(name, op.id, op.node, sizes[name]) for name in names}
    return list(found.values())


def fetch(client: "Client", files: Files, sha256: str, op: str, size: int, came: Came) -> bool:
    """Bring a file here, or as much of it as comes; whether it is whole and what its name says.

    `came` hears how many bytes each piece has: what breaks off lies here, too, and counts.
    """
    if size > BLOB_LIMIT:
        return False
    part = part_of(sha256)
    if not size:
        _append(part, 0, b"")
    while not files.has(sha256) and (at := come(sha256)) < size:
        piece, whole = client.piece(sha256, op, at)
        if whole != size or not piece:
            break
        if _append(part, at, piece):
            came(len(piece))
    return _placed(files, part, sha256, size)


def give(client: "Client", files: Files, sha256: str, op: str, first: int, most: int) -> bool:
    """Send a file that another server lacks, `most` bytes at a time, from where it broke off; whether it is whole."""
    size, at = files.size(sha256), first
    with files.open(sha256) as file:
        while True:
            file.seek(at)
            answer = client.give(sha256, op, at, size, file.read(most))
            if answer.get("whole") is True:
                return True
            goes_on = answer.get("at")
            if type(goes_on) is not int or not at < goes_on < size:
                return False
            at = goes_on


def put(files: Files, sha256: str, first: int, size: int, piece: bytes, came: Came) -> dict[str, Any]:
    """Add a piece that was sent to what is here of a file; from where it goes on, or that it is whole."""
    part, end = part_of(sha256), first + len(piece)
    is_piece = (piece or not size) and end <= size <= BLOB_LIMIT
    if not is_piece or not _append(part, first, piece):
        return {"at": come(sha256)}
    came(len(piece))
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


def come(sha256: str) -> int:
    """How many bytes of a file have come so far."""
    return _size(part_of(sha256))


def _size(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0


def sweep_parts(session: Session) -> None:
    """Remove what has come of files that nothing names any more, that are here by now, or that nobody went on with."""
    files = its_files()
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
