"""The glossary: its list from A to Z, a page for each word, and its forms, which any member may send."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from partnernet.core import text
from partnernet.core.db import commit, db
from partnernet.core.entry import Entry
from partnernet.core.errors import Invalid, NotFound
from partnernet.core.policy import Actor
from partnernet.core.words import _
from partnernet.entries import changes, model
from partnernet.entries.finding import LAST_OP, find, last_op, load
from partnernet.entries.mentions import to_names
from partnernet.entries.page import refuse_gone, successor
from partnernet.entries.version_views import settle_first
from partnernet.entries.versions import FORMS, versions_of
from partnernet.glossary.form import TermForm
from partnernet.glossary.model import TERM, WORD_LIMIT, words_of
from partnernet.glossary.wordlist import LETTERED, MANY, clashes, word_list
from partnernet.people.mentions import fill
from partnernet.people.names import names
from partnernet.web.addresses import entry_url
from partnernet.web.guard import actor, authorise, may, member
from partnernet.web.notices import done
from partnernet.web.render import go, render

bp = Blueprint("glossary", __name__, url_prefix="/glossary")
FORMS[TERM.name] = lambda session, person: [TermForm()]


@bp.get("")
@may("entry.read")
def index() -> Response:
    """The words, from A to Z."""
    asked = request.args.get("q", "").strip()[:WORD_LIMIT]
    found = word_list(db.session(), actor(), asked, request.args.get("after", "")[:52])
    return render(
        "glossary/index.html", fragment="list", found=found, asked=asked, has_box=asked or found.total > MANY,
        has_letters=found.count > LETTERED,
    )  # fmt: skip


@bp.get("/<ref>")
@may("entry.read")
def show(ref: str) -> Response:
    """One word: what it means, the others for it, and who kept it last."""
    session, person = db.session(), actor()
    row = find(session, person, TERM, ref, (LAST_OP,))
    if row.superseded_by and (elsewhere := successor(row)) is not None:
        return go(elsewhere)
    refuse_gone(person, row)
    return render(
        "glossary/show.html", term=row, clashes=clashes(session, person, list(words_of(row)), row.id),
        versions=versions_of(session, person, row), **_meaning_and_keeper(session, person, row),
    )  # fmt: skip


@bp.route("/new", methods=["GET", "POST"])
@may("term.create")
def new() -> Response:
    """Add a word."""
    session = db.session()
    form = TermForm(request.form, data={"title": request.args.get("title", "").strip()[:WORD_LIMIT]})
    form.prepare(session, member())
    if request.method == "POST" and form.validate():
        try:
            entry = model.share(session, TERM.name, form.values(), form.visibility.data, by=member())
        except Invalid as error:
            form.blame(error.fields)
        else:
            commit()
            done(_("“%(word)s” is in the word list now.", word=entry.title))
            return go(entry_url(entry))
    return _form("glossary/new.html", form)


@bp.route("/<ref>/edit", methods=["GET", "POST"])
@may("term.edit")
def edit(ref: str) -> Response:
    """Change a word; changes made at the same time stand side by side."""
    session, entry = db.session(), _load(ref)
    authorise("term.edit", entry)
    if request.method == "GET" and (first := settle_first(entry)) is not None:
        return first
    present = {name: model.present(session, entry, name) for name in TERM.fields}
    known = [present["title"], *(present["also"] or ())]
    present |= {"body": to_names(session, member(), present["body"] or ""), "heads": " ".join(entry.heads)}
    form = TermForm(request.form, data=present)
    del form.visibility
    form.prepare(session, member(), entry.id, known)
    if request.method == "POST" and form.validate():
        try:
            model.revise(session, entry, form.values(), form.seen, by=member())
        except Invalid as error:
            form.blame(error.fields)
        else:
            commit()
            done(_("Saved."))
            return go(entry_url(entry, form.title.data))
    return _form("glossary/edit.html", form, entry=entry)


@bp.get("/<ref>/history")
@may("entry.read")
def history(ref: str) -> Response:
    """How a word changed."""
    entry = _load(ref)
    refuse_gone(actor(), entry)
    found = changes.history(db.session(), entry, actor(), before=request.args.get("before", ""))
    return render("glossary/history.html", entry=entry, found=found, words=TermForm.words())


def _load(ref: str) -> Entry:
    entry = load(db.session(), actor(), ref)
    if entry.kind != TERM.name:
        raise NotFound()
    return entry


def _form(template: str, form: TermForm, **context: Any) -> Response:
    return render(template, fragment="form", status=422 if form.errors else 200, form=form, **context)


def _meaning_and_keeper(session: Session, person: Actor | None, row: Any) -> Mapping[str, Any]:
    """What a word means, as HTML with names in it, and who changed it last; one statement for all the names."""
    last = last_op(row)
    keeper = (last.get("node") or row.node, last.get("by") or row.by)
    known = names(session, person, {keeper, *((row.node, handle) for handle in text.mentions(row.body))})
    html = fill(row.body_html or text.render(row.body), known, row.node)
    return {"html": html, "keeper": known[keeper], "kept": last.get("ts") or row.ts}
