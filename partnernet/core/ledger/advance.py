"""The short way of the projection: an edit or delete whose author had seen everything there is.

Such an op has no rival, so its fields win and nothing older need be read: the hundredth edit of a
text costs no more than the first. A law holds it against the full fold.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from partnernet.core.db import table_of
from partnernet.core.entry import Attachment, Entry
from partnernet.core.ledger import membership
from partnernet.core.ledger.fold import CHANGES, Rules, counts, settable
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.op import Op
from partnernet.core.ledger.side import attachment_rows, side_values

_COLUMNS = frozenset(("title", "body", "lang"))


def advance(session: Session, row: Mapping[str, Any], op: Op, revoking: bool = False) -> bool:
    """Continue an entity's row with one more op, if that is all there is to do; whether it was."""
    kind = KINDS[row["kind"]]
    if op.kind not in CHANGES or row["gaps"] or row["redacted"] or "mem" in op.h or set(row["heads"]) != set(op.par):
        return False
    if revoking and membership.revoked_nodes(session, [op.node]):
        return False
    made, rules = _Row(row), Rules()
    if not counts(op, made, rules):
        return False
    names = settable(op, made, kind, rules)
    setters = {**row["setters"], **{name: [op.id] for name in names}}
    values: dict[str, Any] = {
        "heads": [op.id], "setters": setters, "conflict": any(len(ops) > 1 for ops in setters.values()),
        **{name: op.set[name] for name in names if name in _COLUMNS or name == "deleted"},
    }  # fmt: skip
    if any(name in ("date", "credit", "source", "copied_from") for name in names):
        return False
    if names and op.kind == "edit":
        values["edited"] = max(op.ts, row["edited"] or 0)
    session.execute(update(table_of(Entry)).where(Entry.__table__.c.id == row["id"]).values(values))
    sides = side_values({name: op.set[name] for name in names}, kind)
    if sides and kind.table is not None:
        session.execute(update(kind.table).where(kind.table.c.id == row["id"]).values(sides))
    for name in ("files", "picture"):
        if name in names:
            session.execute(delete(Attachment).where(Attachment.entry == row["id"], Attachment.field == name))
            files = attachment_rows(row["id"], {name: op.set[name]})
            if files:
                session.execute(insert(table_of(Attachment)), files)
    return True


class _Row:
    def __init__(self, row: Mapping[str, Any]) -> None:
        self.node, self.log, self.kind = str(row["node"]), str(row["log"]), str(row["kind"])
        self.network = None  # asked only for an op that relies on a membership, and such a one goes the long way
