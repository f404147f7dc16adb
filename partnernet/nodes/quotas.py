"""Quotas: how much one server may send, in a day and in all, before the rest waits for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import upsert, write
from partnernet.core.ledger.tables import Intake, KnownNode
from partnernet.core.time import DAY, now_ms

OPS_A_DAY, BYTES_A_DAY, OPS, BYTES = "ops_a_day", "bytes_a_day", "ops", "bytes"
DEFAULTS: Mapping[str, int] = {OPS_A_DAY: 200_000, BYTES_A_DAY: 1 << 30, OPS: 10_000_000, BYTES: 20 << 30}
"""Generous: a busy partner writes a few hundred statements a day. The first bundle of a whole network fits."""
IN_ALL = 0
"""The day of `Intake` under which everything is counted together."""


@dataclass(frozen=True, slots=True)
class Left:
    """How much of a server may still come in now."""

    ops: int
    bytes: int

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
        (row.node, row.day): (row.ops, row.bytes)
        for row in session.scalars(select(Intake).where(Intake.node.in_(nodes), Intake.day.in_((today, IN_ALL))))
    }
    return {node: _left({**DEFAULTS, **own.get(node, {})}, used.get((node, today), (0, 0)),
                        used.get((node, IN_ALL), (0, 0))) for node in nodes}  # fmt: skip


def note(session: Session, taken: Mapping[str, tuple[int, int]]) -> None:
    """Count what came in, as ops and bytes by node."""
    write(session)
    for day in (_today(), IN_ALL):
        rows = session.execute(select(Intake).where(Intake.node.in_(sorted(taken)), Intake.day == day)).scalars()
        before = {row.node: (row.ops, row.bytes) for row in rows}
        added = [
            {"node": node, "day": day, "ops": ops + before.get(node, (0, 0))[0],
             "bytes": size + before.get(node, (0, 0))[1]}
            for node, (ops, size) in sorted(taken.items())
        ]  # fmt: skip
        upsert(session, Intake.__table__, added)


def _left(limits: Mapping[str, int], today: tuple[int, int], in_all: tuple[int, int]) -> Left:
    return Left(
        max(0, min(limits[OPS_A_DAY] - today[0], limits[OPS] - in_all[0])),
        max(0, min(limits[BYTES_A_DAY] - today[1], limits[BYTES] - in_all[1])),
    )


def _today() -> int:
    return now_ms() // DAY
