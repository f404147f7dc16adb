"""What of this node's ops goes into a bundle, in which order, and what stays out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks
from partnernet.core.handful import FETCHED
from partnernet.core.ledger.fold import ERASES
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.ledger.tables import Have as HaveRow
from partnernet.core.ledger.tables import OpRow, Quarantined
from partnernet.core.policy import NETWORK, PUBLIC
from partnernet.exchange.header import Have, LeftOut

FIRST = ("membership", "revoke", *ERASES)
"""Kinds that go first, so that whoever reads line by line knows early what counts and what is erased."""

SPANS = 100

_op = OpRow.__table__.c
_COLUMNS = (_op.id, _op.head, _op.body, _op.sig, _op.kind, _op.node, _op.log, _op.inc, _op.seq, _op.thing)
_STREAM = {"stream_results": True, "yield_per": 500}
_LARGE = _STREAM | {"yield_per": FETCHED}

Columns = Sequence[Any]

Key = tuple[str, str, str]
"""A node, its incarnation, and a log."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which ops are wanted, of some logs: of one entry, of a kind, of a period, beyond what a peer has.

    A period counts by the date that people see on an entry, its `when`; `start` is in it and `end` is not, in
    milliseconds. With an entry goes all that hangs on it, whatever its date, and what it takes to read it.
    Memberships, revocations and erasures of the logs always go along, those that the peer said it holds among them:
    it may have been put back from a copy since.
    """

    logs: Sequence[str] = (PUBLIC, NETWORK)
    root: str | None = None
    kind: str | None = None
    start: int | None = None
    end: int | None = None
    since: Have = field(default_factory=dict)
    to: str | None = None
    """The node that it is for; None where it is for anybody."""
    withheld: Sequence[str] = ()
    """Logs that were asked for, but which that node may not be given."""
    with_files: bool = True

    @property
    def is_narrowed(self) -> bool:
        """Whether some of the entries are wanted, rather than all."""
        return not (self.root is None and self.kind is None and self.start is None and self.end is None)

    def said(self) -> dict[str, Any]:
        """As it stands in the header of a bundle."""
        return {
            "logs": list(self.logs), "root": self.root, "kind": self.kind, "from": self.start, "until": self.end,
            "since": bool(self.since), "to": self.to, "files": self.with_files,
        }  # fmt: skip


def selected(session: Session, selection: Selection, columns: Columns = _COLUMNS) -> Iterator[Sequence[Any]]:
    """The selected ops in the order of a bundle and in bounded memory.

    Each is (id, head, body, sig, kind, node, log, inc, seq, thing), unless other columns are asked for.
    """
    yield from always(session, selection, columns)
    yield from others(session, selection, columns)


def always(session: Session, selection: Selection, columns: Columns = _COLUMNS) -> Iterator[Sequence[Any]]:
    """Who looks after what, who is out, and what is erased: what goes along whatever is selected."""
    yield from _in_logs(session, replace(selection, since={}), _op.kind.in_(FIRST), columns)


def others(session: Session, selection: Selection, columns: Columns = _COLUMNS) -> Iterator[Sequence[Any]]:
    """All else that is selected."""
    rest = _op.kind.not_in(FIRST)
    if selection.is_narrowed:
        yield from _narrowed(session, selection, rest, columns)
    else:
        yield from _in_logs(session, selection, rest, columns)


def left_out(session: Session, selection: Selection) -> list[LeftOut]:
    """What of the ledger a selection leaves out, and why; what is not in the ledger cannot leave."""
    left = [
        LeftOut("accounts, e-mail addresses, sessions, drafts and keys", "they never leave a server"),
    ]
    others = [log for log in session.scalars(select(HaveRow.log).distinct()) if log not in selection.logs]
    for log in sorted(log for log in others if log in (PUBLIC, NETWORK)):
        why = "the other server may not be given it" if log in selection.withheld else "it was not asked for"
        left.append(LeftOut(f"what is open to “{log}”", why))
    if any(log not in (PUBLIC, NETWORK) for log in others):
        left.append(LeftOut("what belongs to circles", "it is for their members only"))
    if selection.root is not None:
        left.append(LeftOut("all other entries", "only one entry was asked for"))
    if selection.kind is not None:
        left.append(LeftOut("entries of other kinds", "only one kind was asked for"))
    if selection.start is not None or selection.end is not None:
        left.append(LeftOut("entries of other dates", "only a period was asked for"))
    if selection.since:
        there = known_there(session, selection) - _sent_again(session, selection)
        left.append(LeftOut("statements that the other server said it holds", "they need not be sent again", there))
    waiting = session.scalar(select(func.count()).select_from(Quarantined)) or 0
    if waiting:
        left.append(LeftOut("what servers wrote that were not admitted here", "it waits for a steward", waiting))
    return left


def missing(session: Session, selection: Selection) -> dict[Key, Ranges]:
    """What this node holds of the logs and the peer does not, by node, incarnation and log, in their order.

    Equal numbers with other ids: one of the two was restored or copied, so all of it is sent.
    """
    found = {}
    for key, ranges, digest in _held(session, selection.logs):
        known = selection.since.get("/".join(key))
        is_other = known is None or (known["r"] == ranges and known["x"] != digest)
        held = Ranges.read(ranges)
        found[key] = held if is_other or known is None else Ranges(tuple(_missing(held, Ranges.read(known["r"]))))
    return found


def known_there(session: Session, selection: Selection) -> int:
    """How many ops of the logs the peer holds already."""
    held = sum(len(Ranges.read(ranges)) for _, ranges, _ in _held(session, selection.logs))
    return held - sum(len(ranges) for ranges in missing(session, selection).values())


def _sent_again(session: Session, selection: Selection) -> int:
    """How many of them go along all the same."""
    wanted = missing(session, selection)
    rows = always(session, selection, (_op.node, _op.inc, _op.log, _op.seq))
    return sum(seq not in wanted[node, inc, log] for node, inc, log, seq in rows)


def _held(session: Session, logs: Sequence[str]) -> Sequence[tuple[Key, str, str]]:
    rows = session.execute(
        select(HaveRow.node, HaveRow.inc, HaveRow.log, HaveRow.ranges, HaveRow.digest).where(HaveRow.log.in_(logs))
    ).all()
    return sorted(((node, inc, log), ranges, digest) for node, inc, log, ranges, digest in rows)


def _in_logs(
    session: Session, selection: Selection, kinds: ColumnElement[bool], columns: Columns
) -> Iterator[Sequence[Any]]:  # fmt: skip
    for (node, inc, log), wanted in missing(session, selection).items():
        one = and_(_op.node == node, _op.inc == inc, _op.log == log, kinds)
        if not selection.since:
            yield from _stream(session, one, columns)
            continue
        for spans in chunks(wanted.spans, SPANS):
            numbers = or_(*(_op.seq.between(first, last) for first, last in spans))
            yield from _stream(session, and_(one, numbers), columns)


def _stream(session: Session, where: ColumnElement[bool], columns: Columns) -> Iterator[Sequence[Any]]:
    options = _LARGE if any(column is _op.body for column in columns) else _STREAM
    return iter(session.execute(select(*columns).where(where).order_by(_op.seq), execution_options=options))


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


def _narrowed(
    session: Session, selection: Selection, kinds: ColumnElement[bool], columns: Columns
) -> Iterator[Sequence[Any]]:  # fmt: skip
    """The ops of some entries and of what goes with them, in the order of the logs.

    A place is one number, of the log, the op's number in it, and its row: little memory for very many.
    """
    from partnernet.exchange.outgoing.narrowing import chosen

    wanted = missing(session, selection)
    order = {key: n for n, key in enumerate(wanted)}
    places: list[int] = []
    for some in chunks(session.scalars(chosen(session, selection), execution_options=_STREAM), 100):
        registers = (and_(_op.thing > f"{entity}/", _op.thing < f"{entity}0") for entity in some)
        things = or_(_op.thing.in_(some), *registers)
        found = select(_op.node, _op.inc, _op.log, _op.seq, _op.n)
        for node, inc, log, seq, n in session.execute(found.where(things, kinds, _op.log.in_(selection.logs))):
            if _is_wanted(wanted, (node, inc, log), seq):
                places.append(order[node, inc, log] << 128 | seq << 64 | n)
    places.sort()
    for some_places in chunks(places, 4 * FETCHED):
        numbers = [place & 0xFFFF_FFFF_FFFF_FFFF for place in some_places]
        rows = {row[0]: row[1:] for row in session.execute(select(_op.n, *columns).where(_op.n.in_(numbers)))}
        yield from (rows[number] for number in numbers)


def _is_wanted(wanted: Mapping[Key, Ranges], key: Key, seq: int) -> bool:
    return key in wanted and seq in wanted[key]
