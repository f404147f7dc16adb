"""What of this node's ops goes into a bundle, in which order, and what stays out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks
from partnernet.core.entry import Entry
from partnernet.core.ledger.fold import ERASES
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.ledger.tables import Have as HaveRow
from partnernet.core.ledger.tables import OpRow, Quarantined
from partnernet.core.policy import NETWORK, PUBLIC
from partnernet.exchange.header import Have, LeftOut
from partnernet.people.model import Person

FIRST = ("membership", "revoke", *ERASES)
"""Kinds that go first, so that whoever reads line by line knows early what counts and what is erased."""

SPANS = 100

_op = OpRow.__table__.c
_COLUMNS = (_op.id, _op.head, _op.body, _op.sig, _op.kind, _op.node, _op.log)
_STREAM = {"stream_results": True, "yield_per": 500}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which ops are wanted: of some logs, of one entry and what hangs on it, beyond what a peer has."""

    logs: Sequence[str] = (PUBLIC, NETWORK)
    root: str | None = None
    since: Have = field(default_factory=dict)
    with_files: bool = True

    def said(self) -> dict[str, Any]:
        """As it stands in the header of a bundle."""
        return {
            "logs": list(self.logs),
            "root": self.root,
            "since": bool(self.since),
            "files": self.with_files,
        }


def selected(session: Session, selection: Selection) -> Iterator[Sequence[Any]]:
    """The selected ops in the order of a bundle and in bounded memory: (id, head, body, sig, kind, node, log)."""
    for is_first in (True, False):
        kinds = _op.kind.in_(FIRST) if is_first else _op.kind.not_in(FIRST)
        if selection.root is not None and not is_first:
            yield from _under_root(session, selection, kinds)
        else:
            yield from _in_logs(session, selection, kinds)


def left_out(session: Session, selection: Selection) -> list[LeftOut]:
    """What of the ledger a selection leaves out, and why; what is not in the ledger cannot leave."""
    left = [
        LeftOut("accounts, e-mail addresses, sessions, drafts and keys", "they never leave a server"),
    ]
    others = [log for log in session.scalars(select(HaveRow.log).distinct()) if log not in selection.logs]
    for log in sorted(log for log in others if log in (PUBLIC, NETWORK)):
        left.append(LeftOut(f"what is open to “{log}”", "it was not asked for"))
    if any(log not in (PUBLIC, NETWORK) for log in others):
        left.append(LeftOut("what belongs to circles", "it is for their members only"))
    if selection.root is not None:
        left.append(LeftOut("all other entries", "only one entry was asked for"))
    if selection.since:
        left.append(LeftOut("what the other server said it holds", "it need not be sent again"))
    waiting = session.scalar(select(func.count()).select_from(Quarantined)) or 0
    if waiting:
        left.append(LeftOut("what servers wrote that were not admitted here", "it waits for a steward", waiting))
    return left


def _in_logs(session: Session, selection: Selection, kinds: ColumnElement[bool]) -> Iterator[Sequence[Any]]:
    held = session.execute(
        select(HaveRow.node, HaveRow.inc, HaveRow.log, HaveRow.ranges, HaveRow.digest)
        .where(HaveRow.log.in_(selection.logs))
        .order_by(HaveRow.node, HaveRow.inc, HaveRow.log)
    ).all()
    for node, inc, log, ranges, digest in held:
        one = and_(_op.node == node, _op.inc == inc, _op.log == log, kinds)
        known = selection.since.get(f"{node}/{inc}/{log}")
        if known is None or (known["r"] == ranges and known["x"] != digest):
            # Equal numbers with other ids: one of the two was restored or copied, so all of it is sent.
            yield from _stream(session, one)
            continue
        missing = _missing(Ranges.read(ranges), Ranges.read(known["r"]))
        for spans in chunks(missing, SPANS):
            numbers = or_(*(_op.seq.between(first, last) for first, last in spans))
            yield from _stream(session, and_(one, numbers))


def _stream(session: Session, where: ColumnElement[bool]) -> Iterator[Sequence[Any]]:
    return iter(session.execute(select(*_COLUMNS).where(where).order_by(_op.seq), execution_options=_STREAM))


def _missing(held: Ranges, known: Ranges) -> Iterator[tuple[int, int]]:
    """The ranges of what is held here and not known there."""
    spans = iter(known.spans)
    there = next(spans, None)
    for first, last in held.spans:
        start = first
        while there is not None and there[0] <= last:
            if there[0] > start:
                yield start, there[0] - 1
            start = max(start, there[1] + 1)
            if there[1] > last:
                break
            there = next(spans, None)
        if start <= last:
            yield start, last


def _under_root(session: Session, selection: Selection, kinds: ColumnElement[bool]) -> Iterator[Sequence[Any]]:
    """The ops of one entry, of what hangs on it, and of the cards that it takes to read it."""
    assert selection.root is not None  # noqa: S101 - asked for only where there is one
    entities = {selection.root, *_under(session, selection.root)}
    entities |= _cards(session, entities)
    places: list[tuple[str, str, str, int, int]] = []
    for some in chunks(sorted(entities), 100):
        registers = (and_(_op.thing > f"{entity}/", _op.thing < f"{entity}0") for entity in some)
        things = or_(_op.thing.in_(some), *registers)
        places += [
            (row.node, row.inc, row.log, row.seq, row.n)
            for row in session.execute(
                select(_op.node, _op.inc, _op.log, _op.seq, _op.n).where(things, kinds, _op.log.in_(selection.logs))
            )
            if not _is_known(selection.since, row)
        ]
    for chosen in chunks(sorted(places)):
        wanted = select(_op.n, *_COLUMNS).where(_op.n.in_([place[-1] for place in chosen]))
        rows = {number: row for number, *row in session.execute(wanted)}
        yield from (rows[place[-1]] for place in chosen)


def _under(session: Session, root: str) -> Iterable[str]:
    return session.scalars(select(Entry.id).where(Entry.root == root))


def _cards(session: Session, entities: Iterable[str]) -> set[str]:
    """The cards of the people and partners who wrote some entries, and of the networks there are."""
    cards: set[str] = set(session.scalars(select(Entry.id).where(Entry.kind == "network")))
    for some in chunks(sorted(entities)):
        for person, partner in session.execute(
            select(Person.id, Entry.partner)
            .select_from(Entry)
            .outerjoin(Person, and_(Person.who == Entry.by, Person.node == Entry.node))
            .where(Entry.id.in_(some))
            .distinct()
        ):
            cards.update(filter(None, (person, partner)))
    return cards


def _is_known(since: Have, row: Any) -> bool:
    known = since.get(f"{row.node}/{row.inc}/{row.log}")
    return known is not None and row.seq in Ranges.read(known["r"])
