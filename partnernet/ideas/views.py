"""Ideas: the pages of every kind, the stage that any member may change, and what partners say."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from partnernet.core.db import commit, db
from partnernet.core.entry import Entry
from partnernet.core.errors import Invalid, NotFound
from partnernet.core.words import _, lazy
from partnernet.entries import model
from partnernet.entries.finding import find, load
from partnernet.entries.page import Beside
from partnernet.entries.thread import thread
from partnernet.entries.views import form_page, pages
from partnernet.ideas.form import IdeaForm, StageForm
from partnernet.ideas.model import CAN_HOST, COUNT_IN, IDEA, SAYINGS, STAGES, WATCHING, say
from partnernet.ideas.standing import context
from partnernet.web.addresses import entry_url
from partnernet.web.guard import actor, authorise, batch, may, member, visited
from partnernet.web.htmx import is_partial
from partnernet.web.notices import done
from partnernet.web.render import go, remember_writing, render

SAID = {
    COUNT_IN.name: (lazy("Counted in."), lazy("Not counted in any more.")),
    WATCHING.name: (lazy("It says that you are watching."), lazy("Not watched any more.")),
    CAN_HOST.name: (lazy("Thank you: it says that you can host."), lazy("It says no more that you can host.")),
}

bp = pages(IDEA, IdeaForm, Beside(marks=SAYINGS, line="ideas/_beside.html", context=context))


@bp.route("/<ref>/stage", methods=["GET", "POST"])
@may("entry.keep")
def stage(ref: str) -> Response:
    """Move it in the cycle."""
    idea = _idea(ref, "idea.keep")
    before = model.present(db.session(), idea, "stage")
    form = StageForm(
        request.form if request.method == "POST" else None, data={"stage": before, "heads": " ".join(idea.heads)}
    )
    if request.method == "POST" and form.validate():
        model.revise(db.session(), idea, {"stage": form.stage.data}, form.seen, by=member())
        commit()
        if is_partial():
            return _again("ideas/_moved.html", ref, moved_from=before)
        sentence = _("It is at %(stage)s now.", stage=STAGES[form.stage.data])
        done(sentence, undo=f"{entry_url(idea)}/stage", fields={"stage": before})
        return go(entry_url(idea))
    return form_page("ideas/stage.html", form, entry=idea)


@bp.post("/<ref>/marks")
@may("entry.mark")
def marks(ref: str) -> Response:
    """Say that one's partner counts in, watches or can host, or take it back; with `watching`, watch once more."""
    idea = _idea(ref, "idea.mark")
    mark, value = request.form.get("mark", ""), request.form.get("value", "yes")
    if mark not in SAYINGS or value not in ("yes", "no"):
        raise Invalid(_("Please choose one of the buttons on the page of the idea."))
    unwatched = say(db.session(), idea, mark, value == "yes", by=member())
    if request.form.get("watching") and value == "no":
        say(db.session(), idea, WATCHING.name, True, by=member())
    commit()
    sentence = str(SAID[mark][value == "no"])
    if is_partial():
        return _again("ideas/_marked.html", ref, said=mark, announced=sentence)
    back = {"mark": mark, "value": "no" if value == "yes" else "yes"} | ({"watching": "yes"} if unwatched else {})
    done(sentence, undo=f"{entry_url(idea)}/marks", fields=back)
    return go(f"{entry_url(idea)}#who-is-in")


def _again(template: str, ref: str, **more: Any) -> Response:
    """A part of the page of an idea, as it is after a change."""
    person = actor()
    row = find(db.session(), person, IDEA, ref)
    found = thread(db.session(), person, row, visited=visited(), batch=batch(), marks=SAYINGS, size=0)
    remember_writing()
    return render(template, entry=found.post, **context(person, found), **more)


def _idea(ref: str, permission: str) -> Entry:
    idea = load(db.session(), actor(), ref)
    if idea.kind != IDEA.name:
        raise NotFound()
    authorise(permission, idea)
    return idea
