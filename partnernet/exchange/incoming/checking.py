"""Checking the lines of a bundle: their form, their hashes, their signatures, and what is to become of each."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from hashlib import sha256
from threading import Thread
from typing import Any, NamedTuple

from sqlalchemy import Executable, Integer, bindparam, case, func, select
from sqlalchemy.orm import Session

from partnernet.core.among import among
from partnernet.core.errors import BadBundle
from partnernet.core.handful import FETCHED
from partnernet.core.ledger import canonical
from partnernet.core.ledger.log import row_of
from partnernet.core.ledger.node import Node
from partnernet.core.ledger.op import Op, UnknownVersion, check_signature, is_signed, join, read
from partnernet.core.ledger.tables import Lacking, OpRow, Quarantined
from partnernet.core.policy import NETWORK, PUBLIC
from partnernet.core.words import _
from partnernet.exchange.incoming.ceiling import Ceiling
from partnernet.exchange.incoming.reader import Line
from partnernet.exchange.model import FILL, LATER, NEW, QUARANTINE, REFUSED
from partnernet.nodes.admit import LetIn

LINES, BYTES = 2_000, 4 << 20
"""What is checked, and then stored, at a time."""
SHARED = 100
"""Signatures from which on it pays to check them in two threads."""
OTHER_CIRCLE = "it belongs to a circle that this server has no part in"

_ID_FROM, _ID_TO = -166, -114  # where a canonical line has its id: before `","sig":"…"}`, 103 characters of it
_op = OpRow.__table__.c
_LONGEST = bindparam("longest", type_=Integer)
"""What is longer than every line equals none of them, and is not read."""
_size = func.length(_op.body)
_HELD = (
    select(_op.id, _op.head, case((_size <= _LONGEST, _op.body)), _op.sig, _size, Lacking.__table__.c.op)
    .select_from(OpRow.__table__)
    .outerjoin(Lacking.__table__, Lacking.__table__.c.op == _op.id)
    .where(among(_op.id, "ids"))
)
_WAITING = select(Quarantined.id, Quarantined.line, Quarantined.node).where(
    among(Quarantined.id, "ids"), func.length(Quarantined.line) <= _LONGEST
)


class _Held(NamedTuple):
    """What is stored under the id of a line."""

    sig: bytes
    has_body: bool
    is_lacking: bool
    """Whether its text is missing, though nothing erased it."""
    is_same: bool
    """Whether it equals the line, byte for byte."""


def pieces(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """The lines of a bundle in lists of which memory holds one at a time."""
    piece: list[Line] = []
    size = 0
    for line in lines:
        piece.append(line)
        size += len(line.line)
        if len(piece) == LINES or size >= BYTES:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def checked(
    session: Session, lines: Sequence[Line], welcome: LetIn, node: Node, waiting: Counter[str], ceiling: Ceiling
) -> list[dict[str, Any]]:
    """The staged rows of the lines that are not here yet; raises BadBundle with the place of one that is bad.

    A line that equals what is stored, byte for byte, was checked when it came: nothing is done again.
    Those that wait outside already are counted by node, and those for which there is no room by the ceiling.
    """
    ids = [line.line[_ID_FROM:_ID_TO].decode("ascii", "replace").replace("\0", "?") for line in lines]
    given = {op_id: line.line for op_id, line in zip(ids, lines, strict=True)}
    held = _held(session, given)
    outside = _outside(session, {op_id: line for op_id, line in given.items() if op_id not in held})
    session.rollback()
    rows: list[dict[str, Any]] = []
    unsigned: list[tuple[Line, Op]] = []
    bad: tuple[Line, BadBundle] | None = None
    for line, op_id in zip(lines, ids, strict=True):
        stored = held.get(op_id)
        if stored is not None and stored.is_same and line.line == given[op_id]:
            continue
        if op_id in outside and line.line == given[op_id]:
            waiting[outside[op_id]] += 1
            continue
        if stored is None and ceiling.is_over(line.line):
            continue
        try:
            op = read(line.line)
            if stored is None or stored.sig != op.sig:
                unsigned.append((line, op))
            row = _row(line, op, stored, welcome, node)
        except UnknownVersion:
            row = _later(line)
        except BadBundle as error:
            bad = line, error
            break
        if row is not None and ceiling.takes(row):
            rows.append(row)
    if (forged := _forged(unsigned)) is not None:
        try:
            check_signature(forged[1])
        except BadBundle as error:
            bad = forged[0], error
    if bad is not None:
        where, why = bad[0].where, bad[1].sentence
        raise BadBundle(
            _("Nothing was taken in: %(where)s is bad. %(why)s Please ask for it again.", where=where, why=why)
        ) from bad[1]
    return rows


def _held(session: Session, given: Mapping[str, bytes]) -> dict[str, _Held]:
    """What is stored under the ids of some lines."""
    with _stored(session, _HELD, given) as rows:
        return {
            op_id: _Held(
                sig, size is not None, lacks is not None,
                (body is None) == (size is None) and join(op_id, head, body, sig) == given[op_id],
            )
            for op_id, head, body, sig, size, lacks in rows
        }  # fmt: skip


def _outside(session: Session, given: Mapping[str, bytes]) -> dict[str, str]:
    """Which of some lines wait in quarantine already: their ids, with the nodes that wrote them."""
    if not given:
        return {}
    with _stored(session, _WAITING, given) as rows:
        return {row.id: row.node for row in rows if row.line == given[row.id]}


def _stored(session: Session, wanted: Executable, given: Mapping[str, bytes]) -> AbstractContextManager[Iterable[Any]]:
    """Rows for the ids of some lines, of which few are held at once where they may be long."""
    longest = max(1, *map(len, given.values()))
    options = {"yield_per": max(FETCHED, BYTES // longest)}
    return session.execute(wanted, {"ids": list(given), "longest": longest}, execution_options=options)


def _forged(given: Sequence[tuple[Line, Op]]) -> tuple[Line, Op] | None:
    """The first of some ops that its node did not sign. Two threads look, since a check leaves Python to others."""
    half = len(given) // 2 if len(given) >= SHARED else len(given)
    found: list[tuple[Line, Op] | None] = [None, None]

    def look(part: int) -> None:
        some = given[half:] if part else given[:half]
        found[part] = next((pair for pair in some if not is_signed(pair[1])), None)

    if half < len(given):
        other = Thread(target=look, args=(1,))
        other.start()
        look(0)
        other.join()
    else:
        look(0)
    return found[0] or found[1]


def _row(line: Line, op: Op, stored: _Held | None, welcome: LetIn, node: Node) -> dict[str, Any] | None:
    """The staged row of one line; None where what is stored already says as much, or its words were erased."""
    if stored is not None and (op.body is None or stored.has_body or not stored.is_lacking):
        return None
    verdict, reason = _verdict(op.node, op.log, stored is not None, welcome, node)
    return {**row_of(op), "n": line.n, "verdict": verdict, "reason": reason}


def _verdict(writer: str, log: str, is_held: bool, welcome: LetIn, node: Node) -> tuple[str, str]:
    if is_held:
        return FILL, ""
    if log not in (PUBLIC, NETWORK) and writer != node.id:
        return REFUSED, OTHER_CIRCLE
    return (NEW if welcome.takes(writer, log) else QUARANTINE), ""


def _later(line: Line) -> dict[str, Any]:
    """The row of an op in a format that is not known yet: it is kept outside, unread, under its own hash."""
    head = canonical.decode(line.line)["h"]
    writer = head.get("node")
    if not isinstance(writer, str):
        raise BadBundle(_("A statement does not say which server wrote it."))
    canonical.from_base32(writer, 32)
    own_hash = canonical.to_base32(sha256(line.line).digest())
    return {
        "n": line.n, "id": own_hash, "thing": "", "kind": "", "node": writer,
        "inc": "", "log": "", "seq": 0, "relies_on": None, "sig": b"", "head": line.line, "body": None,
        "verdict": LATER, "reason": "",
    }  # fmt: skip
