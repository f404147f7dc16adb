"""The pages of exchange over the wire, for stewards: exchange now, and what came of it."""

from flask import Response, url_for
from werkzeug.wrappers import Response as AnyResponse

from partnernet.core.db import db
from partnernet.exchange.log.handovers import WIRE
from partnernet.exchange.model import PeerHave
from partnernet.nodes import known, sentences
from partnernet.sync import schedule, state
from partnernet.sync.blueprint import bp
from partnernet.sync.peers import why_not
from partnernet.web.guard import may
from partnernet.web.render import go, render


@bp.post("/exchange/servers/<key>/now")
@may("exchange")
def now(key: str) -> AnyResponse:
    """Ask for an exchange with a server; it is done behind the pages."""
    session = db.session()
    known.find(session, key)
    schedule.ask(session, key)
    return go(url_for("sync.show", key=key))


@bp.get("/exchange/servers/<key>/now")
@may("exchange")
def show(key: str) -> Response:
    """How the exchange with a server stands."""
    session = db.session()
    heard = session.get(PeerHave, key)
    return render(
        "sync/show.html", heard=heard, came_by_wire=heard is not None and heard.way == WIRE,
        fragment="standing", server=known.find(session, key), why_not=why_not(session, key),
        standing=state.of(session, [key])[key], reads=sentences.READS, writes=sentences.WRITES,
        right_of=sentences.right_of,
    )  # fmt: skip
