"""The season: a line that rises where people met, as whoever looks may know of it."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.network.season import AHEAD, BEHIND, MOST, Gathering, Season, draw, gatherings
from partnernet.people.model import Account
from tests.factories import actor_of, browser_of, make_account, make_entry
from tests.statements import counted

TODAY = date(2026, 11, 12)
HOST = "a" * 52


@pytest.fixture
def tomasz(session: Session) -> Account:
    """Somebody who writes up what was held."""
    return make_account(session, "Tomasz Lind")


def met(*days_ago: int) -> list[Gathering]:
    """Gatherings so many days ago, oldest first."""
    return [Gathering(TODAY - timedelta(ago), f"Forum {ago}", "Eskholm", f"/notes/{ago}") for ago in days_ago]


def drawn(*days_ago: int) -> Season:
    found = draw(met(*days_ago), TODAY)
    assert found is not None
    return found


def heights(path: str) -> dict[int, float]:
    return {int(day): float(height) for day, height in re.findall(r"(\d+),([\d.]+)", path)}


def test_where_nobody_met_there_is_no_line() -> None:
    assert draw([], TODAY) is None


def test_the_line_rises_at_a_gathering_and_is_flat_elsewhere() -> None:
    past = heights(drawn(150).past)
    top = min(past, key=lambda day: past[day])
    assert abs(top - (BEHIND - 150)) <= 3 and past[top] < 13
    assert past[0] == past[BEHIND] == 44
    assert len(past) < 40


def test_the_line_is_whole_today_and_dotted_after_it() -> None:
    season = drawn(100, -60)
    past, ahead = heights(season.past), heights(season.ahead)
    assert max(past) == min(ahead) == BEHIND and past[BEHIND] == ahead[BEHIND]
    assert min(ahead.values()) < 13 and max(ahead) == BEHIND + AHEAD
    assert season.coming is not None and season.coming.title == "Forum -60"


def test_close_gatherings_stay_rises_of_their_own() -> None:
    past = heights(drawn(*range(260, 100, -12)).past)
    ordered = [past[day] for day in sorted(past)]
    tops = [n for n in range(1, len(ordered) - 1) if ordered[n - 1] > ordered[n] <= ordered[n + 1]]
    assert len(tops) == len(range(260, 100, -12))


def test_labels_that_would_meet_give_way_to_the_one_nearest_to_today() -> None:
    season = drawn(200, 110, 100, 10)
    labelled = [rise.gathering.title for rise in season.rises if rise.is_labelled]
    assert labelled == ["Forum 200", "Forum 100", "Forum 10"]
    assert [rise.gathering.title for rise in season.rises if rise.is_labelled_narrow] == labelled
    assert [rise.is_labelled_narrow for rise in drawn(270, 180).rises] == [False, True], (
        "the first one's label stands after it"
    )
    assert {rise.anchor for rise in drawn(270, 100, -85).rises} == {"start", "middle", "end"}


def test_the_word_beside_today_stands_where_the_line_is_low() -> None:
    assert not drawn(12).today_before
    assert drawn(-12).today_before


def note(session: Session, by: Account, held: str, visibility: str = "network", **more: Any) -> str:
    more = {"host": HOST, **more}
    return make_entry(session, by, "note", visibility=visibility, title=f"Held on {held}", held=held, **more).title


@time_machine.travel("2026-11-12 12:00Z", tick=False)
def test_the_cover_shows_what_was_held_lately_to_those_who_may_know(
    session: Session, client: FlaskClient, tomasz: Account
) -> None:
    open_to_all = note(session, tomasz, "2026-09-10", "public", place="Tarnby")
    among_us = note(session, tomasz, "2026-05-14")
    for out in ("2025-11-01", "2027-09-01", ""):
        note(session, tomasz, out, "public")
    stranger, member = client.get("/").text, browser_of(tomasz, session).get("/").text
    line = re.compile(r'<div class="season">.*?</div>', re.DOTALL)
    assert [title in line.findall(stranger)[0] for title in (open_to_all, among_us)] == [True, False]
    (own,) = line.findall(member)
    assert open_to_all in own and among_us in own and "Tarnby" in own
    assert own.count('class="season__mark') == 2
    assert "today is Thursday 12 November 2026" in own


def test_a_network_that_never_met_has_no_line(client: FlaskClient) -> None:
    assert 'class="season"' not in client.get("/").text


def test_the_line_asks_the_database_once_however_much_there_was(session: Session, tomasz: Account) -> None:
    for day in range(1, MOST + 7):
        note(session, tomasz, date(2026, 10, day).isoformat() if day < 32 else "2026-11-01")
    actor = actor_of(session, tomasz)
    with counted() as statements:
        found = gatherings(session, actor, TODAY)
    assert len(statements) == 1
    assert len(found) == MOST and found[-1].day == date(2026, 10, MOST + 6)


def test_what_nobody_hosted_is_no_gathering(session: Session, tomasz: Account) -> None:
    note(session, tomasz, "2026-10-01", host="")
    hosted = note(session, tomasz, "2026-10-02")
    assert [each.title for each in gatherings(session, actor_of(session, tomasz), TODAY)] == [hosted]
