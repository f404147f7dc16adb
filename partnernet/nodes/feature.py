"""The feature; in a module of its own, since the exchange and the network read the models of this package."""

from partnernet.nodes import key_views, network_key, network_views, pairing_views, views, waiting_views
from partnernet.nodes.blueprint import bp
from partnernet.nodes.upkeep import let_in_what_may
from partnernet.web.feature import Feature

NODES = Feature("nodes", bp, chores=(let_in_what_may,), init_app=network_key.init_app)

__all__ = ["NODES", "key_views", "network_views", "pairing_views", "views", "waiting_views"]
