"""Stations: whole servers that listen on loopback, and are paired with each other by hand."""

import io
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from waitress.wasyncore import close_all

from partnernet.core.db import Base, commit, db, upsert, write
from partnernet.core.entry import Entry
from partnernet.core.ledger import log, verbs
from partnernet.core.ledger.node import Node, new_handle
from partnernet.core.ledger.op import Op
from partnernet.core.ledger.tables import KnownNode, OpRow
from partnernet.core.time import now_ms
from partnernet.people import accounts, sessions
from partnernet.serve import listen
from partnernet.sync.connection import Connection, Patience
from partnernet.sync.exchange import exchange
from partnernet.sync.report import Report
from partnernet.sync.running import run
from partnernet.web.guard import COOKIE
from partnernet.web.serving import server
from tests.conftest import make_app
from tests.exchange.places import Somebody

BOTH = ("public", "network")
QUICK = Patience(connect=30, idle=60, total=300, grace=200)
"""Of whoever really answers: as long as a slow machine may take, for nobody waits that long."""

T = TypeVar("T")


@dataclass
class Station:
    """One server, in a process that it shares with others."""

    folder: Path
    host: str = "127.0.0.1"
    app: Flask = field(init=False)
    address: str = ""
    callers: list[Connection] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app = make_app(self.folder)
        with self.app.app_context(), db.engine.connect().execution_options(writes=True) as connection:
            Base.metadata.create_all(connection)
            connection.commit()
        self._listener = listen(self.host, 0)
        self.port = self._listener.getsockname()[1]
        self.address = f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"
        self._server = server(self.app, sockets=[self._listener], threads=2, ident=None)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        for caller in self.callers:
            caller.close()
        self._server.trigger.pull_trigger(lambda: close_all(self._server._map))
        self._thread.join(timeout=10)
        self._server.task_dispatcher.shutdown()
        with self.app.app_context():
            db.session.rollback()
            db.engine.dispose()

    @property
    def node(self) -> Node:
        node: Node = self.app.extensions["partnernet.node"]
        return node

    @property
    def key(self) -> str:
        return self.node.id

    def inside(self, do: Callable[[], T]) -> T:
        """Do something as the program itself would."""
        with self.app.app_context():
            try:
                return do()
            finally:
                db.session.expunge_all()
                db.session.rollback()

    # -- others ------------------------------------------------------------------------------------

    def know(self, other: "Station", reads: Sequence[str] = BOTH, writes: Sequence[str] = BOTH, **more: Any) -> None:
        """Have compared words with another server."""
        row = {
            "key": other.key, "admitted": True, "since": now_ms(), "name": other.folder.name, "address": other.address,
            "private": True, "reads": list(reads), "writes": list(writes), "paired": now_ms(),
        }  # fmt: skip

        def note() -> None:
            write()
            upsert(db.session(), KnownNode.__table__, [row | more])
            commit()

        self.inside(note)

    def sync(self, other: "Station", patience: Patience = QUICK) -> Report:
        """Exchange with another server."""
        return self.inside(lambda: run(db.session(), other.key, patience=patience))

    def sync_in_pages(self, other: "Station", most: int) -> Report:
        """Exchange with another server, in small pages."""
        return self.inside(lambda: exchange(db.session(), other.key, patience=QUICK, most=most))

    # -- what its people do ------------------------------------------------------------------------

    def person(self, name: str = "Josie Calder") -> Somebody:
        who = Somebody(self.node, new_handle())

        def card() -> None:
            verbs.create(db.session(), who, "person", "network", {"name": name}, who=who.handle)
            commit()

        self.inside(card)
        return who

    def write(self, by: Somebody, title: str, log_name: str = "network", **values: Any) -> Op:
        return self.inside(
            lambda: self._committed(
                lambda: verbs.create(db.session(), self._now(by), "discussion", log_name, {"title": title, **values})
            )
        )

    def write_many(self, by: Somebody, count: int, title: str = "Words", log_name: str = "network") -> None:
        def all_of_them() -> None:
            write()
            for number in range(count):
                values = {"set": {"title": f"{title} {number}", "body": f"What was said, number {number}. " * 5}}
                log.append(db.session(), self._now(by), "discussion", log_name, values)
            commit()

        self.inside(all_of_them)

    def edit(self, by: Somebody, entity: str, **values: Any) -> Op:
        return self.inside(
            lambda: self._committed(lambda: verbs.edit(db.session(), self._now(by), self._entry(entity), values))
        )

    def redact(self, by: Somebody, entity: str) -> Op:
        return self.inside(
            lambda: self._committed(lambda: verbs.redact(db.session(), self._now(by), self._entry(entity)))
        )

    def try_to_erase(self, by: Somebody, entity: str) -> Op:
        """Write an erasure of what others wrote, whether it counts or not."""
        return self.inside(
            lambda: self._committed(
                lambda: log.append(db.session(), self._now(by), "redact", "network", {}, ent=entity, par=[entity])
            )
        )

    def attach(self, content: bytes) -> dict[str, Any]:
        stored = self.app.extensions["partnernet.files"].store(io.BytesIO(content), 1 << 30)
        return {"sha256": stored.sha256, "name": "poster.png", "type": "image/png", "size": stored.size}

    def _committed(self, do: Callable[[], Op]) -> Op:
        made = do()
        commit()
        return made

    def _now(self, by: Somebody) -> Somebody:
        return Somebody(self.node, by.handle, by.partner)

    def _entry(self, entity: str) -> Entry:
        return db.session.scalars(select(Entry).where(Entry.id == entity)).one()

    # -- what it holds -----------------------------------------------------------------------------

    def have(self) -> Any:
        return self.inside(lambda: dict(log.have(db.session())))

    def ids(self) -> set[str]:
        return self.inside(lambda: set(db.session.scalars(select(OpRow.id))))

    def count(self, table: Any, *where: Any) -> int:
        return self.inside(lambda: db.session.scalar(select(func.count()).select_from(table).where(*where)) or 0)

    def rows(self, what: Any) -> list[Any]:
        return self.inside(lambda: list(db.session.scalars(what)))

    def has_file(self, sha256: str) -> bool:
        return bool(self.app.extensions["partnernet.files"].has(sha256))


@contextmanager
def serving(folder: Path, host: str = "127.0.0.1") -> Iterator[Station]:
    """A server in a folder, for as long as it is needed."""
    one = Station(folder, host)
    try:
        yield one
    finally:
        one.close()


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Callable[[str], Station]]:
    """Set up a server by its name."""
    made: list[Station] = []

    def set_up(name: str) -> Station:
        made.append(Station(tmp_path / name))
        return made[-1]

    yield set_up
    for one in made:
        one.close()


def introduce(one: Station, other: Station) -> None:
    """Have two servers exchange everything."""
    one.know(other)
    other.know(one)


def browser(hall: Station, role: str = "steward") -> FlaskClient:
    """A browser in which a new person is signed in."""

    def begin() -> str:
        session = db.session()
        account = accounts.open_account(
            session, hall.node, email=f"{role}@example.org", name="Bea Thorne", password="", role=role
        )
        commit()
        token = sessions.start(session, account.id)
        commit()
        return token

    client = hall.app.test_client()
    client.set_cookie(COOKIE, hall.inside(begin))
    return client
