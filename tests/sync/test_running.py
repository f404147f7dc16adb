"""Exchanges run behind the pages: when their time has come, one at a time, and with a word about each."""

import json
import threading
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from partnernet.core.db import commit, db
from partnernet.core.errors import Conflict, Refused
from partnernet.core.lock import FileLock
from partnernet.core.time import DAY, now_ms
from partnernet.sync import schedule, state
from partnernet.sync.cli import sync_command
from partnernet.sync.model import Peer
from partnernet.sync.running import Exchanging
from tests.exchange.nodes import words
from tests.sync.impostor import Impostor, Visit
from tests.sync.stations import Station, browser

Pair = tuple[Station, Station]


def standing(hall: Station, barge: Station) -> state.State:
    return hall.inside(lambda: state.of(db.session(), [barge.key])[barge.key])


def test_a_button_asks_and_a_thread_does_it(pair: Pair) -> None:
    hall, barge = pair
    barge.write(barge.person(), "Who brings the lantern?")
    client = browser(hall)
    page = f"/exchange/servers/{barge.key}/now"
    assert "Nothing has been exchanged" in words(client.get(page))
    answer = client.post(page)
    assert answer.status_code == 303 and answer.location == page
    assert standing(hall, barge).is_asked
    assert "about to begin" in words(client.get(page))
    over, thread = threading.Event(), Exchanging(hall.app, lambda: True)

    def look() -> None:
        if standing(hall, barge).reached:
            over.set()

    thread.start()
    try:
        for _ in range(2_400):
            look()
            if over.wait(0.05):
                break
    finally:
        thread.stop()
    found = standing(hall, barge)
    assert found.is_over and not found.error
    assert found.said == ["2 statements came in.", "1 statement went out."]
    assert "2 statements came in." in words(client.get(page))
    assert "2 statements" in client.get(page, headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    asked = words(browser(barge).get(f"/exchange/servers/{hall.key}/now"))
    assert "Last exchanged" in asked and "Nothing has been exchanged" not in asked


def test_a_failure_is_said_on_the_page_with_when_it_is_tried_again(pair: Pair) -> None:
    hall, barge = pair
    hall.know(barge, address="http://127.0.0.1:1")
    with pytest.raises(Refused, match="Nothing answers"):
        hall.sync(barge)
    page = browser(hall).get(f"/exchange/servers/{barge.key}/now")
    assert "switched off" in words(page) and "tried again by itself" in words(page)


def test_an_exchange_of_which_nothing_came_is_one_line_of_the_log_as_long_as_it_is_the_same(pair: Pair) -> None:
    hall, barge = pair
    hall.know(barge, address="http://127.0.0.1:1")
    for _ in range(2):
        with pytest.raises(Refused, match="Nothing answers"):
            hall.sync(barge)
    with closing(Impostor(lambda visit: visit.answer(b"", "302 Found", location="http://127.0.0.1:1/"))) as impostor:
        hall.know(barge, address=f"http://127.0.0.1:{impostor.port}")
        with pytest.raises(Refused, match="leads to another address"):
            hall.sync(barge)
    log = words(browser(hall).get("/exchange/log"))
    assert log.count("Nothing was exchanged with") == 2
    assert log.count("Nothing answers at 127.0.0.1:1") == 1 and log.count("leads to another address") == 1


def test_a_server_that_is_not_paired_cannot_be_asked(pair: Pair) -> None:
    hall, barge = pair
    hall.know(barge, paired=None)
    client = browser(hall)
    page = f"/exchange/servers/{barge.key}/now"
    assert "Compare six words" in words(client.get(page)) and "Exchange now" not in words(client.get(page))
    assert client.post(page).status_code == 409
    assert not hall.count(Peer)


def test_one_exchange_at_a_time_with_each_server(pair: Pair) -> None:
    hall, barge = pair
    lock = FileLock(hall.folder / "sync" / f"{barge.key}.lock")
    assert lock.acquire()
    with pytest.raises(Conflict, match="going on already"):
        hall.sync(barge)
    lock.release()
    hall.sync(barge)


def test_intervals_are_kept_and_spread(pair: Pair) -> None:
    hall, barge = pair

    def hourly() -> None:
        schedule.set_interval(db.session(), barge.key, 60)
        commit()

    hall.inside(hourly)
    assert hall.inside(lambda: schedule.due(db.session())) == []
    hall.sync(barge)
    (peer,) = hall.rows(select(Peer))
    assert 45 <= (peer.next_at - peer.reached) / schedule.MINUTE <= 75


@pytest.mark.parametrize(("next_at", "is_due"), [(-1, True), (DAY, False), (400 * DAY, True)])
def test_a_clock_that_was_years_ahead_stops_nothing(pair: Pair, next_at: int, is_due: bool) -> None:
    hall, barge = pair

    def set_time() -> None:
        schedule.set_interval(db.session(), barge.key, 60)
        db.session.get_one(Peer, barge.key).next_at = now_ms() + next_at
        commit()

    hall.inside(set_time)
    assert hall.inside(lambda: schedule.due(db.session())) == ([barge.key] if is_due else [])


def test_waits_double_up_to_six_hours() -> None:
    waits = [schedule.wait(failures) for failures in range(1, 40)]
    assert waits[:4] == [schedule.MINUTE * 2**n for n in range(4)]
    assert waits == sorted(waits) and waits[-1] == 6 * 60 * schedule.MINUTE
    assert schedule.spread(1_000, lambda: 0.0) == 750 and schedule.spread(1_000, lambda: 1.0) == 1_250


def test_the_command_says_what_it_did(pair: Pair) -> None:
    hall, barge = pair
    barge.write_many(barge.person(), 4)

    def command(*arguments: str) -> object:
        with hall.app.app_context():
            return CliRunner().invoke(sync_command, list(arguments))

    first = command("barge")
    assert first.output == "barge: 5 statements came in.\n"
    assert command(barge.key[:12]).output == "barge: Both servers hold the same.\n"
    assert json.loads(command("--json").output)["exchanged"][barge.key]["came"] == 0
    assert "no server called" in str(command("nobody").exception)
    hall.know(barge, paired=None)
    assert "No server is paired" in str(command().exception)


def test_by_the_command_a_steward_means_an_address_of_the_own_network(pair: Pair) -> None:
    hall, barge = pair
    hall.know(barge, private=False)

    def command(*arguments: str) -> object:
        with hall.app.app_context():
            return CliRunner().invoke(sync_command, list(arguments))

    assert "tick the box" in str(command("barge").exception)
    assert "which server" in str(command("--private").exception)
    assert command("barge", "--private").exit_code == 0  # type: ignore[attr-defined] # a Result of click
    assert hall.sync(barge).trips == 2


def test_the_thread_outlives_what_goes_wrong(pair: Pair) -> None:
    hall, barge = pair
    thread = Exchanging(hall.app, lambda: True)
    hall.know(barge, address="http://127.0.0.1:1")
    thread._exchange(barge.key)
    assert standing(hall, barge).error
    hall.know(barge)
    thread._exchange(barge.key)
    assert standing(hall, barge).reached


def test_a_server_that_does_not_answer_keeps_no_other_waiting(pair: Pair) -> None:
    hall, barge = pair
    with Silence() as silent:
        hall.know(silent)
        for key in (silent.key, barge.key):
            hall.inside(lambda key=key: schedule.ask(db.session(), key))
        exchanging = Exchanging(hall.app, lambda: True)
        hall.inside(exchanging._begin_due)
        silent.called.wait(120)
        exchanging._going_on[barge.key].join(120)
        assert standing(hall, barge).reached and standing(hall, silent).is_running
        hall.inside(exchanging._begin_due)
        assert len(exchanging._going_on) == 1, "it is not called twice at once"
    exchanging._going_on[silent.key].join(120)
    assert standing(hall, silent).error


class Silence:
    """A server that takes a call and never answers."""

    key, folder = "s" * 52, Path("silence")

    def __enter__(self) -> "Silence":
        self.called = threading.Event()
        self._over = threading.Event()
        self._impostor = Impostor(self._say_nothing)
        self.address = f"http://127.0.0.1:{self._impostor.port}"
        return self

    def _say_nothing(self, visit: Visit) -> None:
        self.called.set()
        self._over.wait(300)
        visit.sock.close()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._impostor.close()
