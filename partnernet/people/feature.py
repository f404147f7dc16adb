"""The feature; in a module of its own, since the kernel's guard reads the models of this package."""

from partnernet.core.words import lazy
from partnernet.people import account_views, signing_views, steward_views, views
from partnernet.people.blueprint import bp
from partnernet.people.upkeep import sweep
from partnernet.web.feature import Feature

MODULES = (views, signing_views, account_views, steward_views)
"""They put their pages on the blueprint as they are imported."""

PEOPLE = Feature("people", bp, label=lazy("People"), chores=(sweep,))
