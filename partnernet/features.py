"""FEATURES: the one list of what this server can do, in menu order."""

from collections.abc import Sequence

from partnernet.backups import BACKUPS
from partnernet.discussions import DISCUSSIONS
from partnernet.entries.feature import EDITOR, ENTRIES
from partnernet.exchange import EXCHANGE
from partnernet.glossary import GLOSSARY
from partnernet.health import HEALTH
from partnernet.home import HOME
from partnernet.ideas import IDEAS
from partnernet.interchange import INTERCHANGE
from partnernet.network.feature import NETWORK
from partnernet.news import NEWS
from partnernet.nodes.feature import NODES
from partnernet.notes import NOTES
from partnernet.partners.feature import PARTNERS
from partnernet.people.feature import PEOPLE
from partnernet.replies import REPLIES
from partnernet.search import SEARCH
from partnernet.sync import SYNC
from partnernet.web.feature import Feature

FEATURES: Sequence[Feature] = (
    HOME,
    NEWS,
    IDEAS,
    DISCUSSIONS,
    NOTES,
    PARTNERS,
    PEOPLE,
    NETWORK,
    EXCHANGE,
    INTERCHANGE,
    SYNC,
    NODES,
    GLOSSARY,
    REPLIES,
    SEARCH,
    ENTRIES,
    EDITOR,
    HEALTH,
    BACKUPS,
)
