"""Home: what needs somebody, and what is new; for strangers, who the network is."""

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from partnernet.core.db import commit, db
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import STEWARD, Actor
from partnernet.core.words import _
from partnernet.entries import listing
from partnernet.entries.stamp import stamp
from partnernet.home import since
from partnernet.home.everything import read_everything, unread_everything
from partnernet.home.front import front
from partnernet.home.needs import READ
from partnernet.home.waiting import SHOWN, Waiting, of_stewards, told, waiting
from partnernet.network.season import season
from partnernet.people.names import names
from partnernet.web.dates import today
from partnernet.web.guard import actor, batch, here, is_new_here, may, member, visited
from partnernet.web.notices import done, is_waiting
from partnernet.web.render import go, render, stamped, unchanged

NEW = 12

bp = Blueprint("home", __name__)


@bp.get("/")
@may("anyone")
def index() -> AnyResponse:
    """The front page."""
    person = actor()
    brought = of_stewards(db.session()) if person and person.role == STEWARD else []
    mark = stamp(*(each.url for each in brought))
    has_notice = is_waiting()
    if not has_notice and (answer := unchanged(mark)) is not None:
        return answer
    response = _for_strangers() if person is None else _for_member(person, brought)
    return response if has_notice else stamped(response, mark)


@bp.post("/everything-read")
@may("member")
def everything_read() -> AnyResponse:
    """Count everything as read, or take that back."""
    database, person, position = db.session(), member(), here().position
    if request.form.get("undo"):
        unread_everything(database, person, request.form, position)
        commit()
        return go("/")
    kept = read_everything(database, person, visited(), position)
    commit()
    done(_("Everything counts as read."), undo="/everything-read" if kept else None, fields=kept)
    return go("/")


def _for_member(person: Actor, brought: list[Waiting]) -> Response:
    database = db.session()
    news = listing.page(database, person, listing.Wanted(unread=True, columns=since.NEWS), visited=visited(), size=NEW)
    rows = waiting(database, person, batch())
    known = names(database, person, since.pairs(news.lines) | {(row.node, row.by) for row in rows if row.by})
    urgent, others = [each for each in brought if each.since], [each for each in brought if not each.since]
    needs = [*urgent, *told(rows, known), *others]
    return render(
        "home/index.html", needs=needs[:SHOWN], more=len(needs) > SHOWN,
        changes=since.changes(news.lines, known), older=news.older,
        is_unread=any(row.kind in READ for row in rows), is_new_here=is_new_here(),
        season=season(database, person, today()),
    )  # fmt: skip


def _for_strangers() -> Response:
    drawn = season(db.session(), None, today())
    return render("home/welcome.html", front=front(db.session()), season=drawn, kinds=KINDS)
