"""Discussions: talk that the network holds between Forums."""

from partnernet.core.words import lazy
from partnernet.discussions.views import bp
from partnernet.web.feature import Feature

DISCUSSIONS = Feature("discussions", bp, label=lazy("Discussions"))
