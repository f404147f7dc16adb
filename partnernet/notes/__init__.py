"""Notes: the record of a gathering or a talk."""

from partnernet.core.words import lazy
from partnernet.notes.views import bp
from partnernet.web.feature import Feature

NOTES = Feature("notes", bp, label=lazy("Notes"))
