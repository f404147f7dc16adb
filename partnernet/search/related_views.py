"""The entries that are near to one: at the foot of its page, fetched when seen, or on a page of their own."""

from flask import current_app
from werkzeug.wrappers import Response

from partnernet.core.db import db
from partnernet.core.entry import SHORT_ID
from partnernet.core.errors import NotFound
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import readable_logs
from partnernet.entries import links
from partnernet.entries.finding import load
from partnernet.entries.page import refuse_gone
from partnernet.entries.stamp import stamp
from partnernet.search import related as nearest
from partnernet.search.asking import Reader
from partnernet.search.blueprint import bp
from partnernet.search.engine import BEING_MADE
from partnernet.search.interface import Unavailable
from partnernet.web.guard import actor, may
from partnernet.web.notices import is_waiting
from partnernet.web.render import go, render, stamped, unchanged


@bp.get("/entries/<ref>/related")
@may("entry.read")
def related(ref: str) -> Response:
    """What speaks of the same things."""
    session, person, index = db.session(), actor(), current_app.extensions["partnernet.search"]
    entry = load(session, person, ref)
    refuse_gone(person, entry)
    if entry.root:
        return go(f"/entries/{entry.root[:SHORT_ID]}/related")
    if not KINDS[entry.kind].is_listed:
        raise NotFound()
    mark = stamp(index.position())
    if not is_waiting() and (answer := unchanged(mark)) is not None:
        return answer
    linked = {row[0].id for row in links.of(session, entry, readable_logs(person))}
    note = ""
    try:
        found = nearest.related(session, index, Reader.of(person), entry, linked)
    except Unavailable:
        found, note = (), str(BEING_MADE)
    response = render("search/related.html", fragment="near", entry=entry, found=found, note=note)
    return response if note or is_waiting() else stamped(response, mark)
