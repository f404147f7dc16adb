"""People: the directory, and the card of each with what they wrote."""

from flask import request
from werkzeug.wrappers import Response

from partnernet.core import text
from partnernet.core.db import db
from partnernet.core.entry import SHORT_ID, Entry
from partnernet.people import directory
from partnernet.people.blueprint import bp
from partnernet.people.mentions import fill
from partnernet.people.names import address, names
from partnernet.web.guard import actor, may
from partnernet.web.render import go, render


@bp.get("/people")
@may("entry.read")
def index() -> Response:
    """Everybody whose card one may read, by name."""
    people, following = directory.people(db.session(), actor(), request.args.get("after", "")[:52])
    return render("people/index.html", fragment="list", people=people, following=following)


@bp.get("/people/<ref>")
@may("entry.read")
def show(ref: str) -> Response:
    """One card; it leads on where its person has moved it, and says so where they have left."""
    session = db.session()
    entry, person = directory.find(session, actor(), ref)
    if entry.redacted and entry.superseded_by:
        following = session.get(Entry, entry.superseded_by)
        if following is not None:
            successor, card = directory.find(session, actor(), following.id[:SHORT_ID])
            return go(address("people", successor.id, card.name))
    pairs = {(entry.node, person.who), *((entry.node, handle) for handle in text.mentions(person.about))}
    known = names(session, actor(), pairs)
    name = known[(entry.node, person.who)]
    if entry.redacted:
        return render("people/show.html", entry=entry, name=name, about="", written=[], following="", is_own=False)
    written, following_key = directory.written(session, actor(), person, request.args.get("before", "")[:52])
    about = fill(text.render(person.about), known, entry.node)
    reader = actor()
    return render(
        "people/show.html", entry=entry, name=name, about=about, written=written, following=following_key,
        is_own=reader is not None and reader.card == entry.id,
    )  # fmt: skip
