"""The preview of an import: what it would do, counted before it is decided."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import bindparam, distinct, func, select
from sqlalchemy.orm import Session

from partnernet.core.among import among
from partnernet.core.db import table_of
from partnernet.core.entry import Entry
from partnernet.core.ledger import membership
from partnernet.core.ledger.bodies import reading, stored
from partnernet.core.ledger.changes import ops_of
from partnernet.core.ledger.fold import ERASES, SIGNED_BY_NETWORK, fold
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.op import Op
from partnernet.exchange.erasures import erases
from partnernet.exchange.model import FILL, LATER, NEW, QUARANTINE, StagedOp

NAMES_SHOWN = 12
NODES_SHOWN = KINDS_SHOWN = 200
CONFLICTS_LOOKED_AT = 20_000
STEP = 200

_stage = StagedOp.__table__.c
_TAKEN = reading(
    table_of(StagedOp), _stage.batch == bindparam("batch"), among(_stage.thing, "things"),
    _stage.verdict.in_((NEW, FILL)),
)  # fmt: skip
_ENTITY = func.substr(_stage.thing, 1, 52)
_ASKED = frozenset((*ERASES, *SIGNED_BY_NETWORK, "edit", "person"))


def of(session: Session, batch: str, counts: Mapping[str, Any]) -> dict[str, Any]:
    """What an import would do, as it stands now.

    ops: that would be taken in; new: entries and marks, by kind; changed: entries here that would get another op;
    late: texts that were missing here; conflicts: entries in which two versions would stand side by
    side; erases: entities that another server than their own would erase, and erases_waiting: those that it would
    once who waits is let in; waiting: ops by node that is not admitted; outside: those of them that wait here
    already; later: ops in a newer format; refused: by reason.
    """
    staged = _Staged.of(session, batch)
    changed = select(func.count(distinct(_ENTITY))).where(
        _stage.batch == batch, _stage.verdict.in_((NEW, FILL)), _stage.thing != _stage.id,
        select(Entry.id).where(Entry.id == _ENTITY).exists(),
    )  # fmt: skip
    return {
        **_shared(session, batch, counts, staged),
        "new": dict(staged.new.most_common(KINDS_SHOWN)),
        "changed": session.scalar(changed) if staged.changes else 0,
        "conflicts": _conflicts(session, batch) if staged.has("edit") else 0,
        "redactions": staged.redactions,
        "erases_waiting": erases(session, batch, QUARANTINE) if staged.may_erase else 0,
        "people": people(session, batch) if staged.has("person") else {"count": 0, "names": []},
    }


def without_names(preview: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a preview once it is decided: the names of people stand on their cards alone."""
    return {**preview, "people": {"count": preview["people"]["count"], "names": []}} if "people" in preview else {}


def brief(session: Session, batch: str, counts: Mapping[str, Any]) -> dict[str, Any]:
    """The part of it that decides whether an import may be taken in without a person looking, in one statement.

    Where nobody looks, nobody need be told how many conflicts there will be and who is new.
    """
    return _shared(session, batch, counts, _Staged.of(session, batch))


@dataclass(slots=True)
class _Staged:
    """What the kinds and verdicts of the staged ops tell, read once: most questions need not read them all again."""

    verdicts: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    kinds: set[str] = field(default_factory=set)
    """Those of the kinds that somebody asks for."""
    changes: int = 0
    redactions: int = 0

    @classmethod
    def of(cls, session: Session, batch: str) -> "_Staged":
        """Read it; a hostile bundle may have as many kinds as ops, so no more of them are kept than are shown."""
        staged = cls()
        makes = (_stage.thing == _stage.id).label("makes")
        wanted = select(_stage.kind, _stage.verdict, makes, func.count()).where(_stage.batch == batch)
        for kind, verdict, is_create, count in session.execute(
            wanted.group_by(_stage.kind, _stage.verdict, makes), execution_options={"yield_per": 500}
        ):
            staged.verdicts[verdict] += count
            if kind in _ASKED:
                staged.kinds.add(kind)
            if verdict == NEW and (is_create or kind == "mark") and (kind in KINDS or len(staged.new) < KINDS_SHOWN):
                staged.new[kind] += count
            if verdict in (NEW, FILL):
                staged.changes += 0 if is_create else count
                staged.redactions += count if kind in ERASES else 0
        return staged

    def has(self, kind: str) -> bool:
        """Whether there is any op of a kind that somebody asks for."""
        return kind in self.kinds

    @property
    def may_erase(self) -> bool:
        """Whether there is any op that erases, or lets others do so."""
        return not self.kinds.isdisjoint((*ERASES, *SIGNED_BY_NETWORK))


def _shared(session: Session, batch: str, counts: Mapping[str, Any], staged: _Staged) -> dict[str, Any]:
    """What is said whoever looks."""
    verdicts, waits = staged.verdicts, (_stage.batch == batch) & (_stage.verdict == QUARANTINE)
    return {
        "lines": counts["lines"],
        "known": counts["known"],
        "outside": dict(counts["outside"]),
        "ops": verdicts[NEW],
        "late": verdicts[FILL],
        "erases": erases(session, batch) if staged.may_erase else 0,
        "waiting": _by_node(session, waits) if verdicts[QUARANTINE] else {},
        "later": verdicts[LATER],
        "refused": dict(counts["refused"]),
        "over": dict(Counter(counts["over"]).most_common(NODES_SHOWN)),
    }


def _by_node(session: Session, where: Any) -> dict[str, int]:
    rows = session.execute(
        select(_stage.node, func.count())
        .where(where)
        .group_by(_stage.node)
        .order_by(func.count().desc(), _stage.node)
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
        for thing, op in staged_ops(session, batch, things):
            ops[thing].append(op)
        rules = membership.rules(session, [op for some in ops.values() for op in some])
        already = set(session.scalars(select(Entry.id).where(Entry.id.in_(things), Entry.conflict)))
        for thing in set(things) - already:
            create = next((op for op in ops[thing] if op.is_create), None)
            kind = KINDS.get(create.kind) if create else None
            folded = fold(ops[thing], kind, rules) if kind else None
            found += folded is not None and folded.conflict
    return found


def staged_ops(session: Session, batch: str, things: Sequence[str]) -> Iterator[tuple[str, Op]]:
    """The ops of an import that would come in and change some things, each with its thing."""
    return stored(session, _TAKEN, batch=batch, things=things)
