"""Admitting nodes: whose ops are let in, and what waits outside until somebody decides."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, false, or_, select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks, lock_ledger, upsert, write
from partnernet.core.errors import BadBundle, NotFound
from partnernet.core.handful import handful
from partnernet.core.ledger import canonical
from partnernet.core.ledger.log import receive
from partnernet.core.ledger.node import Node
from partnernet.core.ledger.op import Op, UnknownVersion, check_signature, read
from partnernet.core.ledger.tables import KnownNode, Quarantined
from partnernet.core.policy import NETWORK, PUBLIC
from partnernet.core.time import now_ms
from partnernet.core.words import _
from partnernet.nodes import holding, leaving, quotas

SHARED = (PUBLIC, NETWORK)
"""The logs that another node can be given a part in."""
STEWARD, MEMBERSHIP, SEEN, SAID = "steward", "membership", "seen", "said"
"""Who decided about a node: somebody here, the network's list, or nobody yet; of the last of these, nothing is known
but its key and what it calls itself."""
STEP = 500
NO_LIMIT = 1 << 62


@dataclass(frozen=True, slots=True)
class LetIn:
    """Whose ops are let in, and in which logs: this node's own in all, another's in those that it may write."""

    own: str
    writers: Mapping[str, Collection[str]]
    """For each log, the nodes."""

    def takes(self, node: str, log: str) -> bool:
        """Whether an op of a node is let in."""
        return node == self.own or node in self.writers.get(log, ())

    def condition(self, node: Any, log: Any) -> ColumnElement[bool]:
        """The same in SQL, for two columns."""
        others = [and_(log == name, node.in_(nodes)) for name, nodes in self.writers.items() if nodes]
        return or_(node == self.own, *others, false())


def let_in(session: Session, node: Node) -> LetIn:
    """Whose ops are let in now."""
    rows = session.execute(select(KnownNode.key, KnownNode.writes).where(KnownNode.admitted)).all()
    return LetIn(node.id, {log: {row.key for row in rows if log in row.writes} for log in SHARED})


def admit(session: Session, nodes: Collection[str], logs: Sequence[str] = SHARED, origin: str = STEWARD) -> int:
    """Let nodes in for some logs; how many waiting ops came in with them."""
    write(session)
    lock_ledger(session)
    for node in nodes:
        if len(node) != 52:
            raise NotFound(_("There is no server of this name."))
        canonical.from_base32(node, 32)
    given = {"admitted": True, "since": now_ms(), "writes": list(logs), "origin": origin}
    upsert(session, KnownNode.__table__, [{"key": node, **given} for node in sorted(nodes)])
    return sum(release(session, some, logs) for some in chunks(sorted(nodes)))


def release(
    session: Session,
    nodes: Sequence[str],
    logs: Sequence[str] = SHARED,
    ops: int = NO_LIMIT,
    size: int = NO_LIMIT,
    files: int = NO_LIMIT,
    *,
    looked_at: bool = False,
) -> int:
    """Take in what waits of admitted nodes and can be read by now; how many ops were new. All of it is counted.

    No more than so many ops, bytes of lines and bytes of files, where there is a limit. Many erasures of what
    others wrote go on waiting, and say so, until somebody has `looked_at` what waits.
    """
    held, count = (set[str](), 0) if looked_at else holding.held(session, nodes)
    if held:
        from partnernet.nodes import alarms  # which names servers, and so needs this module

        alarms.raise_alarm(session, alarms.ERASURES, nodes[0] if len(nodes) == 1 else None, count=count)
    new, last = 0, ""
    taken: dict[str, tuple[int, int]] = {}
    filed: Counter[str] = Counter()
    documents: dict[str, int] = {}
    waiting = (
        select(Quarantined.id, Quarantined.node, Quarantined.line, Quarantined.files, Quarantined.network)
        .where(Quarantined.node.in_(nodes))
        .order_by(Quarantined.id)
        .limit(STEP)
    )
    while rows := handful(session, waiting.where(Quarantined.id > last), "line"):
        last = rows[-1].id
        ready: dict[str, Op] = {}
        for row in rows:
            if row.id in held:
                continue
            fits = ops > 0 and len(row.line) <= size and row.files <= files
            if row.network is not None:
                if row.node not in documents:
                    documents[row.node] = quotas.documents_left(session, row.node)
                fits = fits and documents[row.node] > 0
            if fits and (op := _readable(row.line, logs)):
                ready[row.id] = op
                if row.network is not None:
                    documents[row.node] -= 1
                ops, size, files = ops - 1, size - len(row.line), files - row.files
                count, length = taken.get(row.node, (0, 0))
                taken[row.node] = (count + 1, length + len(row.line))
                filed[row.node] += row.files
        names = leaving.leaving_by(session, ready.values())
        new += receive(session, list(ready.values()), "import")
        leaving.forget_names(session, names)
        for some in chunks(ready):
            session.execute(delete(Quarantined).where(Quarantined.id.in_(some)))
    if taken:
        quotas.note(session, taken, filed)
    return new


def _readable(line: bytes, logs: Sequence[str]) -> Op | None:
    """The op of a line that waited; None while its format is not known, or it is for others."""
    try:
        op = read(line)
        check_signature(op)
    except (UnknownVersion, BadBundle):
        return None
    return op if op.log in logs else None
