"""Replying without leaving the page: what htmx is answered, in the place from which it asked.

From the box under an entry comes the box again, empty, with the new reply; from a form beneath a reply comes
that reply with the new one after it.
"""

from typing import Any

from werkzeug.wrappers import Response

from partnernet.core.db import db
from partnernet.core.entry import SHORT_ID, Entry
from partnernet.core.policy import can
from partnernet.core.words import _
from partnernet.entries.thread import one_reply
from partnernet.web.guard import actor
from partnernet.web.htmx import is_partial
from partnernet.web.render import remember_writing, render


def place_of(to: Entry) -> str:
    """Where the form of an answer stands: on a page of its own, in the box under an entry, or beneath a reply."""
    if not is_partial():
        return "page"
    return "box" if to.root is None else "inline"


def beneath(field: Any, to: Entry) -> None:
    """Give the field an id of its own where it stands beneath a reply: the box has one, too."""
    if to.root is not None:
        field.id = field.label.field_id = f"{field.id}-{to.id[:SHORT_ID]}"


def sent_here(to: Entry, reply: Entry) -> Response:
    """A new reply, in its place on the page."""
    above = [to] if to.root is not None else []
    return _replies("replies/_sent.html", [*above, reply], reply, _("Your reply is there."), to=to, place=place_of(to))


def change_form(form: Any, reply: Entry) -> Response:
    """The form that changes a reply, beneath it: 422 where something in it is wrong."""
    beneath(form.body, reply)
    return render("replies/_edit.html", status=422 if form.errors else 200, form=form, entry=reply)


def changed_here(reply: Entry) -> Response:
    """A reply as it reads now."""
    return _replies("replies/_here.html", [reply], reply, _("Saved."))


def _replies(template: str, replies: list[Entry], sent: Entry, announced: str, **more: Any) -> Response:
    session, person = db.session(), actor()
    root = session.get_one(Entry, sent.root)
    session.refresh(root)
    posts = [one_reply(session, person, reply) for reply in replies]
    remember_writing()
    return render(
        template, posts=posts, root=root.id, entry=root, sent=sent.id, announced=announced,
        may_reply=can("reply.reply", person, root), **more,
    )  # fmt: skip
