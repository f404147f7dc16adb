"""The projection: from ops to the rows that pages read. Nothing else sets those rows.

Its unit is the thing an op changes: an entity, or one register of marks under it. Whatever is asked
for is derived again from all ops of that thing, so it does not matter how often or in which order.
"""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from partnernet.core.among import among
from partnernet.core.db import chunks, insert_rows, lock_ledger, table_of, upsert
from partnernet.core.entry import NOBODY, Attachment, Entry
from partnernet.core.ledger import membership
from partnernet.core.ledger.advance import advance
from partnernet.core.ledger.aggregate import AGGREGATED, refresh, under
from partnernet.core.ledger.bodies import Far
from partnernet.core.ledger.changes import Changes, erase, ops_of
from partnernet.core.ledger.fold import Folded, fold
from partnernet.core.ledger.kinds import KINDS, Kind, reference
from partnernet.core.ledger.op import Op
from partnernet.core.ledger.registers import erase_named_marks, project_registers, project_under
from partnernet.core.ledger.side import attachment_rows, side_row
from partnernet.core.ledger.tables import OpRow

_ENTRIES = select(Entry.__table__).where(among(Entry.__table__.c.id, "ids"))

OWN_COLUMNS = [column.name for column in Entry.__table__.columns if column.name not in {*AGGREGATED, "arrived"}]


def project(
    session: Session,
    things: Collection[str],
    cause: str,
    *,
    fresh: Op | None = None,
    newest: Op | None = None,
    found: Mapping[str, list[Op]] | None = None,
) -> None:
    """Derive the rows of some things again, and note in `touched` which entities changed.

    `fresh` is a create that was made here a moment ago, so that nothing else can be there yet.
    `newest` is an op of ours that may continue what its thing was before.
    `found` are all ops of some of the things, so that they need not be read again.
    """
    changes = Changes.begin(session, cause)
    _project_things(session, things, changes, fresh, newest, found or {})
    only_replied = fresh is not None and not fresh.set.get("copied_from")
    moved = refresh(session, changes.roots, only_replied=only_replied)
    for entity in sorted(moved - {row["entity"] for row in changes.touched}):
        changes.touch(entity, None)
    changes.store(session)
    if changes.touched:
        session.info["position"] = changes.position


def touch(session: Session, entities: Collection[str]) -> None:
    """Note that some entities are to be taken in again although no op changed them: what they name became known."""
    lock_ledger(session)
    changes = Changes.begin(session, "replay")
    for entity in sorted(entities):
        changes.touch(entity, None)
    changes.store(session)


def _project_things(
    session: Session,
    things: Collection[str],
    changes: Changes,
    fresh: Op | None = None,
    newest: Op | None = None,
    found: Mapping[str, list[Op]] = MappingProxyType({}),
) -> None:
    for some in chunks(sorted(thing for thing in things if "/" not in thing)):
        _project_entities(session, some, changes, fresh, newest, found)
    for some in chunks(sorted(thing for thing in things if "/" in thing)):
        project_registers(session, some, changes, found)


def _project_entities(
    session: Session,
    ids: Sequence[str],
    changes: Changes,
    fresh: Op | None,
    newest: Op | None,
    given: Mapping[str, list[Op]],
) -> None:
    before: dict[str, Mapping[str, Any]] = {}
    if fresh is not None:
        found = {fresh.id: [fresh]}
    else:
        if newest is not None:
            before = _rows(session, ids)
            row = before.get(newest.entity)
            if row is not None and advance(session, row, newest, changes.revoking):
                changes.touch(newest.entity, newest.id)
                changes.roots.add(newest.entity)
                changes.roots.update(filter(None, (row["root"], row["copied_from"])))
                return
        found = ops_of(session, ids, given)
        if len(ids) > 1 and any(isinstance(op, Far) for ops in found.values() for op in ops):
            del found
            for some in (ids[: len(ids) // 2], ids[len(ids) // 2 :]):  # what comes of it is held for all of them
                _project_entities(session, some, changes, None, None, given)
            return
        before = before or _rows(session, ids)
    relying = _derive_memberships(session, found, changes)
    rules = membership.rules(session, [op for ops in found.values() for op in ops], revoking=changes.revoking)
    rows, sides, erased, made, gone = [], [], [], [], set()
    awaited = set() if fresh is not None else under(session, [entity for entity in found if entity not in before])
    for entity, ops in found.items():
        create = next((op for op in ops if op.is_create), None)
        if create is None:
            continue
        kind = KINDS.get(create.kind)
        folded = fold(ops, kind or Kind(create.kind, {}), rules)
        if folded is None:
            continue
        if folded.erased:
            gone |= folded.erased
            erased += [op for op in ops if not op.is_bare and op.id in folded.erased]
        if len(ops) > 1:
            erase_named_marks(session, folded, ops, changes)
        if kind is None:
            continue  # kept and passed on; but what is erased is erased
        row = entry_row(folded, kind)
        old = before.get(entity)
        if old is None or any(old[name] != row[name] for name in OWN_COLUMNS):
            position = changes.touch(entity, folded.last)
            row["arrived"] = row["newest"] = position if old is None else old["arrived"]
            if old is None or old["log"] != row["log"]:
                made.append(entity)
            rows.append(row)
            sides.append((kind, folded))
            own = entity if old is not None or entity in awaited else None  # what is yet to come says so itself
            changes.roots.update(filter(None, (own, row["root"], row["copied_from"])))
            if old is not None and old["copied_from"]:
                changes.roots.add(old["copied_from"])
    upsert(session, Entry.__table__, rows, keep={*AGGREGATED, "arrived"})
    _write_sides(session, sides, is_new=not before)
    if erased:
        erase(session, erased)
    changes.note_lacking(session, found, gone)
    if changes.revoking:
        project_under(session, made, changes)
    _project_things(session, relying - found.keys(), changes)


def _rows(session: Session, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    return {row["id"]: dict(row) for row in session.execute(_ENTRIES, {"ids": ids}).mappings()}


def entry_row(folded: Folded, kind: Kind) -> dict[str, Any]:
    """The row of an entity, without what is counted over many."""
    create, values = folded.create, folded.values
    when = values.get("date", create.ts)
    parent = create.h.get("re")
    return {
        "id": create.id, "kind": kind.name, "log": NOBODY if folded.withdrawn else create.log,
        "node": create.node, "by": create.by, "partner": create.h.get("for"), "root": create.root,
        "parent": parent if parent and reference(parent) else None,
        "ts": create.ts, "when": when,
        "title": values.get("title", ""), "body": values.get("body", ""),
        "credit": values.get("credit", ""), "source": values.get("source", ""),
        "lang": values.get("lang", ""),
        "copied_from": values.get("copied_from") or None,
        "deleted": folded.deleted, "redacted": folded.redacted, "conflict": folded.conflict,
        "edited": folded.edited, "gaps": folded.gaps, "heads": folded.heads, "setters": folded.setters,
        "superseded_by": None, "listed": kind.is_listed and not (folded.deleted or folded.redacted or folded.withdrawn),
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
        insert_rows(session, table_of(Attachment), files)


def _derive_memberships(session: Session, found: Mapping[str, Sequence[Op]], changes: Changes) -> set[str]:
    """Set what the keys of the networks among some entities signed; the things of which something else counts now."""
    things: set[str] = set()
    for ops in found.values():
        create = next((op for op in ops if op.is_create), None)
        if create is None or create.kind != "network":
            continue
        relied, nodes = membership.derive(session, create, ops)
        for some in chunks(relied):
            things.update(session.scalars(select(OpRow.thing).where(OpRow.relies_on.in_(some))))
        for node in nodes:
            changes.revoking = True
            things.update(session.scalars(select(OpRow.thing).where(OpRow.node == node).distinct()))
    return things
