"""The projection of marks: each register of them is a thing of its own under its entry."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks, upsert
from partnernet.core.entry import Mark
from partnernet.core.ledger import membership
from partnernet.core.ledger.changes import Changes, erase, ops_of
from partnernet.core.ledger.fold import Folded, Rules, counts, fold_register, named_by
from partnernet.core.ledger.kinds import MARKS
from partnernet.core.ledger.op import Op
from partnernet.core.ledger.tables import OpRow


def project_registers(
    session: Session,
    things: Sequence[str],
    changes: Changes,
    given: Mapping[str, list[Op]] = MappingProxyType({}),
) -> None:
    """Derive the rows of some registers again; the ops that are `given` are not read again."""
    found = ops_of(session, things, given)
    entries = sorted({thing.partition("/")[0] for thing in things})
    gone = _erased_marks(session, entries, changes)
    void = _void(session, entries, found, changes)
    before = {
        row["thing"]: row for row in session.execute(select(Mark.__table__).where(Mark.thing.in_(things))).mappings()
    }
    changes.note_lacking(session, found, gone)
    rows, left = [], []
    for thing, ops in found.items():
        erased = [op for op in ops if op.id in gone and not op.is_bare]
        if erased:
            erase(session, erased)
        row = mark_row(thing, [op for op in ops if op.id not in gone and op.id not in void])
        old = before.get(thing)
        if row is None:
            if old is not None:
                left.append(thing)
        elif old is None or dict(old) != row:
            rows.append(row)
        else:
            continue
        entry = thing.partition("/")[0]
        if row is not None or old is not None:
            changes.touch(entry, ops[-1].id if row is None else row["heads"][0])
            changes.roots.add(entry)
    upsert(session, Mark.__table__, rows)
    if left:
        session.execute(delete(Mark).where(Mark.thing.in_(left)))


def mark_row(thing: str, ops: Sequence[Op]) -> dict[str, Any] | None:
    """The row of a register; None where it says nothing that this version can show."""
    register = fold_register(ops) if not thing.endswith("/?") else None
    if register is None:
        return None
    winner = register.winner
    body = winner.b or {}
    kind = MARKS.get(str(body.get("mark")))
    subject, value = body.get("subject"), body.get("value")
    if kind is None or not kind.subject(subject) or not kind.value(value):
        return None
    said = ("yes" if value else "") if isinstance(value, bool) else str(value)
    return {
        "thing": thing, "entry": winner.entity, "log": winner.log, "mark": kind.name,
        "subject": subject or "", "node": winner.node, "by": winner.by,
        "partner": winner.h.get("for"), "value": said, "ts": winner.ts,
        "heads": register.heads,
    }  # fmt: skip


def erase_named_marks(session: Session, folded: Folded, ops: Sequence[Op], changes: Changes) -> None:
    """Derive the registers again in which a redact of this entity names a mark."""
    named = named_by(ops) - {op.id for op in ops}
    if not named:
        return
    under = OpRow.thing.startswith(folded.create.id + "/")
    things: set[str] = set()
    for some in chunks(sorted(named)):
        things.update(session.scalars(select(OpRow.thing).where(OpRow.id.in_(some), under)))
    for some in chunks(sorted(things)):
        project_registers(session, some, changes)


def project_under(session: Session, entities: Sequence[str], changes: Changes) -> None:
    """Derive every register under some entities again: what counts of them is decided by their entry."""
    for entity in entities:
        under = OpRow.thing > f"{entity}/", OpRow.thing < f"{entity}0"
        things = session.scalars(select(OpRow.thing).where(*under).distinct()).all()
        for some in chunks(sorted(things)):
            project_registers(session, some, changes)


def _erased_marks(session: Session, entries: Sequence[str], changes: Changes) -> set[str]:
    """Ids of the mark ops under some entries that a redact names."""
    redacted = session.scalars(
        select(OpRow.thing).where(OpRow.thing.in_(entries), OpRow.kind == "redact").distinct()
    ).all()
    gone: set[str] = set()
    for ops in ops_of(session, redacted).values() if redacted else ():
        create = next((op for op in ops if op.is_create), None)
        if create is not None:
            rules = membership.rules(session, ops, revoking=changes.revoking)
            gone |= named_by(op for op in ops if counts(op, create, rules))
    return gone


def _void(session: Session, entries: Sequence[str], found: Mapping[str, Sequence[Op]], changes: Changes) -> set[str]:
    """Ids of the mark ops that the network of their entry has revoked with the node that wrote them."""
    if not changes.revoking:
        return set()
    ops = [op for some in found.values() for op in some]
    rules: Rules = membership.rules(session, ops)
    heads = session.execute(select(OpRow.id, OpRow.head).where(OpRow.id.in_(entries)))
    made = {op_id: Op(op_id, head, None, b"", orjson.loads(head), None) for op_id, head in heads}
    return {op.id for op in ops if op.entity in made and rules.is_revoked(op, made[op.entity])}
