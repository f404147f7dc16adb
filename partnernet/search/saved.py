"""Searches that somebody keeps: saved, removed, and how much is new of each as they may see it now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Subquery, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from partnernet.core.batch import Batch
from partnernet.core.consumers import last_position
from partnernet.core.db import write
from partnernet.core.entry import Entry
from partnernet.core.errors import Invalid, NotFound
from partnernet.core.policy import Actor, visible_to
from partnernet.core.time import now_ms
from partnernet.core.words import _
from partnernet.people.model import Account
from partnernet.search import asked
from partnernet.search.model import SavedMatch, SavedSearch

LIMIT = 20
"""Searches that one person can keep."""
NAME_LIMIT, ADDRESS_LIMIT = 100, 2_000
NUMBERS = 2_147_483_647
"""The number of no search is greater."""
NEWS_LIMIT = 100
"""More new matches of one search than this are not told apart."""


@dataclass(frozen=True, slots=True)
class Line:
    """One saved search, and how much is new of it."""

    search: SavedSearch
    words: str
    """What is looked for, as it was typed."""
    narrowing: Mapping[str, str]
    news: int


def save(session: Session, name: str, address: str, *, by: Actor, looked: int | None = None) -> SavedSearch:
    """Keep a search; one that is kept already takes the new name. `looked` is what it had before it was removed."""
    given = asked.parameters(address)
    kept = asked.address(given)
    name = " ".join(name.split()) or " ".join(given.get("q", "").split())[:NAME_LIMIT]
    if not kept:
        raise Invalid(_("Search for something first; then it can be saved."))
    if len(kept) > ADDRESS_LIMIT:
        raise Invalid(_("This search is too long to be saved; use fewer words."))
    if not name or len(name) > NAME_LIMIT:
        sentence = _("Give the search a name of at most %(limit)s letters.", limit=NAME_LIMIT)
        raise Invalid(sentence, {"name": sentence})
    write(session)
    own = session.scalars(select(SavedSearch).where(SavedSearch.account == by.account)).all()
    search = next((each for each in own if each.address == kept), None)
    if search is None and len(own) >= LIMIT:
        raise Invalid(_("You keep %(limit)s searches already: remove one, then save this one again.", limit=LIMIT))
    position = last_position(session)
    if search is None:
        seen = position if looked is None else min(looked, position)
        search = SavedSearch(
            account=by.account, name=name, address=kept, saved=now_ms(), since=seen, looked=seen
        )  # fmt: skip
        session.add(search)
    search.name = name
    note_change(session, {by.account})
    session.flush()
    return search


def remove(session: Session, number: int, *, by: Actor) -> SavedSearch:
    """Keep a search no more."""
    write(session)
    search = find(session, number, by=by)
    session.execute(delete(SavedMatch).where(SavedMatch.search == search.id))
    session.delete(search)
    note_change(session, {by.account})
    session.flush()
    return search


def find(session: Session, number: int, *, by: Actor) -> SavedSearch:
    """One search of a person's own."""
    own = select(SavedSearch).where(SavedSearch.id == number, SavedSearch.account == by.account)
    search = session.scalars(own).first() if number <= NUMBERS else None
    if search is None:
        raise NotFound()
    return search


def of(session: Session, batch: Batch, *, by: Actor) -> list[Line]:
    """All searches of a person, by name, each with how much is new of it."""
    news = news_of(by)
    rows = session.execute(
        select(SavedSearch, news.c.total, news.c.newest)
        .outerjoin(news, news.c.search == SavedSearch.id)
        .where(SavedSearch.account == by.account)
        .order_by(func.lower(SavedSearch.name), SavedSearch.id)
    ).all()
    return [_line(row, batch) for row in rows]


def news_of(actor: Actor) -> Subquery:
    """For each search of somebody with something new: how much, and where in `touched` the newest came up.

    What may be seen is decided here, at reading: what was narrowed, removed or erased since is not counted.
    """
    root = aliased(Entry)
    is_there = and_(
        visible_to(actor), ~Entry.deleted, ~Entry.redacted, Entry.superseded_by.is_(None),
        or_(Entry.root.is_(None), root.log == Entry.log),
    )  # fmt: skip
    return (
        select(
            SavedMatch.search, func.count().label("total"), func.max(SavedMatch.position).label("newest"),
            func.max(Entry.when).label("when"),
        )
        .join(SavedSearch, SavedSearch.id == SavedMatch.search)
        .join(Entry, Entry.id == SavedMatch.entry)
        .outerjoin(root, root.id == Entry.root)
        .where(SavedMatch.account == actor.account, SavedMatch.position > SavedSearch.looked, is_there)
        .group_by(SavedMatch.search)
        .subquery()
    )  # fmt: skip


def is_seen(batch: Batch, search: int, newest: int) -> bool:
    """Whether what is new of a search was seen a moment ago: that waits in memory to be stored."""
    return bool((batch.peek(store_looked, search) or 0) >= newest)


def store_looked(session: Session, looked: Mapping[int, int]) -> None:
    """Store up to where the matches of some searches have been seen."""
    for search, position in looked.items():
        seen = update(SavedSearch).where(SavedSearch.id == search, SavedSearch.looked < position)
        account = session.scalars(seen.values(looked=position).returning(SavedSearch.account)).first()
        if account is not None:
            note_change(session, {account})


def note_change(session: Session, accounts: set[int]) -> None:
    """Home is not what the browsers of these people keep of it any more."""
    changed = update(Account).where(Account.id.in_(sorted(accounts))).values(changed=Account.changed + 1)
    session.execute(changed, execution_options={"synchronize_session": False})


def _line(row: Any, batch: Batch) -> Line:
    given = asked.parameters(row.SavedSearch.address)
    news = 0 if row.total is None or is_seen(batch, row.SavedSearch.id, row.newest) else row.total
    narrowing = {name: given[name] for name in asked.NARROWING if name in given}
    return Line(row.SavedSearch, given.get("q", ""), narrowing, min(news, NEWS_LIMIT))
