"""What is new of the searches that people keep: matched behind the pages, once the index has read it.

A search tells of what came after it was saved and holds all of its words: any one of them would tell of
nearly everything. Who may see it is asked of the engine here, and of the database again when it is shown.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from partnernet.core.consumers import position
from partnernet.core.db import chunks, commit, insert_missing, table_of, upsert, write
from partnernet.core.entry import Entry
from partnernet.core.ledger.node import Node
from partnernet.core.ledger.tables import Cursor, Touched
from partnernet.core.policy import Actor
from partnernet.core.time import DAY, now_ms
from partnernet.people.model import Account
from partnernet.search import asked
from partnernet.search.asking import Reader, wanted
from partnernet.search.interface import DATE, Engine, Unavailable
from partnernet.search.model import SavedMatch, SavedSearch
from partnernet.search.saved import note_change
from partnernet.search.synonyms import synonyms, with_synonyms
from partnernet.web.here import this_node

CURSOR = "saved searches"
YOUNG = 7 * DAY
"""How old something may be, by its own date, to be new to anybody: history that is brought in is not."""
AT_ONCE = 2_000
"""Entities that one round looks at; the next goes on from there."""
FOUND_LIMIT = 500


@dataclass(frozen=True, slots=True)
class _Came:
    """Something that was touched: where, and whose it is."""

    position: int
    arrived: int
    when: int
    node: str
    by: str


def watch(session: Session, engine: Engine, node: Node) -> int:
    """Match what the index has read since the last round; how many searches something new was found for."""
    oldest = session.scalars(select(func.min(SavedSearch.since))).first()
    start, end = max(position(session, CURSOR), oldest or 0), engine.position()
    if oldest is None or end <= start:
        session.rollback()
        return 0
    came, reached = _came(session, start, end)
    try:
        matches = _matches(session, engine, node, came) if came else {}
    except Unavailable:
        session.rollback()
        return 0
    write(session)
    told = _keep(session, came, matches)
    upsert(session, table_of(Cursor), [{"consumer": CURSOR, "position": reached}])
    commit(session)
    return told


def tidy(session: Session) -> None:
    """Forget matches that have been seen and can come up no more."""
    write(session)
    seen = select(SavedSearch.looked).where(SavedSearch.id == SavedMatch.search).scalar_subquery()
    young = select(Entry.id).where(Entry.id == SavedMatch.entry, Entry.when >= now_ms() - 2 * YOUNG)
    session.execute(
        delete(SavedMatch).where(SavedMatch.position <= seen, ~young.exists()),
        execution_options={"synchronize_session": False},
    )


def _came(session: Session, start: int, end: int) -> tuple[dict[str, _Came], int]:
    """What was touched past one position and up to another, and how far that goes."""
    rows = session.execute(
        select(Touched.position, Touched.entity)
        .where(Touched.position > start, Touched.position <= end)
        .order_by(Touched.position)
        .limit(AT_ONCE)
    ).all()
    touched = {row.entity: row.position for row in rows}
    reached = rows[-1].position if len(rows) == AT_ONCE else end
    found = {}
    for some in chunks(touched):
        young = select(Entry.id, Entry.arrived, Entry.when, Entry.node, Entry.by).where(
            Entry.id.in_(some), Entry.when > now_ms() - YOUNG
        )
        for row in session.execute(young):
            found[row.id] = _Came(touched[row.id], row.arrived, row.when, row.node, row.by)
    return found, reached


def _matches(
    session: Session, engine: Engine, node: Node, came: Mapping[str, _Came]
) -> dict[tuple[int, str], dict[str, Any]]:
    """The rows of what each search finds of what came, by search and entity."""
    found, known = {}, {}
    for search, account in session.execute(_searches()).all():
        actor = Actor(node, account.handle, account.card, "", account.role, account.id)
        reader = Reader.of(actor)
        key = (search.address, reader.logs)
        if key not in known:
            known[key] = _found(session, engine, reader, search.address, came)
        for entity in known[key]:
            each = came[entity]
            is_own = (each.node, each.by) == (node.id, account.handle)
            if each.arrived > search.since and not is_own:
                found[search.id, entity] = {
                    "search": search.id, "entry": entity, "account": account.id, "position": each.position
                }  # fmt: skip
    return found


def _searches() -> Any:
    joined = select(SavedSearch, Account).join(Account, Account.id == SavedSearch.account)
    return joined.where(~Account.suspended).order_by(SavedSearch.id)


def _found(
    session: Session, engine: Engine, reader: Reader, address: str, came: Mapping[str, _Came]
) -> Collection[str]:
    """The entities among what came that a search finds."""
    query = asked.asked(asked.parameters(address))
    if query.is_empty:
        return ()
    question = replace(wanted(session, reader, query, [], DATE, FOUND_LIMIT), all_words=True)
    question = with_synonyms(question, synonyms(session, reader, query))
    oldest, newest = min(each.when for each in came.values()), max(each.when for each in came.values())
    question = replace(
        question,
        after=max(oldest, question.after or oldest),
        before=min(newest + 1, question.before or newest + 1),
    )
    return [place.entity for place in engine.find(question).places if place.entity in came]


def _keep(session: Session, came: Collection[str], matches: Mapping[tuple[int, str], Mapping[str, Any]]) -> int:
    """Store what matches, and forget what was changed so that it matches no more."""
    gone: dict[int, list[str]] = defaultdict(list)
    for some in chunks(came):
        before = select(SavedMatch.search, SavedMatch.entry).where(SavedMatch.entry.in_(some))
        for row in session.execute(before).all():
            if (row.search, row.entry) not in matches:
                gone[row.search].append(row.entry)
    for search, entries in gone.items():
        for some in chunks(entries):
            session.execute(delete(SavedMatch).where(SavedMatch.search == search, SavedMatch.entry.in_(some)))
    rows: Sequence[Mapping[str, Any]] = list(matches.values())
    there = set(session.scalars(select(SavedSearch.id).where(SavedSearch.id.in_({row["search"] for row in rows}))))
    kept = [row for row in rows if row["search"] in there]
    insert_missing(session, table_of(SavedMatch), kept)
    note_change(session, {row["account"] for row in kept})
    return len({row["search"] for row in kept})


def watch_here(session: Session) -> None:
    """One round of this node."""
    watch(session, current_app.extensions["partnernet.search"], this_node())
