"""A node to search in: opened in this process, its index made by the code that is measured."""

import gc
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from bench.nodes import node_of
from bench.search_fts5 import Fts5, beside
from partnernet import create_app
from partnernet.background import catch_up
from partnernet.core.db import db
from partnernet.core.policy import Actor
from partnernet.people.model import Account
from partnernet.search import engine
from partnernet.search.asking import Reader
from partnernet.search.indexer import index_of
from partnernet.search.query import read
from partnernet.search.results import Results
from partnernet.search.upkeep import open_generation, tidy
from partnernet.serve import THRESHOLDS

FACETS = ("kind", "partner")


class NotAnswered(Exception):
    """The index could not be searched."""


@dataclass
class SearchNode:
    """An app on a data folder, somebody who may read there, and the same passages in FTS5."""

    app: Flask
    data: Path
    token: str
    fts5: Fts5

    def search(
        self, text: str, limit: int = 10, *, all_words: bool = False, facets: Sequence[str] = FACETS,
        by_root: bool = False,
    ) -> Results:  # fmt: skip
        """One search as the page makes it: ranked, counted, with facets, titles and snippets made."""
        with self.app.app_context():
            session, query = db.session(), read(text)
            query.all_words = all_words
            results = engine.search(session, index_of(self.app), self.reader(), query,
                                    limit=limit, facets=facets, by_root=by_root)  # fmt: skip
            for hit in results.hits:
                str(hit.title_marked)
                str(hit.snippet)
            session.rollback()
            if str(engine.BEING_MADE) in results.notes:
                raise NotAnswered(f"the index could not be searched for {text!r}")
        return results

    def reader(self) -> Reader:
        """The member whose session was made with the node; looked up once."""
        if not hasattr(self, "_reader"):
            account = db.session().scalars(select(Account).where(Account.email == "reader@example.org")).one()
            node = self.app.extensions["partnernet.node"]
            self._reader = Reader.of(Actor(node, account.handle, account.card, "", account.role, account.id))
        return self._reader

    def cpu(self, text: str, all_words: bool = False) -> float:
        """CPU milliseconds of one search."""
        began = time.process_time()
        self.search(text, all_words=all_words)
        return (time.process_time() - began) * 1000


def open_node(size: int) -> SearchNode:
    """The node of a size, its index up to date and of today's form, and no garbage left from opening it."""
    with node_of(size) as (data, token):
        app = create_app({"DATA": data})
        catch_up(app)
        settle(app)
        node = SearchNode(app, data, token, beside(app, data))
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)  # as `serve` does
    return node


def settle(app: Flask) -> float:
    """Merge what the indexer merges once it has been quiet for a while; the CPU milliseconds it took."""
    index = index_of(app)
    with app.app_context():
        generation = open_generation(db.session(), index.folder, index.node)
        began = time.process_time()
        while tidy(generation):
            pass
        return (time.process_time() - began) * 1000


def open_copy(node: SearchNode, data: Path) -> SearchNode:
    """The same node on a folder of its own, beside the same passages in FTS5."""
    return SearchNode(create_app({"DATA": data}), data, node.token, node.fts5)


def cpu_of_fts5(fts5: Fts5, match: str, limit: int = 10) -> float:
    """CPU milliseconds of the same search there."""
    began = time.process_time()
    fts5.search(match, limit)
    return (time.process_time() - began) * 1000
