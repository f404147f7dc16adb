"""The page of the log: what came, what went, what was refused, for stewards."""

from flask import current_app, request
from werkzeug.wrappers import Response

from partnernet.core.db import db
from partnernet.core.errors import Invalid
from partnernet.core.words import _
from partnernet.exchange import logbook
from partnernet.exchange.views import bp
from partnernet.nodes import known
from partnernet.web.guard import may, member
from partnernet.web.render import render


@bp.get("/log")
@may("exchange")
def log() -> Response:
    """Everything that was handed over, the newest first; of one server, where one is named."""
    before, key = request.args.get("before"), request.args.get("server")
    if before is not None and not (before.isdecimal() and len(before) < 16):
        raise Invalid(_("This page of the log cannot be found; please begin at its start."))
    session = db.session()
    server = known.find(session, key) if key else None
    found, following = logbook.lines(
        session, current_app.extensions["partnernet.node"], member(),
        server=server.key if server else None, before=int(before) if before else None,
    )  # fmt: skip
    return render(
        "exchange/log.html", lines=found, following=following, is_first=before is None, server=server,
        servers=known.servers(session),
    )  # fmt: skip
