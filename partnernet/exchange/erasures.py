"""Erasures on their way: which servers have said that they hold each, and what an import would erase here.

A server that holds the statement that erases something has erased it: it obeys as it takes it in. So what it
says that it holds is its confirmation.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import ColumnElement, func, select, text, union
from sqlalchemy.orm import Session, aliased

from partnernet.core.db import chunks
from partnernet.core.entry import Entry
from partnernet.core.ledger.fold import ERASES, SIGNED_BY_NETWORK
from partnernet.core.ledger.node import Node
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.ledger.tables import ERASING, KnownNode, OpRow
from partnernet.exchange.incoming.allowed import Allowed
from partnernet.exchange.model import NEW, PeerHave, StagedOp
from partnernet.nodes.admit import let_in
from partnernet.nodes.known import unnamed
from partnernet.people.names import Pair

PAGE = 50
"""Erasing statements on one page."""

_op, _stage = OpRow.__table__.c, StagedOp.__table__.c
_COLUMNS = (_op.n, _op.thing, _op.kind, _op.node, _op.inc, _op.log, _op.seq, _op.head)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one server has said of an erasure."""

    key: str
    called: str
    has_confirmed: bool
    heard: int | None
    """When it last said what it holds, in milliseconds; None where it never did."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased of one entity, by whom, when, and who has confirmed it."""

    entity: str
    by: Pair
    ts: int
    is_whole: bool
    """Whether all of its words went; otherwise an earlier version, or tags."""
    entry: Entry | None
    """What is left of it; None for a kind that is not known here."""
    answers: Sequence[Answer]

    @property
    def confirmed(self) -> int:
        """How many servers have confirmed it."""
        return sum(answer.has_confirmed for answer in self.answers)

    @property
    def people(self) -> set[Pair]:
        """Whose names are needed to show it."""
        return {self.by} | ({(self.entry.node, self.entry.by)} if self.entry else set())


def page(session: Session, own: str, before: int | None = None) -> tuple[list[Erasure], int | None]:
    """The newest erasures that are known here, and the key of the next page; `own` is this node."""
    wanted = select(*_COLUMNS).where(text(ERASING)).order_by(_op.n.desc()).limit(PAGE + 1)
    rows = session.execute(wanted if before is None else wanted.where(_op.n < before)).all()
    following = rows[PAGE - 1].n if len(rows) > PAGE else None
    return _told(session, rows[:PAGE], own), following


def of_entity(session: Session, entity: str, own: str) -> Erasure | None:
    """What was erased of one entity; None where nothing was."""
    rows = session.execute(select(*_COLUMNS).where(_op.thing == entity, _op.kind.in_(ERASES))).all()
    return next(iter(_told(session, sorted(rows, key=lambda row: -row.n), own)), None)


def _told(session: Session, rows: Sequence[Any], own: str) -> list[Erasure]:
    """Rows of erasing ops, those of one entity that follow each other together."""
    peers = list(_peers(session, own)) if rows else []
    entries: dict[str, Entry] = {}
    for some in chunks({row.thing for row in rows}):
        entries |= {entry.id: entry for entry in session.scalars(select(Entry).where(Entry.id.in_(some)))}
    told = []
    for entity, group in groupby(rows, key=lambda row: str(row.thing)):
        ops = list(group)
        heads = [orjson.loads(row.head) for row in ops]
        is_whole = any(row.kind != "redact" or "ops" not in head for row, head in zip(ops, heads, strict=True))
        answers = [
            Answer(peer.key, peer.called, all(peer.holds(row) for row in ops), peer.heard) for peer in peers
        ]  # fmt: skip
        by = (heads[0]["node"], heads[0]["by"])
        told.append(Erasure(entity, by, heads[0]["ts"], is_whole, entries.get(entity), answers))
    return told


@dataclass(frozen=True, slots=True)
class _Peer:
    key: str
    called: str
    heard: int | None
    have: Mapping[str, Mapping[str, str]]

    def holds(self, row: Any) -> bool:
        """Whether it has said that it holds an op, or wrote it."""
        if row.node == self.key:
            return True
        said = self.have.get(f"{row.node}/{row.inc}/{row.log}")
        return said is not None and row.seq in Ranges.read(said["r"])


def _peers(session: Session, own: str) -> Iterator[_Peer]:
    """The servers that are let in, by name, with what each said last that it holds."""
    rows = session.execute(
        select(KnownNode.key, KnownNode.name, PeerHave.at, PeerHave.have)
        .outerjoin(PeerHave, PeerHave.node == KnownNode.key)
        .where(KnownNode.admitted, KnownNode.key != own)
    ).all()
    peers = [_Peer(row.key, row.name or unnamed(row.key), row.at, row.have or {}) for row in rows]
    yield from sorted(peers, key=lambda peer: (peer.called.casefold(), peer.key))


# -- what an import would erase --------------------------------------------------------------------


def erases(session: Session, batch: str, verdict: str = NEW) -> int:
    """How many entities of other nodes than those that erase them would lose words here by an import.

    Whoever erases what was written at home may erase any number. An erasure that would not count after all is
    counted here, too: an import may bring the membership that it relies on.
    """
    return _count(session, (_stage.batch == batch) & (_stage.verdict == verdict))


def erases_now(session: Session, batch: str, node: Node) -> int:
    """The same as it stands now: since it was staged, servers may have been let in, and entries may have come."""
    return _count(session, Allowed(batch, let_in(session, node), {}, {}).is_in)


def _count(session: Session, staged: ColumnElement[bool]) -> int:
    other, waiting = aliased(OpRow), aliased(OpRow)
    at_once = (
        select(_stage.thing)
        .join(other, other.id == _stage.thing)
        .where(staged, _stage.kind.in_(ERASES), other.node != _stage.node, _has_words(_stage.thing))
    )
    by_membership = (
        select(waiting.thing)
        .join(StagedOp, StagedOp.id == waiting.relies_on)
        .join(other, other.id == waiting.thing)
        .where(staged, waiting.kind.in_(ERASES), other.node != waiting.node, _has_words(waiting.thing))
    )
    found = union(at_once, by_membership).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def _has_words(thing: Any) -> ColumnElement[bool]:
    words = aliased(OpRow)
    return (
        select(words.id)
        .where(words.thing == thing, words.body.is_not(None), words.kind.not_in((*ERASES, *SIGNED_BY_NETWORK)))
        .exists()
    )
