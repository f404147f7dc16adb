"""Restoring: what was there is there again, under a new incarnation, and nothing that was erased since."""

import os
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.background import LOCK, do_chore
from partnernet.backups import form, restoring
from partnernet.core.consumers import drain_all
from partnernet.core.db import db
from partnernet.core.entry import Entry
from partnernet.core.errors import Refused
from partnernet.core.ledger import erasures, state
from partnernet.core.ledger.compaction import compact_after_erasure
from partnernet.core.ledger.node import STATE, new_incarnation
from partnernet.core.ledger.tables import OpRow
from partnernet.core.lock import FileLock
from partnernet.people import links
from partnernet.people.model import Account, Link, SessionRow
from tests.backups import house
from tests.factories import make_account, make_entry, own_node, sign_in
from tests.postgres import ON_POSTGRES


def test_everything_is_there_again_under_a_new_incarnation(app: Flask, backup: Path, tmp_path: Path) -> None:
    node = own_node()
    restored, settings = house.put_back(backup, tmp_path / "new")
    assert restored.aside is None and restored.must_ask
    with house.opened(settings) as again:
        assert house.titles() == {"A poster for spring", "What was under the pier"}
        assert house.is_sound()
        here = own_node()
        assert (here.id, here.network_key) == (node.id, node.network_key) and here.inc != node.inc
        assert again.extensions["partnernet.doubt"] is None and state.must_ask_first(settings["DATA"], here)
        files = again.extensions["partnernet.files"].folder
        assert len(list(files.glob("??/*"))) == 2
        account = db.session.scalars(select(Account)).one()
        make_entry(db.session(), account, title="Written afterwards")
        seen = db.session.execute(select(OpRow.inc, OpRow.log, OpRow.seq).where(OpRow.node == node.id)).all()
        assert len(seen) == len(set(seen)) and {row.inc for row in seen} == {node.inc, here.inc}


def test_what_was_erased_since_is_nowhere(app: Flask, session: Session, backup: Path, tmp_path: Path) -> None:
    data = app.config["DATA"]
    assert ON_POSTGRES or house.holding(data, house.CANARY.encode())
    entry = house.erase_canary(session)
    house.end(app)
    if not ON_POSTGRES:
        (data / "partnernet.db").unlink()
    restored, settings = house.put_back(backup, data, force=True)
    assert not restored.must_ask and restored.aside is not None
    with house.opened(settings) as again:
        assert db.session.get_one(Entry, entry).redacted and house.is_sound()
        drain_all(db.session())
        do_chore(compact_after_erasure)
        if ON_POSTGRES:
            assert not [body for body in db.session.scalars(select(OpRow.body)) if body and b"cormorant" in body]
    kept = [path for path in data.iterdir() if path != restored.aside]
    for path in kept:
        found = house.holding(path, b"cormorant") if path.is_dir() else [path] * (b"cormorant" in path.read_bytes())
        assert not found, found
    assert [op.kind for op in erasures.recorded(settings["DATA"])] == ["redact"]
    assert again is not app


def test_an_old_stick_cannot_bring_it_back_either(app: Flask, session: Session, backup: Path, tmp_path: Path) -> None:
    from partnernet.core.ledger.log import receive
    from partnernet.core.ledger.op import from_parts

    entry = session.scalars(select(Entry).where(Entry.title == "What was under the pier")).one().id
    row = session.scalars(select(OpRow).where(OpRow.id == entry)).one()
    carried = from_parts(row.id, row.head, row.body, row.sig)
    house.erase_canary(session)
    house.end(app)
    _, settings = house.put_back(backup, app.config["DATA"], force=True)
    with house.opened(settings):
        receive(db.session(), [carried])
        assert db.session.scalars(select(OpRow.body).where(OpRow.id == entry)).one() is None
        db.session.rollback()


def test_a_folder_that_holds_a_server_is_left_alone(app: Flask, session: Session, backup: Path) -> None:
    if ON_POSTGRES:
        pytest.skip("the database lies elsewhere")
    make_entry(session, make_account(session, "Wren Achebe"), title="Written later")
    house.end(app)
    data = app.config["DATA"]
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    with pytest.raises(Refused, match="--force"):
        house.put_back(backup, data)
    after = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    assert {path: content for path, content in after.items() if path.suffix not in (".lock", ".finishing")} == {
        path: content for path, content in before.items() if path.suffix != ".lock"
    }


def test_told_to_it_puts_aside_what_was_there(app: Flask, session: Session, backup: Path) -> None:
    if ON_POSTGRES:
        pytest.skip("the database lies elsewhere")
    make_entry(session, make_account(session, "Wren Achebe"), title="Written later")
    house.end(app)
    restored, settings = house.put_back(backup, app.config["DATA"], force=True)
    assert restored.aside is not None and restored.aside.name.startswith(restoring.ASIDE)
    with house.opened(settings):
        assert "Written later" not in house.titles()
    with house.opened({"DATA": restored.aside, "DATABASE_URL": f"sqlite:///{restored.aside / 'partnernet.db'}"}):
        assert "Written later" in house.titles()


def test_a_running_server_is_not_pulled_from_under_itself(app: Flask, backup: Path, tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "new" / LOCK)
    assert lock.acquire()
    try:
        with pytest.raises(Refused, match="running"):
            house.put_back(backup, tmp_path / "new")
    finally:
        lock.release()
    house.put_back(backup, tmp_path / "new")


def test_a_damaged_backup_changes_nothing(app: Flask, backup: Path, tmp_path: Path) -> None:
    content = backup.read_bytes()
    backup.write_bytes(content[: len(content) // 2])
    with pytest.raises(form.Damaged):
        house.put_back(backup, tmp_path / "new")
    left = {path.name for path in (tmp_path / "new").iterdir()}
    assert left <= {LOCK, "restore.lock", "restore.finishing"}


def test_who_was_signed_in_signs_in_again(app: Flask, session: Session, josie: Account, tmp_path: Path) -> None:
    sign_in(app.test_client(), josie, session)
    links.for_account(session, josie)
    db.session.commit()
    backup = house.back_up(app, tmp_path / "one").path
    _, settings = house.put_back(backup, tmp_path / "new")
    with house.opened(settings):
        assert db.session.scalars(select(SessionRow)).all() == []
        assert db.session.scalars(select(Link).where(Link.used.is_(None), Link.account.is_not(None))).all() == []


def test_the_state_of_another_server_is_not_taken_for_ones_own(app: Flask, backup: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / STATE).write_text(f'{{"node": "{"q" * 52}", "inc": "{new_incarnation()}"}}')
    with pytest.raises(Refused, match="another server"):
        house.put_back(backup, tmp_path / "new")


def test_the_settings_that_it_had_are_told(
    app: Flask, josie: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "BASE_URL", "https://tides.example.org")
    backup = house.back_up(app, tmp_path / "one").path
    restored, _ = house.put_back(backup, tmp_path / "new")
    assert restored.settings == {"BASE_URL": "https://tides.example.org"}


def test_a_backup_of_the_other_database_is_refused_in_a_sentence(app: Flask, backup: Path, tmp_path: Path) -> None:
    settings = house.settings_for(tmp_path / "new")
    other = f"sqlite:///{tmp_path}/elsewhere.db" if ON_POSTGRES else "postgresql+psycopg://nobody@127.0.0.1:1/none"
    with pytest.raises(Refused, match="PARTNERNET_DATABASE_URL"):
        restoring.restore(backup, settings | {"SQLALCHEMY_DATABASE_URI": other})


def test_a_database_that_holds_something_is_not_restored_into(app: Flask, backup: Path, tmp_path: Path) -> None:
    if not ON_POSTGRES:
        pytest.skip("the database is a file in the folder")
    settings = house.settings_for(tmp_path / "new")
    taken = settings | {"SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"]}
    with pytest.raises(Refused, match="holds tables already"):
        restoring.restore(backup, taken)
    restoring.restore(backup, settings)


def test_restored_twice_it_is_a_new_one_each_time(app: Flask, session: Session, backup: Path, tmp_path: Path) -> None:
    incarnations = set()
    for _ in range(2):
        _restored, settings = house.put_back(backup, tmp_path / "new", force=True)
        with house.opened(settings) as again:
            incarnations.add(again.extensions["partnernet.node"].inc)
            assert house.is_sound()
    assert len(incarnations | {own_node().inc}) == 3


def test_what_root_restores_into_the_folder_of_another_user_is_theirs(backup: Path, tmp_path: Path) -> None:
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root gives files away")
    folder = tmp_path / "new"
    folder.mkdir()
    os.chown(folder, 1_234, 1_235)
    house.put_back(backup, folder)
    owners = {(path.stat().st_uid, path.stat().st_gid) for path in folder.rglob("*")}
    assert owners == {(1_234, 1_235)}
