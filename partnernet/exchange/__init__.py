"""The exchange: bundles of what one server holds, for another."""

from partnernet.core.words import lazy
from partnernet.exchange import erasure_views
from partnernet.exchange.blueprint import bp
from partnernet.exchange.incoming import views as incoming_views
from partnernet.exchange.log import views as log_views
from partnernet.exchange.outgoing import views as outgoing_views
from partnernet.exchange.upkeep import forget_erased, forget_soon, sweep_exports, sweep_files
from partnernet.web.feature import Feature

MODULES = (erasure_views, incoming_views, log_views, outgoing_views)
"""They put their pages on the blueprint as they are imported."""

EXCHANGE = Feature(
    "exchange", bp, label=lazy("Exchange"), stewards_only=True, chores=(forget_erased, sweep_files, sweep_exports),
    rounds=(forget_soon,),
)  # fmt: skip
