"""Which files of an import come in: those that its statements name, as far as their servers may send files."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks
from partnernet.core.entry import Attachment
from partnernet.core.files import Files
from partnernet.core.handful import FETCHED
from partnernet.core.ledger.node import Node
from partnernet.core.ledger.tables import OpRow
from partnernet.exchange.bundle import named_files
from partnernet.exchange.model import FILL, LATER, REFUSED, StagedOp
from partnernet.nodes import quotas
from partnernet.nodes.admit import let_in
from partnernet.nodes.quarantine import Room

NAMES = b'"sha256"'
_op, _stage = OpRow.__table__.c, StagedOp.__table__.c


@dataclass(slots=True)
class Placing:
    """What becomes of the files of an import; what nothing names is not taken at all."""

    names: set[str] = field(default_factory=set)
    """The hashes of those that are put in place."""
    by_node: Counter[str] = field(default_factory=Counter)
    """Bytes of them, by the server that sent what names them; nothing is counted of this one's own."""
    waiting: Counter[str] = field(default_factory=Counter)
    """Bytes of them, by the op that names them and waits outside."""
    left_out: Counter[str] = field(default_factory=Counter)
    """How many are left out, by server."""


def plan_files(
    session: Session, batch: str, node: Node, files: Files, sizes: Mapping[str, int], admits: Collection[str] = ()
) -> Placing:
    """What becomes of the files that came with a staged import, given as hashes with their bytes.

    `admits`: servers that are about to be let in. What is here already is left as it is.
    """
    found = Placing()
    absent = {name for name in sizes if not files.has(name)}
    inside: dict[str, str] = {}
    outside: dict[str, tuple[str, str]] = {}
    if absent:
        welcome = let_in(session, node)
        for op_id, writer, log, verdict, name in _staged(session, batch):
            if name not in absent:
                continue
            if verdict != LATER and (verdict == FILL or writer in admits or welcome.takes(writer, log)):
                if inside.setdefault(name, writer) != node.id and writer == node.id:
                    inside[name] = writer
            else:
                outside.setdefault(name, (op_id, writer))
        inside |= _here(session, absent - inside.keys())
    left = quotas.left(session, sorted({*inside.values()} - {node.id}))
    room = Room(session)
    for name in sorted(inside.keys() | outside.keys()):
        size, writer = sizes[name], inside.get(name, "")
        if writer == node.id:
            found.names.add(name)
        elif writer and found.by_node[writer] + size <= left[writer].files:
            found.names.add(name)
            found.by_node[writer] += size
        elif not writer and room.takes_file(outside[name][1], size):
            found.names.add(name)
            found.waiting[outside[name][0]] += size
        else:
            found.left_out[writer or outside[name][1]] += 1
    session.rollback()
    return found


def _staged(session: Session, batch: str) -> Iterator[tuple[str, str, str, str, str]]:
    """The files that staged ops name: id, node and log of each op, what becomes of it, and the hash."""
    wanted = (
        select(_stage.id, _stage.node, _stage.log, _stage.verdict, _stage.head, _stage.body)
        .where(_stage.batch == batch, _stage.verdict != REFUSED)
        .where(_stage.body.contains(NAMES) | _stage.head.contains(NAMES))
        .order_by(_stage.n)
    )
    for row in session.execute(wanted, execution_options={"yield_per": FETCHED}):
        for name in named_files(row.head if row.verdict == LATER else row.body):
            yield row.id, row.node, row.log, row.verdict, name


def _here(session: Session, names: Collection[str]) -> dict[str, str]:
    """Which of some files are named by what is here, each with the server that wrote that."""
    found: dict[str, str] = {}
    for some in chunks(sorted(names)):
        wanted = (
            select(Attachment.sha256, _op.node)
            .join(OpRow, _op.thing == Attachment.entry)
            .where(Attachment.sha256.in_(some), _op.id == Attachment.entry)
        )
        found |= dict(session.execute(wanted).all())
    left = set(names) - found.keys()
    if left:  # of kinds that this program does not know yet
        bodies = select(_op.node, _op.body).where(_op.body.contains(NAMES))
        for writer, body in session.execute(bodies, execution_options={"yield_per": FETCHED}):
            found |= dict.fromkeys(left.intersection(named_files(body)), writer)
    return found
