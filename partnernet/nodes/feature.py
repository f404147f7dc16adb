"""The feature; in a module of its own, since the exchange and the network read the models of this package."""

from partnernet.nodes import pairing_views, views
from partnernet.nodes.blueprint import bp
from partnernet.web.feature import Feature

NODES = Feature("nodes", bp)

__all__ = ["NODES", "pairing_views", "views"]
