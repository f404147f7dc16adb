"""The log: writing an op of our own, taking in those of others, and saying what this node holds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from partnernet.core.among import among
from partnernet.core.db import chunks, insert_rows, lock_ledger, table_of, upsert, write
from partnernet.core.ledger import op as ops
from partnernet.core.ledger.canonical import INTEGER_LIMIT, from_base32
from partnernet.core.ledger.node import Author
from partnernet.core.ledger.op import PAR_LIMIT, Op
from partnernet.core.ledger.project import project
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.ledger.tables import Have, OpRow
from partnernet.core.time import now_ms

Clock = Callable[[], int]

HaveKey = tuple[str, str, str]

_have = Have.__table__.c
_HAVE = select(_have.ranges, _have.digest).where(
    _have.node == bindparam("node"), _have.inc == bindparam("inc"), _have.log == bindparam("log")
)
_PARENTS = select(OpRow.__table__.c.head).where(among(OpRow.__table__.c.id, "ids"))


def append(
    session: Session,
    by: Author,
    kind: str,
    log: str,
    body: dict[str, Any],
    *,
    ent: str | None = None,
    root: str | None = None,
    par: Sequence[str] = (),
    clock: Clock = now_ms,
    **header: Any,
) -> Op:
    """Number, sign and store an op of this node, and project what it changes, in one transaction.

    `header` takes the fields of the header that only some kinds have: `who`, `ops`, `mem`, `net`.
    """
    write(session)
    lock_ledger(session)
    parents = sorted(set(par))[:PAR_LIMIT]
    key = (by.node.id, by.node.inc, log)
    ranges, digest = _held(session, key)
    seq = ranges.highest + 1
    head = {
        "node": by.node.id, "by": by.handle, "inc": by.node.inc, "seq": seq, "kind": kind, "log": log,
        "ent": ent, "root": root, "par": parents, "ts": stamp(session, parents, clock),
        **standing(by, ent), **header,
    }  # fmt: skip
    op = ops.write(head, body, by.node.key.sign)
    insert_rows(session, table_of(OpRow), [row_of(op)])
    upsert(session, Have.__table__, [_have_row(key, ranges.add(seq), digest ^ short_hash(op.id))])
    if op.is_create:
        project(session, {op.thing}, "local", fresh=op)
    else:
        project(session, {op.thing}, "local", newest=op)
    return op


def receive(session: Session, arrivals: Sequence[Op], cause: str = "import") -> int:
    """Take in checked ops, known ones included, and project what they change; how many were new.

    Nothing here asks whether their nodes are admitted: that is decided before.
    """
    write(session)
    lock_ledger(session)
    things: set[str] = set()
    new = 0
    arriving = {op.id: op for op in sorted(arrivals, key=lambda op: op.body is not None)}  # a body outlasts none
    for some in chunks(arriving.values()):
        stored = dict(
            session.execute(select(OpRow.id, OpRow.body.is_(None)).where(OpRow.id.in_([op.id for op in some]))).all()
        )
        fresh = [op for op in some if op.id not in stored]
        if fresh:
            insert_rows(session, table_of(OpRow), [row_of(op) for op in fresh])
            note_held(session, ((op.node, str(op.h["inc"]), op.log, int(op.h["seq"]), op.id) for op in fresh))
        things.update(op.thing for op in fresh)
        for op in some:
            if op.body is not None and stored.get(op.id):
                things.update(fill(session, op))
        new += len(fresh)
    project(session, things, cause)
    return new


def fill(session: Session, op: Op) -> set[str]:
    """Put the body of a known op in its place; the things that this changes."""
    session.execute(update(OpRow).where(OpRow.id == op.id).values(body=op.body, thing=op.thing))
    return {op.thing, op.erased().thing}


def standing(by: Author, ent: str | None) -> dict[str, str]:
    """For whom an author speaks and, in what makes an entity, in which network; where there is either."""
    fields = {"for": by.partner, "nw": by.node.network if ent is None else None}
    return {name: value for name, value in fields.items() if value}


def row_of(op: Op) -> dict[str, Any]:
    """The columns of an op's row."""
    h = op.h
    mem = h.get("mem")
    return {
        "id": op.id, "thing": op.thing, "kind": h["kind"], "node": h["node"], "inc": h["inc"],
        "log": h["log"], "seq": h["seq"],
        "relies_on": mem if isinstance(mem, str) and len(mem) == 52 else None,
        "sig": op.sig, "head": op.head, "body": op.body,
    }  # fmt: skip


def note_held(session: Session, held: Iterable[tuple[str, str, str, int, str]]) -> None:
    """Add newly stored ops, given as (node, inc, log, seq, id), to what this node says it holds."""
    grouped: dict[HaveKey, tuple[list[int], int]] = {}
    for node, inc, log, seq, op_id in held:
        numbers, digest = grouped.get((node, inc, log), ([], 0))
        numbers.append(seq)
        grouped[(node, inc, log)] = (numbers, digest ^ short_hash(op_id))
    rows = []
    for key, (numbers, added) in grouped.items():
        ranges, digest = _held(session, key)
        rows.append(_have_row(key, ranges.add(*numbers), digest ^ added))
    upsert(session, Have.__table__, rows)


def have(session: Session, logs: Sequence[str] | None = None) -> Mapping[str, Mapping[str, str]]:
    """What this node holds, by `node/inc/log`; only of the given logs, where they are given."""
    wanted = select(Have).order_by(Have.node, Have.inc, Have.log)
    if logs is not None:
        wanted = wanted.where(Have.log.in_(logs))
    return {f"{row.node}/{row.inc}/{row.log}": {"r": row.ranges, "x": row.digest} for row in session.scalars(wanted)}


def short_hash(op_id: str) -> int:
    """The first 8 bytes of an op's raw id, as they go into the digest."""
    return int.from_bytes(from_base32(op_id, 32)[:8], "big")


def highest(session: Session, key: HaveKey) -> int:
    """The highest number that this node holds of one incarnation's log; 0 where there is none."""
    return _held(session, key)[0].highest


def _held(session: Session, key: HaveKey) -> tuple[Ranges, int]:
    row = session.execute(_HAVE, dict(zip(("node", "inc", "log"), key, strict=True))).first()
    return (Ranges.read(row.ranges), int(row.digest, 16)) if row else (Ranges(), 0)


def _have_row(key: HaveKey, ranges: Ranges, digest: int) -> dict[str, str]:
    node, inc, log = key
    return {"node": node, "inc": inc, "log": log, "ranges": str(ranges), "digest": f"{digest:016x}"}


def stamp(session: Session, parents: Sequence[str], clock: Clock) -> int:
    """The time of a new op: after its parents', but never so late that it could not be written."""
    heads = session.scalars(_PARENTS, {"ids": parents}) if parents else ()
    latest = max((orjson.loads(head)["ts"] for head in heads), default=-1)
    return int(min(max(clock(), 1 + latest, 0), INTEGER_LIMIT - 1))
