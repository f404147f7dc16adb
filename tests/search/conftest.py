"""Josie's browser, as in the tests of entries."""

from tests.entries.conftest import hers, josie

__all__ = ("hers", "josie")
