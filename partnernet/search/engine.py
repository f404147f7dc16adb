"""Searching, from what somebody typed to what they may see of it.

The engine behind it only ever names entities. Every hit is read again from the database under the
reader's own condition, and every number is counted in logs that the reader may read.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from partnernet.core.consumers import Last, last_touched
from partnernet.core.words import _, lazy
from partnernet.search import names
from partnernet.search.asking import Reader, wanted
from partnernet.search.attached import found_in
from partnernet.search.document import Document, documents
from partnernet.search.facets import facets_of
from partnernet.search.interface import RELEVANCE, Engine, Place, Unavailable, Wanted
from partnernet.search.query import Query
from partnernet.search.results import Group, Hit, Results
from partnernet.search.synonyms import Spoken, also_in, synonyms, with_synonyms

PER_PAGE, PAGES = 10, 100
HITS = 20
"""Hits that one is given who does not say how many."""
UNDER_ONE = 3
"""Places that are shown of one entry, itself among them; more are said in a number."""

BEING_MADE = lazy("The search index is being made just now. Nothing is lost; please search again in a minute.")
BEHIND = lazy("The newest is still being indexed, and will be found in a moment.")


def search(
    session: Session,
    engine: Engine,
    reader: Reader,
    query: Query,
    *,
    sort: str = RELEVANCE,
    page: int = 1,
    limit: int = HITS,
    written: int = 0,
    facets: Sequence[str] = (),
    by_root: bool = False,
    exactly: bool = False,
    why: bool = False,
) -> Results:
    """One page of what a reader can find: `limit` places, or with `by_root` so many entries.

    Words that stand nowhere are corrected, and other words for the same, out of the word list, are looked for
    as well, unless it is to be `exactly` the query.
    `written` is the position of the reader's own last write: the answer waits a little for it. With `why`,
    each hit says which words found it, and what share of its score each has.
    """
    results = Results(query, notes=list(query.notes), page=page)
    if query.is_empty:
        return results
    if written:
        engine.wait_for(written)
    newest = last_touched(session)
    spoken = synonyms(session, reader, query, newest)
    try:
        if not exactly and (instead := _instead(engine, reader, query, spoken, newest)):
            results.corrected = query = query.corrected(instead)
            spoken = synonyms(session, reader, query, newest)
        results.spoken, results.is_exact = spoken, exactly
        asked = wanted(session, reader, query, results.notes, sort, page * limit + 1)
        asked = replace(asked, facets=facets, by_root=by_root, newest=newest)
        asked = asked if exactly else with_synonyms(asked, spoken)
        found = engine.find(asked)
    except Unavailable:
        results.is_answered = False
        results.notes.append(str(BEING_MADE))
        return results
    if found.is_behind:
        results.notes.append(str(BEHIND))
    roots = list(dict.fromkeys(place.root if by_root else place.entity for place in found.places))
    shown_roots = roots[(page - 1) * limit : page * limit]
    shown = _shown(found.places, set(shown_roots), by_root)
    seen = documents(session, {place.entity for place in shown} | {place.root for place in shown}, reader.logs)
    partners = {document.entry.partner for document in seen.values()} | found.facets.get("partner", {}).keys()
    partner_names = names.partner_names(session, partners - {None}, reader.logs) if partners - {None} else {}
    visible = [place for place in shown if place.entity in seen]
    shares = _shares(engine, asked, visible) if why else [()] * len(visible)
    in_files = found_in(session, _beyond(visible, seen))
    results.hits = [
        Hit(own, place, query.words.keys(), partner_names.get(own.entry.partner, ""), share, in_files.get(own.id))
        for place, share in zip(visible, shares, strict=True)
        for own in [seen[place.entity]]
    ]
    if spoken and not exactly:
        results.hits = [replace(hit, sought={*hit.sought, *also_in(spoken, hit.words)}) for hit in results.hits]
    if by_root:
        results.groups = _groups(results.hits, shown_roots, seen, found.under, partner_names, asked.thread is not None)
    if not found.count and query.phrases:
        results.notes.append(_("Nothing holds these words side by side: try them without quotation marks."))
    results.count, results.is_capped = found.count - (len(shown) - len(results.hits)), found.is_capped
    results.has_more = page < PAGES and len(roots) > page * limit
    results.facets = facets_of(session, reader, found.facets, partner_names)
    return results


def _shown(places: Sequence[Place], roots: Collection[str], by_root: bool) -> list[Place]:
    """The places of one page: each of some entities, or each of some roots with the first few under it."""
    if not by_root:
        return [place for place in places if place.entity in roots]
    counts = Counter(place.root for place in places if place.entity == place.root)  # each has its place kept
    shown = []
    for place in places:
        if place.root not in roots:
            continue
        counts[place.root] += place.entity != place.root
        if place.entity == place.root or counts[place.root] <= UNDER_ONE:
            shown.append(place)
    return shown


def _beyond(places: Sequence[Place], seen: Mapping[str, Document]) -> dict[str, int]:
    """The entities of which a file was found, and which of the passages of their files."""
    numbers = {place.entity: place.part - len(seen[place.entity].passages) for place in places}
    return {entity: number for entity, number in numbers.items() if number >= 0}


def _groups(
    hits: Sequence[Hit], roots: Sequence[str], seen: Mapping[str, Document], under: Mapping[str, int],
    partner_names: Mapping[str, str], is_narrowed: bool,
) -> list[Group]:  # fmt: skip
    by_root: dict[str, list[Hit]] = {}
    for hit in hits:
        by_root.setdefault(hit.place.root, []).append(hit)
    return [
        Group(
            head,
            by_root[root],
            max(0, under.get(root, 0) - len(by_root[root])),
            partner_names.get(head.entry.partner, ""),
            is_narrowed,
        )
        for root in roots
        if root in by_root
        # An entry that was removed leaves its answers behind: the best of them stands for it.
        for head in [seen.get(root, by_root[root][0].document)]
    ]


def _shares(engine: Engine, asked: Wanted, places: Sequence[Place]) -> list[Sequence[tuple[str, int]]]:
    """What each word added to the scores of some places, in percent of each, the most telling word first."""
    try:
        told = engine.explain(asked, places)
    except Unavailable:  # the index went away since it answered; so does the reason
        return [()] * len(places)
    shares: list[Sequence[tuple[str, int]]] = []
    for added in told:
        total = sum(added.values()) or 1
        most = sorted(added.items(), key=lambda pair: (-pair[1], pair[0]))
        shares.append([(word, round(100 * score / total)) for word, score in most if score > 0])
    return shares


def _instead(
    engine: Engine, reader: Reader, query: Query, spoken: Sequence[Spoken], newest: Last | None = None
) -> Mapping[str, str]:
    """What was meant by words that stand nowhere. What the word list knows is no slip of the pen."""
    known = {word for one in spoken for also in one.also for word in also.of}
    return engine.correct([word for word in query.words if word not in known], reader.conditions, newest)


def find_many(
    session: Session, engine: Engine, reader: Reader, query: Query, limit: int, *, exactly: bool = False
) -> Sequence[tuple[Any, float]]:
    """The rows of the best entries for one query of a batch, with their scores; no words are shown."""
    if query.is_empty:
        return ()
    spoken = [] if exactly else synonyms(session, reader, query)
    if not exactly and (instead := _instead(engine, reader, query, spoken)):
        query = query.corrected(instead)
        spoken = synonyms(session, reader, query)
    asked = wanted(session, reader, query, [], RELEVANCE, limit)
    found = engine.find(with_synonyms(asked, spoken))
    seen = documents(session, [place.entity for place in found.places], reader.logs)
    return [(seen[place.entity].entry, place.score) for place in found.places if place.entity in seen]
