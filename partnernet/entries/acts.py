"""What can be done to any entry or reply by its own small form: remove, bring back, erase, move, tag."""

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from partnernet.core.db import commit, db
from partnernet.core.entry import Entry
from partnernet.core.policy import VISIBILITIES
from partnernet.entries import changes, model
from partnernet.entries.form import VISIBILITY_WORDS, TagsField
from partnernet.entries.thread import load
from partnernet.web.addresses import entry_url
from partnernet.web.guard import actor, authorise, may, member
from partnernet.web.render import go, render

bp = Blueprint("entries", __name__, url_prefix="/entries/<ref>")


@bp.post("/removal")
@may("entry.delete")
def removal(ref: str) -> Response:
    """Remove it, or with `undo` bring it back."""
    entry = _entry(ref, "delete")
    if request.form.get("undo"):
        model.restore(db.session(), entry, by=member())
        commit()
        flash("It is back.", "success")
    else:
        model.remove(db.session(), entry, by=member())
        commit()
        flash("Removed. You can bring it back on its page.", "success")
    return go(entry_url(entry))


@bp.route("/erasure", methods=["GET", "POST"])
@may("entry.redact")
def erasure(ref: str) -> Response:
    """Say what erasing means, then erase the words for good: all, or one earlier version (`op`)."""
    entry = _entry(ref, "redact")
    version = request.values.get("op", "")
    if request.method == "GET":
        return render("entries/erasure.html", entry=entry, op=version)
    address = entry_url(entry)
    if version:
        model.erase_version(db.session(), entry, changes.version(db.session(), entry, version), by=member())
    else:
        model.erase(db.session(), entry, by=member())
    commit()
    flash("Erased. Other servers will erase it when they next hear from this one.", "success")
    return go(address)


@bp.route("/visibility", methods=["GET", "POST"])
@may("entry.move")
def visibility(ref: str) -> Response:
    """Open it wider or narrower."""
    entry = _entry(ref, "move")
    if request.method == "GET":
        choices = [(log, VISIBILITY_WORDS[log]) for log in VISIBILITIES if log != entry.log]
        return render("entries/visibility.html", entry=entry, choices=choices)
    copy = model.move(db.session(), entry, request.form.get("visibility", ""), by=member())
    commit()
    flash("From now on this is the page for it.", "success")
    return go(entry_url(copy))


@bp.post("/tags")
@may("entry.mark")
def tags(ref: str) -> Response:
    """Make these one's own tags on it."""
    entry = _entry(ref, "mark")
    words = TagsField().bind(None, "tags")  # type: ignore[arg-type] # a field of its own, outside a form
    words.data = request.form.get("tags", "")
    model.retag(db.session(), entry, words.tags, by=member())
    commit()
    return go(entry_url(entry))


def _entry(ref: str, act: str) -> Entry:
    entry = load(db.session(), actor(), ref)
    authorise(f"{entry.kind}.{act}", entry)
    return entry
