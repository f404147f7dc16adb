"""What is here of the documents that are brought in: found by their outside ids, or by their own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks
from partnernet.core.entry import Attachment, Entry
from partnernet.core.ledger.kinds import KINDS
from partnernet.load.document import Document
from partnernet.load.written import PREFIX


@dataclass(slots=True)
class Place:
    """An entity that is here already, or was made a moment ago."""

    id: str
    root: str | None
    log: str
    entry: Entry | None = None
    is_original: bool = False
    """Whether it is the very entry that was written out, and no copy that was brought in."""


def known(session: Session, sources: Iterable[str]) -> dict[str, Place]:
    """The entities of some outside ids, by that id: of several the node's own that still stands.

    An id of an entry that was written out means that entry itself, where it is here.
    """
    wanted = list(sources)
    found: dict[str, Place] = {}
    for some in chunks(name.removeprefix(PREFIX) for name in wanted if name.startswith(PREFIX)):
        for row in session.execute(select(Entry.id, Entry.root, Entry.log).where(Entry.id.in_(some))):
            found[PREFIX + row.id] = Place(row.id, row.root, row.log, is_original=True)
    for some in chunks(wanted):
        rows = select(Entry).where(Entry.source.in_(some)).order_by(Entry.redacted, Entry.deleted, Entry.ts)
        for entry in session.scalars(rows.execution_options(populate_existing=True)):
            found.setdefault(entry.source, Place(entry.id, entry.root, entry.log, entry))
    return found


def known_once(documents: Iterable[Document]) -> Iterator[Document]:
    """Documents of which each has an outside id of its own, and names what it answers by that.

    Two servers may have brought in one document each, so that two entries have one older id: the second
    is known by its own.
    """
    taken: dict[str, str] = {}
    called: dict[str, str] = {}
    for document in documents:
        if document.origin and document.source != document.origin:
            if taken.setdefault(document.source, document.origin) == document.origin:
                called[document.origin] = document.source
            else:
                document.source = document.origin
        document.parent = called.get(document.parent, document.parent)
        document.root = called.get(document.root, document.root)
        yield document


def as_it_stands(session: Session, entries: Sequence[Entry]) -> dict[str, dict[str, Any]]:
    """The fields of some entries as they stand, those that a load may set."""
    present: dict[str, dict[str, Any]] = {
        entry.id: {
            "title": entry.title, "body": entry.body, "date": entry.when, "credit": entry.credit,
            "source": entry.source, "lang": entry.lang, "files": [], "picture": None,
        }
        for entry in entries
    }  # fmt: skip
    for kind in {entry.kind for entry in entries}:
        table = KINDS[kind].table
        ids = [entry.id for entry in entries if entry.kind == kind]
        if table is None:
            continue
        for some in chunks(ids):
            for row in session.execute(select(table).where(table.c.id.in_(some))).mappings():
                present[row["id"]] |= {name: value for name, value in row.items() if name in KINDS[kind].fields}
    for some in chunks(present):
        rows = select(Attachment).where(Attachment.entry.in_(some))
        for file in session.scalars(rows.order_by(Attachment.entry, Attachment.n)):
            words = {"alt": file.alt, "caption": file.caption, "credit": file.credit}
            named = {"sha256": file.sha256, "name": file.name, "type": file.type, "size": file.size}
            named |= {name: said for name, said in words.items() if said}
            if file.field == "files":
                present[file.entry]["files"].append(named)
            elif file.field == "picture":
                present[file.entry]["picture"] = named
    return present
