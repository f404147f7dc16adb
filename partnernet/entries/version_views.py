"""Two or more versions of one thing: read side by side, and made one by whoever may."""

from flask import request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from partnernet.core.db import commit, db
from partnernet.core.entry import Entry
from partnernet.core.errors import Invalid
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import Actor, can
from partnernet.core.threeway import Merged
from partnernet.core.words import _
from partnernet.entries import merging, model, versions
from partnernet.entries.acts import bp
from partnernet.entries.changes import names_in
from partnernet.entries.comparing import WORDS, aloud
from partnernet.entries.finding import load
from partnernet.entries.page import refuse_gone
from partnernet.entries.version_form import VersionsForm, settling
from partnernet.people.mentions import plain
from partnernet.people.names import Names
from partnernet.web.addresses import entry_url
from partnernet.web.guard import actor, authorise, may, member
from partnernet.web.notices import done
from partnernet.web.render import go, render


@bp.get("/<ref>/versions")
@may("entry.read")
def versions_of(ref: str) -> Response:
    """All versions that stand side by side, and for whoever may settle it the form that makes them one."""
    entry = load(db.session(), actor(), ref)
    refuse_gone(actor(), entry)
    if not entry.conflict:
        done(_("There is one version only."))
        return go(entry_url(entry))
    return _page(entry, merging.standoff(db.session(), entry))


@bp.post("/<ref>/versions")
@may("entry.settle")
def settle(ref: str) -> Response:
    """Make one of them: an edit whose author had seen all of them."""
    session, person = db.session(), member()
    entry = load(session, person, ref)
    authorise(f"{entry.kind}.settle", entry)
    seen = [head for head in request.form.get("heads", "").split() if head.isalnum()]
    found = merging.standoff(session, entry, seen)
    if not found.fields:
        done(_("There is one version only."))
        return go(entry_url(entry))
    form = _form(entry, found, person)
    if form.validate():
        try:
            model.revise(session, entry, form.values(), form.seen, by=person)
        except Invalid as error:
            form.blame(error.fields)
        else:
            commit()
            session.refresh(entry)
            return _onward(entry)
    return _page(entry, found, form)


def settle_first(entry: Entry) -> Response | None:
    """Where to go before an entry can be changed: its versions are to be made one. None where there is one only."""
    return go(f"/entries/{entry.short}/versions") if entry.conflict else None


def _onward(entry: Entry) -> Response:
    if entry.conflict:
        done(_("What you saved is kept. There is another version beside it still: please look at both."))
        return go(f"/entries/{entry.short}/versions")
    done(_("Saved. There is one version now."))
    return go(entry_url(entry))


def _form(entry: Entry, found: merging.Standoff, person: Actor) -> VersionsForm:
    """The form with the fields that the person may set."""
    session, kind = db.session(), KINDS[entry.kind]
    may_edit = can(f"{entry.kind}.edit", person, entry)
    fields = [
        field
        for field in versions.side_by_side(session, entry, found, person)
        if may_edit or (field.name in kind.fields and kind.fields[field.name].shared)
    ]
    return settling(session, person, entry, found, fields, request.form if request.method == "POST" else None)


def _page(entry: Entry, found: merging.Standoff, form: VersionsForm | None = None) -> Response:
    session, person = db.session(), actor()
    if form is None and person is not None and can(f"{entry.kind}.settle", person, entry):
        form = _form(entry, found, person)
    fields = versions.side_by_side(session, entry, found, person)
    known = names_in(session, person, found.versions)
    return render(
        "entries/versions.html", status=422 if form is not None and form.errors else 200, entry=entry, form=form,
        fields=fields, count=len(found.versions),
        places=sum(proposal.places for proposal in found.proposals.values()),
        came={name: _came(each.merged, known, entry) for name, each in found.proposals.items() if each.merged},
    )  # fmt: skip


def _came(merged: Merged, known: Names, entry: Entry) -> Markup:
    """A merge with the versions that each change came from, in words."""
    parts = []
    for stretch in merged.stretches:
        for each in stretch.alternatives:
            said = escape(plain(each.text, known, entry.node))
            if each.versions and each.text.strip():
                numbers = ", ".join(str(number + 1) for number in each.versions)
                around = aloud(_("[version %(numbers)s: %(words)s]", numbers=numbers, words=WORDS))
                parts.append(Markup("<mark{}>{}</mark>").format(around, said))
            else:
                parts.append(said)
    return Markup("").join(parts)
