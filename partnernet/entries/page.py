"""The page of one entry."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from partnernet.core.db import db
from partnernet.core.entry import SHORT_ID, Entry
from partnernet.core.errors import Gone
from partnernet.core.ledger.kinds import Kind
from partnernet.core.policy import Actor, can
from partnernet.core.words import lazy
from partnernet.entries import drafts, links, neighbours, reading
from partnernet.entries.finding import find, load
from partnernet.entries.stamp import stamp
from partnernet.entries.thread import Thread, thread
from partnernet.web.addresses import entry_url
from partnernet.web.guard import actor, batch, here, visited
from partnernet.web.notices import is_waiting
from partnernet.web.render import go, render, stamped, unchanged

REMOVED = lazy("This was removed by its author.")
ERASED = lazy("The words that stood here were erased for good.")


@dataclass(frozen=True, slots=True)
class Beside:
    """What the pages of a kind show beside what those of every kind do."""

    columns: tuple[Any, ...] = ()
    """Columns of its rows, beside those of its table: scalar subqueries, with labels."""
    marks: Sequence[str] = ()
    """The marks that its page shows."""
    line: str = ""
    """A template for what its lines in lists say beside title and author."""
    context: Callable[[Actor | None, Thread], Mapping[str, Any]] | None = None
    """More that its page is given, out of what was loaded."""


def show_page(kind: Kind, ref: str, beside: Beside) -> Response:
    """The entry with its thread; leads on where it has moved, and says so where it was erased."""
    mark = stamp()
    has_notice = is_waiting()
    if not has_notice and (answer := unchanged(mark)) is not None:
        return answer
    person = actor()
    row = find(db.session(), person, kind, ref, beside.columns)
    if row.superseded_by and (row.redacted or not row.replies) and (elsewhere := successor(row)) is not None:
        return go(elsewhere)
    if row.redacted and not row.replies and can(f"{row.kind}.redact", person, row):
        return go(f"/exchange/erasures/{row.id[:SHORT_ID]}")
    refuse_gone(person, row, row.replies)
    found = thread(
        db.session(), person, row, visited=visited(), batch=batch(), marks=beside.marks,
        start=request.args.get("from") or None,
    )  # fmt: skip
    if person is not None and found.newer is None:
        reading.note(batch(), person, row.id, here().position, found.read)
    more = beside.context(person, found) if beside.context else {}
    draft = drafts.read(row.draft) or {}
    response = render(
        f"{kind.plural}/show.html", thread=found, entry=found.post, kind=kind,
        words=draft.get("body", ""), waiting=drafts.waiting(db.session(), draft, by=person),
        chain=links.read(row.chain, row.id),
        older=neighbours.read(row.older, kind.name), newer=neighbours.read(row.newer, kind.name), **more,
    )  # fmt: skip
    return response if has_notice else stamped(response, mark)


def successor(row: Any) -> str | None:
    """The address of the copy that stands in an entry's place, for those who may read it."""
    copy = db.session().get(Entry, row.superseded_by)
    if copy is None or not can("entry.read", actor(), copy) or copy.redacted:
        return None
    return entry_url(load(db.session(), actor(), copy.short))


def refuse_gone(person: Actor | None, entry: Any, replies: int = 0) -> None:
    """Raise Gone for what was erased or removed and has nothing under it that others wrote."""
    if entry.redacted and not replies:
        raise Gone(str(ERASED))
    if entry.deleted and not replies and not can(f"{entry.kind}.delete", person, entry):
        raise Gone(str(REMOVED))
