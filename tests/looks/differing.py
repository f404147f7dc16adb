"""Things that several people changed at the same time, for the pages that show that."""

from partnernet.core.db import commit, db
from partnernet.core.ledger import verbs
from partnernet.entries import model
from tests.matrix.cast import Visitor


def differ(author: Visitor) -> dict[str, str]:
    """A note with three versions, and where its page and that of its versions are."""
    assert author.actor is not None
    session = db.session()
    body = "We meet at two.\n\nBring soup."
    entry = model.share(session, "note", {"title": "A walk", "body": body}, "public", by=author.actor)
    seen = list(entry.heads)
    changes = (
        {"title": "A long walk", "body": body.replace("two", "three"), "held": "2026-03-05"},
        {"title": "A walk in the rain", "body": body.replace("two", "half past four"), "held": "2026-03-06"},
        {"body": body.replace("soup", "bread, and somebody who knows the way over the top")},
    )
    for values in changes:
        verbs.edit(session, author.actor, entry, values, seen)
    commit(session)
    return {
        "entries.versions_of, with versions": f"/entries/{entry.short}/versions",
        "notes.show, with versions": f"/notes/{entry.short}",
    }
