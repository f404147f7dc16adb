"""A node that has something to lose, and what is done to its backups."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet import config, create_app
from partnernet.background import note_state
from partnernet.backups.restoring import Restored, restore
from partnernet.backups.writing import Made, write
from partnernet.core.db import commit, db
from partnernet.core.entry import Entry
from partnernet.core.files import Files
from partnernet.core.ledger.verify import verify
from partnernet.entries import model
from partnernet.people.model import Account
from tests.factories import actor_of, make_account, make_entry, make_network, own_node
from tests.postgres import ON_POSTGRES, fresh_database

CANARY = "cormorant under the pier"
PICTURE = b"%PDF-1.7 the cormorant itself " * 40


def furnish(session: Session) -> Account:
    """A network with a steward, entries, and an attachment."""
    make_network(session)
    josie = make_account(session, role="steward")
    make_entry(session, josie, title="A poster for spring", files=[attach(b"A poster " * 3_000)])
    make_entry(session, josie, title="What was under the pier", body=CANARY, files=[attach(PICTURE)])
    return josie


def attach(content: bytes) -> dict[str, Any]:
    files: Files = current_app.extensions["partnernet.files"]
    stored = files.store(io.BytesIO(content), 1 << 30)
    return {"sha256": stored.sha256, "name": "poster.pdf", "type": "application/pdf", "size": stored.size}


def back_up(app: Flask, path: Path) -> Made:
    db.session.rollback()
    return write(app, path)


def end(app: Flask) -> None:
    """Stop the server of a node."""
    note_state(app)
    db.session.rollback()
    db.engine.dispose()


def erase_canary(session: Session) -> str:
    """Erase the entry with the canary; its id."""
    josie = session.scalars(select(Account).where(Account.role == "steward")).first()
    assert josie is not None
    entry = session.scalars(select(Entry).where(Entry.title == "What was under the pier")).one()
    model.erase(session, entry, by=actor_of(session, josie))
    commit(session)
    return entry.id


def settings_for(folder: Path) -> dict[str, Any]:
    """The settings of a node that is restored into a folder; its database is a fresh one, where it is on a server."""
    given: dict[str, Any] = {"DATA": folder, "SECRET_KEY": "not used while restoring", "RESTORING": True}
    if ON_POSTGRES:
        given["DATABASE_URL"] = fresh_database(os.environ["PARTNERNET_TEST_DATABASE_URL"])
    return config.load(given)


def put_back(path: Path, folder: Path, *, force: bool = False) -> tuple[Restored, dict[str, Any]]:
    settings = settings_for(folder)
    return restore(path, settings, force=force), settings


@contextmanager
def opened(settings: dict[str, Any]) -> Iterator[Flask]:
    """A node that was restored, as it is opened afterwards."""
    app = create_app({"DATA": settings["DATA"], "DATABASE_URL": settings["DATABASE_URL"], "TESTING": True})
    with app.app_context():
        try:
            yield app
        finally:
            db.session.rollback()
            db.engine.dispose()


def titles() -> set[str]:
    return set(db.session.scalars(select(Entry.title).where(Entry.kind == "discussion")))


def is_sound() -> bool:
    """Whether everything here agrees with the signed record."""
    db.session.rollback()
    return verify(db.session(), own_node().id) == []


def holding(folder: Path, *words: bytes) -> list[Path]:
    """The files under a folder that hold any of some words."""
    return [
        path for path in sorted(folder.rglob("*"))
        if path.is_file() and any(word in path.read_bytes() for word in words)
    ]  # fmt: skip
