"""The nightly backup: made when it is due, by a process of its own, and none is kept for longer than seven days."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from partnernet.backups import form, nightly, record
from partnernet.backups.standing import standing
from partnernet.core.errors import Refused
from partnernet.core.lock import FileLock
from partnernet.core.time import DAY, now_ms
from partnernet.nodes.alarms import unseen
from partnernet.people.model import Account
from tests.backups import house

NIGHT = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


def aged(path: Path, when: datetime) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.touch()
    os.utime(path, (when.timestamp(), when.timestamp()))
    return path


def place(app: Flask) -> Path:
    folder = nightly.folder_of(app.config)
    assert folder is not None
    folder.mkdir(exist_ok=True)
    return folder


def a_backup(app: Flask, when: datetime) -> Path:
    return aged(place(app) / nightly.name_at(when), when)


def test_one_is_due_once_a_night(app: Flask) -> None:
    aged(app.config["DATA"] / "node.key", NIGHT - timedelta(days=9))
    assert nightly.is_due(app.config, NIGHT) and nightly.is_due(app.config, NIGHT - timedelta(hours=1))
    a_backup(app, NIGHT + timedelta(minutes=3))
    assert not nightly.is_due(app.config, NIGHT + timedelta(hours=1))
    assert not nightly.is_due(app.config, NIGHT + timedelta(hours=23, minutes=59))
    assert nightly.is_due(app.config, NIGHT + timedelta(hours=24))


def test_what_was_missed_is_made_up_for(app: Flask) -> None:
    a_backup(app, NIGHT - timedelta(days=3))
    aged(app.config["DATA"] / "node.key", NIGHT - timedelta(days=9))
    assert nightly.is_due(app.config, NIGHT + timedelta(hours=8))


def test_a_fresh_node_waits_for_its_first_night(app: Flask) -> None:
    aged(app.config["DATA"] / "node.key", NIGHT + timedelta(hours=9))
    assert not nightly.is_due(app.config, NIGHT + timedelta(hours=10))
    assert nightly.is_due(app.config, NIGHT + timedelta(days=1))


def test_a_clock_that_was_wrong_once_stops_nothing(app: Flask) -> None:
    aged(app.config["DATA"] / "node.key", NIGHT + timedelta(days=9_000))
    a_backup(app, NIGHT + timedelta(days=9_001))
    assert nightly.is_due(app.config, NIGHT + timedelta(hours=1))


def test_another_hour_another_folder_or_none(app: Flask, tmp_path: Path) -> None:
    aged(app.config["DATA"] / "node.key", NIGHT - timedelta(days=9))
    later = {**app.config, "BACKUP_HOUR": 5}
    a_backup(app, NIGHT - timedelta(hours=2))
    assert nightly.is_due(app.config, NIGHT) and not nightly.is_due(later, NIGHT)
    elsewhere = {**app.config, "BACKUPS": str(tmp_path / "disk")}
    assert nightly.folder_of(elsewhere) == tmp_path / "disk"
    off = {**app.config, "BACKUPS": nightly.OFF}
    assert nightly.folder_of(off) is None and not nightly.is_due(off, NIGHT)


def test_seven_are_kept_and_nothing_older_than_seven_days(app: Flask) -> None:
    made = [a_backup(app, NIGHT - timedelta(days=n, minutes=-5 * n)) for n in range(10)]
    now = round(NIGHT.timestamp() * 1_000)
    assert set(nightly.prune(app.config, now)) == set(made[7:])
    assert nightly.backups(place(app)) == made[:7]
    assert set(nightly.prune(app.config, now + 30 * DAY)) == set(made[1:7])
    assert nightly.backups(place(app)) == made[:1], "the newest stays until there is a newer one"


def test_other_copies_obey_as_well(app: Flask) -> None:
    data = app.config["DATA"]
    old = aged(data / "before-upgrade" / "partnernet-0005-1.db", NIGHT - timedelta(days=8))
    young = aged(data / "before-upgrade" / "partnernet-0005-2.db", NIGHT - timedelta(days=6))
    aside = data / "before-restore-2026-11-01T000000"
    aside.mkdir()
    (aside / "partnernet.db").touch()
    (aside / "network.key").write_text("another one than here")
    os.utime(aside, (0, 0))
    mine = aged(data / "letters" / "one.db", NIGHT - timedelta(days=90))
    nightly.prune(app.config, round(NIGHT.timestamp() * 1_000))
    assert [path.exists() for path in (old, young, aside, mine)] == [False, True, False, True]
    assert (data / f"network.key.{aside.name}").read_text() == "another one than here", "there may be no second"


def test_a_night_makes_a_backup_and_rehearses_it_once_a_week(app: Flask, session: Session, josie: Account) -> None:
    left = place(app) / f"{nightly.PREFIX}1{form.ENDING}.part"
    left.touch()
    (place(app) / "rehearsal-old").mkdir()
    assert nightly.run(app)
    noted = record.read(app.config["DATA"])
    (path,) = nightly.backups(place(app))
    assert noted.backup is not None and noted.backup.path == str(path) and noted.backup.size == path.stat().st_size
    assert noted.rehearsal is not None and noted.rehearsal.wrong == [] and noted.failure is None
    assert {each.name for each in place(app).iterdir()} == {path.name, nightly.OWNER}
    yesterday = path.rename(path.with_name(nightly.name_at(datetime.now(UTC) - timedelta(days=1))))
    assert nightly.run(app)
    again = record.read(app.config["DATA"])
    assert len(nightly.backups(place(app))) == 2 and yesterday.exists()
    assert again.backup is not None and again.backup.at > noted.backup.at and again.rehearsal == noted.rehearsal


def test_never_two_at_once(app: Flask, josie: Account) -> None:
    lock = FileLock(app.config["DATA"] / nightly.LOCK)
    assert lock.acquire()
    try:
        assert not nightly.run(app)
    finally:
        lock.release()
    assert nightly.backups(place(app)) == []


def test_one_that_fails_is_told_until_one_is_made(
    app: Flask, session: Session, josie: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise Refused("A backup may take 90 MB, and only 3 MB are free in /srv.")

    monkeypatch.setattr(nightly, "write", fail)
    assert nightly.run(app)
    failure = record.read(app.config["DATA"]).failure
    assert failure is not None and "3 MB" in failure.why and abs(failure.at - now_ms()) < DAY
    (told,) = unseen(session)
    assert "3 MB" in told.what
    session.rollback()
    monkeypatch.undo()
    assert nightly.run(app)
    assert record.read(app.config["DATA"]).failure is None and unseen(session) == []


def test_it_is_done_by_a_process_that_lets_everything_else_go_first(
    app: Flask, session: Session, josie: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(app.config["DATA"] / "node.key", NIGHT - timedelta(days=9))
    session.rollback()
    nightly.nightly(session)
    (process,) = nightly._running
    nightly.nightly(session)
    assert nightly._running == [process] and os.getpriority(os.PRIO_PROCESS, 0) < nightly.NICE
    assert process.wait(120) == 0
    assert len(nightly.backups(place(app))) == 1
    nightly.end_running()


def test_it_ends_with_the_server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    aged(app.config["DATA"] / "node.key", NIGHT - timedelta(days=9))
    nightly._start(app.config)
    (process,) = nightly._running
    nightly.end_running()
    assert process.returncode is not None and nightly._running == []


def test_it_is_one_of_the_hourly_chores(app: Flask) -> None:
    assert nightly.nightly in app.extensions["partnernet.chores"]


def test_names_sort_by_time_and_say_what_they_are() -> None:
    first, second = nightly.name_at(NIGHT), nightly.name_at(NIGHT + timedelta(hours=1))
    assert first == "partnernet-2026-11-27T030000Z.backup.tar.gz" and first < second


def test_a_backup_holds_an_erased_word_for_seven_days_at_most(app: Flask, session: Session, josie: Account) -> None:
    assert nightly.run(app)
    (before,) = nightly.backups(place(app))
    house.erase_canary(session)
    old = before.with_name(nightly.name_at(datetime.now(UTC) - timedelta(days=8)))
    before.rename(old)
    os.utime(old, (0, 0))
    assert nightly.run(app)
    (after,) = nightly.backups(place(app))
    _, settings = house.put_back(after, app.config["DATA"].parent / "new")
    assert not house.holding(settings["DATA"], b"cormorant")


def test_backups_of_a_clock_that_was_ahead_do_not_push_out_todays(app: Flask) -> None:
    ahead = [a_backup(app, NIGHT + timedelta(days=1_000 + n)) for n in range(7)]
    now = round((NIGHT + timedelta(hours=1)).timestamp() * 1_000)
    assert nightly.prune(app.config, now) == []
    tonight = a_backup(app, NIGHT + timedelta(days=1))
    later = now + DAY
    gone = nightly.prune(app.config, later)
    assert len(gone) == 1 and gone[0] in ahead and nightly.backups(place(app))[0] == tonight
    assert set(nightly.prune(app.config, now + 8 * DAY)) == set(ahead) - set(gone)


def test_two_servers_do_not_remove_the_backups_of_each_other(
    app: Flask, session: Session, josie: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "disk"
    monkeypatch.setitem(app.config, "BACKUPS", str(shared))
    assert nightly.run(app)
    (first,) = nightly.own(app.config)
    other = {**app.config, "DATA": tmp_path / "other"}
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "node.key").write_text("another key")
    assert nightly.own(other) == [] and nightly.prune(other, now_ms() + 90 * DAY) == [] and first.exists()
    (shared / nightly.OWNER).write_text(nightly._mark(other))
    half = shared / f"{first.name}.part"
    half.touch()
    assert nightly.run(app) and half.exists()
    (told,) = unseen(session)
    assert f"Another server keeps its backups in {shared}" in told.what


@pytest.mark.parametrize("is_there", [True, False])
def test_a_folder_that_cannot_be_written_to_is_named(
    app: Flask, session: Session, josie: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    wrong = tmp_path / "letter.txt" if is_there else tmp_path / "letter.txt" / "backups"
    (tmp_path / "letter.txt").write_text("no folder")
    monkeypatch.setitem(app.config, "BACKUPS", str(wrong))
    assert nightly.run(app)
    failure = record.read(app.config["DATA"]).failure
    assert failure is not None and failure.why.startswith(f"The folder {wrong} cannot be written to (")


def test_a_folder_that_is_none_any_more_counts_as_empty_and_health_goes_on(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "disk").write_text("The disk was taken away.")
    shut = {**app.config, "BACKUPS": str(tmp_path / "disk" / "backups")}
    assert nightly.own(shut) == [] and nightly.prune(shut) == []
    assert standing(shut).kept == []
