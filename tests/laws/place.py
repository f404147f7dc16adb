"""One node of the world of the laws: a real database, a key, and a clock that may be years off."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, Table, event, func, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from partnernet.core import entry
from partnernet.core.db import Base
from partnernet.core.engine import backup_to, compact, open_engine
from partnernet.core.ledger import canonical, log, op, tables
from partnernet.core.ledger.fold import ERASES
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.node import Node, SigningKey
from partnernet.core.ledger.op import Op
from partnernet.models import load_all
from tests.laws.specimens import TABLES, TESTPAGE
from tests.postgres import ON_POSTGRES, fresh_database

START = 1_780_000_000_000
LOGS = ("network", "public")

LEDGER_TABLES = (tables.OpRow, tables.Have, tables.Touched, tables.Quarantined, tables.Lacking)
SYNCED_TABLES = (entry.Entry, entry.Mark, entry.Attachment, entry.Membership, entry.Revocation)
LOCAL_COLUMNS = {"op": {"n"}, "entry": {"arrived", "newest"}}
load_all()
_CREATED: list[Any] = [
    *(model.__table__ for model in (*LEDGER_TABLES, *SYNCED_TABLES)),
    *{kind.table.name: kind.table for kind in KINDS.values() if kind.table is not None}.values(),
]


@dataclass(frozen=True)
class Actor:
    """Somebody at a node, who may speak for a partner."""

    node: Node
    handle: str
    partner: str | None = None


class Crash(Exception):
    """The power went."""


@dataclass(frozen=True)
class Copy:
    """A node's disk as it was: the rows of its tables, and files beside the database."""

    rows: dict[str, list[dict[str, Any]]]
    node: Node
    files: dict[str, bytes] = field(default_factory=dict)

    def ids(self) -> set[str]:
        """The ops that were there."""
        return {row["id"] for row in self.rows["op"]}


@dataclass(frozen=True)
class Trouble:
    """What befalls an exchange over a wire, and how many ops go into a page of it."""

    cut: int | None = None
    """Half requests after which the wire is cut."""
    most: int = 2_000
    shut_after: int | None = None
    """Requests after which a steward of one of the two closes a log to the other."""
    shut: str = "network"
    by_caller: bool = True


NO_TROUBLE = Trouble()


class Place:
    """One node of the world: its key, its clock and its database."""

    crash: type[BaseException] = Crash
    statements = (18, 30)
    """About how many statements it takes to write something, and to hear something: within these the power may go."""

    def __init__(self, name: str, skew: int) -> None:
        self.name, self.skew, self.now, self.reborn = name, skew, START, 0
        self.tables: list[Table] = [*_CREATED, TESTPAGE]
        self.node, self.person = self._born()
        self.engine = self._open()
        with self.engine.connect().execution_options(writes=True) as connection:
            Base.metadata.create_all(connection, tables=_CREATED)
            TABLES.create_all(connection)
            connection.commit()
        self.session = Session(self.engine, expire_on_commit=False)
        self.statements_left: int | None = None
        event.listen(self.engine, "before_cursor_execute", self._maybe_crash)

    def _open(self) -> Engine:
        if ON_POSTGRES:
            url = fresh_database(os.environ["PARTNERNET_TEST_DATABASE_URL"])
            return open_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        return open_engine("sqlite://", poolclass=StaticPool)

    def _born(self) -> tuple[Node, Actor]:
        inc = canonical.to_base32(digest("inc", self.name)[:16])
        node = Node(SigningKey.from_seed(digest("key", self.name)), inc)
        return node, Actor(node, "p" + canonical.to_base32(digest("person", self.name)[:16]))

    def empty(self) -> "Place":
        """Forget everything that was written here."""
        self.session.rollback()
        self.statements_left, self.now, self.reborn = None, START, 0
        self.node, self.person = self._born()
        with self.engine.connect().execution_options(writes=True) as connection:
            for table in reversed(self.tables):
                if connection.exec_driver_sql(f"select 1 from {table.name} limit 1").first():
                    connection.exec_driver_sql(f"delete from {table.name}")
            connection.commit()
        return self.belong(None)

    def belong(self, network: str | None) -> "Place":
        """Make what is written here from now on in a network, or in none."""
        self.node = replace(self.node, network=network)
        self.person = replace(self.person, node=self.node)
        return self

    def clock(self) -> int:
        self.now += 1000
        return max(0, self.now + self.skew)

    def write(self, kind: str, log_name: str, body: dict[str, Any], *, by: Actor | None = None, **header: Any) -> Op:
        """Append one op and commit."""
        made = log.append(self.session, by or self.person, kind, log_name, body, clock=self.clock, **header)
        self.session.commit()
        return made

    def receive(self, arrivals: Sequence[Op]) -> int:
        """Take in some ops and commit."""
        new = log.receive(self.session, arrivals)
        self.session.commit()
        return new

    def meet(self, other: "Place", trouble: Trouble = NO_TROUBLE) -> str:
        """Tell another node everything, and hear everything from it; what befell that, or nothing."""
        for taker, giver in ((self, other), (other, self)):
            taker.receive([op.read(line) for line in giver.lines()])
        return ""

    # -- the power ---------------------------------------------------------------------------------

    def crashing(self, statements: int, work: Callable[[], object]) -> bool:
        """Do some work, but lose power before its n-th statement; whether it came to that."""
        self.statements_left = statements
        try:
            work()
        except self.crash:
            return True
        finally:
            was_down, self.statements_left = self.statements_left < 0, None
            self.session.rollback()
            if was_down:
                self.start_again()
        return False

    def start_again(self) -> None:
        """Come up after the power went."""

    def _maybe_crash(self, *_: object) -> None:
        if self.statements_left is not None:
            self.statements_left -= 1
            if self.statements_left < 0:
                raise self.crash

    def have(self, logs: Sequence[str] | None = None) -> dict[str, Any]:
        """What the node says it holds."""
        held = dict(log.have(self.session, logs))
        self.session.rollback()
        return held

    def lines(self) -> list[bytes]:
        """Every op that is stored here, as it would go into a bundle."""
        return [found.line for found in self.ops().values()]

    def ops(self) -> dict[str, Op]:
        """Every op that is stored here, by its id."""
        row = tables.OpRow.__table__.c
        with self.engine.connect() as connection:
            found = connection.execute(select(row.id, row.head, row.body, row.sig).order_by(row.n))
            return {some.id: op.from_parts(*some) for some in found}

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """All rows of a table in the order of its key."""
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]

    def rows_of(self, name: str) -> list[dict[str, Any]]:
        """All rows of the table of a name."""
        return self.rows(next(table for table in (*_CREATED, TESTPAGE) if table.name == name))

    def entry(self, entity: str) -> dict[str, Any] | None:
        table = entry.Entry.__table__
        with self.engine.connect() as connection:
            row = connection.execute(select(table).where(table.c.id == entity)).mappings().first()
        return dict(row) if row else None

    def shown(self) -> dict[str, list[dict[str, Any]]]:
        """Everything that nodes with the same ops must agree on."""
        found = {}
        for table in (*_CREATED, TESTPAGE):
            if table.name == "touched":
                continue
            local = LOCAL_COLUMNS.get(table.name, set())
            rows = [{name: row[name] for name in row if name not in local} for row in self.rows(table)]
            found[table.name] = sorted(rows, key=lambda row: str(row.get("id")))
        return found

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table."""
        return {table.name: self.rows(table) for table in (*_CREATED, TESTPAGE)}

    def copy(self) -> Copy:
        """Every row of every table, as a backup has them."""
        self.session.rollback()
        return Copy({table.name: self.rows(table) for table in self.tables}, self.node)

    def put_back(self, copy: Copy) -> None:
        """Let the database be what it was when it was copied."""
        self.session.rollback()
        with self.engine.connect().execution_options(writes=True) as connection:
            for table in reversed(self.tables):
                connection.execute(table.delete())
            for table in self.tables:
                if rows := copy.rows[table.name]:
                    connection.execute(insert(table), rows)
                    _go_on_counting(connection, table, rows)
            connection.commit()

    def renew(self) -> None:
        """Take a new incarnation."""
        self.reborn += 1
        inc = canonical.to_base32(digest("inc", self.name, str(self.reborn))[:16])
        self.node = replace(self.node, inc=inc)
        self.person = replace(self.person, node=self.node)

    def restore(self, copy: Copy) -> None:
        """Go on from an older copy, as a node does that knows what it has erased since."""
        erasing = [some for some in self.ops().values() if some.kind in ERASES]
        self.put_back(copy)
        self.renew()
        log.receive(self.session, erasing, "replay")
        self.session.commit()

    def roll_back(self, copy: Copy) -> None:
        """Go on from an older copy of everything, with no way to know it."""
        self.put_back(copy)
        self.node = copy.node
        self.person = replace(self.person, node=self.node)

    def become(self, other: "Place") -> None:
        """Go on as a copy of another node, with its key and its numbers."""
        self.put_back(other.copy())
        self.node, self.person = other.node, other.person

    def text(self) -> bytes:
        """All that lies in the database once it was written anew, as bytes to look for words in."""
        if ON_POSTGRES:
            return repr(self.everything()).encode()
        compact(self.engine)
        with TemporaryDirectory() as folder:
            backup_to(self.engine, Path(folder) / "copy.db")
            return (Path(folder) / "copy.db").read_bytes()


def _go_on_counting(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let a database that counts rows by itself go on from the last that was put back, as `pg_restore` does."""
    column = table.autoincrement_column
    if ON_POSTGRES and column is not None:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        connection.execute(select(func.setval(sequence, max(row[column.name] for row in rows))))


@cache
def place(name: str, skew: int = 0) -> Place:
    """A node that is made once and emptied for each world."""
    return Place(name, skew)


def digest(*words: str) -> bytes:
    """Bytes that are the same in each run."""
    return sha256(" ".join(words).encode()).digest()
