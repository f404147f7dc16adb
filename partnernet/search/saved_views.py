"""The searches that somebody keeps: a page of them, and the way to what is new of each."""

from flask import current_app, request
from werkzeug.wrappers import Response

from partnernet.core.db import commit, db
from partnernet.core.errors import Invalid
from partnernet.core.words import _
from partnernet.entries import reading
from partnernet.search import asked, saved
from partnernet.search.blueprint import bp
from partnernet.search.saved import store_looked
from partnernet.web.guard import batch, may, member
from partnernet.web.notices import done
from partnernet.web.render import go, render


@bp.get("/searches")
@may("member")
def searches() -> Response:
    """All of them, with how much is new of each."""
    return _page()


@bp.post("/searches")
@may("member")
def save_search() -> Response:
    """Keep a search, or take back that it was removed."""
    name, address = request.form.get("name", ""), request.form.get("address", "")
    looked = request.form.get("looked", "")
    try:
        saved.save(
            db.session(), name, address, by=member(),
            looked=int(looked) if looked.isascii() and looked.isdigit() and len(looked) < 16 else None,
        )  # fmt: skip
    except Invalid as error:
        db.session.rollback()
        return _page(422, sentence=error.sentence, name=name, address=address)
    commit()
    if looked:
        done(_("The search is kept again."))
        return go("/searches")
    done(_("The search is kept. Home tells you when something new holds all its words."))
    return go(f"/search?{asked.address(asked.parameters(address))}")


@bp.get("/searches/<int:search>")
@may("member")
def saved_search(search: int) -> Response:
    """Leads to what it finds, the newest first; what is new counts as seen from then on."""
    person = member()
    found = saved.find(db.session(), search, by=person)
    position = current_app.extensions["partnernet.search"].position()
    if position > found.looked:
        batch().note(store_looked, found.id, position)
        reading.saw(person)
    given = asked.parameters(found.address) | {asked.ALL: "1"}  # as what is told of: it holds all of the words
    return go(f"/search?{asked.address(given)}&sort=date")


@bp.post("/searches/<int:search>/removal")
@may("member")
def remove_search(search: int) -> Response:
    """Keep it no more."""
    found = saved.remove(db.session(), search, by=member())
    commit()
    fields = {"name": found.name, "address": found.address, "looked": str(found.looked)}
    done(_("“%(name)s” is not kept any more.", name=found.name), undo="/searches", fields=fields)
    return go("/searches")


def _page(status: int = 200, sentence: str = "", name: str = "", address: str = "") -> Response:
    lines = saved.of(db.session(), batch(), by=member())
    return render(
        "search/searches.html", status=status, lines=lines, sentence=sentence, name=name, address=address,
        name_limit=saved.NAME_LIMIT,
    )  # fmt: skip
