"""What one projection reads and changes: its notes in `touched`, and the stored ops of the things it derives."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, select, update
from sqlalchemy.orm import Session

from partnernet.core.among import among
from partnernet.core.db import insert_missing, insert_rows, table_of
from partnernet.core.entry import Revocation
from partnernet.core.ledger.bodies import reading, stored
from partnernet.core.ledger.op import Op
from partnernet.core.ledger.tables import Lacking, OpRow, Touched

_op = OpRow.__table__.c
_OPS = reading(table_of(OpRow), among(_op.thing, "things"))
_LACKING = select(Lacking.op).join(OpRow, OpRow.id == Lacking.op).where(among(OpRow.thing, "things"))
_STATE = select(
    select(func.coalesce(func.max(Touched.__table__.c.position), 0)).scalar_subquery(),
    exists(select(Revocation.op)),
    exists(select(Lacking.op)),
)


@dataclass(slots=True)
class Changes:
    """What one projection has changed so far, in a transaction."""

    cause: str
    position: int
    revoking: bool = False
    """Whether any node is revoked by any network, so that ordinarily nobody asks which."""
    lacking: bool = False
    """Whether any text is lacking."""
    touched: list[dict[str, Any]] = field(default_factory=list)
    roots: set[str] = field(default_factory=set)
    """Entries whose figures over many are to be taken again."""

    @classmethod
    def begin(cls, session: Session, cause: str) -> "Changes":
        """Find out from where to count."""
        return cls(cause, *session.execute(_STATE).one())

    def touch(self, entity: str, op: str | None) -> int:
        """Note that an entity changed; the position of the note."""
        self.position += 1
        self.touched.append({"position": self.position, "entity": entity, "op": op, "cause": self.cause})
        return self.position

    def store(self, session: Session) -> None:
        """Put down what was noted."""
        insert_rows(session, table_of(Touched), self.touched)

    def note_lacking(self, session: Session, found: Mapping[str, Sequence[Op]], gone: Collection[str]) -> None:
        """Note which texts of some things are not here although nothing erased them (`gone`: what was)."""
        bare = {op.id: op.log for ops in found.values() for op in ops if op.is_bare and op.id not in gone}
        if self.lacking:
            noted = session.scalars(_LACKING, {"things": list(found)}).all()
            if past := [op_id for op_id in noted if op_id not in bare]:
                session.execute(delete(Lacking).where(Lacking.op.in_(past)))
        if bare:
            self.lacking = True
            insert_missing(session, Lacking.__table__, [{"op": op_id, "log": log} for op_id, log in bare.items()])


def ops_of(
    session: Session, things: Sequence[str], given: Mapping[str, list[Op]] = MappingProxyType({})
) -> dict[str, list[Op]]:
    """All stored ops of some things; those that are `given` are not read again.

    Where they have very many words, these are read when they are asked for.
    """
    found = {thing: given.get(thing) or [] for thing in things}
    if wanted := [thing for thing, ops in found.items() if not ops]:
        for thing, op in stored(session, _OPS, things=wanted):
            found[thing].append(op)
    return found


def erase(session: Session, ops: Sequence[Op]) -> None:
    """Take bodies away for good."""
    session.execute(
        update(table_of(OpRow))
        .where(OpRow.__table__.c.id == bindparam("gone"))
        .values(body=None, thing=bindparam("at")),
        [{"gone": op.id, "at": op.erased().thing} for op in ops],
    )
