"""Many ops of this node at once: each is numbered and signed in turn, then all are stored and projected together."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from partnernet.core.db import chunks, insert_rows, lock_ledger, table_of, write
from partnernet.core.ledger import log
from partnernet.core.ledger import op as ops
from partnernet.core.ledger.canonical import INTEGER_LIMIT
from partnernet.core.ledger.node import Author
from partnernet.core.ledger.op import PAR_LIMIT, Op
from partnernet.core.ledger.project import project
from partnernet.core.ledger.tables import OpRow
from partnernet.core.time import now_ms


class Bulk:
    """A pile of ops in one transaction; nothing of it can be read before `store`.

    What comes of it is what as many calls of `append` would have made, but for the order in which
    `touched` names the entities.
    """

    def __init__(self, session: Session) -> None:
        write(session)
        lock_ledger(session)
        self._session = session
        self._ops: dict[str, Op] = {}
        self._last: dict[log.HaveKey, int] = {}

    def __len__(self) -> int:
        return len(self._ops)

    def append(
        self,
        by: Author,
        kind: str,
        visibility: str,
        body: dict[str, Any],
        *,
        ent: str | None = None,
        root: str | None = None,
        par: Sequence[str] = (),
        clock: log.Clock = now_ms,
        **header: Any,
    ) -> Op:
        """Number and sign one more op; the arguments are those of `log.append`."""
        parents = sorted(set(par))[:PAR_LIMIT]
        head = {
            "node": by.node.id, "by": by.handle, "inc": by.node.inc, "seq": self._next(by, visibility),
            "kind": kind, "log": visibility, "ent": ent, "root": root, "par": parents,
            "ts": self._stamp(parents, clock), **log.standing(by, ent), **header,
        }  # fmt: skip
        op = ops.write(head, body, by.node.key.sign)
        self._ops[op.id] = op
        return op

    def store(self, cause: str = "local") -> None:
        """Store everything and project what it changes. What is old by now goes in as a `replay`."""
        written = list(self._ops.values())
        for some in chunks(written):
            insert_rows(self._session, table_of(OpRow), [log.row_of(op) for op in some])
        log.note_held(
            self._session,
            ((op.node, str(op.h["inc"]), op.log, int(op.h["seq"]), op.id) for op in written),
        )
        project(self._session, {op.thing for op in written}, cause)
        self._ops.clear()
        self._last.clear()

    def _next(self, by: Author, visibility: str) -> int:
        key = (by.node.id, by.node.inc, visibility)
        if key not in self._last:
            self._last[key] = log.highest(self._session, key)
        self._last[key] += 1
        return self._last[key]

    def _stamp(self, parents: Sequence[str], clock: log.Clock) -> int:
        known = [self._ops[parent].ts for parent in parents if parent in self._ops]
        others = [parent for parent in parents if parent not in self._ops]
        stamp = log.stamp(self._session, others, clock)
        return int(min(max(stamp, 1 + max(known, default=-1)), INTEGER_LIMIT - 1))
