"""The feature; in a module of its own, since the kernel's guard reads the models of this package."""

from partnernet.core.words import lazy
from partnernet.partners.views import bp
from partnernet.web.feature import Feature

PARTNERS = Feature("partners", bp, label=lazy("Partners"))
