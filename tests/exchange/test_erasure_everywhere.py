"""What was erased is nowhere any more: on the server where it was, and on every one that hears of it."""

import logging
import re
import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from partnernet.backups import nightly
from partnernet.core.db import commit, db
from partnernet.core.engine import backup_to
from partnernet.core.ledger.verify import verify
from partnernet.nodes import known
from partnernet.people import accounts
from partnernet.people.model import Account
from tests.exchange.canaries import IN_ENTRY, NAME, keep_house, kept, opened, traces, write_everywhere
from tests.exchange.nodes import Server
from tests.exchange.places import FORMS
from tests.factories import actor_of

ALL = (*IN_ENTRY, NAME)


@pytest.fixture
def told(
    server: Callable[[str], Server], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[], "Story"]:
    (tmp_path / "home" / "tmp").mkdir(parents=True)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "home" / "tmp"))  # what is left there is found, too
    monkeypatch.setattr(nightly, "_start", lambda config: None)  # whatever the hour is
    return lambda: Story(server, caplog)


class Story:
    """Somebody writes at one server; another one is told; then it is erased, and the person leaves."""

    def __init__(self, server: Callable[[str], Server], caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)
        self.home, self.away = server("home"), server("away")
        self.author = self.home.browser("josie@example.org", f"{NAME} Calder", "member")
        other = self.home.browser("tom@example.org", "Tom Reed", "steward")
        self.written = write_everywhere(self.author, other)
        keep_house(self.home, 0)
        self.sticks = [self.hand_over(f"old{form}") for form in FORMS]
        self.take(self.sticks[0])
        self.away.inside(self.compare_words)
        keep_house(self.away, 0)

    def hand_over(self, name: str) -> Path:
        out = self.home.folder.parent / name
        assert self.home.run("export", "--out", str(out)).exit_code == 0
        return out

    def take(self, path: Path) -> None:
        done = self.away.run("import", str(path), "--yes")
        assert done.exit_code == 0, done.output

    def compare_words(self) -> None:
        """A steward of the other server writes down with whom they compared the six words."""
        key = self.home.app.extensions["partnernet.node"].id
        known.pair(db.session(), key, met=f"{NAME} Calder, by phone", by="node")
        commit()

    def erase(self) -> None:
        for each in ("reply", "news"):
            assert self.author.post(f"/entries/{self.written[each]}/erasure").status_code == 303

    def leave(self) -> None:
        """The person leaves, as they would with their password."""

        def go() -> None:
            session = db.session()
            account = session.scalars(select(Account).where(Account.email == "josie@example.org")).one()
            accounts.leave(session, account, by=actor_of(session, account))
            commit(session)

        self.home.inside(go)


def test_what_was_erased_is_nowhere_on_either_server(
    told: Callable[[], Story], caplog: pytest.LogCaptureFixture
) -> None:
    story = told()
    for server in (story.home, story.away):
        assert len(kept(server)) == 2
        for word in IN_ENTRY:
            assert traces(server, [word]) or (word == "qzxdraft" and server is story.away)
    story.erase()
    keep_house(story.home)
    assert traces(story.home, IN_ENTRY) == []
    story.leave()
    keep_house(story.home)
    assert traces(story.home, ALL) == []
    story.take(story.hand_over("new.pn.zip"))
    keep_house(story.away)
    assert traces(story.away, ALL) == []
    assert kept(story.home) == kept(story.away) == []
    assert [word for word in IN_ENTRY if word in caplog.text.lower()] == []


def test_no_bundle_of_any_selection_holds_it_afterwards(told: Callable[[], Story]) -> None:
    story = told()
    story.erase()
    story.leave()
    keep_house(story.home)
    for n, chosen in enumerate(([], ["--log", "network"], ["--root", story.written["news"]], ["--no-files"])):
        for form in FORMS:
            out = story.home.folder.parent / f"new{n}{form}"
            assert story.home.run("export", "--out", str(out), *chosen).exit_code == 0
            content = opened(out).lower()
            assert [word for word in ALL if word.lower().encode() in content] == []


def test_an_old_stick_brings_nothing_back(told: Callable[[], Story]) -> None:
    story = told()
    story.erase()
    story.leave()
    story.take(story.hand_over("new.pn.zip"))
    for stick in story.sticks:
        for server in (story.home, story.away):
            assert server.run("import", str(stick), "--yes").exit_code == 0
            keep_house(server)
            assert traces(server, ALL) == []


def test_an_old_stick_that_waits_for_somebody_to_decide_shows_nothing(told: Callable[[], Story]) -> None:
    story = told()
    fresh = story.away.browser("ola@example.org", "Ola Lund", "member")
    assert fresh.get("/").status_code == 200  # so that there is something to decide about
    old = story.home.folder.parent / "with-more.pn.zip"
    assert story.away.run("export", "--out", str(old)).exit_code == 0
    story.erase()
    story.leave()
    steward = story.home.browser("bea@example.org", "Bea Thorne", "steward")
    answer = steward.post("/exchange/imports", data={"bundle": (old.open("rb"), "old.pn.zip")})
    assert answer.status_code == 303 and "/imports/" in answer.location
    keep_house(story.home)
    assert traces(story.home, ALL) == [] and kept(story.home) == []


def test_what_was_made_of_it_goes_too(told: Callable[[], Story]) -> None:
    """Backups, bundles that are kept for downloading, searches that people keep, words that are offered."""
    story = told()
    home, steward = story.home, story.home.browser("bea@example.org", "Bea Thorne", "steward")
    kept_search = {"name": "Meanings", "address": "q=means"}
    assert story.author.post("/searches", data=kept_search).status_code == 303
    assert steward.post("/exchange/export", data={"size": "18M"}).status_code == 303
    home.inside(lambda: nightly.run(home.app))
    assert home.inside(lambda: verify(db.session(), home.app.extensions["partnernet.node"].id)) == []
    for word in ("qzxtitle", "qzxpaper"):
        assert {f"backups: {word}", f"exports: {word}"} <= whereabouts(home, [word])
    assert steward.get("/search/suggestions.json?q=qzxt").json[1]
    story.erase()
    story.leave()
    keep_house(home)
    assert whereabouts(home, ALL) <= {f"backups: {word.lower()}" for word in ALL}
    assert steward.get("/search/suggestions.json?q=qzxt").json[1] == []
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
        home.inside(lambda: nightly.run(home.app))
    with time_machine.travel(datetime.now(UTC) + timedelta(days=8)):
        keep_house(home)
    assert len([*(home.folder / "backups").glob("*.tar.gz")]) == 1 and traces(home, ALL) == []


def whereabouts(server: Server, words: Iterable[str]) -> set[str]:
    """In which folders some words are."""
    return {re.sub(r"^([^/:]*)[^:]*: ", r"\1: ", found) for found in traces(server, words)}


def test_what_waits_when_it_is_erased_loses_it_within_one_round(told: Callable[[], Story]) -> None:
    story = told()
    third = Server(story.home.folder.parent / "third")
    try:
        steward = third.browser("bea@example.org", "Bea Thorne", "steward")
        with story.sticks[0].open("rb") as file:
            answer = steward.post("/exchange/imports", data={"bundle": (file, "old.pn.zip")})
        waits = third.folder / "imports"
        assert answer.status_code == 303 and len([*waits.rglob("??/*")]) == 2
        for path in story.sticks:
            assert third.run("import", str(path), "--json").exit_code == 0  # its lines wait in quarantine
        story.erase()
        story.leave()
        assert third.run("import", str(story.hand_over("erased.pn.zip")), "--yes").exit_code == 0
        assert [*waits.rglob("??/*")] == []
        keep_house(third)
        assert traces(third, ALL) == []
    finally:
        third.close()


def test_a_database_that_is_put_back_from_before_shows_nothing(told: Callable[[], Story]) -> None:
    story = told()
    copy = story.home.folder.parent / "before.db"
    if story.home.inside(lambda: db.engine.dialect.name) != "sqlite":
        pytest.skip("a file is put back: a database of SQLite")
    story.home.inside(lambda: backup_to(db.engine, copy))
    story.erase()
    story.leave()
    keep_house(story.home)
    story.home.close()
    for path in story.home.folder.glob("partnernet.db*"):
        path.unlink()
    shutil.copy(copy, story.home.folder / "partnernet.db")
    again = Server(story.home.folder)
    try:
        keep_house(again)
        assert traces(again, ALL) == []
    finally:
        again.close()
