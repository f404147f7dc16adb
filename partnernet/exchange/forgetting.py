"""What was erased here must not wait among the ops of an import that nobody has decided about."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.ledger import compaction
from partnernet.core.ledger.fold import ERASES
from partnernet.core.ledger.tables import Lacking, OpRow
from partnernet.exchange.model import StagedOp

_op, _stage = OpRow.__table__.c, StagedOp.__table__.c
_LACKS = select(Lacking.op).where(Lacking.op == _op.id).exists()
_ERASED_OP = select(_op.id).where(_op.id == _stage.id, _op.body.is_(None), ~_LACKS).exists()
_ERASED_ENTITY = select(Entry.id).where(Entry.id == _stage.thing, Entry.redacted).exists()


def forget(session: Session, batch: str) -> bool:
    """Take the words of what was erased here out of a staged import, in a writing transaction; whether there were any.

    They leave the unused parts of the database with the next compaction.
    """
    gone = update(StagedOp).where(
        _stage.batch == batch, _stage.body.is_not(None), _stage.kind.not_in(ERASES), _ERASED_OP | _ERASED_ENTITY
    )
    done = session.execute(gone.values(body=None), execution_options={"synchronize_session": False})
    if not done.rowcount:  # type: ignore[attr-defined] # an update has one
        return False
    compaction.ask_again(session)
    return True
