"""FEATURES: the one list of what this server can do, in menu order."""

from collections.abc import Sequence

from partnernet.discussions import DISCUSSIONS
from partnernet.entries.feature import EDITOR, ENTRIES
from partnernet.replies import REPLIES
from partnernet.web.feature import Feature

FEATURES: Sequence[Feature] = (
    DISCUSSIONS,
    REPLIES,
    ENTRIES,
    EDITOR,
)
