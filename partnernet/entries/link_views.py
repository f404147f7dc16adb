"""The page on which an entry is linked with what it came from and what it led to, and the links are taken away."""

import re
from collections.abc import Sequence
from typing import Any

from flask import request
from sqlalchemy import select
from werkzeug.wrappers import Response

from partnernet.core.db import commit, db
from partnernet.core.entry import SHORT_ID, Entry
from partnernet.core.errors import Invalid, NotFound
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import can, readable_logs, visible_to
from partnernet.core.words import _
from partnernet.entries import links
from partnernet.entries.acts import bp, entry_for
from partnernet.entries.finding import load
from partnernet.people.names import names
from partnernet.web.guard import actor, authorise, may, member
from partnernet.web.notices import done
from partnernet.web.render import go, render

FOUND = 10
"""How many entries are offered for some words."""
WORDS_LIMIT = 8
QUERY_LIMIT = 2_000
"""Characters: an address may be long."""

__all__ = ("bp", "origin_of")

_IN_ADDRESS = re.compile(rf"(?:^|/)([a-z2-7]{{{SHORT_ID}}})(?=$|[-/?#])").search


@bp.get("/<ref>/links")
@may("entry.mark")
def links_of(ref: str) -> Response:
    """What it is linked with, and what it may be linked with: by the words of a title, or an address."""
    entry = entry_for(ref, "mark")
    if entry.root:
        return go(f"/entries/{entry.root[:SHORT_ID]}/links")
    wanted = request.args.get("q", "").strip()[:QUERY_LIMIT]
    person = member()
    rows = links.of(db.session(), entry, readable_logs(person))
    known = names(db.session(), person, {(row.said_node, row.said_by) for row in rows})
    found = _matching(wanted, entry, [row[0].id for row in rows]) if wanted else []
    return render(
        "entries/links.html", entry=entry, wanted=wanted, found=found,
        lines=[_line(row, known) for row in rows],
    )  # fmt: skip


@bp.post("/<ref>/links")
@may("entry.mark")
def link(ref: str) -> Response:
    """Link it with another one, `way` before or after it; with `act` away, take the link away."""
    entry = entry_for(ref, "mark")
    way, act = request.form.get("way", ""), request.form.get("act", "add")
    if way not in ("before", "after") or act not in ("add", "away") or entry.root:
        raise Invalid(_("Please choose one of the buttons on the page of its links."))
    other = _other(request.form.get("other", ""))
    if way == "after":
        authorise(f"{other.kind}.mark", other)
    later, earlier = (entry, other) if way == "before" else (other, entry)
    here = f"/entries/{entry.short}/links"
    fields = {"way": way, "other": other.short}
    if act == "away":
        links.unlink(db.session(), later, earlier, by=member())
        commit()
        done(_("They are not linked any more."), undo=here, fields=fields)
    elif links.link(db.session(), later, earlier, by=member()):
        commit()
        done(
            _("“%(later)s” came from “%(earlier)s”: both pages say so now.", later=later.title, earlier=earlier.title),
            undo=here, fields=fields | {"act": "away"},
        )  # fmt: skip
    else:
        done(_("They are linked already."))
    return go(here)


def origin_of(ref: str) -> Entry | None:
    """The entry that a new one comes from, where somebody named one that they may see and say so of."""
    try:
        origin = _other(ref) if ref else None
    except NotFound:
        return None
    return origin if origin is not None and can("entry.read", actor(), origin) and not origin.deleted else None


def _other(ref: str) -> Entry:
    named = _IN_ADDRESS(ref.strip()[:QUERY_LIMIT])
    other = load(db.session(), actor(), named[1]) if named else None
    if other is None or not KINDS[other.kind].is_listed or other.redacted:
        raise NotFound()
    return other


def _line(row: Any, known: Any) -> dict[str, Any]:
    person = member()
    name = known[(row.said_node, row.said_by)]
    own = (row.said_node, row.said_by) == (person.node.id, person.handle)
    return {"entry": row[0], "name": name, "when": row.said_at, "own": own, "way": row.way}


def _matching(wanted: str, entry: Entry, linked: Sequence[str]) -> list[Entry]:
    """Entries that an address names, or that are not linked yet and whose titles have all of the words."""
    try:
        return [other for other in [_other(wanted)] if other.id != entry.id]
    except NotFound:
        words = wanted.split()[:WORDS_LIMIT]
    titled = select(Entry).where(Entry.listed, visible_to(actor()), Entry.id.not_in([entry.id, *linked]))
    for word in words:
        titled = titled.where(Entry.title.icontains(word, autoescape=True))
    return list(db.session().scalars(titled.order_by(Entry.activity.desc(), Entry.id.desc()).limit(FOUND)))
