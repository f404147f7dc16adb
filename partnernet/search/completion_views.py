"""What a search box offers while somebody types: a part of a page for our own boxes, JSON for browsers' own."""

import json

from flask import Response, current_app, render_template, request

from partnernet.core.db import db
from partnernet.core.words import _
from partnernet.search.blueprint import bp
from partnernet.search.completion import LONGEST, Group, complete
from partnernet.web.guard import actor, here, may
from partnernet.web.jinja import absolute
from partnernet.web.navigation import network_name
from partnernet.web.render import VARY, render

SHORT_NAME, DESCRIPTION = 16, 1_024
"""The most that the two names of a search engine may hold in browsers."""


@bp.get("/search/suggestions")
@may("anyone")
def suggestions() -> Response:
    """Lines to choose from, by sort; the part of a page that static/js/behaviours/suggest.js shows."""
    return render("search/suggestions.html", groups=_offered())


@bp.get("/search/suggestions.json")
@may("anyone")
def suggestions_json() -> Response:
    """The same in the form that browsers read: what was typed, then words, what each is, and where it leads."""
    offers = [(offer, group) for group in _offered() for offer in group.offers]
    told = [
        request.args.get("q", "")[:LONGEST],
        [offer.text for offer, _group in offers],
        [offer.about or group.label for offer, group in offers],
        [absolute(offer.url) for offer, _group in offers],
    ]
    return _answer(json.dumps(told, ensure_ascii=False), "application/x-suggestions+json")


@bp.get("/opensearch.xml")
@may("anyone")
def opensearch() -> Response:
    """How a browser's own bar searches here."""
    name = network_name()
    text = render_template(
        "search/opensearch.xml", short_name=name[:SHORT_NAME].strip(), name=name,
        description=_("Search what %(network)s knows", network=name)[:DESCRIPTION],
    )  # fmt: skip
    return _answer(text, "application/opensearchdescription+xml")


def _offered() -> list[Group]:
    index = current_app.extensions["partnernet.search"]
    return complete(db.session(), index, actor(), request.args.get("q", ""), here().position)


def _answer(text: str, mimetype: str) -> Response:
    response = current_app.response_class(text, mimetype=mimetype)
    response.headers["Vary"] = VARY
    return response
