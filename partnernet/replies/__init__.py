"""Replies: answers under every kind of entry."""

from partnernet.replies.views import bp
from partnernet.web.feature import Feature

REPLIES = Feature("replies", bp)
