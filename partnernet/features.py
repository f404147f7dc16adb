"""FEATURES: the one list of what this server can do, in menu order."""

from collections.abc import Sequence

from partnernet.discussions import DISCUSSIONS
from partnernet.web.feature import Feature

FEATURES: Sequence[Feature] = (
    DISCUSSIONS,
)  # fmt: skip
