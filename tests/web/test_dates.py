"""Dates in words: as one says them, in the reader's language and zone."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from partnernet.core.time import to_ms
from partnernet.web import dates

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def thursday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def ms(*parts: int) -> int:
    return to_ms(datetime(*parts, tzinfo=UTC))  # type: ignore[arg-type] # year to minute, and nothing else


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (ms(2026, 11, 26, 7, 58), "today, 07:58"), (ms(2026, 11, 25, 18, 47), "yesterday, 18:47"),
        (ms(2026, 11, 20, 14, 10), "Friday, 14:10"), (ms(2026, 11, 19, 14, 10), "19 November"),
        (ms(2025, 11, 26, 7, 0), "26 November 2025"), (ms(2026, 12, 3, 7, 0), "3 December"),
    ],
)  # fmt: skip
def test_what_is_near_is_said_as_people_say_it(app: Flask, at: int, words: str) -> None:
    with app.app_context(), app.test_request_context("/"):
        assert dates.near_moment(at) == words


def test_what_ends_on_the_same_day_says_only_the_hour(app: Flask) -> None:
    def last(began: int, ended: int) -> str:
        return re.sub("<[^>]+>", "", dates.time_tag(ended, "near_moment", after=began))

    with app.app_context(), app.test_request_context("/"):
        assert last(ms(2026, 11, 26, 5, 11), ms(2026, 11, 26, 5, 14)) == "05:14"
        assert last(ms(2026, 11, 25, 23, 50), ms(2026, 11, 26, 5, 14)) == "today, 05:14"
        assert last(ms(2026, 3, 2, 5, 11), ms(2026, 3, 2, 8, 14)) == ""


def test_hours_are_those_of_the_reader(app: Flask) -> None:
    at = ms(2026, 11, 25, 23, 30)
    with app.app_context(), app.test_request_context("/", headers={"Cookie": f"{dates.ZONE_COOKIE}=Europe/Warsaw"}):
        assert dates.near_moment(at) == "today, 00:30"
        assert 'datetime="2026-11-25T23:30:00Z"' in dates.time_tag(at, "moment")
    for made_up in ("Nowhere/Land", "../../etc/passwd", "x" * 100):
        with app.app_context(), app.test_request_context("/", headers={"Cookie": f"{dates.ZONE_COOKIE}={made_up}"}):
            assert dates.near_moment(at) == "yesterday, 23:30"


def test_a_day_is_that_day_wherever_it_is_read(app: Flask) -> None:
    with app.app_context(), app.test_request_context("/", headers={"Cookie": f"{dates.ZONE_COOKIE}=America/Lima"}):
        assert dates.day("2026-03-05") == dates.day(ms(2026, 3, 5)) == "Thursday 5 March 2026"


def test_days_and_months_are_said_in_the_language_of_the_page(app: Flask) -> None:
    with app.app_context(), app.test_request_context("/", headers={"Accept-Language": "cy"}):
        assert dates.day("2026-03-05") == "Dydd Iau 5 Mawrth 2026"


def test_the_edges_of_the_calendar_are_days_too(app: Flask) -> None:
    with app.app_context(), app.test_request_context("/", headers={"Cookie": f"{dates.ZONE_COOKIE}=Europe/Warsaw"}):
        assert dates.day(253_402_300_799_999).endswith("9999")
        assert dates.day_short(-62_135_596_800_000)
