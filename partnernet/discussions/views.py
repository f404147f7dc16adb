"""Discussions: the pages of every kind, and the summary that any member may edit."""

from flask import request
from werkzeug.wrappers import Response

from partnernet.core.db import commit, db
from partnernet.core.errors import NotFound
from partnernet.core.words import _
from partnernet.discussions.form import DiscussionForm, SummaryForm
from partnernet.discussions.model import DISCUSSION
from partnernet.discussions.summary import context
from partnernet.entries import model
from partnernet.entries.finding import load
from partnernet.entries.mentions import to_names
from partnernet.entries.page import Beside
from partnernet.entries.versions import FORMS
from partnernet.entries.views import form_page, pages, sent
from partnernet.web.addresses import entry_url
from partnernet.web.guard import actor, authorise, may, member
from partnernet.web.notices import done
from partnernet.web.render import go

bp = pages(DISCUSSION, DiscussionForm, Beside(context=context))
FORMS[DISCUSSION.name] = lambda session, person: [DiscussionForm(), SummaryForm()]


@bp.route("/<ref>/summary", methods=["GET", "POST"])
@may("entry.keep")
def summary(ref: str) -> Response:
    """Where the talk has got to: kept by everybody together."""
    entry = load(db.session(), actor(), ref)
    if entry.kind != DISCUSSION.name:
        raise NotFound()
    authorise("discussion.keep", entry)
    if request.method == "GET" and len(entry.setters.get("summary", ())) > 1:
        return go(f"/entries/{entry.short}/versions")
    person = member()
    words = model.present(db.session(), entry, "summary")
    present = {"summary": to_names(db.session(), person, words or ""), "heads": " ".join(entry.heads)}
    form = SummaryForm(sent(), data=present)
    if request.method == "POST" and form.validate():
        model.revise(db.session(), entry, {"summary": form.summary.data or ""}, form.seen, by=person)
        commit()
        done(_("Saved."))
        return go(entry_url(entry))
    return form_page("discussions/summary.html", form, entry=entry)
