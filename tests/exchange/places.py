"""Places: two or three servers of a small network, each with a database, a key and files of its own."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import Base, commit, write
from partnernet.core.engine import open_engine
from partnernet.core.entry import Entry
from partnernet.core.files import Files
from partnernet.core.ledger import log, op, verbs
from partnernet.core.ledger.node import Node, new_handle, open_node
from partnernet.core.ledger.op import Op
from partnernet.exchange.bundle import JSON, JSONL, ZIP
from partnernet.exchange.incoming.apply import apply, put_files
from partnernet.exchange.incoming.placing import plan_files
from partnernet.exchange.incoming.reader import open_bundle
from partnernet.exchange.incoming.stage import drop, has_news, stage
from partnernet.exchange.outgoing.selection import Selection
from partnernet.exchange.outgoing.writer import Export
from partnernet.exchange.outgoing.writer import write as write_bundle
from partnernet.models import load_all
from partnernet.nodes.admit import admit
from tests.conftest import settings

FORMS = (ZIP, JSON, JSONL)
POSTER = b"\x89PNG a poster for the spring Forum" * 900

load_all()


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of a server."""

    node: Node
    handle: str
    partner: str | None = None


class Place:
    """One server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        url = settings(folder).get("DATABASE_URL", f"sqlite:///{folder / 'partnernet.db'}")
        self.engine = open_engine(url)
        self.session = Session(self.engine, expire_on_commit=False)
        self.node = open_node(folder)
        self.files = Files(folder / "files")

    def close(self) -> None:
        self.session.close()
        self.engine.dispose()

    # -- what its people do ------------------------------------------------------------------------

    def person(self, name: str) -> Somebody:
        who = Somebody(self.node, new_handle())
        verbs.create(self.session, who, "person", "network", {"name": name}, who=who.handle)
        commit(self.session)
        return who

    def write(self, by: Somebody, title: str, log: str = "network", **values: Any) -> Op:
        made = verbs.create(self.session, by, "discussion", log, {"title": title, **values})
        commit(self.session)
        return made

    def reply(self, by: Somebody, under: Op, body: str) -> Op:
        made = verbs.create(self.session, by, "reply", under.log, {"body": body}, under=self.entry(under.id))
        commit(self.session)
        return made

    def edit(self, by: Somebody, entity: str, **values: Any) -> Op:
        made = verbs.edit(self.session, by, self.entry(entity), values)
        commit(self.session)
        return made

    def redact(self, by: Somebody, entity: str, ops: Sequence[str] = ()) -> Op:
        made = verbs.redact(self.session, by, self.entry(entity), ops)
        commit(self.session)
        return made

    def append(self, by: Somebody, kind: str, body: dict[str, Any], log_name: str = "network") -> Op:
        write(self.session)
        made = log.append(self.session, by, kind, log_name, body)
        commit(self.session)
        return made

    def append_many(self, by: Somebody, kind: str, bodies: Iterable[dict[str, Any]]) -> None:
        write(self.session)
        for body in bodies:
            log.append(self.session, by, kind, "network", body)
        commit(self.session)

    def attach(self, content: bytes = POSTER) -> dict[str, Any]:
        stored = self.files.store(io.BytesIO(content), 1 << 30)
        return {"sha256": stored.sha256, "name": "poster.png", "type": "image/png", "size": stored.size}

    # -- what it shows -----------------------------------------------------------------------------

    def entry(self, entity: str) -> Entry:
        found = self.find(entity)
        assert found is not None
        return found

    def find(self, entity: str) -> Entry | None:
        return self.session.scalars(
            select(Entry).where(Entry.id == entity).execution_options(populate_existing=True)
        ).first()

    def titles(self) -> list[str]:
        return sorted(self.session.scalars(select(Entry.title).where(Entry.kind == "discussion")))

    def have(self) -> Any:
        return dict(log.have(self.session))

    def dump(self) -> dict[str, list[str]]:
        """Everything in the database, to be held against what it was before.

        What others say they hold is left out: it is kept of every whole bundle, whatever becomes of that.
        """
        self.session.rollback()
        with self.engine.connect() as connection:
            tables = {
                table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
                for table in Base.metadata.sorted_tables
                if table.name != "peer_have"
            }
        kept = [str(path) for path in self.files.folder.rglob("*") if path.is_file()]
        return {**tables, "files": sorted(kept)}

    # -- what goes out and comes in ----------------------------------------------------------------

    def export(self, name: str, selection: Selection | None = None, **more: Any) -> Path:
        path = self.folder / name
        form = next(form for form in FORMS if name.endswith(form))
        with path.open("w+b") as file:
            write_bundle(Export(self.session, self.node, self.files, selection or Selection(), **more), form, file)
        self.session.rollback()
        return path

    def stage(self, path: Path) -> Any:
        with open_bundle(path) as bundle:
            return stage(self.session, bundle, self.node, self.files, name=path.name, by="node")

    def apply(self, batch: str) -> dict[str, Any]:
        """Take a staged import in, as a steward would who has looked at it."""
        write(self.session)
        receipt = apply(self.session, batch, self.node)
        commit(self.session)
        return receipt

    def take(self, path: Path, admitting: Iterable[str] | None = None) -> dict[str, Any] | None:
        """Import a bundle, admitting its servers unless told otherwise; None where it had nothing new."""
        with open_bundle(path) as bundle:
            batch = stage(self.session, bundle, self.node, self.files, name=path.name, by="node")
            if not has_news(batch):
                drop(self.session, batch.id)
                return None
            nodes = list(batch.preview["waiting"]) if admitting is None else list(admitting)
            placing = plan_files(self.session, batch.id, self.node, self.files, bundle.blobs, nodes)
            put_files(bundle, self.files, placing.names)
        write(self.session)
        if nodes:
            admit(self.session, nodes)
        receipt = apply(self.session, batch.id, self.node, placing=placing)
        commit(self.session)
        return receipt


def lines_of(path: Path) -> list[bytes]:
    """The ops of a bundle, as their canonical lines."""
    with open_bundle(path) as bundle:
        return [line.line for line in bundle.lines()]


def write_lines(path: Path, lines: Iterable[bytes]) -> Path:
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def changed(line: bytes, **parts: Any) -> bytes:
    """A line with parts of its op replaced, written canonically again: an attempt at a forgery."""
    return orjson.dumps({**orjson.loads(line), **parts}, option=orjson.OPT_SORT_KEYS)


def resigned(node: Node, line: bytes, **head: Any) -> bytes:
    """A line whose header was changed and signed anew, by a node that may not be its own."""
    value = orjson.loads(line)
    made = op.write({**{key: item for key, item in value["h"].items() if key not in ("v", "bh")}, **head},
                    {key: item for key, item in value["b"].items() if key != "salt"}, node.key.sign)  # fmt: skip
    return made.line


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    """Set up a server by its name."""
    made: list[Place] = []

    def set_up(name: str) -> Place:
        made.append(Place(tmp_path / name))
        return made[-1]

    yield set_up
    for one in made:
        one.close()


def apart(hall: Place, copy: Place) -> tuple[Op, Place]:
    """A discussion whose title is changed on a server and on a copy of it, which do not know of each other."""
    josie = hall.person("Josie Calder")
    talk = hall.write(josie, "Where shall we meet?")
    copy.take(hall.export("first.pn.zip"))
    copy.node = Node(hall.node.key, "b" * 26)
    hall.edit(josie, talk.id, title="In the hall?")
    copy.edit(Somebody(copy.node, josie.handle), talk.id, title="On the barge?")
    return talk, copy
