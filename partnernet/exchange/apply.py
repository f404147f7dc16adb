"""Applying an import: its files first, then everything else in one transaction, with a receipt."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from partnernet.core.db import chunks, insert_missing, insert_selected, lock_ledger, write
from partnernet.core.errors import BadBundle, Conflict
from partnernet.core.files import Files
from partnernet.core.ledger import log
from partnernet.core.ledger.node import Node
from partnernet.core.ledger.op import from_parts, join
from partnernet.core.ledger.project import project
from partnernet.core.ledger.tables import OpRow, Quarantined
from partnernet.core.time import now_ms
from partnernet.core.words import _
from partnernet.exchange.bundle import BLOB_LIMIT
from partnernet.exchange.model import APPLIED, LATER, NEW, QUARANTINE, WAITING, ImportBatch, StagedOp
from partnernet.exchange.reader import Bundle
from partnernet.exchange.stage import clear
from partnernet.nodes.admit import LetIn, let_in
from partnernet.nodes.known import hear_of

STEP = 2_000

Progress = Callable[[int], None]

_op, _stage = OpRow.__table__.c, StagedOp.__table__.c
_COLUMNS = [column.name for column in OpRow.__table__.columns if column.name != "n"]


def put_files(bundle: Bundle, files: Files) -> int:
    """Put the files of a bundle in their places, before any row names them; how many were new."""
    new = 0
    for name in bundle.blobs:
        if files.has(name):
            continue
        with bundle.open(name) as stream:
            stored = files.store(stream, BLOB_LIMIT)
        if stored.sha256 != name:
            raise BadBundle(_("The attachment %(name)s is damaged: its hash is another one.", name=name))
        new += 1
    return new


def apply(
    session: Session,
    batch_id: str,
    node: Node,
    *,
    new_files: int = 0,
    released: int = 0,
    progress: Progress = lambda count: None,
) -> dict[str, Any]:
    """Take a staged import into the ledger; the receipt. Nothing of it lasts before the commit.

    What became known or admitted since it was staged is seen again here. `released` ops came in just
    before, from outside.
    """
    write(session)
    lock_ledger(session)
    batch = session.get_one(ImportBatch, batch_id, populate_existing=True)
    if batch.state != WAITING:
        raise Conflict(_("This import is over; load the page again to see what became of it."))
    welcome = let_in(session, node)
    before = _last(session)
    _take_in(session, batch_id, welcome)
    late, things_filled = _fill(session, batch_id)
    taken = _project_since(session, before, progress)
    for things in chunks(sorted(things_filled)):
        project(session, things, "import")
    receipt = {
        "ops": taken + released,
        "late": late,
        "waiting": _quarantine(session, batch_id, welcome),
        "known": batch.preview.get("known", 0),
        "refused": batch.preview.get("refused", {}),
        "files": new_files,
    }
    clear(session, batch_id)
    batch.state, batch.ended, batch.receipt = APPLIED, now_ms(), receipt
    return receipt


def _last(session: Session) -> int:
    return session.scalar(select(func.coalesce(func.max(_op.n), 0))) or 0


def _take_in(session: Session, batch: str, welcome: LetIn) -> None:
    """Copy what is new; where an op came twice, and first without its body, `_fill` puts that right.

    Who is let in may have changed since it was staged. The staged rows stay as they are: to change so many
    at once would take memory for each.
    """
    is_new = and_(_stage.verdict.in_((NEW, QUARANTINE)), welcome.condition(_stage.node, _stage.log))
    wanted = select(*(_stage[name] for name in _COLUMNS)).where(_stage.batch == batch, is_new)
    insert_selected(session, OpRow.__table__, _COLUMNS, wanted)


def _fill(session: Session, batch: str) -> tuple[int, set[str]]:
    """Put bodies in the place of those that were missing; how many, and the things that this changes."""
    late = (
        select(_stage.id, _stage.head, _stage.body, _stage.sig)
        .join(OpRow, _op.id == _stage.id)
        .where(_stage.batch == batch, _stage.body.is_not(None), _op.body.is_(None))
    )
    things: set[str] = set()
    count = 0
    while rows := session.execute(late.limit(STEP)).all():
        for op_id, head, body, sig in rows:
            things |= log.fill(session, from_parts(op_id, head, body, sig))
        count += len(rows)
    return count, things


def _project_since(session: Session, before: int, progress: Progress) -> int:
    """Note and project every op after a row number, each thing once only: where its last op stands."""
    taken, last = 0, _last(session)
    later = aliased(OpRow)
    for start in range(before + 1, last + 1, STEP):
        end = min(start + STEP - 1, last)
        here = _op.n.between(start, end)
        rows = session.execute(select(_op.node, _op.inc, _op.log, _op.seq, _op.id).where(here)).all()
        log.note_held(session, rows)
        taken += len(rows)
        goes_on = select(later.n).where(later.thing == _op.thing, later.n > end).exists()
        things = session.scalars(select(_op.thing).where(here, ~goes_on).distinct()).all()
        project(session, things, "import")
        progress(len(rows))
    return taken


def _quarantine(session: Session, batch: str, welcome: LetIn) -> int:
    """Keep outside what is not admitted, or not understood yet."""
    count, last, now = 0, -1, now_ms()
    while rows := _waiting(session, batch, welcome, last):
        hear_of(session, {row.node for row in rows})
        insert_missing(session, Quarantined.__table__, list(_lines(rows, now)))
        count, last = count + len(rows), rows[-1].n
    return count


def _waiting(session: Session, batch: str, welcome: LetIn, last: int) -> Sequence[Any]:
    is_outside = and_(_stage.verdict.in_((NEW, QUARANTINE)), ~welcome.condition(_stage.node, _stage.log))
    waits = or_(_stage.verdict == LATER, is_outside)
    return session.execute(
        select(_stage.n, _stage.id, _stage.node, _stage.head, _stage.body, _stage.sig, _stage.verdict)
        .where(_stage.batch == batch, waits, _stage.n > last)
        .order_by(_stage.n)
        .limit(500)
    ).all()


def _lines(rows: Sequence[Any], now: int) -> Iterator[dict[str, Any]]:
    for row in rows:
        line = row.head if row.verdict == LATER else join(row.id, row.head, row.body, row.sig)
        yield {"id": row.id, "node": row.node, "line": line, "since": now}
