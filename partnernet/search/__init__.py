"""Search: finds the very entry or reply, and never what the reader may not open.

A consumer of `touched` with a cursor of its own. `indexer.start` keeps the index up; nothing that
writes ever waits for it.
"""

from flask import Flask

from partnernet.search.index import Index
from partnernet.search.views import bp
from partnernet.web.feature import Feature


def init_app(app: Flask) -> None:
    """Say where the index of this node is; it is opened at the first search."""
    app.extensions["partnernet.search"] = Index(app.config["INDEX"], app.extensions["partnernet.node"])


SEARCH = Feature("search", bp, init_app=init_app)
