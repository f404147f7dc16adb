"""Files that ops name and that are not here: asked for in pieces, gone on with where they broke off."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks
from partnernet.core.entry import Attachment
from partnernet.core.errors import Refused
from partnernet.core.files import Files, storing
from partnernet.core.ledger.tables import OpRow
from partnernet.exchange.bundle import BLOB_LIMIT, named_files
from partnernet.sync.protocol import FILES

if TYPE_CHECKING:
    from partnernet.sync.client import Client

LOOKED_AT = 20_000
PARTS = "sync"
"""The folder of what has come of files so far."""


def missing(session: Session, files: Files, named: Mapping[str, str]) -> dict[str, str]:
    """The files that are not here, each with an op that names it; `named` came in just now."""
    found = {sha256: op for sha256, op in named.items() if not files.has(sha256)}
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


def some(missing: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """As many at a time as may be asked after at once."""
    for each in chunks(missing.items(), FILES):
        yield dict(each)


def fetch(client: "Client", files: Files, sha256: str, op: str, size: int) -> bool:
    """Bring a file here, or as much of it as comes; whether it is whole and what its name says."""
    if size > BLOB_LIMIT:
        return False
    part = part_of(sha256)
    with storing():
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("ab") as file:
            while file.tell() < size:
                try:
                    piece, whole = client.piece(sha256, op, file.tell())
                except Refused:
                    if not file.tell():
                        part.unlink()
                    raise
                if whole != size or not piece:
                    break
                file.write(piece)
    return _placed(files, part, sha256, size)


def part_of(sha256: str) -> Path:
    """Where what has come of a file lies."""
    folder: Path = current_app.config["DATA"]
    return folder / PARTS / f"{sha256}.part"


def _placed(files: Files, part: Path, sha256: str, size: int) -> bool:
    """Put a whole file in its place; one that is not what its name says is thrown away."""
    with part.open("rb") as file:
        is_whole = part.stat().st_size == size and files.store(file, BLOB_LIMIT).sha256 == sha256
    part.unlink()
    return is_whole
