"""The preview of an import: what it would do, counted before it is decided."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.ledger import membership
from partnernet.core.ledger.changes import ops_of
from partnernet.core.ledger.fold import ERASES, SIGNED_BY_NETWORK, fold
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.op import Op, from_parts
from partnernet.exchange.erasures import erases
from partnernet.exchange.model import FILL, LATER, NEW, QUARANTINE, REFUSED, StagedOp

NAMES_SHOWN = 12
NODES_SHOWN = 200
CONFLICTS_LOOKED_AT = 20_000
STEP = 200

_stage = StagedOp.__table__.c
_ENTITY = func.substr(_stage.thing, 1, 52)


def of(session: Session, batch: str, counts: Mapping[str, Any]) -> dict[str, Any]:
    """What an import would do, as it stands now.

    ops: that would be taken in; new: entries and marks, by kind; changed: entries here that would get another op;
    late: texts that were missing here; conflicts: entries in which two versions would stand side by
    side; erases: entities that another server than their own would erase, and erases_waiting: those that it would
    once who waits is let in; waiting: ops by node that is not admitted; outside: those of them that wait here
    already; later: ops in a newer format; refused: by reason.
    """
    of_batch = _stage.batch == batch
    taken = of_batch & _stage.verdict.in_((NEW, FILL))
    by_verdict = _grouped(session, _stage.verdict, of_batch)
    is_create = _stage.thing == _stage.id
    is_new = is_create | (_stage.kind == "mark")
    return {
        "lines": counts["lines"],
        "known": counts["known"],
        "ops": by_verdict.get(NEW, 0),
        "late": by_verdict.get(FILL, 0),
        "new": _grouped(session, _stage.kind, of_batch & (_stage.verdict == NEW) & is_new),
        "changed": session.scalar(
            select(func.count(distinct(_ENTITY))).where(
                taken, ~is_create, select(Entry.id).where(Entry.id == _ENTITY).exists()
            )
        ),
        "conflicts": _conflicts(session, batch),
        "erases": erases(session, batch),
        "redactions": session.scalar(select(func.count()).where(taken, _stage.kind.in_(ERASES))),
        "erases_waiting": erases(session, batch, QUARANTINE),
        "people": people(session, batch),
        "waiting": _grouped(session, _stage.node, of_batch & _stage.verdict.in_((QUARANTINE, LATER))),
        "outside": dict(counts["outside"]),
        "later": by_verdict.get(LATER, 0),
        "refused": _grouped(session, _stage.reason, of_batch & (_stage.verdict == REFUSED)),
    }


def without_names(preview: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a preview once it is decided: the names of people stand on their cards alone."""
    return {**preview, "people": {"count": preview["people"]["count"], "names": []}} if "people" in preview else {}


def brief(session: Session, batch: str, counts: Mapping[str, Any]) -> dict[str, Any]:
    """The part of it that decides whether an import may be taken in without a person looking, in one statement.

    Where nobody looks, nobody need be told how many conflicts there will be and who is new.
    """
    of_batch = _stage.batch == batch
    staged = session.execute(
        select(_stage.kind, _stage.verdict, func.count()).where(of_batch).group_by(_stage.kind, _stage.verdict)
    ).all()
    verdicts: Counter[str] = Counter()
    for _kind, verdict, count in staged:
        verdicts[verdict] += count
    may_erase = any(kind in (*ERASES, *SIGNED_BY_NETWORK) for kind, _verdict, _count in staged)
    is_outside = verdicts[QUARANTINE] or verdicts[LATER]
    return {
        "lines": counts["lines"],
        "known": counts["known"],
        "outside": dict(counts["outside"]),
        "ops": verdicts[NEW],
        "late": verdicts[FILL],
        "erases": erases(session, batch) if may_erase else 0,
        "waiting": _grouped(session, _stage.node, of_batch & _stage.verdict.in_((QUARANTINE, LATER)))
        if is_outside
        else {},
        "refused": _grouped(session, _stage.reason, of_batch & (_stage.verdict == REFUSED))
        if verdicts[REFUSED]
        else {},
    }


def _grouped(session: Session, column: Any, where: Any) -> dict[str, int]:
    rows = session.execute(
        select(column, func.count())
        .where(where)
        .group_by(column)
        .order_by(func.count().desc(), column)
        .limit(NODES_SHOWN)
    )
    return dict(rows.all())


def people(session: Session, batch: str) -> dict[str, Any]:
    """How many new people there are, and the names of the first of them."""
    cards = (_stage.batch == batch) & (_stage.kind == "person") & _stage.verdict.in_((NEW, QUARANTINE))
    count = session.scalar(select(func.count()).where(cards))
    bodies = session.scalars(select(_stage.body).where(cards).order_by(_stage.n).limit(NAMES_SHOWN))
    fields = [orjson.loads(body).get("set") for body in bodies if body]
    names = [some.get("name") for some in fields if isinstance(some, dict)]
    return {"count": count, "names": [name[:100] for name in names if isinstance(name, str)]}


def _conflicts(session: Session, batch: str) -> int:
    """How many entries would come to have two versions of something that now have one."""
    found, looked_at, last = 0, 0, ""
    edits = (_stage.batch == batch) & (_stage.kind == "edit") & (_stage.verdict.in_((NEW, FILL)))
    while looked_at < CONFLICTS_LOOKED_AT:
        things = session.scalars(
            select(_stage.thing).where(edits, _stage.thing > last).group_by(_stage.thing)
            .order_by(_stage.thing).limit(STEP)
        ).all()  # fmt: skip
        if not things:
            break
        last, looked_at = things[-1], looked_at + len(things)
        ops = ops_of(session, things)
        for thing, op in _staged(session, batch, things):
            ops[thing].append(op)
        rules = membership.rules(session, [op for some in ops.values() for op in some])
        already = set(session.scalars(select(Entry.id).where(Entry.id.in_(things), Entry.conflict)))
        for thing in set(things) - already:
            create = next((op for op in ops[thing] if op.is_create), None)
            kind = KINDS.get(create.kind) if create else None
            folded = fold(ops[thing], kind, rules) if kind else None
            found += folded is not None and folded.conflict
    return found


def _staged(session: Session, batch: str, things: Any) -> list[tuple[str, Op]]:
    rows = session.execute(
        select(_stage.thing, _stage.id, _stage.head, _stage.body, _stage.sig).where(
            _stage.batch == batch, _stage.thing.in_(things), _stage.verdict.in_((NEW, FILL))
        )
    )
    return [(thing, from_parts(op_id, head, body, sig)) for thing, op_id, head, body, sig in rows]
