"""What was refused: it changes nothing, and stands in the log with the reason.

A bundle that is not what it should be, and an exchange of which nothing came.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from partnernet.core.db import writing
from partnernet.core.errors import BadBundle
from partnernet.core.ledger.canonical import to_base32
from partnernet.core.ledger.op import NODE_ITSELF
from partnernet.core.time import DAY, now_ms
from partnernet.exchange.model import BY_FILE, BY_WIRE, TURNED_AWAY, ImportBatch

KEPT = 200
"""Refusals that the log holds; older ones go, so that nobody fills it."""
NO_EXCHANGE = ""
"""The name of what was refused where nothing came at all."""


@contextmanager
def noted(
    session: Session, *, name: str, by: str, way: str = BY_FILE, sender: str | None = None
) -> Iterator[None]:  # fmt: skip
    """Put a refusal that is raised within into the log; nothing else is stored. Raises what was raised."""
    try:
        yield
    except BadBundle as error:
        session.rollback()
        _note(session, name=name, by=by, way=way, sender=sender, why=error.sentence)
        raise


def note_no_exchange(session: Session, key: str, why: str) -> None:
    """Put into the log that nothing was exchanged with a server, and why; as long as it is the same, it is one line."""
    _note(session, name=NO_EXCHANGE, by=NODE_ITSELF, way=BY_WIRE, sender=key, why=why, within=None)


def _note(
    session: Session, *, name: str, by: str, way: str, sender: str | None, why: str, within: int | None = DAY
) -> None:  # fmt: skip
    refused = ImportBatch(
        id=to_base32(os.urandom(10)), name=name[-200:], state=TURNED_AWAY, started=now_ms(), ended=now_ms(),
        by=by, sender=sender, header={}, preview={}, receipt={}, way=way, hold=why,
    )  # fmt: skip
    with writing(session):
        _add(session, refused, within)


def _add(session: Session, refused: ImportBatch, within: int | None) -> None:
    """Add one; the same again within so many milliseconds is the same."""
    alike = select(ImportBatch).where(
        ImportBatch.state == TURNED_AWAY, ImportBatch.name == refused.name, ImportBatch.hold == refused.hold,
        ImportBatch.way == refused.way, ImportBatch.sender.is_not_distinct_from(refused.sender),
    )  # fmt: skip
    if within is not None:
        alike = alike.where(ImportBatch.started > refused.started - within)
    same = session.scalars(alike).first()
    if same is not None:
        same.ended = refused.ended
        return
    session.add(refused)
    session.flush()
    newest = select(ImportBatch.id).where(ImportBatch.state == TURNED_AWAY).order_by(ImportBatch.started.desc())
    session.execute(
        delete(ImportBatch).where(ImportBatch.state == TURNED_AWAY, ImportBatch.id.not_in(newest.limit(KEPT)))
    )
