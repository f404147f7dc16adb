"""The features that stand behind every kind: acts on entries, the editor, stored renderings."""

from partnernet.entries import pictures, version_views
from partnernet.entries.editor import bp as editor
from partnernet.entries.link_views import bp as acts
from partnernet.entries.rendering import RENDERING
from partnernet.entries.staging import sweep
from partnernet.web.feature import Feature

MODULES = (version_views,)
"""They put their pages on the blueprint of the acts as they are imported."""

ENTRIES = Feature("entries", acts, consumers=(RENDERING,), init_app=pictures.init_app)
EDITOR = Feature("editor", editor, chores=(sweep,))
