"""The files of entities, as search knows them: which wait to be read, and which nobody names any more.

The consumer only takes note; `reading` reads. What no entity names any more is forgotten here within seconds
of a redaction, once more whenever files are swept, and so before the database is compacted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session

from partnernet.core.consumers import Consumer
from partnernet.core.db import chunks, insert_missing, write
from partnernet.core.entry import Attachment
from partnernet.core.file_text import ABSENT, WAITING, WHY, FileReading, FileText
from partnernet.core.ledger.tables import Touched
from partnernet.extract import READ, VERSION, ending

LISTED = 20
"""Files that cannot be read of which a steward is told by name."""


@dataclass(frozen=True, slots=True)
class FileCounts:
    """How many files were read, wait, and cannot be read; the names of some of those, with the reason."""

    read: int = 0
    waiting: int = 0
    unreadable: int = 0
    listed: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @property
    def sentence(self) -> str:
        """The same in words; empty where there are no files."""
        if not (self.read or self.waiting or self.unreadable):
            return ""
        parts = [f"the text of {self.read:,} is searched"]
        parts += [f"{self.waiting:,} wait to be read or to come"] if self.waiting else []
        parts += [f"{self.unreadable:,} cannot be read"] if self.unreadable else []
        return f"Files: {', '.join(parts)}."


def consume(session: Session, batch: Sequence[Touched]) -> None:
    """Note the files that entities have come to name, and forget those that none names any more."""
    named: dict[str, str] = {}
    for some in chunks(sorted({row.entity for row in batch})):
        rows = select(Attachment.sha256, Attachment.name).where(Attachment.entry.in_(some))
        for sha256, name in session.execute(rows):
            if found := ending(name):
                named[sha256] = min(found, named.get(sha256, found))
    for some in chunks(sorted(named)):
        for sha256 in session.scalars(select(FileReading.sha256).where(FileReading.sha256.in_(some))):
            del named[sha256]
    if named:
        write(session)
        insert_missing(session, FileReading.__table__, [_waiting(*item) for item in sorted(named.items())])
    if any(row.op != row.entity for row in batch):  # what was only made just now takes no name away
        forget_unnamed(session)


def forget_unnamed(session: Session) -> None:
    """Let go of the texts of files that no entity names; to be committed."""
    gone = session.scalars(select(FileReading.sha256).where(_is_unnamed(FileReading.sha256))).all()
    for some in chunks(gone):
        write(session)
        for column in (FileText.sha256, FileReading.sha256):
            session.execute(delete(column.class_).where(column.in_(some), _is_unnamed(column)))


def counts(session: Session) -> FileCounts:
    """How the files of a node stand."""
    statuses = session.execute(select(FileReading.status, func.count().label("files")).group_by(FileReading.status))
    found = {row.status: row.files for row in statuses}
    read, waiting = found.get(READ, 0), found.get(WAITING, 0) + found.get(ABSENT, 0)
    bad = (
        select(func.min(Attachment.name), FileReading.reason)
        .join(Attachment, Attachment.sha256 == FileReading.sha256)
        .where(FileReading.status.not_in((READ, WAITING, ABSENT)))
        .group_by(FileReading.sha256, FileReading.reason)
        .order_by(func.min(Attachment.name), FileReading.sha256)
        .limit(LISTED)
    )
    listed = [(name, str(WHY.get(reason, reason))) for name, reason in session.execute(bad)]
    return FileCounts(read, waiting, sum(found.values()) - read - waiting, listed)


def _waiting(sha256: str, found: str) -> dict[str, object]:
    return {
        "sha256": sha256, "ending": found, "status": WAITING, "reason": "", "unit": "", "pieces": 0, "characters": 0,
        "lang": "", "version": VERSION,
    }  # fmt: skip


def _is_unnamed(sha256: Any) -> ColumnElement[bool]:
    return ~exists().where(Attachment.sha256 == sha256)


FILES = Consumer("files", consume)
