"""Entries with files, for the tests of what is searched in them."""

import io
from hashlib import sha256
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.consumers import drain_all
from partnernet.core.entry import Entry
from partnernet.core.file_text import FileReading, FileText
from partnernet.core.files import Files
from partnernet.search.reading import read_waiting
from tests.search.cast import discuss


def files() -> Files:
    """The files of the node."""
    found: Files = current_app.extensions["partnernet.files"]
    return found


def described(name: str, content: bytes, kind: str = "application/octet-stream") -> dict[str, Any]:
    """A file as an op names it, without its being here."""
    return {"sha256": sha256(content).hexdigest(), "name": name, "type": kind, "size": len(content)}


def put(content: bytes) -> str:
    """Let the bytes of a file be here; its hash."""
    return files().store(io.BytesIO(content), len(content)).sha256


def attach(session: Session, title: str, /, *, body: str = "", log: str = "public", **content: bytes) -> Entry:
    """An entry with files, given by their names with `_` for the dot."""
    named = {name.replace("_", "."): data for name, data in content.items()}
    for data in named.values():
        put(data)
    return discuss(session, title, body, log=log, files=[described(name, data) for name, data in named.items()])


def take_note(session: Session) -> None:
    """Let the consumers catch up."""
    drain_all(session)


def read_files(session: Session) -> int:
    """Let the consumers catch up and every file be read; how many were."""
    drain_all(session)
    read = read_waiting(session, files())
    drain_all(session)
    return read


def reading(session: Session, content: bytes) -> FileReading | None:
    """What became of a file."""
    session.rollback()
    session.expire_all()
    return session.get(FileReading, sha256(content).hexdigest())


def stored(session: Session) -> list[str]:
    """All texts of files, in order."""
    session.rollback()
    return list(session.scalars(select(FileText.text).order_by(FileText.sha256, FileText.n)))
