"""Quotas: how much one server may send, in a day and in all, before the rest waits for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.db import lock_ledger, upsert, write
from partnernet.core.ledger.fold import SIGNED_BY_NETWORK
from partnernet.core.ledger.tables import Intake, KnownNode, OpRow
from partnernet.core.time import DAY, now_ms

OPS_A_DAY, BYTES_A_DAY, OPS, BYTES = "ops_a_day", "bytes_a_day", "ops", "bytes"
FILES_A_DAY, FILES = "files_a_day", "files"
DEFAULTS: Mapping[str, int] = {
    OPS_A_DAY: 200_000, BYTES_A_DAY: 1 << 30, FILES_A_DAY: 4 << 30, OPS: 10_000_000, BYTES: 20 << 30, FILES: 40 << 30,
}  # fmt: skip
"""Generous: a busy partner writes a few hundred statements a day. The first bundle of a whole network fits."""
DOCUMENTS = 1_000
"""Lists and revocations of one server that come in by its own word, since all of a network's are read at once. Those
that the network's key has signed come in besides."""
NONE = (0, 0, 0)
IN_ALL = 0
"""The day of `Intake` under which everything is counted together."""


@dataclass(frozen=True, slots=True)
class Left:
    """How much of a server may still come in now."""

    ops: int
    bytes: int
    """Of lines."""
    files: int
    """Bytes of files."""

    def takes(self, ops: int, size: int) -> bool:
        """Whether so much fits."""
        return ops <= self.ops and size <= self.bytes


def left(session: Session, nodes: Sequence[str]) -> dict[str, Left]:
    """How much of each server may still come in today."""
    if not nodes:
        return {}
    today = _today()
    own = dict(session.execute(select(KnownNode.key, KnownNode.quota).where(KnownNode.key.in_(nodes))).all())
    used = {
        (row.node, row.day): (row.ops, row.bytes, row.files)
        for row in session.scalars(select(Intake).where(Intake.node.in_(nodes), Intake.day.in_((today, IN_ALL))))
    }
    return {node: _left({**DEFAULTS, **own.get(node, {})}, used.get((node, today), NONE),
                        used.get((node, IN_ALL), NONE)) for node in nodes}  # fmt: skip


def note(session: Session, taken: Mapping[str, tuple[int, int]], files: Mapping[str, int] | None = None) -> None:
    """Count what came in by node: ops and bytes of their lines, and bytes of files."""
    write(session)
    lock_ledger(session)
    files = files or {}
    nodes = sorted(taken.keys() | files.keys())
    for day in (_today(), IN_ALL):
        rows = session.execute(select(Intake).where(Intake.node.in_(nodes), Intake.day == day)).scalars()
        before = {row.node: (row.ops, row.bytes, row.files) for row in rows}
        added = []
        for node in nodes:
            more = (*taken.get(node, (0, 0)), files.get(node, 0))
            ops, size, of_files = (sum(pair) for pair in zip(before.get(node, NONE), more, strict=True))
            added.append({"node": node, "day": day, "ops": ops, "bytes": size, "files": of_files})
        upsert(session, Intake.__table__, added)


def documents_left(session: Session, node: str) -> int:
    """How many lists and revocations of a server may still come in by its own word."""
    here = select(func.count()).where(OpRow.node == node, OpRow.kind.in_(SIGNED_BY_NETWORK))
    return max(0, DOCUMENTS - (session.scalar(here) or 0))


def may_bring(session: Session, own: str, op: str, size: int) -> bool:
    """Whether a file of so many bytes may come in that an op names: not while that waits outside, nor over a limit."""
    writer = writer_of(session, op)
    return writer is not None and (writer == own or size <= left(session, [writer])[writer].files)


def writer_of(session: Session, op: str) -> str | None:
    """The server that wrote an op; None where it is not here, or waits outside."""
    return session.scalar(select(OpRow.node).where(OpRow.id == op))


def _left(limits: Mapping[str, int], today: tuple[int, ...], in_all: tuple[int, ...]) -> Left:
    names = ((OPS_A_DAY, OPS), (BYTES_A_DAY, BYTES), (FILES_A_DAY, FILES))
    return Left(*(
        max(0, min(limits[a_day] - today[n], limits[ever] - in_all[n])) for n, (a_day, ever) in enumerate(names)
    ))  # fmt: skip


def _today() -> int:
    return now_ms() // DAY
