"""The one list page: filters, unread marks, a stamp that answers repeated visits, keys that lead on."""

from typing import Any

from flask import request, session
from werkzeug.wrappers import Response

from partnernet.core.db import db
from partnernet.entries import listing
from partnernet.web import guard
from partnernet.web.render import render, stamped, unchanged
from partnernet.entries.stamp import stamp


def list_page(template: str, wanted: listing.Wanted, **context: Any) -> Response:
    """A page of entries; 304 where nothing changed since the browser last asked."""
    mark = stamp()
    if "_flashes" not in session and (answer := unchanged(mark)) is not None:
        return answer
    wanted = listing.Wanted(
        wanted.kind, request.args.get("partner") or wanted.partner, request.args.get("tag") or wanted.tag,
        wanted.unread or "unread" in request.args,
    )  # fmt: skip
    page = listing.page(
        db.session(), guard.actor(), wanted, visited=guard.visited(),
        before=request.args.get("before"), after=request.args.get("after"),
    )  # fmt: skip
    had_notice = "_flashes" in session
    response = render(template, fragment="list", page=page, wanted=wanted, **context)
    return response if had_notice else stamped(response, mark)
