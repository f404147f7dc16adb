"""News: what happened, and what was learned from it."""

from partnernet.news.views import bp
from partnernet.web.feature import Feature

NEWS = Feature("news", bp, label="News")
