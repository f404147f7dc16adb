"""The same cast as in the tests of entries."""

from tests.entries.conftest import caught_up, hers, his, josie, tomasz

__all__ = ("caught_up", "hers", "his", "josie", "tomasz")
