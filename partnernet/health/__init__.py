"""Health: how this server is, for the machine that watches it and for whoever looks after it."""

from partnernet.health.views import bp
from partnernet.web.feature import Feature

HEALTH = Feature("health", bp)
