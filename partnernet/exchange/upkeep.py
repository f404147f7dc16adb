"""Housekeeping: what was erased is gone from the disk, too, and from what waits for somebody to decide."""

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.db import write
from partnernet.core.ledger.fold import ERASES
from partnernet.core.ledger.tables import OpRow, Quarantined
from partnernet.entries import staging
from partnernet.exchange.bundle import named_files
from partnernet.exchange.exports import Exports
from partnernet.exchange.forgetting import forget
from partnernet.exchange.model import WAITING, Handover, ImportBatch
from partnernet.exchange.preview import people
from partnernet.exchange.stage import expire

STEP = 2_000


def sweep_files(session: Session) -> None:
    """Remove parts and files that nothing in the record names; imports that nobody decided on are dropped."""
    expire(session)
    session.rollback()
    current_app.extensions["partnernet.files"].sweep(referenced(session))


def forget_erased(session: Session) -> None:
    """Take what was erased here out of the imports that wait for somebody to decide; to be committed."""
    for batch in session.scalars(select(ImportBatch).where(ImportBatch.state == WAITING)).all():
        write(session)
        if forget(session, batch.id):
            batch.preview = {**batch.preview, "people": people(session, batch.id)}


def sweep_exports(session: Session) -> None:
    """Remove the parts of divided bundles that were made more than a day ago, or before something was erased."""
    exports = Exports(current_app.config["DATA"] / "exports")
    exports.sweep()
    newest = session.scalar(select(func.max(OpRow.n)).where(OpRow.kind.in_(ERASES))) or 0
    for row in session.scalars(select(Handover).where(Handover.id.in_(exports.kept()))):
        if row.counts.get("row", 0) < newest:
            exports.forget(row.id)


def referenced(session: Session) -> set[str]:
    """The hashes of all files that an op names, of earlier versions, of what waits outside, and of drafts, too."""
    hashes: set[str] = set(staging.hashes(session))
    for column in (OpRow.body, Quarantined.line):
        for body in session.scalars(select(column).execution_options(yield_per=STEP)):
            hashes.update(named_files(body))
    return hashes
