"""Writes documents into the ledger, some hundred a transaction: new ones, and edits where a text has changed.

Every op of a load states all of its fields and the source. So where the source of an entry and another
of these fields were set by different ops, people have been at it, and it is left alone.

What was written out by a server names the entries that it was made of. Where such an entry is here, written at
this server or come by exchange, it is left as it is, whatever has been done to it since.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks, writing
from partnernet.core.entry import Entry
from partnernet.core.errors import Invalid
from partnernet.core.ledger.bulk import Bulk
from partnernet.core.ledger.canonical import to_base32
from partnernet.core.ledger.kinds import KINDS, reference
from partnernet.core.ledger.log import Clock
from partnernet.core.ledger.node import Author
from partnernet.core.ledger.op import NODE_ITSELF
from partnernet.core.ledger.tables import OpRow
from partnernet.core.ledger.verbs import check
from partnernet.core.policy import VISIBILITIES
from partnernet.core.time import now_ms
from partnernet.load.document import Document
from partnernet.load.enclosed import Keep, kept
from partnernet.load.places import Place, as_it_stands, known, known_once
from partnernet.load.report import Report
from partnernet.partners import model as partners
from partnernet.replies.model import REPLY

BATCH = 200
CAUSE = "replay"
"""Consumers take it for history, so that nobody gets mail about what was written years ago."""


@dataclass(frozen=True, slots=True)
class Way:
    """How everything of one load is written."""

    by: Author
    visibility: str
    """Who may read it, whatever a document says; empty where that decides, else the network."""
    clock: Clock
    partners: Callable[[str], str]
    """The id of the partner of a name; empty where there is none here."""


def bring_in(
    session: Session, documents: Iterable[Document], visibility: str, report: Report, *, by: Author, keep: Keep
) -> None:
    """Write documents in order; what a document answers comes before it, or is here already."""
    way = Way(by, visibility, _ticking(), lru_cache(lambda name: _partner(session, name)))
    for batch in chunks(kept(known_once(documents), keep, report), BATCH):
        with writing(session):
            _write(session, batch, report, way)


def _ticking() -> Clock:
    """A clock that never stands still, so that what has no date of its own keeps its order."""
    last = 0

    def clock() -> int:
        nonlocal last
        last = max(now_ms(), last + 1)
        return last

    return clock


def _write(session: Session, batch: Sequence[Document], report: Report, way: Way) -> None:
    wanted = (name for one in batch for name in (one.source, one.origin, one.parent, one.root))
    places = known(session, {name for name in wanted if name})
    present = as_it_stands(session, [place.entry for place in places.values() if place.entry is not None])
    erased = _erased(session)
    bulk = Bulk(session)
    for document in batch:
        place = places.get(document.source)
        try:
            is_copied = document.origin != document.source and document.origin in places
            if is_copied or (place is not None and place.is_original):
                report.here += 1
            elif _print(document.source) in erased:
                report.left.append((document.name, "it was erased"))
            elif place is None:
                answered = places.get(document.parent) or places.get(document.root)
                place = places[document.source] = _create(bulk, document, answered, way)
                report.count(REPLY.name if place.root else document.kind)
            elif place.entry is not None:
                _renew(bulk, document, place.entry, present[place.id], report, way)
        except Invalid as error:
            report.bad.append(
                (document.name, "; ".join(error.fields) + " cannot be kept" if error.fields else str(error))
            )
    bulk.store(CAUSE)


def _create(bulk: Bulk, document: Document, parent: Place | None, way: Way) -> Place:
    if parent is None and document.kind == REPLY.name:
        raise Invalid("what it answers is not here")
    kind = REPLY.name if parent else document.kind
    values = _values(document, kind, way)
    check(kind, values)
    header: dict[str, Any] = {"clock": way.clock, "src": _print(document.source)}
    by = _speaking(document, way)
    if parent is not None:
        root = parent.root or parent.id
        header |= {"re": parent.id} if parent.root else {}
        op = bulk.append(by, kind, parent.log, {"set": values}, root=root, **header)
        return Place(op.id, root, parent.log)
    visibility = way.visibility or document.visibility or VISIBILITIES[0]
    op = bulk.append(by, kind, visibility, {"set": values}, **header)
    for tag in document.tags:
        themself = replace(by, partner=None)  # type: ignore[type-var] # every author is a frozen dataclass
        said = {"mark": "tag", "value": True, "subject": tag}
        bulk.append(themself, "mark", visibility, said, ent=op.id, root=op.id)
    return Place(op.id, None, visibility)


def _speaking(document: Document, way: Way) -> Author:
    """Who writes a document: the node speaks for the partner that it names, unless it was told for whom."""
    if not document.partner or way.by.partner or way.by.handle != NODE_ITSELF:
        return way.by
    return replace(way.by, partner=way.partners(document.partner) or None)  # type: ignore[type-var] # as above


def _renew(bulk: Bulk, document: Document, entry: Entry, present: Mapping[str, Any], report: Report, way: Way) -> None:
    """Edit what is here where its text outside has changed, unless somebody has edited it here."""
    values, by = _values(document, entry.kind, way), way.by
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


def _partner(session: Session, name: str) -> str:
    found = partners.by_name(session, name)
    return found.id if found else ""


def _values(document: Document, kind: str, way: Way) -> dict[str, Any]:
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
    if document.picture and "picture" in KINDS[kind].fields:
        values["picture"] = document.picture
    for name, value in document.more.items():
        declared = KINDS[kind].find(name)
        given = way.partners(value) if declared and declared.good is reference else value
        if declared is not None and given:
            values.setdefault(name, given)
    return values
