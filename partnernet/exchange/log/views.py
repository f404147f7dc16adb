"""The page of the log: what came, what went, what was refused, for stewards."""

import re

from flask import request
from werkzeug.wrappers import Response

from partnernet.core.db import db
from partnernet.core.errors import Invalid
from partnernet.core.words import _
from partnernet.exchange.blueprint import bp
from partnernet.exchange.log import book as logbook
from partnernet.nodes import known
from partnernet.web.guard import may, member
from partnernet.web.here import this_node
from partnernet.web.render import render

_PLACE = re.compile(r"([0-9]{1,15})-?([a-z2-7]{0,16})").fullmatch
"""A time in milliseconds and the id of a line."""


@bp.get("/log")
@may("exchange")
def log() -> Response:
    """Everything that was handed over, the newest first; of one server, where one is named."""
    before, key = request.args.get("before"), request.args.get("server")
    place = _PLACE(before) if before is not None else None
    if before is not None and place is None:
        raise Invalid(_("This page of the log cannot be found; please begin at its start."))
    session = db.session()
    server = known.find(session, key) if key else None
    found, following = logbook.lines(
        session, this_node(), member(),
        server=server.key if server else None, before=(int(place[1]), place[2]) if place else None,
    )  # fmt: skip
    return render(
        "exchange/log.html", lines=found, following="-".join(map(str, following)) if following else None,
        is_first=before is None, server=server, servers=known.servers(session),
    )  # fmt: skip
