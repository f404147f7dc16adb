"""Writing a backup: everything a server owns as of one moment, for its owner alone, and whole or not there."""

import errno
import io
import json
import shutil
import tarfile
import threading
import time
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.backups import form, reading, tape, writing
from partnernet.core.db import db
from partnernet.core.dump import SQLITE
from partnernet.core.errors import Refused, StorageFull
from partnernet.core.ledger.tables import OpRow
from partnernet.exchange import upkeep
from partnernet.people.model import Account
from tests.backups import house
from tests.factories import make_entry, own_node
from tests.postgres import ON_POSTGRES

Usage = namedtuple("Usage", "total used free")


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        found = {}
        for member in tar:
            stream = tar.extractfile(member)
            assert stream is not None
            found[member.name.removeprefix(form.TOP)] = stream.read()
        return found


def test_everything_that_a_server_owns_is_in_it(app: Flask, josie: Account, tmp_path: Path) -> None:
    made = house.back_up(app, tmp_path / "one.tar.gz")
    found, data = members(made.path), app.config["DATA"]
    keys = [key for key in form.KEYS if (data / key).exists()]
    assert keys == ["node.key", "network.key", "secret.key"]
    for key in keys:
        assert found[key] == (data / key).read_bytes()
    files = [name for name in found if form.is_file(name)]
    assert sorted(path.name for path in data.glob("files/??/*")) == [name.rpartition("/")[2] for name in files]
    said = json.loads(found[form.MANIFEST])
    assert said["node"] == own_node().id and said["files"]["count"] == len(files) == 2
    assert said["database"]["ops"] == db.session.scalar(select(func.count()).select_from(OpRow))
    assert "restore" in found[form.README].decode()


def test_nothing_that_belongs_to_the_place_is_in_it(app: Flask, josie: Account, tmp_path: Path) -> None:
    for name in ("search_index/one", "imports/two.pn.zip", "exports/three.pn.zip", "before-upgrade/four.db"):
        path = app.config["DATA"] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"not for a backup")
    (app.config["DATA"] / "files" / "ab").mkdir()
    (app.config["DATA"] / "files" / "ab" / ("ab" * 32)).write_bytes(b"no row names this")
    found = members(house.back_up(app, tmp_path / "one.tar.gz").path)
    database = "database.dump" if ON_POSTGRES else "database.db"
    assert {name for name in found if not form.is_file(name)} == {
        form.README, form.SETTINGS, form.MANIFEST, database, "node.key", "network.key", "secret.key",
    }  # fmt: skip
    assert len(found) == 9


def test_it_is_for_its_owner_alone_and_nothing_lies_beside_it(app: Flask, josie: Account, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    made = house.back_up(app, folder / "one.tar.gz")
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["one.tar.gz"]


def test_what_is_written_while_it_is_made_is_wholly_in_it_or_not(app: Flask, josie: Account, tmp_path: Path) -> None:
    enough, written = threading.Event(), threading.Event()
    account = josie.id

    def go_on() -> None:
        with app.app_context():
            while not enough.is_set():
                make_entry(db.session(), db.session.get_one(Account, account))
                written.set()
            db.session.remove()

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        assert written.wait(30)
        made = house.back_up(app, tmp_path / "one.tar.gz")
    finally:
        enough.set()
        writer.join(30)
    restored, settings = house.put_back(made.path, tmp_path / "new")
    with house.opened(settings):
        assert house.is_sound()
        assert db.session.scalar(select(func.count()).select_from(OpRow)) == restored.manifest.database["ops"]


def test_a_file_that_was_altered_is_left_out_and_named(app: Flask, josie: Account, tmp_path: Path) -> None:
    path = sorted(app.config["DATA"].glob("files/??/*"))[0]
    path.write_bytes(b"something else")
    made = house.back_up(app, tmp_path / "one.tar.gz")
    assert made.manifest.left_out == [path.name] and made.manifest.files["count"] == 1


def test_what_is_no_backup_is_not_overwritten(app: Flask, backup: Path) -> None:
    assert house.back_up(app, backup).path == backup
    other = backup.with_name("letter.txt")
    other.write_bytes(b"Dear all,")
    with pytest.raises(Refused, match="no backup"):
        house.back_up(app, other)
    assert other.read_bytes() == b"Dear all,"
    with pytest.raises(Refused, match="no folder"):
        house.back_up(app, backup.parent / "nowhere" / "one")


def test_where_there_is_no_room_it_says_so_first(
    app: Flask, josie: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(1 << 40, 1 << 40, 1 << 20))
    with pytest.raises(StorageFull, match="MB are free"):
        house.back_up(app, tmp_path / "one.tar.gz")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("one")]


def test_a_disk_that_fills_up_leaves_the_backup_before_it(
    app: Flask, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = backup.read_bytes()

    def add(*given: object, **more: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tape.Writer, "add", add)
    with pytest.raises(StorageFull):
        house.back_up(app, backup)
    assert backup.read_bytes() == before
    assert not list(backup.parent.glob("*.part*"))


def test_it_is_read_again_before_it_is_believed(
    app: Flask, josie: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = tape.Writer.add

    def lose(writer: tape.Writer, name: str, size: int, stream: io.BytesIO, **more: int) -> str:
        digest = add(writer, name, size, stream, **more)
        if name == "node.key":
            add(writer, "network.key", 3, io.BytesIO(b"bad"))
        return digest

    monkeypatch.setattr(tape.Writer, "add", lose)
    with pytest.raises(form.Damaged):
        house.back_up(app, tmp_path / "one.tar.gz")
    assert not (tmp_path / "one.tar.gz").exists()


def test_the_copy_of_the_database_is_checked(
    app: Flask, session: Session, josie: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ON_POSTGRES:
        pytest.skip("PostgreSQL looks after its own pages")
    from partnernet.core import dump

    def spoil(engine: object, target: Path, progress: object) -> None:
        target.write_bytes(b"SQLite format 3\0" + b"x" * 8_000)

    monkeypatch.setattr(dump, "backup_to", spoil)
    with pytest.raises(Refused, match="copy of the database"):
        house.back_up(app, tmp_path / "one.tar.gz")
    assert not list(tmp_path.glob("one*"))


def test_reading_says_what_is_in_it(app: Flask, backup: Path) -> None:
    manifest = reading.check(backup)
    assert manifest.node == own_node().id
    assert manifest.database["kind"] == ("postgresql" if ON_POSTGRES else SQLITE)


def test_a_disk_that_takes_no_large_files_is_named(
    app: Flask, josie: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add(*given: object, **more: object) -> str:
        raise OSError(errno.EFBIG, "File too large")

    monkeypatch.setattr(tape.Writer, "add", add)
    with pytest.raises(StorageFull, match="FAT32 takes 4 GB"):
        house.back_up(app, tmp_path / "one.tar.gz")
    assert not list(tmp_path.glob("one*"))


def test_a_file_that_comes_or_goes_meanwhile_stops_nothing(
    app: Flask, session: Session, josie: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is as of one moment; of attachments erased after it there is a name, and of newer ones a file."""
    dump = writing.dump

    def meanwhile(*given: Any) -> Any:
        dumped = dump(*given)
        house.erase_canary(session)
        app.extensions["partnernet.files"].sweep(upkeep.referenced(session), time.time() + 7_200)
        make_entry(session, josie, title="Came meanwhile", files=[house.attach(b"new " * 900)])
        return dumped

    monkeypatch.setattr(writing, "dump", meanwhile)
    made = house.back_up(app, tmp_path / "one.tar.gz")
    assert made.manifest.files["count"] == 2 and made.manifest.left_out == []
    _restored, settings = house.put_back(made.path, tmp_path / "new")
    with house.opened(settings):
        assert house.is_sound() and "Came meanwhile" not in house.titles()
    assert house.holding(tmp_path / "new", house.PICTURE) == []
