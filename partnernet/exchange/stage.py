"""Staging: every line of a bundle is checked and set beside the ledger, before anything is decided.

Checking is done outside transactions and storing in short ones, so that people go on writing meanwhile.
"""

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Table, bindparam, delete, select
from sqlalchemy.orm import Session

from partnernet.core.db import insert_rows, writing
from partnernet.core.entry import Entry
from partnernet.core.errors import BadBundle
from partnernet.core.files import Files
from partnernet.core.ledger import canonical
from partnernet.core.ledger.log import row_of
from partnernet.core.ledger.node import Node
from partnernet.core.ledger.op import UnknownVersion, check_signature, join, read
from partnernet.core.ledger.tables import OpRow, Quarantined
from partnernet.core.policy import NETWORK, PUBLIC
from partnernet.core.time import DAY, now_ms
from partnernet.core.words import _
from partnernet.exchange import preview
from partnernet.exchange.handovers import FILE, note_have
from partnernet.exchange.model import (
    APPLIED,
    BY_FILE,
    FILL,
    LATER,
    NEW,
    QUARANTINE,
    REFUSED,
    SET_ASIDE,
    STAGING,
    WAITING,
    ImportBatch,
    StagedOp,
)  # fmt: skip
from partnernet.exchange.reader import Bundle, Line
from partnernet.nodes.admit import LetIn, let_in

STEP = 400
STEP_BYTES = 4 << 20
STAGE_DAYS = 7
OTHER_CIRCLE = "it belongs to a circle that this server has no part in"
NOT_THEIRS = "whoever brought it may not bring what is open to those readers"

Progress = Callable[[int], None]

_ID_FROM, _ID_TO = (
    -166,
    -114,
)  # where a canonical line has its id: before `","sig":"…"}`, 103 characters of it
_TABLE: Table = StagedOp.__table__  # type: ignore[assignment] # a declared class always has a Table
_op = OpRow.__table__.c
_HELD = (
    select(_op.id, _op.head, _op.body, _op.sig, Entry.__table__.c.redacted)
    .select_from(OpRow.__table__)
    .outerjoin(Entry.__table__, Entry.__table__.c.id == _op.thing)
    .where(_op.id.in_(bindparam("ids", expanding=True)))
)


def stage(
    session: Session,
    bundle: Bundle,
    node: Node,
    files: Files,
    *,
    name: str,
    by: str,
    progress: Progress = lambda count: None,
    way: str = BY_FILE,
    logs: Collection[str] | None = None,
) -> ImportBatch:
    """Check a whole bundle and set it beside the ledger; raises BadBundle, and then nothing is kept.

    `logs`: those alone that whoever hands it over may bring; all where it is None, as from a stick.
    """
    expire(session)
    batch = ImportBatch(
        id=canonical.to_base32(os.urandom(10)), name=name, state=STAGING, started=now_ms(), by=by,
        sender=None, header={}, preview={}, receipt={}, way=way,
    )  # fmt: skip
    with writing(session):
        session.add(batch)
    try:
        counts = _stage_lines(session, batch.id, bundle, node, progress, logs)
        bundle.check()
        shown = preview.of(session, batch.id, counts)
        missing = [blob for blob in bundle.blobs if not files.has(blob)]
        shown["files"] = {"new": len(missing), "bytes": sum(bundle.blobs[blob] for blob in missing)}
        with writing(session):
            session.add(batch)
            batch.sender, batch.header, batch.preview = bundle.sender, bundle.header.said(), shown
            batch.state = WAITING
            _hear(session, bundle, node)
    except BaseException:
        drop(session, batch.id)
        raise
    return batch


def _hear(session: Session, bundle: Bundle, node: Node) -> None:
    """Keep what the server that signed a bundle says in it of what it holds, whatever is decided about the rest."""
    header = bundle.header
    if bundle.sender and bundle.sender != node.id and header.have:
        note_have(session, bundle.sender, header.have, header.logs, way=FILE, at=header.made)


def has_news(batch: ImportBatch) -> bool:
    """Whether applying this import would change anything at all."""
    shown = batch.preview
    return any(shown[name] for name in ("ops", "late", "waiting")) or bool(shown["files"]["new"])


def set_aside(session: Session, batch: ImportBatch) -> None:
    """Decide against an import: its staged ops go, and that it was there remains."""
    clear(session, batch.id)
    batch.state, batch.ended = SET_ASIDE, now_ms()


def drop(session: Session, batch: str) -> None:
    """Forget an import that never came to be, in short transactions of its own."""
    session.rollback()
    with writing(session):
        clear(session, batch)
        session.execute(delete(ImportBatch).where(ImportBatch.id == batch))


def clear(session: Session, batch: str) -> None:
    """Remove the staged ops of an import."""
    session.execute(delete(StagedOp).where(StagedOp.batch == batch))


def expire(session: Session) -> None:
    """Drop what has waited for a decision for a week, and what a crash left half staged a day ago."""
    now = now_ms()
    old = session.scalars(
        select(ImportBatch.id).where(
            ((ImportBatch.state == WAITING) & (ImportBatch.started < now - STAGE_DAYS * DAY))
            | ((ImportBatch.state == STAGING) & (ImportBatch.started < now - DAY))
        )
    ).all()
    for batch in old:
        drop(session, batch)


def decided(session: Session, batch: str) -> bool:
    """Whether an import is over."""
    return session.scalar(select(ImportBatch.state).where(ImportBatch.id == batch)) in (APPLIED, SET_ASIDE)


# -- lines -----------------------------------------------------------------------------------------


def _stage_lines(
    session: Session, batch: str, bundle: Bundle, node: Node, progress: Progress, logs: Collection[str] | None
) -> dict[str, Any]:
    welcome = let_in(session, node)
    counts: dict[str, Any] = {"lines": 0, "known": 0, "outside": Counter()}
    for lines in _steps(bundle.lines()):
        rows = list(_checked(session, lines, welcome, node, counts["outside"]))
        for row in rows:
            if logs is not None and row["verdict"] in (NEW, FILL) and row["log"] not in logs:
                row["verdict"], row["reason"] = REFUSED, NOT_THEIRS
        counts["lines"] += len(lines)
        counts["known"] += len(lines) - len(rows)
        if rows:
            with writing(session):
                insert_rows(session, _TABLE, [{"batch": batch, **row} for row in rows])
        progress(len(lines))
    return counts


def _steps(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """The lines in lists of a few hundred; fewer where they are long, so that memory does not follow their size."""
    step: list[Line] = []
    size = 0
    for line in lines:
        step.append(line)
        size += len(line.line)
        if len(step) == STEP or size > STEP_BYTES:
            yield step
            step, size = [], 0
    if step:
        yield step


def _checked(
    session: Session, lines: Sequence[Line], welcome: LetIn, node: Node, waiting: Counter[str]
) -> Iterator[dict[str, Any]]:
    """The rows of the lines that are not here yet; raises BadBundle with the place of one that is bad.

    A line that equals what is stored, byte for byte, was checked when it came: nothing is done again.
    Those that wait outside already are counted by node.
    """
    ids = [line.line[_ID_FROM:_ID_TO].decode("ascii", "replace").replace("\0", "?") for line in lines]
    held = {row.id: row for row in session.execute(_HELD, {"ids": ids})}
    outside = _outside(session, [op_id for op_id in ids if op_id not in held])
    session.rollback()
    for line, op_id in zip(lines, ids, strict=True):
        stored = held.get(op_id)
        if stored is not None and join(op_id, stored.head, stored.body, stored.sig) == line.line:
            continue
        if outside and line.line in outside:
            waiting[outside[line.line]] += 1
            continue
        try:
            row = _row(line, stored, welcome, node)
        except BadBundle as error:
            raise BadBundle(
                _("Nothing was taken in: %(where)s is bad. %(why)s", where=line.where, why=error.sentence)
            ) from error
        if row is not None:
            yield row


def _outside(session: Session, ids: Sequence[str]) -> dict[bytes, str]:
    """The lines, of those with some ids, that wait in quarantine already, with the nodes that wrote them."""
    if not ids:
        return {}
    return dict(session.execute(select(Quarantined.line, Quarantined.node).where(Quarantined.id.in_(ids))).all())


def _row(line: Line, stored: Any, welcome: LetIn, node: Node) -> dict[str, Any] | None:
    """The staged row of one line; None where what is stored already says as much."""
    try:
        op = read(line.line)
    except UnknownVersion:
        return _later(line)
    if stored is None or stored.sig != op.sig:
        check_signature(op)
    if stored is not None and (op.body is None or stored.body is not None or stored.redacted):
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
