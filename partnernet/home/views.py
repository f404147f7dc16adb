"""Home: what needs somebody, and what is new; for strangers, who the network is."""

from datetime import datetime

from flask import Blueprint, Response, session
from werkzeug.wrappers import Response as AnyResponse

from partnernet.core.db import commit, db
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import STEWARD, Actor
from partnernet.core.words import _
from partnernet.entries import listing
from partnernet.entries.stamp import stamp
from partnernet.home.front import front
from partnernet.home.waiting import SHOWN, Waiting, imports, read_everything, waiting
from partnernet.network.season import season
from partnernet.web.dates import zone
from partnernet.web.guard import actor, batch, here, may, member, visited
from partnernet.web.notices import done
from partnernet.web.render import go, render, stamped, unchanged

NEW = 12

bp = Blueprint("home", __name__)


@bp.get("/")
@may("anyone")
def index() -> AnyResponse:
    """The front page."""
    person = actor()
    brought = imports(db.session()) if person and person.role == STEWARD else []
    mark = stamp(*(each.url for each in brought))
    has_notice = "_flashes" in session
    if not has_notice and (answer := unchanged(mark)) is not None:
        return answer
    response = _for_strangers() if person is None else _for_member(person, brought)
    return response if has_notice else stamped(response, mark)


@bp.post("/everything-read")
@may("member")
def everything_read() -> AnyResponse:
    """Count everything as read."""
    position = here().position
    read_everything(db.session(), member(), position)
    commit()
    done(_("Everything counts as read."))
    return go("/")


def _for_member(person: Actor, brought: list[Waiting]) -> Response:
    needs = [*brought, *waiting(db.session(), person, batch())]
    news = listing.page(db.session(), person, listing.Wanted(unread=True), visited=visited(), size=NEW)
    return render(
        "home/index.html", needs=needs[:SHOWN], more=len(needs) > SHOWN, news=news, visited=visited(),
        season=season(db.session(), person, datetime.now(zone()).date()),
    )  # fmt: skip


def _for_strangers() -> Response:
    drawn = season(db.session(), None, datetime.now(zone()).date())
    return render("home/welcome.html", front=front(db.session()), season=drawn, kinds=KINDS)
