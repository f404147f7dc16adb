"""Where stewards say what their network is called, what it looks like, how it greets people and who answers."""

from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.wrappers import Response

from partnernet.core.db import commit, db
from partnernet.core.entry import Entry
from partnernet.core.errors import Invalid
from partnernet.core.policy import can
from partnernet.core.words import _
from partnernet.entries.model import present, revise
from partnernet.entries.version_views import settle_first
from partnernet.entries.versions import FORMS
from partnernet.network import logo, look, pages
from partnernet.network.blueprint import bp
from partnernet.network.form import OWN, NetworkForm, accent_fields
from partnernet.network.model import own_network, setting, settle
from partnernet.web.guard import actor, may, member
from partnernet.web.notices import done
from partnernet.web.render import go, render

SETTINGS = ("controller", "contact")

FORMS["network"] = lambda session, person: [NetworkForm()]


@bp.route("/about/edit", methods=["GET", "POST"])
@may("steward")
def edit_about() -> Response:
    """Who answers for this server; and, where this node looks after the network, its name, look and welcome."""
    session = db.session()
    asked = _asked(session)
    if request.method == "GET" and asked.entry and (first := settle_first(asked.entry)) is not None:
        return first
    if "show" in request.form:
        asked.form.validate()
        return _page(session, asked, only_looked_at=True)
    if request.method == "POST" and asked.form.validate():
        try:
            _save(session, asked)
        except Invalid as error:
            asked.form.blame(error.fields)
        else:
            commit()
            done(_("Saved."))
            return go("/about")
    return _page(session, asked)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The form, and the network that it is about; None where that is looked after elsewhere."""

    form: NetworkForm
    entry: Entry | None


def _asked(session: Session) -> _Asked:
    network = own_network(session)
    entry = session.get(Entry, network.id) if network else None
    now: dict[str, Any] = {name: setting(session, name) for name in SETTINGS}
    if network is not None and entry is not None:
        now |= {"name": network.name, "strapline": network.strapline, "welcome": network.welcome}
        now |= accent_fields(network.accent) | {"heads": " ".join(entry.heads)}
    form = NetworkForm(_given(), data=now)
    if entry is None or not can("network.edit", actor(), entry):
        form.leave_network_alone()
        return _Asked(form, None)
    form.picture_now = present(session, entry, "picture")
    return _Asked(form, entry)


def _given() -> Any:
    """What was sent; a shade that was offered and taken in one press is a colour of their own."""
    if request.method != "POST":
        return None
    given = MultiDict(request.form)
    if shade := given.get("shade"):
        given["accent"], given["accent_own"] = OWN, shade
    return CombinedMultiDict([given, request.files])


def _save(session: Session, asked: _Asked) -> None:
    form = asked.form
    if asked.entry is not None:
        kept = logo.received(form.picture.data, form.picture_now, is_gone=form.picture_gone.data)
        revise(session, asked.entry, form.values() | {"picture": kept}, form.seen, by=member())
    for name in SETTINGS:
        settle(session, name, form[name].data or "")


def _page(session: Session, asked: _Asked, *, only_looked_at: bool = False) -> Response:
    form, entry = asked.form, asked.entry
    return render(
        "network/edit_about.html", fragment="sample" if only_looked_at else None,
        status=422 if form.errors and not only_looked_at else 200, form=form,
        titles=pages.TITLES,
        palette=look.palette, chosen=form.chosen if entry is not None else "",
    )  # fmt: skip
