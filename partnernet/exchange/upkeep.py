"""Housekeeping: what was erased is gone from the disk, too, and from what waits for somebody to decide."""

from collections.abc import Collection

from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from partnernet.core.consumers import position
from partnernet.core.db import commit, table_of, upsert, write
from partnernet.core.files import Files
from partnernet.core.handful import FETCHED
from partnernet.core.ledger.tables import ERASING, Cursor, OpRow, Quarantined
from partnernet.entries import staging
from partnernet.exchange.bundle import named_files
from partnernet.exchange.incoming.forgetting import forget, forget_outside
from partnernet.exchange.incoming.preview import people
from partnernet.exchange.incoming.reader import Bundle
from partnernet.exchange.incoming.stage import drop, expire
from partnernet.exchange.incoming.uploads import Uploads
from partnernet.exchange.model import STAGING, WAITING, Handover, ImportBatch, StagedOp
from partnernet.exchange.outgoing.exports import Exports
from partnernet.web.here import its_files

CURSOR = "forget"
IMPORTS = "imports"


def sweep_files(session: Session) -> None:
    """Remove parts and files that nothing in the record names; imports that nobody decided on are dropped."""
    expire(session)
    waiting = session.scalars(select(ImportBatch.id).where(ImportBatch.state == WAITING)).all()
    session.rollback()
    uploads, named = Uploads(current_app.config["DATA"] / IMPORTS), referenced(session)
    uploads.sweep(waiting)
    for batch in waiting:
        staged = _staged(session, batch)
        _keep_named(uploads, batch, named | staged)
        named |= staged  # a file that was here already waits for its import where it is
    its_files().sweep(named)


def forget_soon(session: Session) -> None:
    """Take what was erased here out of everything that waits, within seconds; commits where there is anything."""
    newest = _newest_erasing(session)
    if newest <= position(session, CURSOR):
        session.rollback()
        return
    forget_erased(session)
    sweep_exports(session)
    write(session)
    upsert(session, table_of(Cursor), [{"consumer": CURSOR, "position": newest}])
    commit(session)


def forget_erased(session: Session) -> None:
    """Take what was erased here out of imports that wait for somebody to decide, and quarantine; to be committed."""
    uploads = Uploads(current_app.config["DATA"] / IMPORTS)
    # Also out of one that is just being staged: its own look at what is erased may be over.
    for batch in session.scalars(select(ImportBatch).where(ImportBatch.state.in_((STAGING, WAITING)))).all():
        if forget(session, batch.id) and batch.state == WAITING:
            batch.preview = {**batch.preview, "people": people(session, batch.id)}
            session.flush()
        _tidy(session, batch.id, uploads)
    forget_outside(session)


def hold(session: Session, batch: str, bundle: Bundle, uploads: Uploads, files: Files) -> None:
    """Keep the attachments of a staged bundle until it is decided, but for those of what was erased here.

    Raises BadBundle and StorageFull, and then nothing of the import is kept.
    """
    try:
        uploads.hold(batch, bundle, files)
        _tidy(session, batch, uploads)
    except BaseException:
        uploads.forget(batch)
        drop(session, batch)
        raise


def _tidy(session: Session, batch: str, uploads: Uploads) -> None:
    """Let go of the attachments that wait with an import, and that nothing here or in it names any more."""
    if uploads.held(batch).keys() <= (named := _staged(session, batch)):
        return
    _keep_named(uploads, batch, named | referenced(session))


def _keep_named(uploads: Uploads, batch: str, named: Collection[str]) -> None:
    for name, path in uploads.held(batch).items():
        if name not in named:
            path.unlink(missing_ok=True)


def _staged(session: Session, batch: str) -> set[str]:
    """The hashes of the files that a staged import names."""
    hashes: set[str] = set()
    for column in (StagedOp.body, StagedOp.head):
        named = select(column).where(StagedOp.batch == batch).execution_options(yield_per=FETCHED)
        for some in session.scalars(named):
            hashes.update(named_files(some))
    return hashes


def _newest_erasing(session: Session) -> int:
    return session.scalar(select(func.max(OpRow.n)).where(text(ERASING))) or 0


def sweep_exports(session: Session) -> None:
    """Remove the parts of divided bundles that were made more than a day ago, or before something was erased."""
    exports = Exports(current_app.config["DATA"] / "exports")
    exports.sweep()
    newest = _newest_erasing(session)
    for row in session.scalars(select(Handover).where(Handover.id.in_(exports.kept()))):
        if row.counts.get("row", 0) < newest:
            exports.forget(row.id)


def referenced(session: Session) -> set[str]:
    """The hashes of all files that an op names, of earlier versions, of what waits outside, and of drafts, too."""
    hashes: set[str] = set(staging.hashes(session))
    for column in (OpRow.body, Quarantined.line):
        for body in session.scalars(select(column).execution_options(yield_per=FETCHED)):
            hashes.update(named_files(body))
    return hashes
