"""The feature; in a module of its own, since the kernel's navigation reads the model of this package."""

from partnernet.network.views import bp
from partnernet.web.feature import Feature

NETWORK = Feature("network", bp)
