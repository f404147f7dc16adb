"""Checking the lines of a bundle: their form, their hashes, their signatures, and what is to become of each."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from threading import Thread
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.among import among
from partnernet.core.errors import BadBundle
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
_HELD = (
    select(_op.id, _op.head, _op.body, _op.sig, Lacking.__table__.c.op.label("lacks"))
    .select_from(OpRow.__table__)
    .outerjoin(Lacking.__table__, Lacking.__table__.c.op == _op.id)
    .where(among(_op.id, "ids"))
)
_WAITING = select(Quarantined.line, Quarantined.node).where(among(Quarantined.id, "ids"))


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
    held = {row.id: row for row in session.execute(_HELD, {"ids": ids})}
    outside = _outside(session, [op_id for op_id in ids if op_id not in held])
    session.rollback()
    rows: list[dict[str, Any]] = []
    unsigned: list[tuple[Line, Op]] = []
    bad: tuple[Line, BadBundle] | None = None
    for line, op_id in zip(lines, ids, strict=True):
        stored = held.get(op_id)
        if stored is not None and join(op_id, stored.head, stored.body, stored.sig) == line.line:
            continue
        if outside and line.line in outside:
            waiting[outside[line.line]] += 1
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


def _outside(session: Session, ids: Sequence[str]) -> dict[bytes, str]:
    """The lines, of those with some ids, that wait in quarantine already, with the nodes that wrote them."""
    if not ids:
        return {}
    return dict(session.execute(_WAITING, {"ids": ids}).all())


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


def _row(line: Line, op: Op, stored: Any, welcome: LetIn, node: Node) -> dict[str, Any] | None:
    """The staged row of one line; None where what is stored already says as much, or its words were erased."""
    if stored is not None and (op.body is None or stored.body is not None or stored.lacks is None):
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
