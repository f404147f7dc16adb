"""Discussions: the pages of every kind, and the summary that any member may edit."""

from flask import flash, request
from werkzeug.wrappers import Response

from partnernet.core.db import commit, db
from partnernet.core.errors import NotFound
from partnernet.discussions.form import DiscussionForm, SummaryForm
from partnernet.discussions.model import DISCUSSION
from partnernet.entries import changes, model
from partnernet.entries.thread import load
from partnernet.entries.views import pages
from partnernet.web.addresses import entry_url
from partnernet.web.guard import actor, authorise, may, member
from partnernet.web.render import go, render

bp = pages(DISCUSSION, DiscussionForm)


@bp.route("/<ref>/summary", methods=["GET", "POST"])
@may("entry.keep")
def summary(ref: str) -> Response:
    """Where the talk has got to: kept by everybody together."""
    entry = load(db.session(), actor(), ref)
    if entry.kind != DISCUSSION.name:
        raise NotFound()
    authorise("discussion.keep", entry)
    present = {"summary": model.present(db.session(), entry, "summary"), "heads": " ".join(entry.heads)}
    form = SummaryForm(request.form, data=present)
    if request.method == "POST" and form.validate():
        model.revise(db.session(), entry, {"summary": form.summary.data or ""}, form.seen, by=member())
        commit()
        flash("Saved.", "success")
        return go(entry_url(entry))
    versions = changes.competing(db.session(), entry) if entry.conflict else {}
    status = 422 if form.errors else 200
    return render(
        "discussions/summary.html", fragment="form", status=status, form=form, entry=entry, versions=versions
    )
