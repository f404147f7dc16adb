"""The feature; in a module of its own, since the kernel's navigation reads the model of this package."""

from partnernet.network import editing, face, style, views
from partnernet.network.blueprint import bp
from partnernet.web.feature import Feature

NETWORK = Feature("network", bp, init_app=face.init_app)

__all__ = ["NETWORK", "editing", "style", "views"]
