"""The page that tells a steward how this server is: what needs them, each with what to do, and its backups."""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.backups import nightly, record, standing
from partnernet.backups.alarms import raise_exchanged
from partnernet.backups.record import Backup, Failure, Rehearsal, Restoration
from partnernet.core.ledger.node import STATE, read_state
from partnernet.core.lock import FileLock
from partnernet.core.time import now_ms
from partnernet.people.model import Account
from tests.factories import browser_of, make_account, make_network, own_node
from tests.statements import counted

NOW = datetime.now().astimezone()


@pytest.fixture
def ruth(session: Session) -> Account:
    make_network(session)
    return make_account(session, "Ruth Adeyemi", role="steward")


@pytest.fixture
def hers(ruth: Account, session: Session) -> FlaskClient:
    return browser_of(ruth, session)


def kept(app: Flask, days: int, content: bytes = b"x" * 3_000_000) -> Path:
    """A backup that was made so many days ago."""
    folder = nightly.folder_of(app.config)
    assert folder is not None
    folder.mkdir(exist_ok=True)
    when = NOW - timedelta(days=days)
    path = folder / nightly.name_at(when)
    path.write_bytes(content)
    os.utime(path, (when.timestamp(), when.timestamp()))
    return path


def page(browser: FlaskClient) -> str:
    answer = browser.get("/health")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def grown(app: Flask, days: int) -> None:
    """Let the node be so many days old."""
    when = (NOW - timedelta(days=days)).timestamp()
    os.utime(app.config["DATA"] / "node.key", (when, when))


def test_it_is_for_stewards(client: FlaskClient, session: Session, ruth: Account) -> None:
    member = browser_of(make_account(session), session)
    assert member.get("/health").status_code == 403 and member.post("/health/backup").status_code == 403
    assert client.get("/health").status_code == 303
    assert "How this server is" in page(browser_of(ruth, session))


def test_a_fresh_server_waits_for_its_first_night(hers: FlaskClient) -> None:
    shown = page(hers)
    assert "There is none yet." in shown and "no backup at all" not in shown
    assert "No backup has been restored for a trial yet" in shown


def test_backups_are_listed_with_age_and_size(app: Flask, hers: FlaskClient) -> None:
    paths = [kept(app, days) for days in (0, 1, 2)]
    shown = page(hers)
    assert all(path.name in shown for path in paths) and "2.9 MB" in shown
    assert str(paths[0].parent) in shown


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, ""), (3, "3 days old: make one now"), (9, "may hold words that were erased since")],
)
def test_an_old_backup_needs_somebody(app: Flask, hers: FlaskClient, days: int, words: str) -> None:
    kept(app, days)
    shown = page(hers)
    assert words in shown and ("days old" in shown) is bool(words)


def test_a_server_without_any_needs_somebody(app: Flask, hers: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    grown(app, 5)
    assert "There is no backup at all" in page(hers)
    monkeypatch.setitem(app.config, "BACKUPS", nightly.OFF)
    shown = page(hers)
    assert "No backup is made at night" in shown and "Make a backup now" not in shown
    assert hers.post("/health/backup").status_code == 409


def test_what_a_rehearsal_found_is_said(app: Flask, hers: FlaskClient) -> None:
    data = app.config["DATA"]
    kept(app, 0)
    record.Record(rehearsal=Rehearsal(now_ms(), "one", now_ms(), 4)).write(data)
    shown = page(hers)
    assert "All of it agrees." in shown and "not sound" not in shown
    record.Record(rehearsal=Rehearsal(now_ms(), "one", now_ms(), 4, ["entry <x>: its title"])).write(data)
    shown = page(hers)
    assert "not sound" in shown and "entry &lt;x&gt;: its title" in shown and "All of it agrees." not in shown
    record.Record(rehearsal=Rehearsal(now_ms() - 30 * 86_400_000, "one", now_ms(), 4)).write(data)
    assert "tried for weeks" in page(hers)


def test_what_failed_and_what_was_left_out_is_said(app: Flask, hers: FlaskClient) -> None:
    noted = record.Record(
        Backup(now_ms(), "one", 1, 1, 1, ["a" * 64]), None, Failure(now_ms(), "The disk is full."),
        Restoration(now_ms(), now_ms()),
    )  # fmt: skip
    noted.write(app.config["DATA"])
    shown = page(hers)
    assert "could not be made" in shown and "The disk is full." in shown
    assert "1 attached file has been altered" in shown and "Put back from a backup" in shown


def test_a_full_disk_and_a_lacking_key_copy_need_somebody(hers: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "copy of the network’s key" in page(hers)
    monkeypatch.setattr(standing, "ROOM_WANTED", 1 << 60)
    assert "MB are free on the disk" in page(hers)


def test_alarms_stand_first(session: Session, ruth: Account, hers: FlaskClient) -> None:
    raise_exchanged(session, "behind")
    assert hers.get("/health").status_code == 303, "an old database does not say who is signed in"
    hers = browser_of(ruth, session)
    shown = page(hers)
    assert "an older copy was put in its place" in shown and shown.index("older copy") < shown.index("To be done")
    raise_exchanged(session, "moved")
    assert "in another folder or on another machine" in page(hers)


def test_a_restored_server_that_could_ask_nobody_says_so(app: Flask, hers: FlaskClient) -> None:
    state = read_state(app.config["DATA"], own_node().id)
    assert state is not None
    replace(state, ask_first=True).write(app.config["DATA"])
    assert "--without-asking" in page(hers) and (app.config["DATA"] / STATE).exists()


def test_a_backup_can_be_asked_for(app: Flask, session: Session, hers: FlaskClient) -> None:
    assert "Make a backup now" in page(hers)
    assert hers.post("/health/backup").status_code == 303
    assert nightly.is_asked(app.config)
    shown = page(hers)
    assert "One is being made just now" in shown and "Make a backup now" not in shown
    nightly._not_before[0] = 0.0
    nightly.asked(session)
    nightly.asked(session)
    (process,) = nightly._running
    assert process.wait(120) == 0 and not nightly.is_asked(app.config)
    nightly.end_running()
    assert "Make a backup now" in page(hers) and nightly.backups(app.config["DATA"] / "backups")


def test_one_that_is_going_on_is_said(app: Flask, hers: FlaskClient) -> None:
    lock = FileLock(app.config["DATA"] / nightly.LOCK)
    assert lock.acquire()
    try:
        assert "One is being made just now" in page(hers)
    finally:
        lock.release()


def test_it_asks_little_of_the_database(hers: FlaskClient) -> None:
    page(hers)
    with counted() as sent:
        page(hers)
    assert len(sent) <= 8, sent
