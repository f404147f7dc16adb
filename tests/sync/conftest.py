"""Servers that reach each other over the wire."""

from collections.abc import Callable

import pytest

from partnernet.nodes import quotas
from tests.sync.stations import Station, introduce, station

__all__ = ("station",)


@pytest.fixture(autouse=True)
def one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """No day ends within a test, as far as quotas are counted by days."""
    monkeypatch.setattr(quotas, "_today", lambda: 20_000)


@pytest.fixture
def pair(station: Callable[[str], Station]) -> tuple[Station, Station]:
    """Two servers that exchange everything."""
    hall, barge = station("hall"), station("barge")
    introduce(hall, barge)
    return hall, barge
