"""Admitting nodes: whose ops are let in, and what waits outside until somebody decides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks, lock_ledger, upsert, write
from partnernet.core.errors import BadBundle, NotFound
from partnernet.core.ledger import canonical
from partnernet.core.ledger.log import receive
from partnernet.core.ledger.op import Op, UnknownVersion, check_signature, read
from partnernet.core.ledger.tables import KnownNode, Quarantined
from partnernet.core.policy import NETWORK, PUBLIC
from partnernet.core.time import now_ms
from partnernet.core.words import _

STEP = 500


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another node, as the exchange shows it."""

    key: str
    admitted: bool
    since: int
    waiting: int
    """How many of its ops wait outside."""

    @property
    def short(self) -> str:
        """The start of its key, in groups, for reading aloud."""
        return spoken(self.key)


def spoken(key: str) -> str:
    """The first 16 characters of a key in groups of four, as two people compare them."""
    return " ".join(key[n : n + 4] for n in range(0, 16, 4))


def neighbours(session: Session) -> list[Neighbour]:
    """Every other node that this one has heard of."""
    counted = session.execute(select(Quarantined.node, func.count()).group_by(Quarantined.node))
    waiting = dict(counted.all())
    known = {node.key: node for node in session.scalars(select(KnownNode))}
    return [
        Neighbour(
            key,
            admitted=key in known and known[key].admitted,
            since=known[key].since if key in known else 0,
            waiting=waiting.get(key, 0),
        )
        for key in sorted({*waiting, *known})
    ]


def admit(session: Session, nodes: Collection[str]) -> int:
    """Let nodes in for what is public and open to the network; how many waiting ops came in with them."""
    write(session)
    lock_ledger(session)
    for node in nodes:
        if len(node) != 52:
            raise NotFound(_("There is no server of this name."))
        canonical.from_base32(node, 32)
    now = now_ms()
    upsert(
        session,
        KnownNode.__table__,
        [{"key": node, "admitted": True, "since": now} for node in sorted(nodes)],
    )
    return sum(release(session, some) for some in chunks(sorted(nodes)))


def release(session: Session, nodes: Sequence[str]) -> int:
    """Take in what waits of admitted nodes and can be read by now; how many ops were new."""
    new, last = 0, ""
    while rows := session.execute(
        select(Quarantined.id, Quarantined.line)
        .where(Quarantined.node.in_(nodes), Quarantined.id > last)
        .order_by(Quarantined.id)
        .limit(STEP)
    ).all():
        last = rows[-1].id
        ready = {row.id: op for row in rows if (op := _readable(row.line)) is not None}
        new += receive(session, list(ready.values()), "import")
        for some in chunks(ready):
            session.execute(delete(Quarantined).where(Quarantined.id.in_(some)))
    return new


def _readable(line: bytes) -> Op | None:
    """The op of a line that waited; None while its format is not known, or it is for others."""
    try:
        op = read(line)
        check_signature(op)
    except (UnknownVersion, BadBundle):
        return None
    return op if op.log in (PUBLIC, NETWORK) else None
