"""Replies: written under an entry, each with an address of its own."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from partnernet.core import text
from partnernet.core.db import commit, db
from partnernet.core.entry import SHORT_ID, Entry
from partnernet.core.errors import Invalid, NotFound
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.words import _
from partnernet.entries import changes, drafts, model, uploads
from partnernet.entries.finding import load
from partnernet.entries.form import ReplyForm
from partnernet.entries.mentions import to_names
from partnernet.entries.page import refuse_gone
from partnernet.entries.thread import PAGE
from partnernet.entries.version_views import settle_first
from partnernet.entries.versions import FORMS
from partnernet.entries.views import form_page, from_draft, keep_draft, sent, wants_draft
from partnernet.people.mentions import fill
from partnernet.people.names import names, pairs_of
from partnernet.replies.inline import beneath, change_form, changed_here, place_of, sent_here
from partnernet.replies.place import page_of
from partnernet.web.addresses import anchor, entry_url
from partnernet.web.guard import actor, authorise, may, member
from partnernet.web.htmx import is_partial
from partnernet.web.notices import done
from partnernet.web.render import go, render

bp = Blueprint("replies", __name__, url_prefix="/replies")
FORMS["reply"] = lambda session, person: [ReplyForm()]


@bp.get("/<ref>")
@may("entry.read")
def show(ref: str) -> Response:
    """The stable address of a reply: leads to its place on the page of its root."""
    reply = _reply(ref)
    root = db.session().get(Entry, reply.root) if reply.root else None
    if root is None or not KINDS[root.kind].has_thread:
        refuse_gone(actor(), reply)
        known = names(db.session(), actor(), pairs_of([reply]))
        return render("replies/show.html", reply=reply, html=fill(text.render(reply.body), known, reply.node))
    load(db.session(), actor(), root.id[:SHORT_ID])
    if root.log != reply.log:
        raise NotFound()
    start = page_of(db.session(), reply, PAGE)
    query = f"?from={start}" if start else ""
    return go(f"{entry_url(root)}{query}#{anchor(reply)}")


@bp.route("/to/<ref>", methods=["GET", "POST"])
@may("entry.reply")
def new(ref: str) -> Response:
    """Answer an entry or a reply; with `quote`, its words stand in the form already."""
    to = load(db.session(), actor(), ref)
    if not KINDS[to.kind].has_thread and to.root is None:
        raise NotFound()
    authorise(f"{to.kind}.reply", to)
    person, draft = member(), f"reply-{to.id}"
    kept = drafts.find(db.session(), draft, by=person)
    form = ReplyForm(sent(), data=kept or _quoted(to))
    form.prepare(db.session(), person)
    if wants_draft():
        return keep_draft(draft)
    if request.method == "POST" and form.validate():
        try:
            reply = model.answer(db.session(), to, form.values() | uploads.received(form), by=person)
        except Invalid as error:
            form.blame(error.fields)
        else:
            drafts.drop(db.session(), draft, by=person)
            commit()
            return sent_here(to, reply) if is_partial() else _sent(reply, _("Your reply is there."))
    if is_partial():
        beneath(form.body, to)
    root = to if to.root is None else load(db.session(), person, to.root[:SHORT_ID])
    return form_page("replies/new.html", form, to=to, root=root, draft=kept, place=place_of(to))


@bp.route("/<ref>/edit", methods=["GET", "POST"])
@may("entry.edit")
def edit(ref: str) -> Response:
    """Change a reply."""
    reply = _reply(ref)
    authorise("reply.edit", reply)
    if request.method == "GET" and (first := settle_first(reply)) is not None:
        return first
    person, draft = member(), f"edit-{reply.id}"
    kept = drafts.find(db.session(), draft, by=person)
    present = {
        "body": to_names(db.session(), person, reply.body), "heads": " ".join(reply.heads),
        "kept": model.attached(db.session(), reply.id),
    }  # fmt: skip
    form = ReplyForm(sent(), data=present | from_draft(kept, reply))
    form.prepare(db.session(), person)
    if wants_draft():
        return keep_draft(draft)
    if request.method == "POST" and form.validate():
        try:
            values = form.values() | uploads.received(form)
            model.revise(db.session(), reply, values, form.seen, by=person)
        except Invalid as error:
            form.blame(error.fields)
        else:
            drafts.drop(db.session(), draft, by=person)
            commit()
            return changed_here(reply) if is_partial() else _sent(reply, _("Saved."))
    if is_partial() and not present["kept"]:
        return change_form(form, reply)
    return form_page("replies/edit.html", form, entry=reply, draft=kept)


@bp.get("/<ref>/history")
@may("entry.read")
def history(ref: str) -> Response:
    """How the words of a reply changed."""
    reply = _reply(ref)
    refuse_gone(actor(), reply)
    found = changes.history(db.session(), reply, actor(), before=request.args.get("before", ""))
    return render("replies/history.html", entry=reply, found=found, words=ReplyForm.words())


def _sent(reply: Entry, sentence: str) -> Response:
    done(sentence)
    return go(entry_url(reply))


def _reply(ref: str) -> Entry:
    reply = load(db.session(), actor(), ref)
    if reply.kind != "reply":
        raise NotFound()
    return reply


def _quoted(to: Entry) -> dict[str, str]:
    if "quote" not in request.args:
        return {}
    return {"body": text.quote(to_names(db.session(), member(), to.body))}
