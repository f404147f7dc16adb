"""Health: what a machine that watches this server may ask."""

from partnernet.health.views import bp
from partnernet.web.feature import Feature

HEALTH = Feature("health", bp)
