"""Writes documents into the ledger, some hundred a transaction: new ones, and edits where a text has changed.

Every op of a load states all of its fields and the source. So where the source of an entry and another
of these fields were set by different ops, people have been at it, and it is left alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks, writing
from partnernet.core.entry import Attachment, Entry
from partnernet.core.errors import Invalid
from partnernet.core.ledger.bulk import Bulk
from partnernet.core.ledger.canonical import to_base32
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.log import Clock
from partnernet.core.ledger.node import Author
from partnernet.core.ledger.tables import OpRow
from partnernet.core.ledger.verbs import check
from partnernet.core.time import now_ms
from partnernet.load.document import Document, Enclosure, Unreadable
from partnernet.load.report import Report
from partnernet.notes.model import NOTE, Note
from partnernet.replies.model import REPLY

BATCH = 200
CAUSE = "replay"
"""Consumers take it for history, so that nobody gets mail about what was written years ago."""

Keep = Callable[[Enclosure], dict[str, Any]]
"""Stores a file and says how an op names it; raises Unreadable."""


@dataclass(slots=True)
class Place:
    """An entity that is here already, or was made a moment ago."""

    id: str
    root: str | None
    log: str
    entry: Entry | None = None


def bring_in(
    session: Session, documents: Iterable[Document], visibility: str, report: Report, *, by: Author, keep: Keep
) -> None:
    """Write documents in order; what a document answers comes before it, or is here already."""
    clock = _ticking()
    for batch in chunks(_fitted(documents, keep, report), BATCH):
        with writing(session):
            _write(session, batch, visibility, report, by, clock)


def known(session: Session, sources: Iterable[str]) -> dict[str, Place]:
    """The entities of some outside ids, by that id: of several the node's own that still stands."""
    found: dict[str, Place] = {}
    for some in chunks(sources):
        rows = select(Entry).where(Entry.source.in_(some)).order_by(Entry.redacted, Entry.deleted, Entry.ts)
        for entry in session.scalars(rows.execution_options(populate_existing=True)):
            found.setdefault(entry.source, Place(entry.id, entry.root, entry.log, entry))
    return found


def _ticking() -> Clock:
    """A clock that never stands still, so that what has no date of its own keeps its order."""
    last = 0

    def clock() -> int:
        nonlocal last
        last = max(now_ms(), last + 1)
        return last

    return clock


def _fitted(documents: Iterable[Document], keep: Keep, report: Report) -> Iterable[Document]:
    for document in documents:
        for enclosure in document.fit().enclosures:
            try:
                document.files.append(keep(enclosure))
            except Unreadable as error:
                report.bad.append((f"{document.name}: the file {enclosure.name}", str(error)))
        document.enclosures.clear()
        document.files = list({file["sha256"]: file for file in document.files}.values())
        yield document


def _write(
    session: Session, batch: Sequence[Document], visibility: str, report: Report, by: Author, clock: Clock
) -> None:
    sources = {document.source for document in batch} | {document.parent for document in batch if document.parent}
    places = known(session, sources)
    present = _present(session, [place.entry for place in places.values() if place.entry is not None])
    erased = _erased(session)
    bulk = Bulk(session)
    for document in batch:
        place = places.get(document.source)
        try:
            if _print(document.source) in erased:
                report.left.append((document.name, "it was erased"))
            elif place is None:
                places[document.source] = _create(bulk, document, places.get(document.parent), visibility, by, clock)
                report.count(REPLY.name if places[document.source].root else document.kind)
            elif place.entry is not None:
                _renew(bulk, document, place.entry, present[place.id], report, by)
        except Invalid as error:
            report.bad.append(
                (document.name, "; ".join(error.fields) + " cannot be kept" if error.fields else str(error))
            )
    bulk.store(CAUSE)


def _create(bulk: Bulk, document: Document, parent: Place | None, visibility: str, by: Author, clock: Clock) -> Place:
    kind = REPLY.name if parent else document.kind
    values = _values(document, kind)
    check(kind, values)
    header: dict[str, Any] = {"clock": clock, "src": _print(document.source)}
    if parent is not None:
        root = parent.root or parent.id
        header |= {"re": parent.id} if parent.root else {}
        op = bulk.append(by, kind, parent.log, {"set": values}, root=root, **header)
        return Place(op.id, root, parent.log)
    op = bulk.append(by, kind, visibility, {"set": values}, **header)
    for tag in document.tags:
        themself = replace(by, partner=None)  # type: ignore[type-var] # every author is a frozen dataclass
        said = {"mark": "tag", "value": True, "subject": tag}
        bulk.append(themself, "mark", visibility, said, ent=op.id, root=op.id)
    return Place(op.id, None, visibility)


def _renew(
    bulk: Bulk, document: Document, entry: Entry, present: Mapping[str, Any], report: Report, by: Author
) -> None:
    """Edit what is here where its text outside has changed, unless somebody has edited it here."""
    values = _values(document, entry.kind)
    reason = _left(entry, values, by)
    if reason:
        report.left.append((document.name, reason))
    elif all(present.get(name) == value for name, value in values.items()):
        report.same += 1
    elif entry.node != by.node.id:
        report.left.append((document.name, "another server brought it in, in other words"))
    else:
        check(entry.kind, values)
        bulk.append(by, "edit", entry.log, {"set": values}, ent=entry.id, root=entry.root, par=entry.heads)
        report.changed += 1


def _left(entry: Entry, values: Mapping[str, Any], by: Author) -> str:
    """Why an entry is left as it is; empty where it may be edited."""
    if entry.deleted:
        return "it was removed"
    if entry.superseded_by:
        return "it was opened to other readers"
    loaded = entry.setters.get("source")
    edited = any(entry.setters.get(name, loaded) != loaded for name in values)
    return "it was edited" if edited else ""


def _print(source: str) -> str:
    """A fingerprint of an outside id. It stands in the header, and so outlasts the words of what is erased."""
    return to_base32(sha256(source.encode()).digest()[:16])


def _erased(session: Session) -> set[str]:
    """The fingerprints of everything brought in that was erased since: it must not come back."""
    heads = session.scalars(select(OpRow.head).join(Entry, Entry.id == OpRow.id).where(Entry.redacted))
    return {str(src) for head in heads if (src := orjson.loads(head).get("src"))}


def _values(document: Document, kind: str) -> dict[str, Any]:
    """The fields of a document, as an entity of a kind has them."""
    values: dict[str, Any] = {"body": document.body, "source": document.source}
    if "title" in KINDS[kind].fields:
        values["title"] = document.title
    if document.held and "held" in KINDS[kind].fields:
        values["held"] = document.held
    if document.date is not None:
        values["date"] = document.date
    if document.credit:
        values["credit"] = document.credit
    if document.files:
        values["files"] = document.files
    return values


def _present(session: Session, entries: Sequence[Entry]) -> dict[str, dict[str, Any]]:
    """The fields of some entries as they stand, those that a load may set."""
    present: dict[str, dict[str, Any]] = {
        entry.id: {
            "title": entry.title, "body": entry.body, "date": entry.when, "credit": entry.credit,
            "source": entry.source, "files": [],
        }
        for entry in entries
    }  # fmt: skip
    for some in chunks(entry.id for entry in entries if entry.kind == NOTE.name):
        for note, held in session.execute(select(Note.id, Note.held).where(Note.id.in_(some))):
            present[note]["held"] = held
    for some in chunks(present):
        rows = select(Attachment).where(Attachment.entry.in_(some), Attachment.field == "files")
        for file in session.scalars(rows.order_by(Attachment.entry, Attachment.n)):
            present[file.entry]["files"].append(
                {"sha256": file.sha256, "name": file.name, "type": file.type, "size": file.size}
            )
    return present
