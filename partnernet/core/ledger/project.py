"""The projection: from ops to the rows that pages read. Nothing else sets those rows.

Its unit is the thing an op changes: an entity, or one register of marks under it. Whatever is asked
for is derived again from all ops of that thing, so it does not matter how often or in which order.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from partnernet.core.db import chunks, lock_ledger, table_of, upsert
from partnernet.core.entry import Attachment, Entry, Mark
from partnernet.core.ledger import membership
from partnernet.core.ledger.advance import advance
from partnernet.core.ledger.aggregate import AGGREGATED, refresh
from partnernet.core.ledger.fold import Folded, counts, fold, fold_register, named_by
from partnernet.core.ledger.kinds import KINDS, MARKS, Kind, reference
from partnernet.core.ledger.op import Op, from_parts
from partnernet.core.ledger.side import attachment_rows, side_row
from partnernet.core.ledger.tables import OpRow, Touched

_op = OpRow.__table__.c
_OPS = select(_op.thing, _op.id, _op.head, _op.body, _op.sig).where(_op.thing.in_(bindparam("things", expanding=True)))
_ENTRIES = select(Entry.__table__).where(Entry.__table__.c.id.in_(bindparam("ids", expanding=True)))
_POSITION = select(func.coalesce(func.max(Touched.__table__.c.position), 0))

OWN_COLUMNS = [column.name for column in Entry.__table__.columns if column.name not in {*AGGREGATED, "arrived"}]


@dataclass(slots=True)
class Changes:
    """What one projection has changed so far, in a transaction."""

    cause: str
    position: int
    touched: list[dict[str, Any]] = field(default_factory=list)
    roots: set[str] = field(default_factory=set)
    """Entries whose figures over many are to be taken again."""

    def touch(self, entity: str, op: str | None) -> int:
        """Note that an entity changed; the position of the note."""
        self.position += 1
        self.touched.append({"position": self.position, "entity": entity, "op": op, "cause": self.cause})
        return self.position


def project(
    session: Session,
    things: Collection[str],
    cause: str,
    *,
    fresh: Op | None = None,
    newest: Op | None = None,
) -> None:
    """Derive the rows of some things again, and note in `touched` which entities changed.

    `fresh` is a create that was made here a moment ago, so that nothing else can be there yet.
    `newest` is an op of ours that may continue what its thing was before.
    """
    changes = Changes(cause, session.execute(_POSITION).scalar_one())
    entities = sorted(thing for thing in things if "/" not in thing)
    registers = sorted(thing for thing in things if "/" in thing)
    for some in chunks(entities):
        _project_entities(session, some, changes, fresh, newest)
    for some in chunks(registers):
        _project_registers(session, some, changes)
    only_replied = fresh is not None and not fresh.set.get("copied_from")
    moved = refresh(session, changes.roots, only_replied=only_replied)
    for entity in sorted(moved - {row["entity"] for row in changes.touched}):
        changes.touch(entity, None)
    if changes.touched:
        session.execute(insert(table_of(Touched)), changes.touched)
        session.info["position"] = changes.position


def touch(session: Session, entities: Collection[str]) -> None:
    """Note that some entities are to be taken in again although no op changed them: what they name became known."""
    lock_ledger(session)
    changes = Changes("replay", session.execute(_POSITION).scalar_one())
    for entity in sorted(entities):
        changes.touch(entity, None)
    if changes.touched:
        session.execute(insert(table_of(Touched)), changes.touched)


def ops_of(session: Session, things: Sequence[str]) -> dict[str, list[Op]]:
    """All stored ops of some things."""
    found: dict[str, list[Op]] = {thing: [] for thing in things}
    for thing, op_id, head, body, sig in session.execute(_OPS, {"things": things}):
        found[thing].append(from_parts(op_id, head, body, sig))
    return found


# -- entities --------------------------------------------------------------------------------------


def _project_entities(
    session: Session, ids: Sequence[str], changes: Changes, fresh: Op | None, newest: Op | None
) -> None:
    if fresh is not None:
        before: dict[str, Mapping[str, Any]] = {}
        found = {fresh.id: [fresh]}
    else:
        before = {row["id"]: dict(row) for row in session.execute(_ENTRIES, {"ids": ids}).mappings()}
        if newest is not None and (row := before.get(newest.entity)) and advance(session, row, newest):
            changes.touch(newest.entity, newest.id)
            changes.roots.add(newest.entity)
            changes.roots.update(filter(None, (row["root"], row["copied_from"])))
            return
        found = ops_of(session, ids)
    relying = _derive_memberships(session, found)
    is_steward = membership.stewards(session, [op for ops in found.values() for op in ops])
    rows, sides, erased = [], [], []
    for entity, ops in found.items():
        create = next((op for op in ops if op.is_create), None)
        kind = KINDS.get(create.kind, Kind(create.kind, {})) if create else None
        folded = fold(ops, kind, is_steward) if kind else None
        if kind is None or folded is None:
            continue
        erased += [op for op in ops if op.body is not None and op.id in folded.erased]
        _erase_named_marks(session, folded, ops, changes)
        if kind.name not in KINDS:
            continue  # kept and passed on; but what is erased is erased
        row = entry_row(folded, kind)
        old = before.get(entity)
        if old is None or any(old[name] != row[name] for name in OWN_COLUMNS):
            position = changes.touch(entity, folded.last)
            row["arrived"] = row["newest"] = position if old is None else old["arrived"]
            rows.append(row)
            sides.append((kind, folded))
            own = None if fresh is not None else entity  # nothing can stand under what was made a moment ago
            changes.roots.update(filter(None, (own, row["root"], row["copied_from"])))
            if old is not None and old["copied_from"]:
                changes.roots.add(old["copied_from"])
    upsert(session, Entry.__table__, rows, keep={*AGGREGATED, "arrived"})
    _write_sides(session, sides, is_new=not before)
    if erased:
        _erase(session, erased)
    for some in chunks(sorted(relying - found.keys())):
        _project_entities(session, some, changes, None, None)


def entry_row(folded: Folded, kind: Kind) -> dict[str, Any]:
    """The row of an entity, without what is counted over many."""
    create, values = folded.create, folded.values
    when = values.get("date", create.ts)
    parent = create.h.get("re")
    return {
        "id": create.id, "kind": kind.name, "log": create.log, "node": create.node, "by": create.by,
        "partner": create.h.get("for"), "root": create.root,
        "parent": parent if parent and reference(parent) else None,
        "ts": create.ts, "when": when,
        "title": values.get("title", ""), "body": values.get("body", ""),
        "credit": values.get("credit", ""), "source": values.get("source", ""),
        "lang": values.get("lang", ""),
        "copied_from": values.get("copied_from") or None,
        "deleted": folded.deleted, "redacted": folded.redacted, "conflict": folded.conflict,
        "edited": folded.edited, "gaps": folded.gaps, "heads": folded.heads, "setters": folded.setters,
        "superseded_by": None, "listed": kind.is_listed and not (folded.deleted or folded.redacted),
        "replies": 0, "activity": when, "tags": [],
        "arrived": 0, "newest": 0,
    }  # fmt: skip


def _write_sides(session: Session, sides: Sequence[tuple[Kind, Folded]], *, is_new: bool) -> None:
    by_table: dict[Table, list[dict[str, Any]]] = {}
    files = []
    for kind, folded in sides:
        if kind.table is not None:
            by_table.setdefault(kind.table, []).append(side_row(folded, kind))
        files += attachment_rows(folded.create.id, folded.values)
    for table, rows in by_table.items():
        upsert(session, table, rows)
    if sides and not is_new:
        session.execute(delete(Attachment).where(Attachment.entry.in_([folded.create.id for _, folded in sides])))
    if files:
        session.execute(insert(table_of(Attachment)), files)


def _erase(session: Session, ops: Sequence[Op]) -> None:
    """Take bodies away for good."""
    session.execute(
        update(table_of(OpRow))
        .where(OpRow.__table__.c.id == bindparam("gone"))
        .values(body=None, thing=bindparam("at")),
        [{"gone": op.id, "at": op.erased().thing} for op in ops],
    )


def _derive_memberships(session: Session, found: Mapping[str, Sequence[Op]]) -> set[str]:
    """Set the memberships of the networks among some entities; the entities that rely on what is new."""
    relied: list[str] = []
    for ops in found.values():
        create = next((op for op in ops if op.is_create), None)
        if create is not None and create.kind == "network" and membership.derive(session, create, ops):
            relied += [op.id for op in ops if op.kind == "membership"]
    things: set[str] = set()
    for some in chunks(relied):
        things.update(session.scalars(select(OpRow.thing).where(OpRow.relies_on.in_(some))))
    return {thing for thing in things if "/" not in thing}


# -- marks -----------------------------------------------------------------------------------------


def _project_registers(session: Session, things: Sequence[str], changes: Changes) -> None:
    found = ops_of(session, things)
    entries = sorted({thing.partition("/")[0] for thing in things})
    gone = _erased_marks(session, entries)
    before = {
        row["thing"]: row for row in session.execute(select(Mark.__table__).where(Mark.thing.in_(things))).mappings()
    }
    rows, left = [], []
    for thing, ops in found.items():
        erased = [op for op in ops if op.id in gone and op.body is not None]
        if erased:
            _erase(session, erased)
        row = mark_row(thing, [op for op in ops if op.id not in gone])
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


def _erased_marks(session: Session, entries: Sequence[str]) -> set[str]:
    """Ids of the mark ops under some entries that a redact names."""
    redacted = session.scalars(
        select(OpRow.thing).where(OpRow.thing.in_(entries), OpRow.kind == "redact").distinct()
    ).all()
    gone: set[str] = set()
    for ops in ops_of(session, redacted).values() if redacted else ():
        create = next((op for op in ops if op.is_create), None)
        if create is not None:
            is_steward = membership.stewards(session, ops)
            gone |= named_by(op for op in ops if counts(op, create, is_steward))
    return gone


def _erase_named_marks(session: Session, folded: Folded, ops: Sequence[Op], changes: Changes) -> None:
    """Derive the registers again in which a redact of this entity names a mark."""
    named = named_by(ops) - {op.id for op in ops}
    if not named:
        return
    under = OpRow.thing.startswith(folded.create.id + "/")
    things: set[str] = set()
    for some in chunks(sorted(named)):
        things.update(session.scalars(select(OpRow.thing).where(OpRow.id.in_(some), under)))
    for some in chunks(sorted(things)):
        _project_registers(session, some, changes)
