"""The exchange: bundles of what one server holds, for another."""

from partnernet.core.words import lazy
from partnernet.exchange import erasure_views, log_views, take_views
from partnernet.exchange.upkeep import forget_erased, forget_soon, sweep_exports, sweep_files
from partnernet.exchange.views import bp
from partnernet.web.feature import Feature

MODULES = (erasure_views, log_views, take_views)
"""They put their pages on the blueprint as they are imported."""

EXCHANGE = Feature(
    "exchange", bp, label=lazy("Exchange"), stewards_only=True, chores=(forget_erased, sweep_files, sweep_exports),
    rounds=(forget_soon,),
)  # fmt: skip
