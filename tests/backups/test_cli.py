"""`partnernet backup` and `restore` as a steward types them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from partnernet.backups import cli, nightly, record
from partnernet.core.errors import Refused
from partnernet.core.lock import FileLock
from partnernet.maintenance import check
from partnernet.people.model import Account
from tests.backups import house
from tests.postgres import ON_POSTGRES


def run(*arguments: str) -> Result:
    command = next(command for command in cli.commands if command.name == arguments[0])
    return CliRunner().invoke(command, list(arguments[1:]))


def test_a_backup_is_made_tried_and_put_back(
    app: Flask, josie: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "one.tar.gz"
    said = run("backup", str(out)).output
    assert "statements and 2 files" in said and "keys" in said
    noted = record.read(app.config["DATA"]).backup
    assert noted is not None and noted.path == str(out)
    tried = run("backup", "--rehearse")
    assert tried.exit_code == 0 and "everything agrees" in tried.output
    settings = house.settings_for(tmp_path / "new")
    monkeypatch.setenv("PARTNERNET_DATA", str(settings["DATA"]))
    if ON_POSTGRES:
        monkeypatch.setenv("PARTNERNET_DATABASE_URL", settings["DATABASE_URL"])
    said = run("restore", str(out)).output
    for words in ("is restored in", "asks the servers", "new incarnation", "signs in again", "partnernet serve"):
        assert words in said
    assert record.read(settings["DATA"]).restoration is not None
    if not ON_POSTGRES:
        assert isinstance(run("restore", str(out)).exception, Refused)
        assert "before-restore-" in run("restore", "--force", str(out)).output


def test_into_a_folder_it_gets_a_name(app: Flask, josie: Account, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert run("backup", str(tmp_path / "out")).exit_code == 0
    (made,) = (tmp_path / "out").iterdir()
    assert made.name.startswith(nightly.PREFIX)


def test_made_and_tried_in_one_go(app: Flask, josie: Account, tmp_path: Path) -> None:
    said = run("backup", "--rehearse", str(tmp_path / "one"))
    assert said.exit_code == 0 and "is written" in said.output and "everything agrees" in said.output
    again = run("backup", "--rehearse", str(tmp_path / "one"))
    assert "is written" not in again.output


def test_a_rehearsal_that_finds_something_fails(app: Flask, backup: Path) -> None:
    backup.write_bytes(backup.read_bytes()[:-100])
    said = run("backup", "--rehearse", str(backup))
    assert said.exit_code == 1 and "something is wrong" in said.output and "cut off" in said.output


def test_without_a_file_it_says_what_it_needs(app: Flask) -> None:
    assert "Say where to" in run("backup").output
    missing = run("backup", "--rehearse").exception
    assert isinstance(missing, Refused) and "no backup yet" in missing.sentence


def test_a_key_that_was_changed_since_is_named(app: Flask, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if ON_POSTGRES:
        pytest.skip("the same folder, and a database that is restored elsewhere")
    data = app.config["DATA"]
    (data / "network.key").write_bytes((data / "node.key").read_bytes())
    monkeypatch.setenv("PARTNERNET_DATA", str(data))
    house.end(app)
    said = run("restore", "--force", str(backup)).output
    assert "network's key there is another one" in said


def test_check_says_how_backups_stand(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "BACKUPS", nightly.OFF)
    assert "No backup is made at night" in CliRunner().invoke(check, []).output


def test_two_at_once_are_refused(app: Flask, josie: Account, tmp_path: Path) -> None:
    lock = FileLock(app.config["DATA"] / nightly.LOCK)
    assert lock.acquire()
    try:
        refused = run("backup", str(tmp_path / "one")).exception
    finally:
        lock.release()
    assert isinstance(refused, Refused) and "Another backup" in refused.sentence
