"""The one list page: filters, unread marks, a stamp that answers repeated visits, keys that lead on."""

from dataclasses import replace
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from partnernet.core.db import db
from partnernet.core.ledger.kinds import KINDS
from partnernet.entries import listing
from partnernet.entries.stamp import stamp
from partnernet.partners.model import choices
from partnernet.web import guard
from partnernet.web.notices import is_waiting
from partnernet.web.render import render, stamped, unchanged


def list_page(template: str, wanted: listing.Wanted, **context: Any) -> Response:
    """A page of entries; 304 where nothing changed since the browser last asked."""
    mark = stamp()
    has_notice = is_waiting()
    if not has_notice and (answer := unchanged(mark)) is not None:
        return answer
    asked = replace(
        wanted, partner=wanted.partner or request.args.get("partner") or None,
        tag=wanted.tag or " ".join(request.args.get("tag", "").lower().split()) or None,
        unread=wanted.unread or "unread" in request.args,
        kind=wanted.kind or _listed_kind(request.args.get("kind", "")),
    )  # fmt: skip
    page = listing.page(
        db.session(), guard.actor(), asked, visited=guard.visited(),
        before=request.args.get("before"), after=request.args.get("after"),
    )  # fmt: skip
    response = render(template, fragment="list", page=page, wanted=asked, partners=choices(db.session()), **context)
    return response if has_notice else stamped(response, mark)


def _listed_kind(name: str) -> str | None:
    return name if name in KINDS and KINDS[name].is_listed else None
