"""What went to a server over the internet within a day is one line of the log, at the time of the last of it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from partnernet.core.ledger.tables import OpRow
from partnernet.core.time import DAY
from partnernet.exchange.log import book as logbook
from partnernet.exchange.log import handovers
from partnernet.nodes import known
from partnernet.sync import given
from partnernet.sync.pages import Page
from tests.exchange.places import Place, place

__all__ = ("place",)

MORNING, HOUR = 1_780_000_000_000, 3_600_000
THEIRS = "n" * 52


def gives(hall: Place, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    for module in (given, handovers):
        monkeypatch.setattr(module, "now_ms", lambda: at)
    page = Page()
    for row in hall.session.scalars(select(OpRow)):
        page.add(row)
    given.note(hall.session, THEIRS, page)


def test_a_day_is_one_line_and_says_from_when_to_when(
    place: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = place("hall")
    hall.write(hall.person("Josie Calder"), "Said")
    known.hear_of(hall.session, [THEIRS])
    for hours in (0, 2, 20, 25, 30):
        gives(hall, monkeypatch, MORNING + hours * HOUR)
    found, _following = logbook.lines(hall.session, hall.node, None)
    assert [(line.at, line.since) for line in found] == [
        (MORNING + 30 * HOUR, MORNING + 25 * HOUR), (MORNING + 20 * HOUR, MORNING),
    ]  # fmt: skip
    assert all("2 things" in line.said for line in found)
    assert MORNING + 25 * HOUR - MORNING > DAY
