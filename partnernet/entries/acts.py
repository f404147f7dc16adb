"""Everything that was written, and what can be done to any of it by a small form: remove, erase, move, tag."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from partnernet.core.db import commit, db
from partnernet.core.entry import Entry
from partnernet.core.errors import Invalid, NotFound
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import VISIBILITIES
from partnernet.core.words import _
from partnernet.entries import changes, listing, model
from partnernet.entries.finding import load
from partnernet.entries.form import VISIBILITY_WORDS, TagsForm
from partnernet.entries.listpage import list_page
from partnernet.web.addresses import entry_url
from partnernet.web.guard import actor, authorise, may, member
from partnernet.web.htmx import is_partial
from partnernet.web.notices import done
from partnernet.web.render import go, remember_writing, render

bp = Blueprint("entries", __name__, url_prefix="/entries")


@bp.get("", strict_slashes=False)
@may("entry.read")
def index() -> Response:
    """Everything of every kind, newest activity first."""
    kinds = [kind for kind in KINDS.values() if kind.is_listed]
    return list_page("entries/all.html", listing.Wanted(), kinds=kinds)


@bp.get("/<ref>")
@may("entry.read")
def show(ref: str) -> Response:
    """The short address of an entry of any kind: leads to its page."""
    return go(entry_url(load(db.session(), actor(), ref)))


@bp.get("/<ref>/edit")
@may("entry.edit")
def edit(ref: str) -> Response:
    """The short address of the form of an entry of any kind: leads to it."""
    return go(f"{entry_url(entry_for(ref, 'edit'))}/edit")


@bp.post("/<ref>/removal")
@may("entry.delete")
def removal(ref: str) -> Response:
    """Remove it, or with `undo` bring it back."""
    entry = entry_for(ref, "delete")
    if request.form.get("undo"):
        model.restore(db.session(), entry, by=member())
        commit()
        done(_("It is back."))
    else:
        model.remove(db.session(), entry, by=member())
        commit()
        done(_("Removed."), undo=f"/entries/{entry.short}/removal", fields={"undo": "1"})
    return go(entry_url(entry))


@bp.route("/<ref>/erasure", methods=["GET", "POST"])
@may("entry.redact")
def erasure(ref: str) -> Response:
    """Say what erasing means, then erase the words for good: all, or one earlier version (`op`)."""
    entry = entry_for(ref, "redact")
    version = request.values.get("op", "")
    if entry.redacted:
        return go(_after_erasure(entry, ""))
    if request.method != "POST":
        return render("entries/erasure.html", entry=entry, op=version)
    if version:
        model.erase_version(db.session(), entry, changes.version(db.session(), entry, version), by=member())
    else:
        model.erase(db.session(), entry, by=member())
    commit()
    done(_("Erased. Other servers will erase it when they next hear from this one."))
    return go(_after_erasure(entry, version))


@bp.route("/<ref>/visibility", methods=["GET", "POST"])
@may("entry.move")
def visibility(ref: str) -> Response:
    """Open it wider or narrower."""
    entry = entry_for(ref, "move")
    if entry.kind == "reply":
        raise Invalid(_("A reply is open to the same people as what it answers."))
    if request.method != "POST":
        choices = [(log, VISIBILITY_WORDS[log]) for log in VISIBILITIES if log != entry.log]
        return render("entries/visibility.html", entry=entry, choices=choices)
    copy = model.move(db.session(), entry, request.form.get("visibility", ""), by=member())
    commit()
    done(_("From now on this is the page for it."))
    return go(entry_url(copy))


@bp.post("/<ref>/tags")
@may("entry.mark")
def tags(ref: str) -> Response:
    """Make these one's own tags on it."""
    entry = entry_for(ref, "mark")
    form = TagsForm(request.form)
    if not form.validate():
        raise Invalid(" ".join(str(sentence) for sentence in form.tags.errors))
    model.retag(db.session(), entry, form.tags.tags, by=member())
    commit()
    if is_partial():
        db.session().refresh(entry)
        remember_writing()
        return render("entries/_tagged.html", entry=entry, folder=KINDS[entry.kind].plural)
    done(_("Your tags are kept."))
    return go(entry_url(entry))


def entry_for(ref: str, act: str) -> Entry:
    """An entry, a reply or a word of the glossary; cards and the network itself have forms of their own."""
    entry = load(db.session(), actor(), ref)
    kind = KINDS[entry.kind]
    if not (kind.is_listed or entry.root is not None or (kind.has_acts and act != "mark")):
        raise NotFound()
    authorise(f"{entry.kind}.{act}", entry)
    return entry


def _after_erasure(entry: Entry, version: str) -> str:
    """Where to go on: the page that says which servers have erased it, too."""
    if version:
        return f"{entry_url(entry)}/history"
    return f"/exchange/erasures/{entry.short}"
