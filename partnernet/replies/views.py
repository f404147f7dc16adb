"""Replies: written under an entry, each with an address of its own."""

from typing import Any

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from partnernet.core import text
from partnernet.core.db import commit, db
from partnernet.core.entry import SHORT_ID, Entry
from partnernet.core.errors import Invalid, NotFound
from partnernet.entries import changes, drafts, model, uploads
from partnernet.entries.form import ReplyForm
from partnernet.entries.thread import PAGE, load
from partnernet.entries.views import keep_draft, wants_draft
from partnernet.replies.place import page_of
from partnernet.web.addresses import anchor, entry_url
from partnernet.web.guard import actor, authorise, may, member
from partnernet.web.render import go, render

bp = Blueprint("replies", __name__, url_prefix="/replies")


@bp.get("/<ref>")
@may("entry.read")
def show(ref: str) -> Response:
    """The stable address of a reply: leads to its place on the page of its root."""
    reply = _reply(ref)
    root = db.session().get(Entry, reply.root)
    if root is None:
        return render("replies/show.html", reply=reply, html=text.render(reply.body))
    load(db.session(), actor(), root.id[:SHORT_ID])
    if root.log != reply.log:
        raise NotFound()
    start = page_of(db.session(), reply, PAGE)
    query = f"?from={start}" if start else ""
    return go(f"{entry_url(root)}{query}#{anchor(reply)}")


@bp.route("/to/<ref>", methods=["GET", "POST"])
@may("entry.reply")
def new(ref: str) -> Response:
    """Answer an entry, or a reply (with its words quoted)."""
    to = load(db.session(), actor(), ref)
    authorise(f"{to.kind}.reply", to)
    person = member()
    draft = f"reply-{to.id}"
    form = ReplyForm(request.form, data=drafts.find(db.session(), draft, by=person) or _quoted(to))
    if wants_draft():
        return keep_draft(draft, form)
    if request.method == "POST" and form.validate():
        try:
            values = form.values() | uploads.received(form)
            reply = model.answer(db.session(), to, _without_empty(values), by=person)
        except Invalid as error:
            form.blame(error.fields)
        else:
            drafts.drop(db.session(), draft, by=person)
            commit()
            flash("Your reply is there.", "success")
            return go(entry_url(reply))
    root = to if to.root is None else load(db.session(), person, to.root[:SHORT_ID])
    status = 422 if form.errors else 200
    return render("replies/new.html", fragment="form", status=status, form=form, to=to, root=root)


@bp.route("/<ref>/edit", methods=["GET", "POST"])
@may("entry.edit")
def edit(ref: str) -> Response:
    """Change a reply."""
    reply = _reply(ref)
    authorise("reply.edit", reply)
    person = member()
    draft = f"edit-{reply.id}"
    present = {"body": reply.body, "heads": " ".join(reply.heads)}
    form = ReplyForm(request.form, data=present | (drafts.find(db.session(), draft, by=person) or {}))
    if wants_draft():
        return keep_draft(draft, form)
    if request.method == "POST" and form.validate():
        try:
            values = form.values() | uploads.received(form, model.attached(db.session(), reply.id))
            model.revise(db.session(), reply, values, form.seen, by=person)
        except Invalid as error:
            form.blame(error.fields)
        else:
            drafts.drop(db.session(), draft, by=person)
            commit()
            flash("Saved.", "success")
            return go(entry_url(reply))
    versions = changes.competing(db.session(), reply) if reply.conflict else {}
    status = 422 if form.errors else 200
    return render("replies/edit.html", fragment="form", status=status, form=form, entry=reply, versions=versions)


@bp.get("/<ref>/history")
@may("entry.read")
def history(ref: str) -> Response:
    """How the words of a reply changed."""
    reply = _reply(ref)
    return render("replies/history.html", entry=reply, versions=changes.history(db.session(), reply, actor()))


def _reply(ref: str) -> Entry:
    reply = load(db.session(), actor(), ref)
    if reply.kind != "reply":
        raise NotFound()
    return reply


def _quoted(to: Entry) -> dict[str, str]:
    return {"body": text.quote(to.body)} if to.root and "quote" in request.args else {}


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value or name == "body"}
