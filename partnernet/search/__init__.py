"""Search: finds the very entry or reply, and never what the reader may not open.

A consumer of `touched` with a cursor of its own. `indexer.start` keeps the index up; nothing that
writes ever waits for it.
"""

from flask import Flask

from partnernet.search import completion_views, related_views, saved_views, views, watching
from partnernet.search.blueprint import bp
from partnernet.search.files import FILES, forget_unnamed
from partnernet.search.index import Index
from partnernet.web.feature import Feature

MODULES = (views, saved_views, completion_views, related_views)
"""They put their pages on the blueprint as they are imported."""


def init_app(app: Flask) -> None:
    """Say where the index of this node is; it is opened at the first search."""
    app.extensions["partnernet.search"] = Index(app.config["INDEX"], app.extensions["partnernet.node"])


SEARCH = Feature(
    "search", bp, init_app=init_app, consumers=(FILES,), rounds=(watching.watch_here,),
    chores=(watching.tidy, forget_unnamed),
)  # fmt: skip
