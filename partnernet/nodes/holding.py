"""Erasures among what waits: many of them at once are let in by somebody who has looked, and by nothing else."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks
from partnernet.core.errors import BadBundle
from partnernet.core.handful import handful
from partnernet.core.ledger.erasures import ERASURES_LIMIT
from partnernet.core.ledger.fold import ERASES
from partnernet.core.ledger.op import Op, read
from partnernet.core.ledger.tables import OpRow, Quarantined

STEP = 500


def held(session: Session, nodes: Sequence[str]) -> tuple[set[str], int]:
    """The ids of the erasures of some nodes that wait and are too many, and how many entries of others they name.

    Nothing is held where they are few. Whoever erases what was written at home may erase any number.
    """
    named = {op.id: op for op in erasing(session, nodes)}
    writers: dict[str, str] = {}
    for some in chunks(sorted({op.entity for op in named.values()})):
        writers |= dict(session.execute(select(OpRow.id, OpRow.node).where(OpRow.id.in_(some))).all())
    of_others = {op.id: op.entity for op in named.values() if writers.get(op.entity, op.node) != op.node}
    count = len(set(of_others.values()))
    return (set(of_others), count) if count > ERASURES_LIMIT else (set(), 0)


def erasing(session: Session, nodes: Sequence[str] | None = None) -> list[Op]:
    """What erases among the lines that wait, of some nodes or of all; what cannot be read yet cannot erase either."""
    found, last = [], ""
    signs = or_(*(Quarantined.line.contains(f'"kind":"{kind}"'.encode()) for kind in ERASES))
    wanted = select(Quarantined.id, Quarantined.line).where(signs)
    if nodes is not None:
        wanted = wanted.where(Quarantined.node.in_(nodes))
    wanted = wanted.order_by(Quarantined.id).limit(STEP)
    while rows := handful(session, wanted.where(Quarantined.id > last), "line"):
        last = rows[-1].id
        for row in rows:
            try:
                op = read(row.line)
            except BadBundle:
                continue  # a later format, or damaged: it is not let in either
            if op.kind in ERASES:
                found.append(op.erased())
    return found
