"""A world of a few nodes in memory: what they write, what is carried between them, what each one shows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, MetaData, String, Table, Text, event, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from partnernet.core import entry
from partnernet.core.db import Base
from partnernet.core.engine import backup_to, compact, open_engine
from partnernet.core.ledger import canonical, kinds, log, membership, op, tables
from partnernet.core.ledger.kinds import KINDS, MARKS, Field, Kind, MarkKind
from partnernet.core.ledger.node import Node, SigningKey
from partnernet.core.ledger.op import Op
from partnernet.models import load_all

YEAR = 365 * 24 * 3600 * 1000
START = 1_780_000_000_000
SKEWS = (0, -5 * YEAR, 31 * YEAR)
LOGS = ("network", "public")

TABLES = MetaData()
TESTPAGE = Table(
    "testpage", TABLES,
    Column("id", String(52), primary_key=True),
    Column("summary", Text, default=""),
    Column("points", JSON, default=list),
    Column("count", BigInteger, default=0),
)  # fmt: skip
PAGE = Kind(
    "testpage",
    {
        "title": Field(kinds.line(kinds.TITLE_LIMIT)),
        "body": Field(kinds.prose()),
        "summary": Field(kinds.prose(), shared=True),
        "points": Field(kinds.lines()),
        "count": Field(kinds.moment),
        "files": Field(kinds.files),
        "picture": Field(kinds.picture),
    },
    table=TESTPAGE,
    is_listed=True,
    has_thread=True,
)
REPLY = Kind("testreply", {"body": Field(kinds.prose())})
TEST_KINDS = (PAGE, REPLY)
TEST_MARKS = (MarkKind("testvote", value=kinds.one_of("yes", "no", ""), for_partner=True),)

LEDGER_TABLES = (tables.OpRow, tables.Have, tables.Touched, tables.Quarantined, tables.Lacking)
SYNCED_TABLES = (entry.Entry, entry.Mark, entry.Attachment, entry.Membership, entry.Revocation)
LOCAL_COLUMNS = {"op": {"n"}, "entry": {"arrived", "newest"}}
load_all()
_CREATED: list[Any] = [
    *(model.__table__ for model in (*LEDGER_TABLES, *SYNCED_TABLES)),
    *{kind.table.name: kind.table for kind in KINDS.values() if kind.table is not None}.values(),
]


@contextmanager
def declared() -> Iterator[None]:
    """Declare the kinds and marks of the tests for a while."""
    for kind in TEST_KINDS:
        kinds.declare(kind)
    for mark in TEST_MARKS:
        kinds.declare_mark(mark)
    try:
        yield
    finally:
        for kind in TEST_KINDS:
            del KINDS[kind.name]
        for mark in TEST_MARKS:
            del MARKS[mark.name]


@dataclass(frozen=True)
class Actor:
    """Somebody at a node, who may speak for a partner."""

    node: Node
    handle: str
    partner: str | None = None


class Crash(Exception):
    """The power went."""


class Place:
    """One node of the world: its key, its clock and its database."""

    def __init__(self, name: str, skew: int) -> None:
        self.name, self.skew, self.now = name, skew, START
        self.node = Node(SigningKey.from_seed(_digest("key", name)), canonical.to_base32(_digest("inc", name)[:16]))
        self.person = Actor(self.node, "p" + canonical.to_base32(_digest("person", name)[:16]))
        self.engine = open_engine("sqlite://", poolclass=StaticPool)
        with self.engine.connect().execution_options(writes=True) as connection:
            Base.metadata.create_all(connection, tables=_CREATED)
            TABLES.create_all(connection)
            connection.commit()
        self.session = Session(self.engine, expire_on_commit=False)
        self.statements_left: int | None = None
        event.listen(self.engine, "before_cursor_execute", self._maybe_crash)

    def empty(self) -> "Place":
        """Forget everything that was written here."""
        self.session.rollback()
        self.statements_left, self.now = None, START
        with self.engine.connect().execution_options(writes=True) as connection:
            for table in (*_CREATED, TESTPAGE):
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

    def crashing(self, statements: int, work: Callable[[], object]) -> bool:
        """Do some work, but lose power before its n-th statement; whether it came to that."""
        self.statements_left = statements
        try:
            work()
        except Crash:
            return True
        finally:
            self.statements_left = None
            self.session.rollback()
        return False

    def _maybe_crash(self, *_: object) -> None:
        if self.statements_left is not None:
            self.statements_left -= 1
            if self.statements_left < 0:
                raise Crash

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

    def text(self) -> bytes:
        """All that lies in the database once it was written anew, as bytes to look for words in."""
        compact(self.engine)
        with TemporaryDirectory() as folder:
            backup_to(self.engine, Path(folder) / "copy.db")
            return (Path(folder) / "copy.db").read_bytes()


@cache
def place(name: str, skew: int = 0) -> Place:
    """A node that is made once and emptied for each world."""
    return Place(name, skew)


@dataclass
class World:
    """Nodes who write without knowing of each other, and people who carry ops between them."""

    places: list[Place]
    network: str = ""
    membership: str = ""
    network_key: SigningKey = field(default_factory=lambda: SigningKey.from_seed(_digest("key", "network")))

    @classmethod
    def of(cls, size: int = 3) -> "World":
        """A world whose first node made the network, and named the person of the second its steward."""
        fix_salts()
        world = cls([place(f"node{n}", SKEWS[n % len(SKEWS)]).empty() for n in range(size)])
        first, second = world.places[:2]
        made = first.write("network", "public", {"set": {"name": "A network"}}, net=world.network_key.public)
        document = membership.document(world.network_key, made.id, 1, [(second.node.id, second.person.handle)])
        world.network = made.id
        for somewhere in world.places:
            somewhere.belong(made.id)
        world.membership = first.write("membership", "public", document, ent=made.id, par=[made.id]).id
        return world

    def settle(self) -> None:
        """Carry everything everywhere, until nobody learns anything new."""
        for _ in range(2):
            for target in self.places:
                for source in self.places:
                    if source is not target:
                        target.receive([op.read(line) for line in source.lines()])

    def anew(self, source: Place, order: Callable[[list[Op]], Iterable[Op]], batch: int = 10_000) -> Place:
        """A node that was given all ops of another one, in some order and in batches."""
        fresh = place("anew").empty()
        arrivals = list(order(list(source.ops().values())))
        for start in range(0, len(arrivals), batch):
            fresh.receive(arrivals[start : start + batch])
        return fresh


def forged(by: Actor, head: dict[str, Any], body: dict[str, Any]) -> Op:
    """An op as another program might sign it, with whatever header and body it likes."""
    whole = {"node": by.node.id, "by": by.handle, "inc": by.node.inc, "seq": 1, "kind": "edit",
             "log": "network", "ent": None, "root": None, "par": [], "ts": START, **head}  # fmt: skip
    return op.write(whole, body, by.node.key.sign)


def store_only(target: Place, some: Op) -> None:
    """Put a row into `op` without projecting it."""
    with target.engine.connect().execution_options(writes=True) as connection:
        connection.execute(insert(tables.OpRow.__table__), [log.row_of(some)])
        connection.commit()


_salts = SimpleNamespace(urandom=None)


def fix_salts() -> None:
    """Let salts be the same in each run, so that what fails once fails again."""
    counter = iter(range(1 << 62))
    _salts.urandom = lambda size: sha256(b"salt%d" % next(counter)).digest()[:size]


@contextmanager
def fixed_salts() -> Iterator[None]:
    """Draw salts from a counter instead of the system for a while."""
    system, op.os = op.os, _salts  # type: ignore[assignment] # the only thing that is used of it
    fix_salts()
    try:
        yield
    finally:
        op.os = system


def _digest(*words: str) -> bytes:
    return sha256(" ".join(words).encode()).digest()
