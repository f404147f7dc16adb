"""What the tests of search write and ask."""

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import Author, NodeItself
from partnernet.search import engine
from partnernet.search.asking import Reader
from partnernet.search.folder import current_folder
from partnernet.search.generation import Generation
from partnernet.search.index import Index
from partnernet.search.indexer import catch_up, rebuild_now
from partnernet.search.interface import FACETS
from partnernet.search.query import read
from partnernet.search.results import Results
from tests.factories import own_node

STRANGER = Reader.of(None)
NETWORK = Reader.network()

HALL = "What does a hall need before we arrive with a press?"


def discuss(
    session: Session, title: str, body: str = "", *, log: str = "public", by: Author | None = None, **values: Any
) -> Entry:
    """A discussion that somebody began."""
    author = by or NodeItself(own_node())
    op = verbs.create(session, author, "discussion", log, {"title": title, "body": body, **values})
    commit(session)
    return session.get_one(Entry, op.id)


def answer(session: Session, entry: Entry, body: str, *, by: Author | None = None) -> Entry:
    """A reply that somebody wrote."""
    op = verbs.create(session, by or NodeItself(own_node()), "reply", entry.log, {"body": body}, under=entry)
    commit(session)
    return session.get_one(Entry, op.id)


def index() -> Index:
    """The index of the node."""
    found: Index = current_app.extensions["partnernet.search"]
    return found


def reopened() -> Index:
    """The index as a process sees it that starts now."""
    fresh = Index(index().folder, index().node)
    current_app.extensions["partnernet.search"] = fresh
    return fresh


def generation() -> Generation:
    """The current generation, opened afresh."""
    return Generation(current_folder(index().folder), index().node)


def update() -> None:
    """Bring the index up to date."""
    assert catch_up(current_app._get_current_object())  # type: ignore[attr-defined] # the app behind the proxy


def remake() -> None:
    """Make the index anew."""
    assert rebuild_now(current_app._get_current_object())  # type: ignore[attr-defined] # the app behind the proxy


def search(session: Session, text: str, reader: Reader = NETWORK, **options: Any) -> Results:
    """What somebody finds."""
    return engine.search(session, index(), reader, read(text), **{"facets": FACETS, **options})


def titles(session: Session, text: str, reader: Reader = NETWORK, **options: Any) -> list[str]:
    """The titles of what somebody finds, in order."""
    return [hit.title for hit in search(session, text, reader, **options).hits]


def ids(session: Session, text: str, reader: Reader = NETWORK, **options: Any) -> set[str]:
    """The ids of what somebody finds."""
    return {hit.entry.id for hit in search(session, text, reader, limit=1_000, **options).hits}
