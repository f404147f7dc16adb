"""Servers that reach each other over the wire."""

from collections.abc import Callable

import pytest

from tests.sync.stations import Station, introduce, station

__all__ = ("station",)


@pytest.fixture
def pair(station: Callable[[str], Station]) -> tuple[Station, Station]:
    """Two servers that exchange everything."""
    hall, barge = station("hall"), station("barge")
    introduce(hall, barge)
    return hall, barge
