"""FEATURES: the one list of what this server can do, in menu order."""

from collections.abc import Sequence

from partnernet.discussions import DISCUSSIONS
from partnernet.entries.feature import EDITOR, ENTRIES
from partnernet.network.feature import NETWORK
from partnernet.partners.feature import PARTNERS
from partnernet.people.feature import PEOPLE
from partnernet.replies import REPLIES
from partnernet.search import SEARCH
from partnernet.web.feature import Feature

FEATURES: Sequence[Feature] = (
    DISCUSSIONS,
    PARTNERS,
    PEOPLE,
    NETWORK,
    REPLIES,
    SEARCH,
    ENTRIES,
    EDITOR,
)
