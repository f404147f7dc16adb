"""Servers that know each other by bundles alone: what arrives is staged and applied as it would be from a stick."""

import io
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select

from partnernet.core.db import Base, commit, insert_missing, write
from partnernet.core.files import Files
from partnernet.core.ledger import state
from partnernet.core.ledger.canonical import to_base32
from partnernet.core.ledger.node import open_node
from partnernet.core.ledger.op import Op
from partnernet.core.ledger.tables import KnownNode, OpRow
from partnernet.exchange.incoming.apply import apply
from partnernet.exchange.incoming.reader import read_stream
from partnernet.exchange.incoming.stage import has_news, stage
from tests.laws.place import Actor, Copy, Place, digest
from tests.laws.specimens import TESTPAGE


class Server(Place):
    """A place with a folder of its own, so that it notices when its database is not what it was."""

    statements = (24, 90)

    def __init__(self, name: str, skew: int) -> None:
        self._folder = TemporaryDirectory(prefix="partnernet-law-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        super().__init__(name, skew)
        with self.engine.connect().execution_options(writes=True) as connection:
            Base.metadata.create_all(connection)
            connection.commit()
        self.tables = [*Base.metadata.sorted_tables, TESTPAGE]
        self.files = Files(self.folder / "files")

    def empty(self) -> "Server":
        for path in self.folder.glob("*.json*"):
            path.unlink()
        (self.folder / "node.key").write_text(to_base32(digest("key", self.name)))
        super().empty()
        opened = open_node(self.folder)
        assert opened.id == self.node.id
        self.node, _ = state.settle(self.session, self.folder, opened)
        self.person = Actor(self.node, self.person.handle)
        return self

    def write(self, *given: Any, **more: Any) -> Op:
        made = super().write(*given, **more)
        self._note()
        return made

    def receive(self, arrivals: Sequence[Op]) -> int:
        """Take in a stick with these statements on it; how many were new."""
        if not arrivals:
            return 0
        self._admit({some.node for some in arrivals})
        stick = io.BytesIO(b"".join(some.line + b"\n" for some in arrivals))
        before = self._count()
        batch = stage(self.session, read_stream(stick), self.node, self.files, name="a stick", by="node")
        if has_news(batch):
            batch_id = batch.id
            write(self.session)
            apply(self.session, batch_id, self.node)
            commit(self.session)
            self._note()
        return self._count() - before

    def copy(self) -> Copy:
        """The rows of every table, and what lies beside the database."""
        beside = {path.name: path.read_bytes() for path in (*self.folder.glob("*.json*"), self.folder / "node.key")}
        return replace(super().copy(), files=beside)

    def restore(self, copy: Copy) -> None:
        """Go on from an older copy of the database; the folder is what it was."""
        self.put_back(copy)
        self.start_again()

    def roll_back(self, copy: Copy) -> None:
        """Go on from an older copy of the database and of the folder."""
        self.put_back(copy)
        self._lay_out(copy)
        self.start_again()

    def become(self, other: Place) -> None:
        """Go on as a copy of another server's disk: where it runs in another folder, it notices."""
        super().become(other)
        self._lay_out(other.copy())
        self.start_again()

    def start_again(self) -> None:
        """Start, and look whether the database is what it was."""
        network = self.node.network
        self.node, _ = state.settle(self.session, self.folder, open_node(self.folder))
        self.person = Actor(self.node, self.person.handle)
        self.belong(network)

    def _lay_out(self, copy: Copy) -> None:
        for path in self.folder.glob("*.json*"):
            path.unlink()
        for name, content in copy.files.items():
            (self.folder / name).write_bytes(content)

    def _note(self) -> None:
        network = self.node.network
        self.node = state.note(self.session, self.folder, self.node)
        self.person = Actor(self.node, self.person.handle)
        self.belong(network)

    def _admit(self, nodes: set[str]) -> None:
        """Let in whoever is here for the first time."""
        known = set(self.session.scalars(select(KnownNode.key)))
        self.session.rollback()
        if missing := nodes - known:
            write(self.session)
            rows = [
                {"key": key, "admitted": True, "since": 0, "name": "", "address": "", "private": False,
                 "reads": [], "writes": ["public", "network"], "origin": "steward", "paired": None}
                for key in sorted(missing)
            ]  # fmt: skip
            insert_missing(self.session, KnownNode.__table__, rows)
            commit(self.session)

    def _count(self) -> int:
        count = self.session.scalar(select(func.count()).select_from(OpRow)) or 0
        self.session.rollback()
        return count


@cache
def server(name: str, skew: int = 0) -> Server:
    """A server that is made once and emptied for each world."""
    return Server(name, skew)
