"""The pages that every kind of entry has. A kind's own `views.py` begins with `bp = pages(KIND, Form)`."""

from secrets import token_hex
from typing import Any

from flask import Blueprint, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.wrappers import Response

from partnernet.core.db import commit, db
from partnernet.core.entry import Entry
from partnernet.core.errors import Invalid, NotFound
from partnernet.core.ledger.kinds import KINDS, Kind
from partnernet.core.policy import Actor
from partnernet.core.words import _, lazy
from partnernet.entries import changes, drafts, links, listing, model, uploads
from partnernet.entries.editor import shown
from partnernet.entries.finding import load
from partnernet.entries.form import EntryForm
from partnernet.entries.link_views import origin_of
from partnernet.entries.listpage import list_page
from partnernet.entries.mentions import to_names
from partnernet.entries.page import Beside, refuse_gone, show_page
from partnernet.entries.version_views import settle_first
from partnernet.entries.versions import FORMS
from partnernet.web.addresses import entry_url
from partnernet.web.guard import actor, authorise, may, member
from partnernet.web.notices import done
from partnernet.web.render import go, render

FormClass = type[EntryForm]

SHARED = {"public": lazy("Shared with everybody."), "network": lazy("Shared with the network.")}


def pages(kind: Kind, form_class: FormClass, beside: Beside | None = None) -> Blueprint:
    """A blueprint with the list, the page, the forms and the history of one kind."""
    bp = Blueprint(kind.plural, __name__, url_prefix=f"/{kind.plural}")
    FORMS[kind.name] = lambda session, person: [_prepared(form_class, session, person)]
    own = beside or Beside()

    @bp.get("", strict_slashes=False)
    @may("entry.read")
    def index() -> Response:
        """The list, newest activity first."""
        return list_page(
            f"{kind.plural}/index.html", listing.Wanted(kind=kind.name, columns=own.columns), kind=kind, beside=own.line
        )

    @bp.get("/<ref>")
    @may("entry.read")
    def show(ref: str) -> Response:
        """One entry with its thread."""
        return show_page(kind, ref, own)

    @bp.route("/new", methods=["GET", "POST"])
    @may("entry.create")
    def new() -> Response:
        """Write a new one."""
        person, draft = member(), f"new-{kind.name}"
        kept = drafts.find(db.session(), draft, by=person)
        form = form_class(sent(), data=kept or {})
        form.prepare(db.session(), person)
        origin = _named_origin(kept)
        if wants_draft():
            return keep_draft(draft)
        if request.method == "POST" and form.validate():
            try:
                values = form.values() | uploads.received(form)
                entry = model.share(db.session(), kind.name, values, form.visibility.data, form.tags.tags, by=person)
            except Invalid as error:
                form.blame(error.fields)
            else:
                if origin is not None:
                    links.link(db.session(), entry, origin, by=person)
                drafts.sent(db.session(), draft, request.form.get("writing"), by=person)
                commit()
                done(str(SHARED[entry.log]))
                return go(entry_url(entry))
        return form_page(f"{kind.plural}/new.html", form, kind=kind, draft=kept, origin=origin, writing=_writing(kept))

    @bp.route("/<ref>/edit", methods=["GET", "POST"])
    @may("entry.edit")
    def edit(ref: str) -> Response:
        """Change one."""
        entry = _load(kind, ref)
        person, draft = member(), f"edit-{entry.id}"
        authorise(f"{kind.name}.edit", entry)
        if request.method == "GET" and (first := settle_first(entry)) is not None:
            return first
        kept = drafts.find(db.session(), draft, by=person)
        present = _present(entry, form_class)
        form = form_class(sent(), data=present | from_draft(kept, entry))
        del form.visibility
        form.prepare(db.session(), person, present)
        if wants_draft():
            return keep_draft(draft)
        if request.method == "POST" and form.validate():
            try:
                values = form.values() | uploads.received(form)
                model.revise(db.session(), entry, values, form.seen, by=person)
                model.retag(db.session(), entry, form.tags.tags, by=person)
            except Invalid as error:
                form.blame(error.fields)
            else:
                drafts.drop(db.session(), draft, by=person)
                commit()
                done(_("Saved."))
                return go(entry_url(entry))
        return form_page(f"{kind.plural}/edit.html", form, kind=kind, entry=entry, draft=kept)

    @bp.get("/<ref>/history")
    @may("entry.read")
    def history(ref: str) -> Response:
        """How its words changed."""
        entry = _load(kind, ref)
        refuse_gone(actor(), entry)
        form = _prepared(form_class, db.session(), actor())
        before = request.args.get("before", "")
        found = changes.history(db.session(), entry, actor(), form.chosen(), before)
        return render(f"{kind.plural}/history.html", entry=entry, found=found, words=form_class.words())

    return bp


def _writing(kept: dict[str, str] | None) -> str:
    """What tells a new entry from others of its kind that somebody writes at the same time, in other windows."""
    return request.form.get("writing", "")[:16] or (kept or {}).get("writing") or token_hex(8)


def _named_origin(kept: dict[str, str] | None) -> Entry | None:
    """What a new entry comes from: as the form, the link that led to it, or its draft says."""
    return origin_of(request.form.get("came_from") or request.args.get("from") or (kept or {}).get("came_from", ""))


def sent() -> Any:
    """What came with the form, files included; None where the form is only asked for."""
    return CombinedMultiDict([request.form, request.files]) if request.method == "POST" else None


def wants_draft() -> bool:
    """Whether a button was pressed that keeps the form and does not send it: as a draft, or to see it."""
    return request.method == "POST" and request.form.get("act") in ("draft", "preview")


def keep_draft(name: str) -> Response:
    """Keep what was written and show the form again."""
    values = drafts.words(request.form)
    found = uploads.set_aside(request.files, request.form.get("files_alt", ""))
    drafts.keep(db.session(), name, drafts.with_files(values, found), by=member())
    commit()
    if request.form["act"] == "preview":
        return go(f"{request.path}?preview=1#preview")
    done(_("The draft is kept here for you. Nobody else can see it."))
    return go(request.path)


def from_draft(kept: dict[str, str] | None, entry: Entry) -> dict[str, str]:
    """What a draft says of an entry. It stays what it was made from, unless versions wait to be made one."""
    return {name: value for name, value in (kept or {}).items() if name != "heads" or not entry.conflict}


def form_page(template: str, form: Any, **context: Any) -> Response:
    """A form: 422 where something in it is wrong. `preview=1` shows how its text will look."""
    if form.errors and "staged" in form:
        uploads.hold(form, request.files)
    if "preview" in request.args and "body" in form:
        context["seen"] = shown(form.body.data or "")
    return render(template, fragment="form", status=422 if form.errors else 200, form=form, **context)


def _prepared(form_class: FormClass, session: Session, person: Actor | None) -> EntryForm:
    """The form of a kind as it is made to tell what its fields and choices are called."""
    form = form_class()
    form.prepare(session, person)
    return form


def _load(kind: Kind, ref: str) -> Entry:
    entry = load(db.session(), actor(), ref)
    if entry.kind != kind.name:
        raise NotFound()
    return entry


def _present(entry: Entry, form_class: FormClass) -> dict[str, Any]:
    session, person = db.session(), member()
    kind = KINDS[entry.kind]
    values = {name: model.present(session, entry, name) for name in kind.fields}
    values |= {name: to_names(session, person, values[name] or "") for name in kind.prose}
    picture = values.pop("picture", None) or {}
    return values | {
        "kept": values.pop("files", []), "tags": ", ".join(entry.tags), "heads": " ".join(entry.heads),
        "lang": entry.lang, "picture_now": picture,
        **{f"picture_{name}": picture.get(name, "") for name in ("alt", "caption", "credit")},
    }  # fmt: skip
