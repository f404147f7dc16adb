"""The page of one entry."""

from typing import Any

from flask import request, session
from werkzeug.wrappers import Response

from partnernet.core.db import db
from partnernet.core.ledger.kinds import Kind
from partnernet.core.errors import Gone
from partnernet.entries import drafts, reading
from partnernet.entries.form import ReplyForm
from partnernet.core.entry import Entry
from partnernet.entries.stamp import stamp
from partnernet.entries.thread import find, load, thread
from partnernet.web.addresses import entry_url
from partnernet.web.guard import actor, batch, visited
from partnernet.web.render import go, render, stamped, unchanged


def show_page(kind: Kind, ref: str, **context: Any) -> Response:
    """The entry with its thread; leads on where it has moved, and says so where it was erased."""
    mark = stamp()
    has_notice = "_flashes" in session
    if not has_notice and (answer := unchanged(mark)) is not None:
        return answer
    person = actor()
    row = find(db.session(), person, kind, ref)
    if row.redacted:
        return _moved_or_gone(row)
    found = thread(
        db.session(), person, row, visited=visited(), batch=batch(), start=request.args.get("from") or None
    )
    if person is not None and found.newer is None:
        reading.note(batch(), person, row.id, row.newest, found.read)
    response = render(
        f"{kind.plural}/show.html", thread=found, entry=found.post, kind=kind,
        form=ReplyForm(data=drafts.read(row.draft)), **context,
    )  # fmt: skip
    return response if has_notice else stamped(response, mark)


def _moved_or_gone(row: Any) -> Response:
    if row.superseded_by:
        successor = db.session().get(Entry, row.superseded_by)
        if successor is not None:
            return go(entry_url(load(db.session(), actor(), successor.id[:12])))
    raise Gone("The words that stood here were erased for good.")
