"""Node to node over HTTP: the same exchange as by stick, while both are running."""

from partnernet.sync import machine_views, views
from partnernet.sync.attachments import sweep_parts
from partnernet.sync.blueprint import bp
from partnernet.web.feature import Feature

SYNC = Feature("sync", bp, chores=(sweep_parts,))

__all__ = ("SYNC", "machine_views", "views")
