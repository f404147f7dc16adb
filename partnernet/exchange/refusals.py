"""What was refused: a bundle that is not what it should be changes nothing, and stands in the log with the reason."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from partnernet.core.db import writing
from partnernet.core.errors import BadBundle
from partnernet.core.ledger.canonical import to_base32
from partnernet.core.time import DAY, now_ms
from partnernet.exchange.model import BY_FILE, TURNED_AWAY, ImportBatch

KEPT = 200
"""Refusals that the log holds; older ones go, so that nobody fills it."""


@contextmanager
def noted(
    session: Session, *, name: str, by: str, way: str = BY_FILE, sender: str | None = None
) -> Iterator[None]:  # fmt: skip
    """Put a refusal that is raised within into the log; nothing else is stored. Raises what was raised."""
    try:
        yield
    except BadBundle as error:
        session.rollback()
        with writing(session):
            _note(session, ImportBatch(
                id=to_base32(os.urandom(10)), name=name[-200:], state=TURNED_AWAY, started=now_ms(), ended=now_ms(),
                by=by, sender=sender, header={}, preview={}, receipt={}, way=way, hold=error.sentence,
            ))  # fmt: skip
        raise


def _note(session: Session, refused: ImportBatch) -> None:
    """Add one; the same again within a day is the same."""
    same = session.scalars(
        select(ImportBatch).where(
            ImportBatch.state == TURNED_AWAY, ImportBatch.name == refused.name, ImportBatch.hold == refused.hold,
            ImportBatch.way == refused.way, ImportBatch.sender.is_not_distinct_from(refused.sender),
            ImportBatch.started > refused.started - DAY,
        )
    ).first()  # fmt: skip
    if same is not None:
        same.ended = refused.ended
        return
    session.add(refused)
    session.flush()
    newest = select(ImportBatch.id).where(ImportBatch.state == TURNED_AWAY).order_by(ImportBatch.started.desc())
    session.execute(
        delete(ImportBatch).where(ImportBatch.state == TURNED_AWAY, ImportBatch.id.not_in(newest.limit(KEPT)))
    )
