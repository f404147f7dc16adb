"""News: what happened, and what was learned from it."""

from partnernet.core.words import lazy
from partnernet.news.views import bp
from partnernet.web.feature import Feature

NEWS = Feature("news", bp, label=lazy("News"))
