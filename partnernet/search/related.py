"""Entries that speak of the same things as one: found by the words that tell most of what it is about."""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.ledger.kinds import KINDS
from partnernet.search.analysis import is_common, tokens
from partnernet.search.asking import Reader
from partnernet.search.document import Document, documents
from partnernet.search.interface import Condition, Engine, Wanted
from partnernet.search.occurrences import TITLE_WEIGHT

SHOWN = 5
READ = 20_000
"""Characters of a text that are read to know what it is about."""
ASKED, TELLING = 150, 25
"""Words that are weighed, the most frequent of the text; and those that are asked for."""
ENOUGH = 0.25
"""What an entry must score beside the one itself: below this, the eye finds little that they share; looked at."""


def related(
    session: Session, engine: Engine, reader: Reader, entry: Entry, linked: Collection[str] = ()
) -> Sequence[Any]:
    """At most five rows of entries, the nearest first; none where nothing is near enough. Raises Unavailable.

    `linked` are the ids of those to which the page leads already.
    """
    document = documents(session, [entry.id], reader.logs).get(entry.id)
    if document is None:
        return ()
    said = _said(document)
    words = engine.telling(said, TELLING)
    if not words:
        return ()
    conditions = [*reader.conditions, Condition("kind", _cards().__contains__, negated=True)]
    # What nothing else says counts too: who shares one word of many with it is not near.
    mine = engine.telling(said, TELLING, least=1)
    own = engine.find(Wanted(mine, conditions=conditions, thread=entry.id, limit=1)).places
    found = engine.find(
        Wanted(words, conditions=conditions, without=entry.id, limit=2 * SHOWN + len(linked), by_root=True)
    ).places
    enough = ENOUGH * max((place.score for place in own), default=0)
    near = dict.fromkeys(place.root for place in found if place.score >= enough)
    rows = _rows(session, reader, near.keys() - set(linked))
    return [rows[root] for root in near if root in rows][:SHOWN]


def _cards() -> set[str]:
    """The kinds that have a name and a page, and stand in no list of entries."""
    return {name for name, kind in KINDS.items() if kind.plural and kind.title in kind.fields and not kind.is_listed}


def _said(document: Document) -> dict[str, float]:
    """The words of a text by how much it says them: more often is more, but ever less so."""
    counts: Counter[str] = Counter()
    left = READ
    for passage in document.passages:
        counts.update(word for word in tokens(passage.text[:left]) if not is_common(word))
        left -= len(passage.text)
        if left <= 0:
            break
    for word in tokens(document.title):
        counts[word] += TITLE_WEIGHT
    return {word: 1 + math.log(count) for word, count in counts.most_common(ASKED)}


def _rows(session: Session, reader: Reader, ids: Collection[str]) -> dict[str, Any]:
    listed = [name for name, kind in KINDS.items() if kind.is_listed]
    columns = (Entry.id, Entry.kind, Entry.root, Entry.title, Entry.when)
    rows = session.execute(
        select(*columns).where(Entry.id.in_(ids), Entry.kind.in_(listed), Entry.listed, reader.visible)
    )
    return {row.id: row for row in rows}
