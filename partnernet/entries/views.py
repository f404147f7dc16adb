"""The pages that every kind of entry has. A kind's own `views.py` begins with `bp = pages(KIND, Form)`."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from partnernet.core.db import commit, db
from partnernet.core.entry import Entry
from partnernet.core.errors import Invalid, NotFound
from partnernet.core.ledger.kinds import KINDS, Kind
from partnernet.entries import changes, drafts, listing, model, uploads
from partnernet.entries.form import EntryForm
from partnernet.entries.page import show_page
from partnernet.entries.thread import load
from partnernet.web.addresses import entry_url
from partnernet.web.guard import authorise, may, member
from partnernet.entries.listpage import list_page
from partnernet.web.render import go, render

FormClass = type[EntryForm]


def pages(kind: Kind, form_class: FormClass) -> Blueprint:
    """A blueprint with the list, the page, the forms and the acts of one kind."""
    bp = Blueprint(kind.plural, __name__, url_prefix=f"/{kind.plural}")

    @bp.get("", strict_slashes=False)
    @may("entry.read")
    def index() -> Response:
        """The list, newest activity first."""
        return list_page(f"{kind.plural}/index.html", listing.Wanted(kind=kind.name), kind=kind)

    @bp.get("/<ref>")
    @may("entry.read")
    def show(ref: str) -> Response:
        """One entry with its thread."""
        return show_page(kind, ref)

    @bp.route("/new", methods=["GET", "POST"])
    @may("entry.create")
    def new() -> Response:
        """Write a new one."""
        person = member()
        form = form_class(request.form, data=drafts.find(db.session(), f"new-{kind.name}", by=person) or {})
        if wants_draft():
            return keep_draft(f"new-{kind.name}", form)
        if request.method == "POST" and form.validate():
            try:
                values = form.values() | uploads.received(form)
                entry = model.share(
                    db.session(), kind.name, values, form.visibility.data, form.tags.tags, by=person
                )
            except Invalid as error:
                form.blame(error.fields)
            else:
                drafts.drop(db.session(), f"new-{kind.name}", by=person)
                commit()
                flash("Shared." if entry.log == "public" else "Shared with the network.", "success")
                return go(entry_url(entry))
        return _form_page(f"{kind.plural}/new.html", form, kind)

    @bp.route("/<ref>/edit", methods=["GET", "POST"])
    @may("entry.edit")
    def edit(ref: str) -> Response:
        """Change one."""
        entry = _load(kind, ref)
        person = member()
        authorise(f"{kind.name}.edit", entry)
        draft = f"edit-{entry.id}"
        form = form_class(request.form, data=_present(entry, form_class) | (drafts.find(db.session(), draft, by=person) or {}))
        del form.visibility
        if wants_draft():
            return keep_draft(draft, form)
        if request.method == "POST" and form.validate():
            try:
                values = form.values() | uploads.received(form, model.attached(db.session(), entry.id))
                model.revise(db.session(), entry, values, form.seen, by=person)
                model.retag(db.session(), entry, form.tags.tags, by=person)
            except Invalid as error:
                form.blame(error.fields)
            else:
                drafts.drop(db.session(), draft, by=person)
                commit()
                flash("Saved.", "success")
                return go(entry_url(entry))
        versions = changes.competing(db.session(), entry) if entry.conflict else {}
        return _form_page(f"{kind.plural}/edit.html", form, kind, entry=entry, versions=versions)

    @bp.get("/<ref>/history")
    @may("entry.read")
    def history(ref: str) -> Response:
        """How its words changed."""
        entry = _load(kind, ref)
        return render(
            f"{kind.plural}/history.html", entry=entry, kind=kind,
            versions=changes.history(db.session(), entry, member_or_none()),
        )  # fmt: skip

    return bp


def _load(kind: Kind, ref: str) -> Entry:
    entry = load(db.session(), member_or_none(), ref)
    if entry.kind != kind.name:
        raise NotFound()
    return entry


def member_or_none() -> Any:
    """Who is asking; None for a stranger."""
    from partnernet.web.guard import actor

    return actor()


def wants_draft() -> bool:
    """Whether the form's second button was pressed: keep it, do not send it."""
    return request.method == "POST" and request.form.get("act") == "draft"


def keep_draft(name: str, form: Any) -> Response:
    """Keep what was written and show the form again."""
    kept = {field: value for field, value in request.form.items() if field not in ("act", "heads")}
    drafts.keep(db.session(), name, kept, by=member())
    commit()
    flash("The draft is kept here for you. Nobody else can see it.", "success")
    return go(request.path)


def _present(entry: Entry, form_class: FormClass) -> dict[str, Any]:
    session = db.session()
    fields = KINDS[entry.kind].fields
    values = {name: model.present(session, entry, name) for name in fields if name not in ("files", "picture")}
    return values | {"tags": ", ".join(entry.tags), "heads": " ".join(entry.heads)}


def _form_page(template: str, form: Any, kind: Kind, **context: Any) -> Response:
    status = 422 if form.errors else 200
    return render(template, fragment="form", status=status, form=form, kind=kind, **context)


__all__: Sequence[str] = ("pages",)
