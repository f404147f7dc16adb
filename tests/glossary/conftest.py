"""The same cast as in the tests of entries."""

from tests.entries.conftest import caught_up, hers, his, josie, tomasz
from tests.exchange.places import place

__all__ = ("caught_up", "hers", "his", "josie", "place", "tomasz")
