"""Rehearsing: what is sound is called so, and what is not is told in sentences, with nothing left behind."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from partnernet.backups import nightly, record
from partnernet.backups.record import Rehearsal
from partnernet.backups.rehearsing import rehearse
from partnernet.core.db import commit, write
from partnernet.core.ledger.node import STATE
from partnernet.nodes.alarms import unseen
from partnernet.people.model import Account
from tests.backups import house


def tried(app: Flask, backup: Path, beside: Path) -> Rehearsal:
    beside.mkdir(exist_ok=True)
    found = rehearse(backup, beside, app.config["SQLALCHEMY_DATABASE_URI"])
    assert list(beside.iterdir()) == []
    return found


def test_a_sound_backup_is_called_so(app: Flask, session: Session, backup: Path, tmp_path: Path) -> None:
    before = (app.config["DATA"] / STATE).read_bytes()
    found = tried(app, backup, tmp_path / "beside")
    assert found.wrong == [] and found.path == str(backup) and found.made > 0
    assert (app.config["DATA"] / STATE).read_bytes() == before
    assert unseen(session) == []


def test_a_database_that_does_not_agree_with_the_record(
    app: Flask, session: Session, josie: Account, tmp_path: Path
) -> None:
    write(session)
    session.execute(text("update entry set title = 'Something else' where kind = 'discussion'"))
    commit(session)
    found = tried(app, house.back_up(app, tmp_path / "one").path, tmp_path / "beside")
    assert found.wrong and "title" in found.wrong[0]


def test_a_backup_that_is_damaged(app: Flask, session: Session, backup: Path, tmp_path: Path) -> None:
    content = backup.read_bytes()
    backup.write_bytes(content[:-2_000] + b"x" * 2_000)
    found = tried(app, backup, tmp_path / "beside")
    assert len(found.wrong) == 1 and "damaged" in found.wrong[0]


def test_what_was_found_is_kept_and_told(app: Flask, session: Session, josie: Account) -> None:
    nightly.keep(app, Rehearsal(1, "one", 0, 0, ["The ninth line is not the ninth line."]))
    assert record.read(app.config["DATA"]).rehearsal == Rehearsal(
        1, "one", 0, 0, ["The ninth line is not the ninth line."]
    )
    (told,) = unseen(session)
    assert "ninth" in told.what and "--rehearse" in told.do
    nightly.keep(app, Rehearsal(2, "two", 0, 0))
    assert unseen(session) == []


@pytest.mark.parametrize("content", [b"", b"[]", b'{"rehearsal": {"at": 1}}', b'{"rehearsal": 3}', b"\xff"])
def test_a_record_that_cannot_be_read_is_an_empty_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / record.FILE).write_bytes(content)
    assert record.read(tmp_path) == record.Record()
