"""The erasures that this node knows, in a file beside the database.

A database that was put back from a copy is told from it what was erased since. The ops are kept whole,
with their signatures: with their ids alone an erasure that the copy lacks would be lost here, while the
words live on elsewhere. The file only ever grows, and a line that a crash cut off is written again.
"""

import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from partnernet.core.db import chunks
from partnernet.core.errors import BadBundle
from partnernet.core.ledger import canonical
from partnernet.core.ledger import op as ops
from partnernet.core.ledger.node import sync_folder
from partnernet.core.ledger.op import Op, from_parts
from partnernet.core.ledger.tables import OpRow

FILE = "erasures.jsonl"
ERASURES_LIMIT = 50
"""Entries of others that may be erased at once without somebody who has looked at it."""
STEP = 400
STRETCH = 64 << 10
"""Bytes that are looked through at a time for the end of the last line."""

log = logging.getLogger(__name__)

_op = OpRow.__table__.c
ERASING = text("kind in ('redact', 'erase_person')")
"""In the words of the partial index, so that it is used."""


def recorded(folder: Path) -> Iterator[Op]:
    """The ops in the file, each checked; what cannot be read is left out, and said in the log."""
    try:
        file = (folder / FILE).open("rb")
    except FileNotFoundError:
        return
    with file:
        for n, line in enumerate(iter(lambda: file.readline(canonical.LINE_LIMIT + 2), b""), 1):
            try:
                op = ops.read(line.rstrip(b"\n"))
                ops.check_signature(op)
            except BadBundle as error:
                log.warning("line %d of %s cannot be used: %s", n, FILE, error.sentence)
            else:
                yield op


def is_recorded(folder: Path) -> bool:
    """Whether there is a file of erasures at all."""
    return (folder / FILE).exists()


def record(session: Session, folder: Path, after: int, known: Iterable[str] = ()) -> int:
    """Copy the erasures past a row number, but those known, to the file; how many were copied.

    The file is there afterwards in any case.
    """
    known, count = set(known), 0
    path = folder / FILE
    is_new = not path.exists()
    with path.open("x+b" if is_new else "r+b") as file:
        _seek_whole(file)
        while rows := session.execute(
            select(_op.n, _op.id, _op.head, _op.body, _op.sig).where(_op.n > after, ERASING).order_by(_op.n).limit(STEP)
        ).all():
            found = [from_parts(row.id, row.head, row.body, row.sig) for row in rows if row.id not in known]
            relied = {str(op.h["mem"]) for op in found if isinstance(op.h.get("mem"), str)} - known
            for op in [*_of(session, relied), *found]:
                file.write(op.line + b"\n")
                known.add(op.id)
            count, after = count + len(found), rows[-1].n
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        sync_folder(folder)
    return count


def _of(session: Session, ids: Iterable[str]) -> Iterator[Op]:
    """Some ops by their ids: what names the stewards on whose word something was erased goes before it."""
    for some in chunks(sorted(ids)):
        for row in session.execute(select(_op.id, _op.head, _op.body, _op.sig).where(_op.id.in_(some))):
            yield from_parts(row.id, row.head, row.body, row.sig)


def _seek_whole(file: BinaryIO) -> None:
    """Go to the end of the last whole line, and cut off what a crash left after it."""
    end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - STRETCH)
        file.seek(start)
        newline = file.read(end - start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    file.truncate(end)
    file.seek(end)
