"""Ideas: what partners might do together."""

from partnernet.core.words import lazy
from partnernet.ideas.views import bp
from partnernet.web.feature import Feature

IDEAS = Feature("ideas", bp, label=lazy("Ideas"))
