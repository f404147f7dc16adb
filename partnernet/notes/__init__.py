"""Notes: the record of a gathering or a talk."""

from partnernet.notes.views import bp
from partnernet.web.feature import Feature

NOTES = Feature("notes", bp, label="Notes")
