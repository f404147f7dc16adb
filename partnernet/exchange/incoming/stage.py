"""Staging: every line of a bundle is checked and set beside the ledger, before anything is decided.

Checking is done outside transactions and storing in short ones, so that people go on writing meanwhile.
"""

import os
from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from partnernet.core.db import commit, insert_rows, lock_ledger, writing
from partnernet.core.engine import make_room
from partnernet.core.errors import Conflict
from partnernet.core.files import Files
from partnernet.core.ledger import canonical
from partnernet.core.ledger.node import Node
from partnernet.core.time import DAY, now_ms
from partnernet.core.words import _
from partnernet.exchange.incoming import preview, standing
from partnernet.exchange.incoming.ceiling import Ceiling
from partnernet.exchange.incoming.checking import checked, pieces
from partnernet.exchange.incoming.forgetting import forget
from partnernet.exchange.incoming.reader import Bundle
from partnernet.exchange.log.handovers import FILE, note_have
from partnernet.exchange.model import (
    APPLIED,
    BY_FILE,
    FILL,
    NEW,
    REFUSED,
    SET_ASIDE,
    STAGING,
    WAITING,
    ImportBatch,
    StagedOp,
)  # fmt: skip
from partnernet.nodes.admit import LetIn, let_in
from partnernet.nodes.quarantine import TOO_MUCH

STAGE_DAYS = 7
NOT_THEIRS = "whoever brought it may not bring what is open to those readers"

Progress = Callable[[int], None]

_TABLE: Table = StagedOp.__table__  # type: ignore[assignment] # a declared class always has a Table


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
    admits: bool = False,
    digest: str = "",
) -> ImportBatch:
    """Check a whole bundle and set it beside the ledger; raises BadBundle, and then nothing is kept.

    `logs`: those alone that whoever hands it over may bring; all where it is None, as from a stick.
    `admits`: whether all servers in it may be let in as it is taken in, so that nothing of theirs would wait.
    `digest`: the SHA-256 of the file, where the import may wait for a decision.
    """
    expire(session)
    stood = {standing.FILE: digest, standing.STAND: standing.stand(session, node)} if digest else {}
    batch = ImportBatch(
        id=canonical.to_base32(os.urandom(10)), name=name, state=STAGING, started=now_ms(), by=by,
        sender=None, header={}, preview={}, receipt={}, way=way,
    )  # fmt: skip
    with writing(session):
        session.add(batch)
    try:
        welcome = let_in(session, node)
        ceiling = Ceiling(session, welcome, admits=admits)
        counts = _stage_lines(session, batch.id, bundle, node, welcome, ceiling, progress, logs)
        bundle.check()
        if forget(session, batch.id):
            commit(session)
        shown = (preview.of if way == BY_FILE else preview.brief)(session, batch.id, counts)
        missing = [blob for blob in bundle.blobs if not files.has(blob)]
        shown["files"] = {"new": len(missing), "bytes": sum(bundle.blobs[blob] for blob in missing)}
        with writing(session):
            session.add(batch)
            batch.sender, batch.header, batch.preview = bundle.sender, bundle.header.said(), shown | stood
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
    """Whether applying this import would change anything at all, or something is to be told of it."""
    shown = batch.preview
    return any(shown[name] for name in ("ops", "late", "waiting", "later", "over")) or bool(shown["files"]["new"])


def set_aside(session: Session, batch: ImportBatch) -> None:
    """Decide against an import: its staged ops go, and that it was there remains; raises Conflict where it is over."""
    if batch.state != WAITING:
        raise Conflict(_("This import is over already; load its page again to see what became of it."))
    forget(session, batch.id)
    clear(session, batch.id)
    batch.state, batch.ended, batch.preview = SET_ASIDE, now_ms(), preview.without_names(batch.preview)


def drop(session: Session, batch: str) -> None:
    """Forget an import that never came to be, in short transactions of its own."""
    session.rollback()
    with writing(session):
        forget(session, batch)
        clear(session, batch)
        session.execute(delete(ImportBatch).where(ImportBatch.id == batch))


def give_way(session: Session, batch: str) -> bool:
    """Drop an import that waits, for a newer look at the same file; False where it was decided meanwhile."""
    with writing(session):
        lock_ledger(session)
        found = session.get(ImportBatch, batch, populate_existing=True)
        if found is None or found.state != WAITING:
            return False
        forget(session, batch)
        clear(session, batch)
        session.delete(found)
        return True


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
    session: Session,
    batch: str,
    bundle: Bundle,
    node: Node,
    welcome: LetIn,
    ceiling: Ceiling,
    progress: Progress,
    logs: Collection[str] | None,
) -> dict[str, Any]:
    """Stage the lines, but for those that are left out; of these it is counted how many there are, and why."""
    outside, refused = Counter[str](), Counter[str]()
    lines = new = 0
    for piece in pieces(bundle.lines()):
        rows = []
        for row in checked(session, piece, welcome, node, outside, ceiling):
            new += 1
            if logs is not None and row["verdict"] in (NEW, FILL) and row["log"] not in logs:
                row["verdict"], row["reason"] = REFUSED, NOT_THEIRS
            if row["verdict"] == REFUSED:
                refused[row["reason"]] += 1
            else:
                rows.append({**row, "batch": batch})
        lines += len(piece)
        if rows:
            with writing(session):
                make_room(session.connection())
                insert_rows(session, _TABLE, rows)
        progress(len(piece))
    if over := ceiling.over.total():
        refused[TOO_MUCH] = over
    known = lines - new - over
    return {"lines": lines, "known": known, "outside": outside, "refused": refused, "over": ceiling.over}
