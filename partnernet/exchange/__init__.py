"""The exchange: bundles of what one server holds, for another."""

from partnernet.exchange.views import bp
from partnernet.web.feature import Feature

EXCHANGE = Feature("exchange", bp, label="Exchange", stewards_only=True)
