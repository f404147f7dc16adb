"""What was erased, and which servers have confirmed that: for stewards all of it, for authors what was theirs."""

from flask import request
from werkzeug.wrappers import Response

from partnernet.core.db import db
from partnernet.core.errors import Invalid
from partnernet.core.words import _
from partnernet.entries.finding import load
from partnernet.exchange import erasures
from partnernet.exchange.blueprint import bp
from partnernet.people.names import names
from partnernet.web.addresses import entry_url
from partnernet.web.guard import actor, authorise, may, member
from partnernet.web.here import this_node
from partnernet.web.render import go, render


@bp.get("/erasures")
@may("exchange")
def all_erasures() -> Response:
    """Every erasure that is known here, the newest first."""
    before = request.args.get("before")
    if before is not None and not (before.isdecimal() and len(before) < 16):
        raise Invalid(_("This page of the list cannot be found; please begin at its start."))
    found, following = erasures.page(db.session(), _own(), int(before) if before else None)
    known = names(db.session(), member(), {pair for each in found for pair in each.people})
    return render("exchange/erasures.html", found=found, known=known, following=following, is_first=before is None)


@bp.get("/erasures/<ref>")
@may("entry.redact")
def erasure(ref: str) -> Response:
    """What was erased of one thing, and which servers have confirmed it."""
    entry = load(db.session(), actor(), ref)
    authorise(f"{entry.kind}.redact", entry)
    found = erasures.of_entity(db.session(), entry.id, _own())
    if found is None:
        return go(entry_url(entry))
    known = names(db.session(), member(), found.people)
    return render("exchange/erasure.html", each=found, known=known)


def _own() -> str:
    key: str = this_node().id
    return key
