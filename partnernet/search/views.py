"""The pages of search: the page itself, and the same for machines."""

from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, jsonify, request, session

from partnernet.core.db import db
from partnernet.core.words import _
from partnernet.people.names import byline, names
from partnernet.search import asked, engine, saved
from partnernet.search.asking import Reader
from partnernet.search.blueprint import bp
from partnernet.search.engine import PAGES, PER_PAGE
from partnernet.search.interface import FACETS
from partnernet.search.results import Results
from partnernet.web.dates import iso, today
from partnernet.web.guard import actor, may
from partnernet.web.render import WRITTEN, render

JSON_LIMIT = 100


@bp.get("/search")
@may("anyone")
def show() -> Response:
    """What was found, or how to search."""
    sort, page = asked.sort(request.args), _number("page", PAGES)
    results = _search(page, PER_PAGE, facets=FACETS, by_root=True)
    first = (page - 1) * PER_PAGE
    known = names(db.session(), actor(), {(hit.entry.node, hit.entry.by) for hit in results.hits})
    who = {hit.entry.id: byline(hit.entry, known).text for hit in results.hits}
    return render(
        "search/show.html", fragment="found", results=results, sort=sort, first=first, who=who, times=_times(),
        kind=request.args.get("kind", ""), partner=request.args.get("partner", ""),
        address=asked.address(request.args), name_limit=saved.NAME_LIMIT,
        since=request.args.get("from", ""), until=request.args.get("to", ""),
    )  # fmt: skip


@bp.get("/search.json")
@may("anyone")
def show_json() -> Response:
    """The same for a program."""
    limit = _number("limit", JSON_LIMIT, PER_PAGE)
    results = _search(_number("page", PAGES), limit)
    return jsonify(as_json(results))


def as_json(results: Results) -> dict[str, Any]:
    """The form that other programs rely on; extended, never renamed."""
    return {
        "query": results.query.text,
        "count": results.count,
        "hits": [
            {
                "id": hit.entry.id, "kind": hit.entry.kind, "title": hit.title, "url": hit.url,
                "source": hit.entry.source, "when": iso(hit.entry.when), "score": round(hit.score, 6),
                "snippet": str(hit.snippet),
            }
            for hit in results.hits
        ],
        "notes": results.notes,
    }  # fmt: skip


def _search(page: int, limit: int, **options: Any) -> Results:
    return engine.search(
        db.session(), current_app.extensions["partnernet.search"], Reader.of(actor()), asked.asked(request.args),
        sort=asked.sort(request.args), page=page, limit=limit, written=session.get(WRITTEN, 0), **options,
    )  # fmt: skip


def _times() -> Sequence[tuple[str, str | None, str | None]]:
    """The years by which what was found can be narrowed: words, and the first and last of them."""
    year = today().year
    return (
        (_("Any time"), None, None),
        (_("This year"), str(year), None),
        (_("Last year"), str(year - 1), str(year - 1)),
        (_("Before %(year)s", year=str(year - 1)), None, str(year - 2)),
    )


def _number(name: str, most: int, default: int = 1) -> int:
    given = request.args.get(name, "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else default
    return min(max(number, 1), most)
