"""What this server holds, for other programs: as Markdown, as tables and as mail."""

from partnernet.interchange.views import bp
from partnernet.web.feature import Feature

INTERCHANGE = Feature("interchange", bp)
