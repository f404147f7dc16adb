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
from partnernet.search.engine import HITS, PAGES, PER_PAGE
from partnernet.search.interface import FACETS
from partnernet.search.narrowing import COLUMNS, Narrowed, day_of, narrowed
from partnernet.search.nothing import Help, help_with
from partnernet.search.query import LENGTH_LIMIT
from partnernet.search.results import Facet, Hit, Results
from partnernet.web.dates import iso, today
from partnernet.web.guard import actor, here, may
from partnernet.web.render import WRITTEN, render

JSON_LIMIT = 100
NARROWED_LIMIT = 400
"""Characters of a query that the page offers to narrow by what it found: each way to do so has all of them in it."""


@bp.get("/search")
@may("anyone")
def show() -> Response:
    """What was found, or how to search."""
    nothing = dict.fromkeys(asked.NARROWING, "")
    given, page = asked.narrowing(request.args), _number("page", PAGES)
    columns = FACETS if len(request.args.get("q", "")) <= NARROWED_LIMIT else ()
    results = _search(page, PER_PAGE, facets=columns, by_root=True, why=bool(request.args.get(asked.WHY)))
    narrowings = narrowed(db.session(), Reader.of(actor()), given, results.facets)
    entries = [hit.entry for hit in results.hits] + [group.root.entry for group in results.groups]
    known = names(db.session(), actor(), {(entry.node, entry.by) for entry in entries})
    return render(
        "search/show.html", fragment="found", results=results, sort=asked.sort(request.args), times=_times(),
        who={entry.id: byline(entry, known).text for entry in entries}, given=nothing | given, facets=_facets(results),
        narrowed=narrowings, helped=_help(results, narrowings),
        days={name: day_of(name, given.get(name, "")) for name in asked.DATES}, parameters=_parameters(),
        nothing=dict.fromkeys((*nothing, "page")), is_why=bool(request.args.get(asked.WHY)),
        address=_kept(results), name_limit=saved.NAME_LIMIT,
    )  # fmt: skip


@bp.get("/search.json")
@may("anyone")
def show_json() -> Response:
    """The same for a program."""
    limit = _number("limit", JSON_LIMIT, HITS)
    results = _search(_number("page", PAGES), limit, why=bool(request.args.get(asked.WHY)))
    return jsonify(as_json(results))


def as_json(results: Results) -> dict[str, Any]:
    """The form that other programs rely on; extended, never renamed."""
    return {
        "query": results.query.text,
        "corrected": results.corrected.text if results.corrected else None,
        "count": results.count,
        "is_capped": results.is_capped,
        "hits": [_hit_as_json(hit) for hit in results.hits],
        "also": [] if results.is_exact else [word for spoken in results.spoken for word in spoken.others],
        "notes": results.notes,
    }


def _hit_as_json(hit: Hit) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": hit.entry.id, "kind": hit.entry.kind, "title": hit.title, "url": hit.url,
        "source": hit.entry.source, "when": iso(hit.entry.when), "score": round(hit.score, 6),
        "snippet": str(hit.snippet), "section": hit.heading, "root": hit.entry.root or hit.entry.id,
    }  # fmt: skip
    if hit.in_file is not None:
        told |= {"file": hit.in_file.file.name, "page": hit.in_file.page or None}
    return told | ({"why": [{"word": word, "share": share} for word, share in hit.why]} if hit.why else {})


def _search(page: int, limit: int, **options: Any) -> Results:
    return engine.search(
        db.session(), current_app.extensions["partnernet.search"], Reader.of(actor()), asked.asked(request.args),
        sort=asked.sort(request.args), page=page, limit=limit, written=session.get(WRITTEN, 0),
        exactly=bool(request.args.get(asked.AS_TYPED)), **options,
    )  # fmt: skip


def _kept(results: Results) -> str:
    """The address under which this search is kept: in the words that found something."""
    words = {"q": results.corrected.text} if results.corrected else {}
    return asked.address({**request.args, **words})


def _help(results: Results, narrowings: Sequence[Narrowed]) -> Help | None:
    """What may help where nothing was found."""
    if results.count or results.query.is_empty or not results.is_answered:
        return None
    index = current_app.extensions["partnernet.search"]
    return help_with(db.session(), index, actor(), request.args, narrowings, here().position)


def _facets(results: Results) -> Sequence[tuple[str, str, Sequence[Facet]]]:
    """The ways to narrow what was found: the parameter of each, its heading, and its values."""
    headings = {
        "kind": _("Kind"), "partner": _("Partner"), "by": _("Person"), "tag": _("Tag"), "stage": _("Stage"),
        "year": _("Year"),
    }  # fmt: skip
    return [(name, heading, results.facets.get(COLUMNS[name], ())) for name, heading in headings.items()]


def _parameters() -> dict[str, str]:
    """What the form of days sends with them, so that they narrow what is shown already."""
    kept = {name: request.args.get(name, "")[: asked.VALUE_LIMIT] for name in ("sort", asked.AS_TYPED)}
    given = {"q": request.args.get("q", "")[:LENGTH_LIMIT], **asked.narrowing(request.args), **kept}
    return {name: value for name, value in given.items() if value and name not in asked.DATES}


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
